//! The one connection of SQLite that writes, and who has it next.
//!
//! Making a commit last is the dearest part of a small write: the pages go into the log, the log to
//! the disk. So where others wait for their turn, a finished transaction leaves its commit to them:
//! the next one goes on within the same transaction of SQLite, under a savepoint of its own, and one
//! commit makes all of them last. Nobody is told before that, and whoever fails takes back only what
//! is theirs. Who finds nobody waiting commits at once.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use rusqlite::Connection;
use tokio::{
    sync::{Mutex, OwnedMutexGuard, oneshot},
    time::timeout,
};

use super::{
    Value,
    rows::SqliteRow,
    sqlite::{self, Alone, Only, PATIENCE, closed},
};
use crate::error::{Error, Result};

/// Transactions that one commit makes last, at most: nobody waits long for the others.
const TOGETHER: usize = 32;

/// The connection that writes; a queue for it is fairer than busy errors.
#[derive(Clone, Debug)]
pub(super) struct Line {
    desk: Arc<Mutex<Option<Desk>>>,
    waiting: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct Desk {
    conn: Alone,
    /// Who has finished and waits for the commit. While there is anybody, a transaction is open.
    finished: Vec<oneshot::Sender<std::result::Result<(), String>>>,
}

impl Line {
    pub(super) fn new(conn: Alone) -> Self {
        Self {
            desk: Arc::new(Mutex::new(Some(Desk {
                conn,
                finished: Vec::new(),
            }))),
            waiting: Arc::default(),
        }
    }

    /// Reads through the connection that writes, unless somebody has it or what it sees does not
    /// last yet.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<Option<T>> {
        let Ok(mut desk) = self.desk.try_lock() else {
            return Ok(None);
        };
        let desk = desk.as_mut().ok_or_else(closed)?;
        if desk.finished.is_empty() {
            read(desk.conn.get_mut()).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Begins a transaction.
    pub(super) async fn begin(&self) -> Result<Writer> {
        let mut guard = self.lock().await?;
        let desk = guard.as_mut().ok_or_else(closed)?;
        let joined = !desk.finished.is_empty();
        desk.conn.get_mut().execute_batch(if joined {
            "savepoint joined"
        } else {
            "begin immediate"
        })?;
        Ok(Writer {
            guard: Some(guard),
            joined,
            line: self.clone(),
        })
    }

    /// Runs statements outside any transaction of ours.
    pub(super) async fn script(&self, text: &str) -> Result<()> {
        let mut guard = self.lock().await?;
        let desk = guard.as_mut().ok_or_else(closed)?;
        desk.commit_all()?;
        Ok(desk.conn.get_mut().execute_batch(text)?)
    }

    /// The last connection that closes brings the write-ahead log into the file.
    pub(super) async fn close(&self) {
        let mut guard = self.desk.lock().await;
        if let Some(desk) = guard.as_mut()
            && let Err(e) = desk.commit_all()
        {
            tracing::error!(%e, "the last transactions could not be made to last");
        }
        *guard = None;
    }

    async fn lock(&self) -> Result<OwnedMutexGuard<Option<Desk>>> {
        let _waits = Waits::new(&self.waiting);
        timeout(PATIENCE, Arc::clone(&self.desk).lock_owned())
            .await
            .map_err(|_| sqlite::no_connection())
    }

    /// Comes after all who wait now: were they not to commit, this does.
    fn commit_later(&self) {
        let desk = Arc::clone(&self.desk);
        tokio::spawn(async move {
            if let Some(desk) = desk.lock().await.as_mut() {
                // Those whom it concerns are told.
                let _ = desk.commit_all();
            }
        });
    }
}

impl Desk {
    fn commit_all(&mut self) -> Result<()> {
        if self.finished.is_empty() {
            return Ok(());
        }
        self.commit()
    }

    /// Makes last what stands in the transaction, and tells everybody who finished.
    fn commit(&mut self) -> Result<()> {
        let conn = self.conn.get_mut();
        let done = conn.execute_batch("commit");
        if done.is_err() && !conn.is_autocommit() {
            undo(conn, "rollback");
        }
        self.tell(match &done {
            Ok(()) => Ok(()),
            Err(e) => Err(e.to_string()),
        });
        Ok(done?)
    }

    fn tell(&mut self, done: std::result::Result<(), String>) {
        for finished in self.finished.drain(..) {
            // Nobody listens any more when the browser went away; the change lasts all the same.
            let _ = finished.send(done.clone());
        }
    }
}

fn undo(conn: &Connection, how: &str) {
    if let Err(e) = conn.execute_batch(how) {
        tracing::error!(%e, "a transaction could not be undone");
    }
}

/// One more who waits.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn new(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A transaction. It is undone unless [`Writer::commit`] is reached, also when the browser went away
/// in the middle of it.
pub(super) struct Writer {
    /// None once it has been handed on.
    guard: Option<OwnedMutexGuard<Option<Desk>>>,
    /// Whether it goes on where another one finished.
    joined: bool,
    line: Line,
}

impl Writer {
    fn desk(&mut self) -> Result<&mut Desk> {
        let guard = self.guard.as_mut().ok_or_else(closed)?;
        guard.as_mut().ok_or_else(closed)
    }

    /// After an error such as a full disk SQLite may have undone everything by itself; what came
    /// next would last at once, on its own.
    fn conn(&mut self) -> Result<&Connection> {
        let conn = self.desk()?.conn.get_mut();
        if conn.is_autocommit() {
            return Err(Error::Internal("the transaction was undone".into()));
        }
        Ok(conn)
    }

    pub(super) fn rows(
        &mut self,
        text: &str,
        values: &[Value],
        limit: usize,
    ) -> Result<Vec<SqliteRow>> {
        sqlite::rows(self.conn()?, text, values, limit, Only::Anything)
    }

    /// Runs a writing statement to its end and tells how many rows it touched.
    pub(super) fn exec(&mut self, text: &str, values: &[Value]) -> Result<u64> {
        sqlite::exec(self.conn()?, text, values)
    }

    /// Comes back when the change lasts.
    pub(super) async fn commit(mut self) -> Result<()> {
        if self.joined {
            self.conn()?.execute_batch("release joined")?;
        }
        let others = self.line.waiting.load(Ordering::Relaxed) > 0;
        let desk = self.desk()?;
        if !others || desk.finished.len() + 1 >= TOGETHER {
            let done = desk.commit();
            self.guard = None;
            return done;
        }
        let (tell, told) = oneshot::channel();
        desk.finished.push(tell);
        if desk.finished.len() == 1 {
            self.line.commit_later();
        }
        self.guard = None;
        match told.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(e)) => Err(Error::Internal(format!("database: {e}"))),
            Err(_) => Err(closed()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let joined = self.joined;
        let Some(desk) = self.guard.as_mut().and_then(|g| g.as_mut()) else {
            return;
        };
        let conn = desk.conn.get_mut();
        if conn.is_autocommit() {
            // Nothing to undo: it never began, or SQLite undid all of it, with those who finished.
            desk.tell(Err("the transaction was undone".into()));
        } else if joined {
            undo(conn, "rollback to joined; release joined");
        } else {
            undo(conn, "rollback");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Db, Tx, sql};

    const WRITERS: usize = 40;

    async fn add(tx: &mut Tx, n: usize) -> Result<u64> {
        let n = i64::try_from(n).unwrap_or(0);
        tx.exec(sql("insert into t (n) values (:n)").bind("n", n))
            .await
    }

    /// What lasts: seen through a file handle of its own.
    async fn lasting(folder: &std::path::Path) -> Result<Vec<i64>> {
        let other = Connection::open(folder.join("t.sqlite"))?;
        let mut q = other.prepare("select n from t order by n")?;
        let all = q.query_map([], |r| r.get(0))?;
        Ok(all.collect::<rusqlite::Result<_>>()?)
    }

    /// Many wait while one writes: every second one is given up, each third is dropped by its
    /// browser in the queue, the others come back when theirs lasts.
    #[test]
    fn many_share_a_commit_and_nobody_loses_or_gets_anothers_change() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(4)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("t.sqlite");
            let db = Db::sqlite(&file).await.unwrap();
            db.script("create table t (n integer primary key)")
                .await
                .unwrap();
            let mut first = db.write().await.unwrap();
            add(&mut first, 0).await.unwrap();
            let mut waiting = Vec::new();
            for n in 1..=WRITERS {
                let (db, folder) = (db.clone(), folder.path().to_owned());
                waiting.push(tokio::spawn(async move {
                    let mut tx = db.write().await.unwrap();
                    add(&mut tx, n).await.unwrap();
                    if n.is_multiple_of(2) {
                        // Somebody else has this number: only this one fails.
                        assert!(add(&mut tx, 0).await.is_err());
                        return;
                    }
                    tx.commit_unaudited().await.unwrap();
                    let here = lasting(&folder).await.unwrap();
                    assert!(here.contains(&i64::try_from(n).unwrap()), "{n} of {here:?}");
                }));
            }
            for n in (3..=WRITERS).step_by(6) {
                waiting[n - 1].abort();
            }
            assert!(lasting(folder.path()).await.unwrap().is_empty());
            first.commit_unaudited().await.unwrap();
            for (n, writer) in waiting.into_iter().enumerate() {
                let aborted = (n + 1) % 6 == 3;
                assert!(aborted || writer.await.is_ok(), "{}", n + 1);
            }
            db.close().await;
            let expected: Vec<i64> = (0..=i64::try_from(WRITERS).unwrap())
                .filter(|n| *n == 0 || n % 2 == 1 && n % 6 != 3)
                .collect();
            let here = lasting(folder.path()).await.unwrap();
            let sure: Vec<i64> = here.iter().copied().filter(|n| n % 6 != 3).collect();
            assert_eq!(sure, expected);
            assert!(here.iter().all(|n| *n == 0 || n % 2 == 1), "{here:?}");
        });
    }

    /// Whoever finished is told of a commit that fails, and the next transaction begins anew.
    #[test]
    fn a_commit_that_fails_is_told_to_all_whom_it_concerns() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "pragma foreign_keys = on; create table p (n integer primary key);
             create table c (n integer references p (n) deferrable initially deferred)",
        )
        .unwrap();
        let mut desk = Desk {
            conn: Alone::new(conn),
            finished: Vec::new(),
        };
        let (tell, mut told) = oneshot::channel();
        desk.finished.push(tell);
        let begin = "begin immediate; insert into c values (7)";
        desk.conn.get_mut().execute_batch(begin).unwrap();
        assert!(desk.commit_all().is_err());
        assert!(told.try_recv().unwrap().is_err());
        assert!(desk.conn.get_mut().is_autocommit());
        assert!(desk.finished.is_empty());
    }
}
