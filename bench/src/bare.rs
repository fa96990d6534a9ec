//! What the machine can do: a program with nothing but SQLite that makes the same bytes last, one
//! transaction for each record, with the same durability (WAL, synchronous=FULL).

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::Result;

/// Records per second that last, with so many writers who queue for the one connection.
pub fn writes_per_second(
    folder: &Path,
    record: &[u8],
    writers: usize,
    seconds: u64,
) -> Result<f64> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(write(folder, record, writers, seconds))
}

async fn write(folder: &Path, record: &[u8], writers: usize, seconds: u64) -> Result<f64> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("bare.sqlite"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    sqlx::query("create table record (id integer primary key, body blob not null)")
        .execute(&pool)
        .await?;
    let (stop, done) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let mut tasks = Vec::new();
    for _ in 0..writers {
        let (pool, record) = (pool.clone(), record.to_vec());
        let (stop, done) = (Arc::clone(&stop), Arc::clone(&done));
        tasks.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let mut tx = pool.begin().await?;
                sqlx::query("insert into record (body) values ($1)")
                    .bind(&record)
                    .execute(&mut *tx)
                    .await?;
                tx.commit().await?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<_, sqlx::Error>(())
        }));
    }
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await??;
    }
    pool.close().await;
    Ok(done.load(Ordering::Relaxed) as f64 / seconds as f64)
}
