//! Tests in the user's terms, one file per address, each on SQLite and PostgreSQL.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod april;
mod april_limits;
mod browser;
mod codes;
mod hard_input;
mod import_export;
mod lookup;
mod registers;
mod settings;
