//! The two engines: pools, connections and transactions.

use std::{path::Path, time::Duration};

use sqlx::{
    AssertSqlSafe, Postgres, Sqlite,
    postgres::{PgArguments, PgConnection, PgPool, PgPoolOptions},
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool,
        SqlitePoolOptions, SqliteSynchronous,
    },
};

use super::{Dialect, Row, Sql, Value};
use crate::{
    access::Purpose,
    audit::Turns,
    error::{Error, Result},
    id::RoomId,
};

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
        // A connection to a file does not go away like one to a server: no need to ask it first.
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .test_before_acquire(false)
            // Another's commit empties the cache anyway, and every look at a record writes the log.
            .connect_lazy_with(
                options
                    .pragma("query_only", "on")
                    .pragma("cache_size", "-2000"),
            );
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
            turned: Turns::default(),
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
    turned: Turns,
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

    /// Called when a key is turned in this transaction: should it be given up, the reading is
    /// written down all the same.
    pub(crate) fn mark_turned(&mut self, room: RoomId, purpose: Purpose) {
        self.turned.note(room, purpose);
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

    async fn finish(mut self) -> Result<()> {
        match self.conn.0 {
            Link::SqliteTx(tx) => tx.commit().await?,
            Link::PostgresTx(tx) => tx.commit().await?,
            Link::Sqlite(_) | Link::Postgres(_) => {
                return Err(Error::Internal("not a transaction".into()));
            }
        }
        self.turned.committed();
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
