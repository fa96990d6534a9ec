//! Two engines behind one API: SQLite in one file, or PostgreSQL.
//!
//! A statement is written once, with named parameters (`:room`), and runs on both. [`Conn`] reads;
//! only a [`Tx`] writes, and it commits only when the audit log has heard of it.

mod builder;
mod conn;
mod postgres;
mod rows;
mod sqlite;
mod values;
mod writer;

pub use builder::{Sql, sql};
pub use conn::{Conn, Db, Tx};
pub use rows::Row;
pub use values::{FromColumn, ToColumn, Value};

/// Workers that a runtime needs beyond the machine's processors, since so many connections of
/// SQLite may each keep one busy.
pub const BUSY_WORKERS: usize = sqlite::READERS + 1;

/// Which engine a database is on; for the few statements that must differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// One file in the data folder.
    Sqlite,
    /// `--database postgres://…`
    Postgres,
}
