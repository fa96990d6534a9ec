//! Paper: data into A4 pages as a tagged PDF, in one process and without a file or a network.
//!
//! | file | what it holds |
//! |---|---|
//! | `document.rs` | [`Document`]: the forms of one print in a row, and what stands on every page |
//! | `form.rs` | [`Form`] and [`Page`]: a template and the data it takes |
//! | `forms/` | the forms of the house: [`ReferralSheet`], [`CoverPage`], [`ReplySlip`], [`ReplySecret`], [`CasePacket`] |
//! | `fonts.rs` | the embedded fonts, and which characters they have ([`is_printable`]) |
//! | `text.rs` | what is done to text before it is set: nothing is dropped in silence |
//! | `world.rs` | all that a template can reach: the embedded templates, fonts and this print's data |
//! | `qr.rs` | [`qr_svg`] |
//! | `../templates/` | the templates; `frame.typ` draws the page and the ruled boxes |
//!
//! The crate knows nothing of cases or people, keeps no file and reads no clock: dates come as the
//! Japanese text that shall stand on the paper. A domain may bring a form of its own: implement
//! [`Page`] for its data, with a template that imports `/frame.typ`.
//!
//! Printing computes for some ten milliseconds (seconds in a debug build): call it by
//! `tokio::task::spawn_blocking`. Who prints is asked and logged by the caller.

mod document;
mod error;
mod fonts;
mod form;
mod forms;
mod qr;
mod text;
mod world;

pub use document::{Document, Imprint, Pdf};
pub use error::PressError;
pub use fonts::{LICENCES, is_printable};
pub use form::{Form, Page};
pub use forms::{
    cover::CoverPage,
    packet::{CasePacket, CasePage, Contact, Due},
    reply::{ReplySecret, ReplySlip},
    sheet::{Member, ReferralSheet, Shared, SharedLine, SheetHead, SheetPerson, Worry},
};
pub use qr::qr_svg;

/// Stands for a character that no embedded font has; a note on the page says which it was.
pub const GETA: char = '〓';
