//! Two engines behind one API: SQLite in one file, or PostgreSQL.
//!
//! A statement is written once, with named parameters (`:room`), and runs on both. [`Conn`] reads;
//! only a [`Tx`] writes, and it commits only when the audit log has heard of it.

use std::{collections::HashMap, path::Path, time::Duration};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{
    AssertSqlSafe, Column as _, Postgres, Row as _, Sqlite,
    postgres::{PgArguments, PgConnection, PgPool, PgPoolOptions, PgRow},
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool,
        SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use uuid::Uuid;

use crate::error::{Error, Result};

/// Which engine a database is on; for the few statements that must differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// One file in the data folder.
    Sqlite,
    /// `--database postgres://…`
    Postgres,
}

/// A bound value. Every kind carries its own null, since PostgreSQL wants to know the type of one.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Value {
    Bool(Option<bool>),
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Uuid(Option<Uuid>),
    Date(Option<NaiveDate>),
    Time(Option<DateTime<Utc>>),
}

macro_rules! value_from {
    ($($t:ty => $v:ident),*) => {$(
        impl From<$t> for Value { fn from(v: $t) -> Self { Self::$v(Some(v.into())) } }
        impl From<Option<$t>> for Value { fn from(v: Option<$t>) -> Self { Self::$v(v.map(Into::into)) } }
    )*};
}
value_from!(bool => Bool, i64 => Int, i32 => Int, u32 => Int, &str => Text, String => Text, Vec<u8> => Bytes,
    Uuid => Uuid, NaiveDate => Date, DateTime<Utc> => Time);

/// A domain's own type that is bound as a [`Value`]: ids and codes. `id_type!` and `code_column!`
/// implement it; that a crate's own type and an `Option` of it can be bound follows from it.
pub trait ToColumn {
    /// The null of its column.
    const NULL: Value;
    /// As stored.
    fn to_value(self) -> Value;
}
impl<T: ToColumn> From<T> for Value {
    fn from(v: T) -> Self {
        v.to_value()
    }
}
impl<T: ToColumn> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(T::NULL, T::to_value)
    }
}

/// A value that a column can be read into.
pub trait FromColumn: Sized {
    /// What both drivers decode.
    type Raw: for<'r> sqlx::Decode<'r, Sqlite>
        + sqlx::Type<Sqlite>
        + for<'r> sqlx::Decode<'r, Postgres>
        + sqlx::Type<Postgres>;
    /// Checks what was read.
    ///
    /// # Errors
    /// What is stored is not a value of this type.
    fn from_raw(raw: Self::Raw) -> std::result::Result<Self, String>;
}
macro_rules! from_column {
    ($($t:ty),*) => {$(impl FromColumn for $t {
        type Raw = $t;
        fn from_raw(raw: $t) -> std::result::Result<Self, String> { Ok(raw) }
    })*};
}
from_column!(bool, i64, String, Vec<u8>, Uuid, NaiveDate, DateTime<Utc>);

/// Stores an enum as its code: `code_column!(Role)` needs `as_code(&self) -> &'static str` and
/// `from_code(&str) -> Option<Self>`.
#[macro_export]
macro_rules! code_column {
    ($t:ty) => {
        impl $crate::db::FromColumn for $t {
            type Raw = String;
            fn from_raw(raw: String) -> Result<Self, String> {
                <$t>::from_code(&raw)
                    .ok_or_else(|| format!("unknown {} code: {raw}", stringify!($t)))
            }
        }
        impl $crate::db::ToColumn for $t {
            const NULL: $crate::db::Value = $crate::db::Value::Text(None);
            fn to_value(self) -> $crate::db::Value {
                $crate::db::Value::Text(Some(self.as_code().to_owned()))
            }
        }
    };
}

/// A statement and its values. The text is a constant of the program; only this builder joins texts.
#[derive(Clone, Debug)]
pub struct Sql {
    text: String,
    values: HashMap<&'static str, Vec<Value>>,
}

/// Starts a statement.
#[must_use]
pub fn sql(text: &'static str) -> Sql {
    Sql {
        text: text.to_owned(),
        values: HashMap::new(),
    }
}

impl Sql {
    /// Binds `:name`. A name may stand in the text several times.
    #[must_use]
    pub fn bind(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.insert(name, vec![value.into()]);
        self
    }

    /// Binds a list for `in (:name)`; an empty list matches nothing. Keep lists under 500.
    #[must_use]
    pub fn bind_all<V: Into<Value>>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.values
            .insert(name, values.into_iter().map(Into::into).collect());
        self
    }

    /// Appends a constant piece of text, such as a condition.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Self {
        self.text.push(' ');
        self.text.push_str(text);
        self
    }

    /// Puts a constant fragment where the text has `{slot}`.
    #[must_use]
    pub fn slot(mut self, slot: &'static str, text: &'static str) -> Self {
        self.text = self.text.replace(slot, text);
        self
    }

    /// The text with `$n` for names, and the values in that order.
    fn build(self) -> Result<(String, Vec<Value>)> {
        let mut out = String::with_capacity(self.text.len());
        let (mut order, mut values): (Vec<(&str, usize, usize)>, Vec<Value>) =
            (Vec::new(), Vec::new());
        let mut rest = self.text.as_str();
        let mut quoted = false;
        while let Some(at) = rest.find([':', '\'']) {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            if let Some(after) = tail.strip_prefix('\'') {
                quoted = !quoted;
                out.push('\'');
                rest = after;
                continue;
            }
            let after = &tail[1..];
            let end = after
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(after.len());
            if quoted || end == 0 {
                let colons = if after.starts_with(':') { 2 } else { 1 };
                out.push_str(&tail[..colons]);
                rest = &tail[colons..];
                continue;
            }
            let name = &after[..end];
            let (first, count) = match order.iter().find(|(n, ..)| *n == name) {
                Some((_, first, count)) => (*first, *count),
                None => {
                    let bound = self
                        .values
                        .get(name)
                        .ok_or_else(|| Error::Internal(format!("no value bound for :{name}")))?;
                    let place = (values.len(), bound.len());
                    values.extend(bound.iter().cloned());
                    order.push((name, place.0, place.1));
                    place
                }
            };
            if count == 0 {
                out.push_str("null");
            }
            for i in 0..count {
                out.push_str(if i == 0 { "$" } else { ", $" });
                out.push_str(&(first + i + 1).to_string());
            }
            rest = &after[end..];
        }
        out.push_str(rest);
        Ok((out, values))
    }
}

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

/// The database of one municipality or consortium.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Engine,
}

#[derive(Clone, Debug)]
enum Engine {
    // SQLite has one writer at a time: a pool of one queues writers fairly, without busy errors.
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

impl Db {
    /// Opens (and creates when missing) the SQLite file.
    ///
    /// # Errors
    /// The file cannot be opened or is not a database.
    pub async fn sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: what a browser was told is saved survives the loss of power.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-8000")
            .statement_cache_capacity(300);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_lazy_with(options.pragma("query_only", "on"));
        Ok(Self {
            engine: Engine::Sqlite { read, write },
        })
    }

    /// Connects to PostgreSQL (`postgres://user:password@host/name`).
    ///
    /// # Errors
    /// The server cannot be reached or refuses.
    pub async fn postgres(url: &str) -> Result<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(30))
            .connect(url)
            .await?;
        Ok(Self {
            engine: Engine::Postgres(pool),
        })
    }

    /// Which engine this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite { .. } => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// No connection is free in time.
    pub async fn read(&self) -> Result<Conn> {
        Ok(Conn(match &self.engine {
            Engine::Sqlite { read, .. } => Link::Sqlite(read.acquire().await?),
            Engine::Postgres(pool) => Link::Postgres(pool.acquire().await?),
        }))
    }

    /// A transaction for writing; on SQLite it holds the write lock from here on.
    ///
    /// # Errors
    /// No connection is free in time.
    pub async fn write(&self) -> Result<Tx> {
        Ok(Tx {
            conn: Conn(match &self.engine {
                Engine::Sqlite { write, .. } => {
                    Link::SqliteTx(write.begin_with("begin immediate").await?)
                }
                Engine::Postgres(pool) => Link::PostgresTx(pool.begin().await?),
            }),
            audited: false,
        })
    }

    /// Runs several statements as they stand: migrations and bulk set-up only.
    ///
    /// # Errors
    /// Any statement fails.
    pub async fn script(&self, text: &str) -> Result<()> {
        let text = AssertSqlSafe(text.to_owned());
        match &self.engine {
            Engine::Sqlite { write, .. } => {
                sqlx::raw_sql(text).execute(write).await?;
            }
            Engine::Postgres(pool) => {
                sqlx::raw_sql(text).execute(pool).await?;
            }
        }
        Ok(())
    }

    /// Closes all connections after the running statements.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

enum Link {
    Sqlite(sqlx::pool::PoolConnection<Sqlite>),
    SqliteTx(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::pool::PoolConnection<Postgres>),
    PostgresTx(sqlx::Transaction<'static, Postgres>),
}

enum Engined<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// A connection: all reading goes through it.
pub struct Conn(Link);

impl Conn {
    fn engined(&mut self) -> Engined<'_> {
        match &mut self.0 {
            Link::Sqlite(c) => Engined::Sqlite(c),
            Link::SqliteTx(c) => Engined::Sqlite(c),
            Link::Postgres(c) => Engined::Postgres(c),
            Link::PostgresTx(c) => Engined::Postgres(c),
        }
    }

    /// Which engine this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.0 {
            Link::Sqlite(_) | Link::SqliteTx(_) => Dialect::Sqlite,
            Link::Postgres(_) | Link::PostgresTx(_) => Dialect::Postgres,
        }
    }

    /// All rows of an answer; the statement carries its own limit.
    ///
    /// # Errors
    /// The statement fails.
    pub async fn rows(&mut self, q: Sql) -> Result<Vec<Row>> {
        let (text, values) = q.build()?;
        let text = AssertSqlSafe(text);
        Ok(match self.engined() {
            Engined::Sqlite(c) => sqlx::query_with(text, sqlite_args(values)?)
                .fetch_all(c)
                .await?
                .into_iter()
                .map(Row::Sqlite)
                .collect(),
            Engined::Postgres(c) => sqlx::query_with(text, pg_args(values)?)
                .fetch_all(c)
                .await?
                .into_iter()
                .map(Row::Postgres)
                .collect(),
        })
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// The statement fails.
    pub async fn row(&mut self, q: Sql) -> Result<Option<Row>> {
        let (text, values) = q.build()?;
        let text = AssertSqlSafe(text);
        Ok(match self.engined() {
            Engined::Sqlite(c) => sqlx::query_with(text, sqlite_args(values)?)
                .fetch_optional(c)
                .await?
                .map(Row::Sqlite),
            Engined::Postgres(c) => sqlx::query_with(text, pg_args(values)?)
                .fetch_optional(c)
                .await?
                .map(Row::Postgres),
        })
    }

    /// The first row, or [`Error::NotFound`].
    ///
    /// # Errors
    /// The statement fails or finds nothing.
    pub async fn one(&mut self, q: Sql) -> Result<Row> {
        self.row(q).await?.ok_or(Error::NotFound)
    }

    /// Column `n` of the one row of a counting statement.
    ///
    /// # Errors
    /// The statement fails.
    pub async fn count(&mut self, q: Sql) -> Result<i64> {
        self.one(q).await?.get("n")
    }
}

/// A transaction. It is undone unless [`Tx::commit`] is reached.
pub struct Tx {
    conn: Conn,
    audited: bool,
}

impl std::ops::Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}
impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Tx {
    /// Runs a writing statement and tells how many rows it touched.
    ///
    /// # Errors
    /// The statement fails.
    pub async fn exec(&mut self, q: Sql) -> Result<u64> {
        let (text, values) = q.build()?;
        let text = AssertSqlSafe(text);
        Ok(match self.conn.engined() {
            Engined::Sqlite(c) => sqlx::query_with(text, sqlite_args(values)?)
                .execute(c)
                .await?
                .rows_affected(),
            Engined::Postgres(c) => sqlx::query_with(text, pg_args(values)?)
                .execute(c)
                .await?
                .rows_affected(),
        })
    }

    /// Runs a writing statement on a record that someone else may have changed meanwhile: it must
    /// touch exactly one row (`… where id = :id and version = :version`).
    ///
    /// # Errors
    /// [`Error::Changed`] when the record is no longer as the user saw it.
    pub async fn exec_versioned(&mut self, q: Sql) -> Result<()> {
        if self.exec(q).await? == 1 {
            Ok(())
        } else {
            Err(Error::Changed)
        }
    }

    /// Called by the audit log: this transaction has been written down.
    pub(crate) fn mark_audited(&mut self) {
        self.audited = true;
    }

    /// Makes the change last.
    ///
    /// # Errors
    /// The database refuses, or nothing was written to the audit log (a defect: nothing is changed
    /// in silence).
    pub async fn commit(self) -> Result<()> {
        if !self.audited {
            return Err(Error::Internal("a write without an audit entry".into()));
        }
        self.finish().await
    }

    /// Makes a change last that is about no person and nobody's doing: drafts, sealing the log.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn commit_unaudited(self) -> Result<()> {
        self.finish().await
    }

    async fn finish(self) -> Result<()> {
        match self.conn.0 {
            Link::SqliteTx(tx) => tx.commit().await?,
            Link::PostgresTx(tx) => tx.commit().await?,
            Link::Sqlite(_) | Link::Postgres(_) => {
                return Err(Error::Internal("not a transaction".into()));
            }
        }
        Ok(())
    }
}

fn sqlite_args(values: Vec<Value>) -> Result<SqliteArguments> {
    use sqlx::Arguments as _;
    let mut args = SqliteArguments::default();
    for value in values {
        match value {
            Value::Bool(v) => args.add(v),
            Value::Int(v) => args.add(v),
            Value::Text(v) => args.add(v),
            Value::Bytes(v) => args.add(v),
            Value::Uuid(v) => args.add(v),
            Value::Date(v) => args.add(v),
            Value::Time(v) => args.add(v),
        }
        .map_err(|e| Error::Internal(e.to_string()))?;
    }
    Ok(args)
}

fn pg_args(values: Vec<Value>) -> Result<PgArguments> {
    use sqlx::Arguments as _;
    let mut args = PgArguments::default();
    for value in values {
        match value {
            Value::Bool(v) => args.add(v),
            Value::Int(v) => args.add(v),
            // PostgreSQL text cannot hold NUL; forms refuse it, imports may bring it.
            Value::Text(v) => args.add(v.map(|t| t.replace('\0', ""))),
            Value::Bytes(v) => args.add(v),
            Value::Uuid(v) => args.add(v),
            Value::Date(v) => args.add(v),
            Value::Time(v) => args.add(v),
        }
        .map_err(|e| Error::Internal(e.to_string()))?;
    }
    Ok(args)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_numbers_and_may_repeat() {
        let (text, values) = sql("select :a, ':x', :b::text, :a")
            .bind("a", 1_i64)
            .bind("b", "ま")
            .build()
            .unwrap();
        assert_eq!(text, "select $1, ':x', $2::text, $1");
        assert_eq!(values, vec![Value::from(1_i64), Value::from("ま")]);
    }

    #[test]
    fn lists_open_up_and_empty_ones_match_nothing() {
        let (text, values) = sql("select 1 where a in (:l) and b = :b and c in (:none)")
            .bind_all("l", [1_i64, 2])
            .bind("b", 3_i64)
            .bind_all("none", Vec::<i64>::new())
            .build()
            .unwrap();
        assert_eq!(
            text,
            "select 1 where a in ($1, $2) and b = $3 and c in (null)"
        );
        assert_eq!(values.len(), 3);
    }

    #[test]
    fn a_forgotten_value_is_an_error() {
        assert!(sql("select :a").build().is_err());
    }
}
