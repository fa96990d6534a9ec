//! The file in which a sheet, and later its answer, goes over the municipal border (REF-07). No I/O
//! but the key file; `docs/border-file.md` tells outsiders the same, with what the file protects
//! against and what not.
//!
//! | file | holds |
//! |---|---|
//! | [`payload`] | what the file says: versioned JSON |
//! | [`file`](mod@file) | sealed for one receiver (age), signed by the sender (ed25519) |
//! | [`keys`] | our own private keys, beside `audit.key` |
//! | [`card`] | the public half that two administrators exchange, and its fingerprint |
//!
//! It lies in this crate and not in one of its own because what crosses is a つなぐシート: the same
//! room, the same state machine, the same page. A crate above this one would have to write this
//! one's tables, and this one would have to know its peers to offer them as receivers.

pub mod card;
pub mod file;
pub mod keys;
pub mod payload;
