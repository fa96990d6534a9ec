//! One row of an answer, from either engine.

use sqlx::{Column as _, Row as _, postgres::PgRow, sqlite::SqliteRow};

use super::FromColumn;
use crate::error::{Error, Result};

/// One row of an answer.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// Reads a column that is never null.
    ///
    /// # Errors
    /// The column is missing, null or of another type: a defect of the program or of the data.
    pub fn get<T: FromColumn>(&self, column: &str) -> Result<T> {
        let raw = match self {
            Self::Sqlite(r) => r.try_get::<T::Raw, _>(column)?,
            Self::Postgres(r) => r.try_get::<T::Raw, _>(column)?,
        };
        T::from_raw(raw).map_err(Error::Internal)
    }

    /// Reads a column that may be null.
    ///
    /// # Errors
    /// As [`Row::get`], but null is an answer.
    pub fn opt<T: FromColumn>(&self, column: &str) -> Result<Option<T>> {
        let raw = match self {
            Self::Sqlite(r) => r.try_get::<Option<T::Raw>, _>(column)?,
            Self::Postgres(r) => r.try_get::<Option<T::Raw>, _>(column)?,
        };
        raw.map(T::from_raw).transpose().map_err(Error::Internal)
    }

    /// The names of the columns, for exports.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        match self {
            Self::Sqlite(r) => r.columns().iter().map(|c| c.name().to_owned()).collect(),
            Self::Postgres(r) => r.columns().iter().map(|c| c.name().to_owned()).collect(),
        }
    }
}
