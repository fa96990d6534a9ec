//! What the machine can do: a program with nothing but SQLite that makes the same bytes last, one
//! transaction for each record, with the same durability (WAL, synchronous=FULL).

use std::{
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use rusqlite::Connection;

use crate::Result;

/// Records per second that last, with so many writers who queue for the one connection.
pub fn writes_per_second(
    folder: &Path,
    record: &[u8],
    writers: usize,
    seconds: u64,
) -> Result<f64> {
    let conn = Connection::open(folder.join("bare.sqlite"))?;
    conn.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full;
         create table record (id integer primary key, body blob not null)",
    )?;
    let (conn, stop, done) = (Mutex::new(conn), AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..writers)
            .map(|_| {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let mut conn = conn.lock().map_err(|_| "a writer panicked")?;
                        let tx = conn.transaction()?;
                        tx.prepare_cached("insert into record (body) values ($1)")?
                            .execute([record])?;
                        tx.commit()?;
                        drop(conn);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    Result::<()>::Ok(())
                })
            })
            .collect();
        std::thread::sleep(Duration::from_secs(seconds));
        stop.store(true, Ordering::Relaxed);
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a bare writer panicked")?)
    })?;
    Ok(done.load(Ordering::Relaxed) as f64 / seconds as f64)
}
