//! What is printed: the sheet, and for who has no Engawa the page on top, the reply slip and its
//! secret. The templates are in `../../print/`.

mod cover;
mod qr;
mod reply;
mod sheet;

pub use cover::CoverPage;
pub use qr::qr_svg;
pub use reply::{ReplySecret, ReplySlip};
pub use sheet::{Member, ReferralSheet, Shared, SharedLine, SheetHead, SheetPerson, Worry};
