//! W7: 支援経過 saved per second, each one lasting before the browser hears of it, beside programs
//! with nothing but SQLite: one makes the same rows last in the same tables, the other as many bytes
//! in a table without an index.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use super::{Plan, contact, save, set};
use crate::{Result, bare, data, http::first_link, report::Run, same, server::Server};

/// Writes with Engawa, then with bare SQLite.
pub fn run(engawa: &Path, folder: &Path, plan: &Plan, run: &mut Run) -> Result<()> {
    let before = bytes_used(folder)?;
    let marks = same::marks(folder)?;
    let written = AtomicU64::new(0);
    let server = Server::start(engawa, folder)?;
    let stop = AtomicBool::new(false);
    // Logging in costs a second of argon2 for many; the clock starts when all are in.
    let ready = std::sync::Barrier::new(plan.workers + 1);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..plan.workers)
            .map(|n| {
                let (server, written, stop, ready) = (&server, &written, &stop, &ready);
                scope.spawn(move || write(server, folder, n, (written, stop, ready)))
            })
            .collect();
        ready.wait();
        std::thread::sleep(Duration::from_secs(plan.seconds));
        stop.store(true, Ordering::Relaxed);
        writers
            .into_iter()
            .try_for_each(|w| w.join().map_err(|_| "a writer of W7 panicked")?)
    })?;
    drop(server);
    let written = written.load(Ordering::Relaxed);
    if written == 0 {
        return Err("W7 wrote nothing".into());
    }
    let ours = written as f64 / plan.seconds as f64;
    let each = bytes_used(folder)?.saturating_sub(before) / written;
    let record = vec![b'x'; usize::try_from(each)?];
    let bare = bare::writes_per_second(folder, &record, plan.workers, plan.seconds)?;
    let same = same::writes_per_second(folder, &marks, written, plan.workers, plan.seconds)?;
    let figures = &mut run.figures;
    figures.insert("W7 durable writes per second".into(), ours);
    figures.insert("W7 bytes per write, indexes included".into(), each as f64);
    figures.insert("W7 bare SQLite, the same rows".into(), same);
    figures.insert("W7 ratio to the same rows (aim: 0.5)".into(), ours / same);
    figures.insert("W7 bare SQLite, one table without index".into(), bare);
    figures.insert("W7 ratio to one table".into(), ours / bare);
    Ok(())
}

fn write(
    server: &Server,
    folder: &Path,
    n: usize,
    (written, stop, ready): (&AtomicU64, &AtomicBool, &std::sync::Barrier),
) -> Result<()> {
    let prepared = (|| {
        let login = data::login(folder, "worker")?;
        let mut client = server.client();
        client.log_in(&login.user, &login.password)?;
        let list = client.page("/cases")?.body;
        let case = first_link(&list, "/cases/").ok_or("the worker has no case")?;
        let form = contact(&case, &client.page(&case)?.body)?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((client, form))
    })();
    // Everybody comes to the barrier, also who cannot go on, or nobody would ever leave it.
    ready.wait();
    let (mut client, (action, fields)) = prepared?;
    let mut turn = 0_u64;
    while !stop.load(Ordering::Relaxed) {
        turn += 1;
        let mut fields = fields.clone();
        set(
            &mut fields,
            "text",
            format!("計測のための記録。{n}-{turn}。{}", "あ".repeat(100)),
        );
        save(&mut client, &action, &fields)?;
        written.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Bytes of all pages in use, after the write-ahead log has gone into the file.
fn bytes_used(folder: &Path) -> Result<u64> {
    let conn = rusqlite::Connection::open(folder.join("engawa.sqlite"))?;
    conn.execute_batch("pragma wal_checkpoint(truncate)")?;
    let used: i64 = conn.query_row(
        "select (p.page_count - f.freelist_count) * s.page_size
           from pragma_page_count() p, pragma_freelist_count() f, pragma_page_size() s",
        [],
        |row| row.get(0),
    )?;
    Ok(used.unsigned_abs())
}
