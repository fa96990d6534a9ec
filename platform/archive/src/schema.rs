//! `schema.json`: what the files of an export are.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The name of the format.
pub const FORMAT: &str = "engawa-export";
/// Its version; a reader takes its own and older ones.
pub const VERSION: u32 = 1;

/// What an export holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Schema {
    /// Always [`FORMAT`].
    pub format: String,
    /// [`VERSION`] of the program that wrote it.
    pub version: u32,
    /// The newest migration that the database had.
    pub migration: i64,
    /// When.
    pub made_at: DateTime<Utc>,
    /// How the cells are to be read, for people.
    pub cells: String,
    /// Whose.
    pub municipality: String,
    /// The tables, by name.
    pub tables: Vec<TableSchema>,
    /// The files of the data folder: attachments, the key of the log.
    pub files: Vec<FileSchema>,
}

/// One table, one CSV file (UTF-8, with a header).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSchema {
    /// As in the database; the file is `tables/NAME.csv`.
    pub name: String,
    /// In the order of the file.
    pub columns: Vec<ColumnSchema>,
    /// The columns of the primary key; rows are in their order.
    pub key: Vec<String>,
    /// Rows, the header not counted.
    pub rows: u64,
    /// Of the file, in hexadecimal digits.
    pub sha256: String,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSchema {
    /// As in the database.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds; the types that both engines have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An id.
    Uuid,
    /// Text as typed.
    Text,
    /// A whole number.
    Bigint,
    /// true or false.
    Boolean,
    /// 2026-04-01
    Date,
    /// 2026-04-01T09:30:00.000000Z
    Timestamptz,
    /// Hexadecimal digits.
    Bytea,
}

/// A file that is no table, at `files/PATH`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSchema {
    /// Below the data folder, with `/`.
    pub path: String,
    /// In hexadecimal digits.
    pub sha256: String,
}
