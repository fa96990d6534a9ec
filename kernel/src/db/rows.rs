//! One row of an answer, from either engine.

use std::sync::Arc;

use rusqlite::types::Value as Stored;
use sqlx::{Column as _, Row as _, postgres::PgRow};

use super::FromColumn;
use crate::error::{Error, Result};

/// One row of an answer.
pub struct Row(pub(super) Answer);

pub(super) enum Answer {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A row taken out of its statement.
pub(super) struct SqliteRow {
    names: Arc<[Box<str>]>,
    cells: Box<[Stored]>,
}

impl SqliteRow {
    pub(super) fn new(names: Arc<[Box<str>]>, cells: Box<[Stored]>) -> Self {
        Self { names, cells }
    }

    /// None is null.
    fn read<T: FromSqlite>(&self, column: &str) -> Result<Option<T>> {
        let cell = self
            .names
            .iter()
            .position(|name| **name == *column)
            .and_then(|n| self.cells.get(n))
            .ok_or_else(|| Error::Internal(format!("database: no column {column}")))?;
        if matches!(cell, Stored::Null) {
            return Ok(None);
        }
        T::from_sqlite(cell).map(Some).ok_or_else(|| {
            Error::Internal(format!(
                "database: column {column} holds {}, which is not what was asked for",
                cell.data_type()
            ))
        })
    }
}

impl Row {
    /// Reads a column that is never null.
    ///
    /// # Errors
    /// The column is missing, null or of another type: a defect of the program or of the data.
    pub fn get<T: FromColumn>(&self, column: &str) -> Result<T> {
        self.opt(column)?
            .ok_or_else(|| Error::Internal(format!("database: column {column} is null")))
    }

    /// Reads a column that may be null.
    ///
    /// # Errors
    /// As [`Row::get`], but null is an answer.
    pub fn opt<T: FromColumn>(&self, column: &str) -> Result<Option<T>> {
        let raw = match &self.0 {
            Answer::Sqlite(row) => row.read::<T::Raw>(column)?,
            Answer::Postgres(row) => row.try_get::<Option<T::Raw>, _>(column)?,
        };
        raw.map(T::from_raw).transpose().map_err(Error::Internal)
    }

    /// The names of the columns, for exports.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        match &self.0 {
            Answer::Sqlite(row) => row.names.iter().map(|name| name.to_string()).collect(),
            Answer::Postgres(row) => row.columns().iter().map(|c| c.name().to_owned()).collect(),
        }
    }
}

/// What SQLite's few kinds of cells stand for; [`Value`](super::Value) writes them.
pub trait FromSqlite: Sized {
    /// None: a cell of another kind.
    fn from_sqlite(cell: &Stored) -> Option<Self>;
}

macro_rules! from_sqlite {
    ($($t:ty: $cell:pat => $value:expr;)*) => {$(
        impl FromSqlite for $t {
            fn from_sqlite(cell: &Stored) -> Option<Self> {
                match cell { $cell => $value, _ => None }
            }
        }
    )*};
}
from_sqlite! {
    bool: Stored::Integer(n) => Some(*n != 0);
    i64: Stored::Integer(n) => Some(*n);
    String: Stored::Text(text) => Some(text.clone());
    Vec<u8>: Stored::Blob(bytes) => Some(bytes.clone());
    uuid::Uuid: Stored::Blob(bytes) => uuid::Uuid::from_slice(bytes).ok();
    chrono::NaiveDate: Stored::Text(text) => text.parse().ok();
    chrono::DateTime<chrono::Utc>: Stored::Text(text) => text.parse().ok();
}
