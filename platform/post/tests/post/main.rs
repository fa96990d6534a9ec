//! Mails about notices as a mail server sees them, on both databases.

// Helpers of tests are tests too; clippy only sees that of functions marked `#[test]`.
#![allow(clippy::unwrap_used)]

mod refused;
mod server;
mod told;
mod world;
