//! SQLite, called where the request runs.
//!
//! A statement on a local file takes some ten millionths of a second; handing it to another thread
//! and back takes ten times that. So there is no thread of the database's own: the few connections
//! block the worker that uses one, and who starts a runtime gives it [`super::BUSY_WORKERS`] more
//! workers than there are processors.
//!
//! A commit empties the page cache of every connection but the one that commits, and nearly every
//! look at a record commits its line in the log. So reading, too, goes through the connection that
//! writes ([`Line`]), statement by statement, whenever no transaction holds it; only meanwhile the
//! others read. Nobody who reads holds a connection between two statements.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex as Shelf, PoisonError},
    time::Duration,
};

use rusqlite::{
    Connection, Statement,
    config::DbConfig,
    types::{ToSqlOutput, Value as Stored},
};
use sync_wrapper::SyncWrapper;
use tokio::{sync::Semaphore, time::timeout};

use super::{
    Value,
    rows::SqliteRow,
    writer::{Line, Writer},
};
use crate::error::{Error, Result};

/// Connections that read at the same time.
pub(super) const READERS: usize = 4;
/// How long a request waits for a connection before it is told to come again.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// A program beside the server (a backup, `engawa user`) may hold the file for so long.
const BUSY: Duration = Duration::from_secs(10);

/// A connection is used by one task at a time; the wrapper lets the compiler see it.
pub(super) type Alone = SyncWrapper<Connection>;

/// One file: one connection that writes, since SQLite has one writer at a time, and a few that read
/// while it is held.
#[derive(Clone, Debug)]
pub(super) struct Sqlite {
    writer: Line,
    readers: Arc<Readers>,
}

#[derive(Debug)]
struct Readers {
    file: PathBuf,
    free: Semaphore,
    idle: Shelf<Vec<Alone>>,
}

impl Sqlite {
    pub(super) fn open(file: &Path) -> Result<Self> {
        let writer = connect(file)?;
        writer.execute_batch("pragma journal_mode = wal; pragma cache_size = -16000")?;
        Ok(Self {
            writer: Line::new(SyncWrapper::new(writer)),
            readers: Arc::new(Readers {
                file: file.to_owned(),
                free: Semaphore::new(READERS),
                idle: Shelf::default(),
            }),
        })
    }

    /// All rows of an answer, or the first `limit` of them.
    pub(super) async fn rows(
        &self,
        text: &str,
        values: &[Value],
        limit: usize,
    ) -> Result<Vec<SqliteRow>> {
        let read = |conn: &Connection| rows(conn, text, values, limit, Only::Read);
        if let Some(found) = self.writer.read(read)? {
            return Ok(found);
        }
        let _permit = timeout(PATIENCE, self.readers.free.acquire())
            .await
            .map_err(|_| no_connection())?
            .map_err(|_| closed())?;
        let idle = self.readers.shelf().pop();
        let mut conn = match idle {
            Some(conn) => conn,
            None => SyncWrapper::new(connect(&self.readers.file)?),
        };
        let found = read(conn.get_mut());
        if !self.readers.free.is_closed() {
            self.readers.shelf().push(conn);
        }
        found
    }

    pub(super) async fn write(&self) -> Result<Writer> {
        self.writer.begin().await
    }

    pub(super) async fn script(&self, text: &str) -> Result<()> {
        self.writer.script(text).await
    }

    pub(super) async fn close(&self) {
        self.readers.free.close();
        self.readers.shelf().clear();
        self.writer.close().await;
    }
}

impl Readers {
    fn shelf(&self) -> std::sync::MutexGuard<'_, Vec<Alone>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a statement may do.
#[derive(PartialEq, Eq)]
pub(super) enum Only {
    /// Nothing but reading, though the connection could write.
    Read,
    Anything,
}

pub(super) fn rows(
    conn: &Connection,
    text: &str,
    values: &[Value],
    limit: usize,
    only: Only,
) -> Result<Vec<SqliteRow>> {
    let _watch = Watch::start(text);
    let mut statement = conn.prepare_cached(text)?;
    if only == Only::Read && !statement.readonly() {
        return Err(Error::Internal(
            "a writing statement outside a transaction".into(),
        ));
    }
    let names: Arc<[Box<str>]> = statement
        .column_names()
        .into_iter()
        .map(Box::from)
        .collect();
    bind(&mut statement, values)?;
    let mut answer = statement.raw_query();
    let mut all = Vec::new();
    while all.len() < limit
        && let Some(row) = answer.next()?
    {
        let cells = (0..names.len())
            .map(|n| row.get::<_, Stored>(n))
            .collect::<rusqlite::Result<_>>()?;
        all.push(SqliteRow::new(Arc::clone(&names), cells));
    }
    Ok(all)
}

pub(super) fn exec(conn: &Connection, text: &str, values: &[Value]) -> Result<u64> {
    let _watch = Watch::start(text);
    let mut statement = conn.prepare_cached(text)?;
    bind(&mut statement, values)?;
    let mut answer = statement.raw_query();
    while answer.next()?.is_some() {}
    Ok(conn.changes())
}

/// Says with `ENGAWA_LOG=sql=debug` how long each statement took; its values are never written.
struct Watch<'a> {
    text: &'a str,
    since: Option<std::time::Instant>,
}

impl<'a> Watch<'a> {
    fn start(text: &'a str) -> Self {
        let since =
            tracing::enabled!(target: "sql", tracing::Level::DEBUG).then(std::time::Instant::now);
        Self { text, since }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let Some(since) = self.since {
            let micros = since.elapsed().as_micros();
            tracing::debug!(target: "sql", micros, text = self.text);
        }
    }
}

fn bind(statement: &mut Statement<'_>, values: &[Value]) -> Result<()> {
    // The builder numbers the values in the order in which they first stand in the text.
    for (n, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(n + 1, value)?;
    }
    Ok(())
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::ValueRef::{Blob, Integer, Null, Text};
        let text = |text: String| ToSqlOutput::Owned(Stored::Text(text));
        let borrowed = ToSqlOutput::Borrowed;
        Ok(match self {
            Self::Bool(v) => borrowed(v.map_or(Null, |v| Integer(v.into()))),
            Self::Int(v) => borrowed(v.map_or(Null, Integer)),
            Self::Text(v) => borrowed(v.as_ref().map_or(Null, |v| Text(v.as_bytes()))),
            Self::Bytes(v) => borrowed(v.as_ref().map_or(Null, |v| Blob(v))),
            Self::Uuid(v) => borrowed(v.as_ref().map_or(Null, |v| Blob(v.as_bytes()))),
            Self::Date(v) => v.map_or(borrowed(Null), |v| text(v.format("%F").to_string())),
            // In UTC and in one form, so that the order of the texts is that of the times.
            Self::Time(v) => v.map_or(borrowed(Null), |v| text(v.to_rfc3339())),
        })
    }
}

fn connect(file: &Path) -> Result<Connection> {
    let conn = Connection::open(file)?;
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // A prepared statement keeps its plan, whatever is bound.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // FULL: what a browser was told is saved survives the loss of power.
    conn.execute_batch(
        "pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory; pragma cache_size = -2000",
    )?;
    Ok(conn)
}

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 300;

pub(super) fn no_connection() -> Error {
    Error::Internal("database: no connection was free in time".into())
}

pub(super) fn closed() -> Error {
    Error::Internal("database: closed".into())
}
