//! Paper: data into A4 pages as a tagged PDF, without a file or a network.
//!
//! | file | what it holds |
//! |---|---|
//! | `apart.rs` | [`Apart`]: the same in a process of its own, which is how the server prints |
//! | `document.rs` | [`print`]: the forms of a document in a row, and what stands on every page |
//! | `fonts.rs` | the embedded fonts, and which characters they have ([`is_printable`]) |
//! | `picture.rs` | a picture that cannot be read does not keep the rest from being printed |
//! | `text.rs` | what is done to text before it is set: nothing is dropped in silence |
//! | `world.rs` | all that a template can reach: its own source, the embedded fonts, this print's data |
//! | `../templates/frame.typ` | the page and the ruled boxes of every form |
//!
//! The crate knows nothing of cases or people, keeps no file and reads no clock: dates come as the
//! Japanese text that shall stand on the paper. The forms and their templates are the domains' own
//! ([`engawa_kernel::paper`]).
//!
//! Printing computes for some ten milliseconds (seconds in a debug build):
//! [`Document::print`] calls it away from the threads that answer requests.

mod apart;
mod document;
mod error;
mod fonts;
mod picture;
mod text;
mod world;

use engawa_kernel::{
    error::{Error, Result},
    paper::{Document, Printer},
};

pub use apart::{Apart, COMMAND, serve};
#[doc(hidden)]
pub use document::pages;
pub use document::{Pdf, print};
pub use error::PressError;
pub use fonts::{LICENCES, is_printable};

/// Stands for a character that no embedded font has; a note on the page says which it was.
pub const GETA: char = '〓';

/// Typst, as the rest of the house knows it.
pub struct Press;

impl Printer for Press {
    fn print(&self, document: Document) -> Result<Vec<u8>> {
        print(&document)
            .map(|pdf| pdf.bytes)
            .map_err(|e| Error::Internal(e.to_string()))
    }
}
