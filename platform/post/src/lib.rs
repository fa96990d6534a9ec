//! Mail: that notices wait, and nothing else. Never a name, a matter, or the kind of a notice.
//!
//! | module | holds |
//! |---|---|
//! | `settings` | what `engawa serve` is told: the mail server, the sender, the address of Engawa |
//! | [`rules`] | whether a mail is due, and when a refused one is tried again; no I/O |
//! | [`letter`] | the words of the mail |
//! | `mailer` | the mail server, by SMTP |
//! | `store` | whom to tell, and what has been told |
//! | `turn` | the work of each minute |
//!
//! How a person wants to be told is the kernel's (`notices::mail`); it is chosen at `/account`.

pub mod letter;
mod mailer;
pub mod rules;
mod settings;
mod store;
mod turn;

pub use mailer::Mailer;
pub use settings::public_url;
pub use turn::{Turned, turn};
