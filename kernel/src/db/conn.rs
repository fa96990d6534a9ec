//! The database, its connections and its transactions, whichever engine it is on.

use std::path::Path;

use sqlx::{AssertSqlSafe, Postgres, postgres::PgPool};

use super::{Dialect, Row, Sql, postgres, rows::Answer, sqlite::Sqlite, writer::Writer};
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
    Sqlite(Sqlite),
    Postgres(PgPool),
}

impl Db {
    /// Opens (and creates when missing) the SQLite file.
    ///
    /// # Errors
    /// The file cannot be opened or is not a database.
    pub async fn sqlite(file: &Path) -> Result<Self> {
        Ok(Self {
            engine: Engine::Sqlite(Sqlite::open(file)?),
        })
    }

    /// Connects to PostgreSQL (`postgres://user:password@host/name`).
    ///
    /// # Errors
    /// The server cannot be reached or refuses.
    pub async fn postgres(url: &str) -> Result<Self> {
        Ok(Self {
            engine: Engine::Postgres(postgres::connect(url).await?),
        })
    }

    /// Which engine this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// No connection is free in time.
    pub async fn read(&self) -> Result<Conn> {
        Ok(Conn(match &self.engine {
            Engine::Sqlite(file) => Link::Sqlite(file.clone()),
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
                Engine::Sqlite(file) => Link::SqliteTx(file.write().await?),
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
        match &self.engine {
            Engine::Sqlite(file) => file.script(text).await,
            Engine::Postgres(pool) => {
                let text = AssertSqlSafe(text.to_owned());
                sqlx::raw_sql(text).execute(pool).await?;
                Ok(())
            }
        }
    }

    /// Closes all connections after the running statements.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(file) => file.close().await,
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

enum Link {
    Sqlite(Sqlite),
    SqliteTx(Writer),
    Postgres(sqlx::pool::PoolConnection<Postgres>),
    PostgresTx(sqlx::Transaction<'static, Postgres>),
}

/// A connection: all reading goes through it.
pub struct Conn(Link);

impl Conn {
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
        self.found(q, usize::MAX).await
    }

    async fn found(&mut self, q: Sql, limit: usize) -> Result<Vec<Row>> {
        let (text, values) = q.build()?;
        let found = match &mut self.0 {
            Link::Sqlite(file) => file.rows(&text, &values, limit).await?,
            Link::SqliteTx(tx) => tx.rows(&text, &values, limit)?,
            Link::Postgres(conn) => return postgres::rows(conn, text, values, limit).await,
            Link::PostgresTx(tx) => return postgres::rows(tx, text, values, limit).await,
        };
        Ok(found
            .into_iter()
            .map(|row| Row(Answer::Sqlite(row)))
            .collect())
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// The statement fails.
    pub async fn row(&mut self, q: Sql) -> Result<Option<Row>> {
        Ok(self.found(q, 1).await?.pop())
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
        match &mut self.conn.0 {
            Link::SqliteTx(tx) => tx.exec(&text, &values),
            Link::PostgresTx(tx) => postgres::exec(tx, text, values).await,
            Link::Sqlite(_) | Link::Postgres(_) => Err(not_a_transaction()),
        }
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
                return Err(not_a_transaction());
            }
        }
        self.turned.committed();
        Ok(())
    }
}

fn not_a_transaction() -> Error {
    Error::Internal("database: not a transaction".into())
}
