//! W5: an office at its busiest, as many workers at once as asked for, each reading and writing
//! without a pause.

use std::{
    path::Path,
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{Plan, contact, save, set};
use crate::{
    Result,
    data::{self, Login},
    http::{Client, first_link, quoted},
    report::Run,
    server::Server,
    stats::Times,
};

/// Logins that work cases.
const KINDS: [&str; 4] = ["worker", "supervisor", "coordinator", "outside"];

/// What one worker measured: reads and writes.
type Measured = (Vec<Duration>, Vec<Duration>);

/// Nine reads to one write, for the planned seconds.
pub fn run(server: &Server, folder: &Path, plan: &Plan, run: &mut Run) -> Result<()> {
    let logins: Vec<Login> = data::logins(folder)?
        .into_iter()
        .filter(|l| KINDS.contains(&l.kind.as_str()))
        .collect();
    let stop = AtomicBool::new(false);
    let ready = Barrier::new(plan.workers + 1);
    let measured = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..plan.workers)
            .map(|n| {
                let (login, stop, ready) = (&logins[n % logins.len()], &stop, &ready);
                scope.spawn(move || work(server, login, n, (stop, ready)))
            })
            .collect();
        ready.wait();
        std::thread::sleep(Duration::from_secs(plan.seconds));
        stop.store(true, Ordering::Relaxed);
        workers
            .into_iter()
            .map(|w| w.join().map_err(|_| "a worker of W5 panicked")?)
            .collect::<Result<Vec<Measured>>>()
    })?;
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    for (r, w) in measured {
        reads.extend(r);
        writes.extend(w);
    }
    let per_second = (reads.len() + writes.len()) as f64 / plan.seconds as f64;
    let n = plan.workers;
    run.times
        .insert(format!("W5 read, {n} workers"), Times::of(reads));
    run.times
        .insert(format!("W5 write, {n} workers"), Times::of(writes));
    run.figures
        .insert("W5 requests per second".into(), per_second);
    Ok(())
}

fn work(
    server: &Server,
    login: &Login,
    n: usize,
    (stop, ready): (&AtomicBool, &Barrier),
) -> Result<Measured> {
    let prepared = (|| {
        let mut client: Client = server.client();
        client.log_in(&login.user, &login.password)?;
        let list = client.page("/cases")?.body;
        // Some logins of a small town have no case of their own; they only read.
        let case = first_link(&list, "/cases/");
        let form = match &case {
            Some(case) => Some(contact(case, &client.page(case)?.body)?),
            None => None,
        };
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((client, case, form))
    })();
    // Everybody comes to the barrier, also who cannot go on, or nobody would ever leave it.
    ready.wait();
    let (mut client, case, form) = prepared?;
    let find = format!("/search?q={}", quoted("たかはし"));
    let words = format!("/search?q={}", quoted("家計簿"));
    let pages = [
        "/today",
        "/cases",
        &find,
        "/consultations",
        &words,
        "/today",
    ];
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    let mut turn = n;
    while !stop.load(Ordering::Relaxed) {
        turn += 1;
        match (&form, &case) {
            (Some((action, fields)), _) if turn.is_multiple_of(10) => {
                let mut fields = fields.clone();
                set(&mut fields, "text", format!("計測のための記録。{n}-{turn}"));
                writes.push(save(&mut client, action, &fields)?);
            }
            (_, Some(case)) if turn.is_multiple_of(3) => reads.push(client.page(case)?.took),
            _ => reads.push(client.page(pages[turn % pages.len()])?.took),
        }
    }
    Ok((reads, writes))
}
