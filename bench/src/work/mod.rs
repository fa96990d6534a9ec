//! The workloads. Each is a folder's worth of real requests against one running server.

mod durable;
mod figures;
mod ledgers;
mod mixed;
mod oracle;
mod pages;
mod sheets;
mod start;

use std::{path::Path, time::Duration};

use crate::{
    Result, data,
    http::{Client, filled},
    report::Run,
    server::Server,
    stats::Times,
};

/// All of them. Those that write most run last: W7, then W11.
pub const ALL: [&str; 11] = [
    "W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10", "W11",
];
/// Requests that are made and not measured, so that the caches are as on any day but the first.
const WARM: usize = 20;

/// How much of each.
pub struct Plan {
    /// Requests of each kind.
    pub requests: usize,
    /// Seconds of W5 and W7.
    pub seconds: u64,
    /// Workers of W5, and writers of W7.
    pub workers: usize,
    /// Rows of the ledgers of W11.
    pub rows: Vec<usize>,
}

/// Runs the chosen workloads on one folder.
pub fn run(engawa: &Path, folder: &Path, size: u64, chosen: &[String], plan: &Plan) -> Result<Run> {
    let mut run = Run {
        people: size,
        ..Run::default()
    };
    let wants = |name: &str| chosen.iter().any(|c| c.eq_ignore_ascii_case(name));
    if wants("W6") {
        start::run(engawa, folder, &mut run)?;
    }
    if wants("W9") {
        eprintln!("{size} persons: W9");
        sheets::run(engawa, folder, &mut run)?;
    }
    if wants("W10") {
        eprintln!("{size} persons: W10");
        figures::run(engawa, folder, &mut run)?;
    }
    let server = Server::start(engawa, folder)?;
    let worker = data::login(folder, "worker")?;
    let mut client = server.client();
    client.log_in(&worker.user, &worker.password)?;
    for (name, work) in [
        (
            "W2",
            pages::find as fn(&mut Client, &Plan, &mut Run) -> Result<()>,
        ),
        ("W3", pages::long_case),
        ("W4", pages::today),
        ("W1", pages::register),
        ("W8", pages::sheet),
    ] {
        if wants(name) {
            eprintln!("{size} persons: {name}");
            work(&mut client, plan, &mut run)?;
        }
    }
    if let Some(resident) = server.resident_of_press() {
        run.figures
            .insert("resident, the press beside it (MB)".into(), resident);
    }
    if wants("W5") {
        eprintln!("{size} persons: W5");
        mixed::run(&server, folder, plan, &mut run)?;
    }
    if let Some(resident) = server.resident() {
        run.figures
            .insert("resident after the pages (MB)".into(), resident);
    }
    drop(server);
    if wants("W7") {
        eprintln!("{size} persons: W7");
        durable::run(engawa, folder, plan, &mut run)?;
    }
    if wants("W11") {
        eprintln!("{size} persons: W11");
        ledgers::run(engawa, folder, plan, &mut run)?;
    }
    Ok(run)
}

/// Measures `count` requests after a few that warm up.
fn measure(count: usize, mut one: impl FnMut(usize) -> Result<Duration>) -> Result<Times> {
    for n in 0..WARM.min(count) {
        one(n)?;
    }
    let times = (0..count)
        .map(|n| one(WARM + n))
        .collect::<Result<Vec<_>>>()?;
    Ok(Times::of(times))
}

/// Sets a field of a form, or adds it.
fn set(fields: &mut Vec<(String, String)>, name: &str, value: impl Into<String>) {
    fields.retain(|(n, _)| n != name);
    fields.push((name.into(), value.into()));
}

/// The form of a page, ready to be sent many times: without the token that makes a double click one
/// record.
fn form(page: &str, action: &str) -> Result<Vec<(String, String)>> {
    let mut fields = filled(page, action);
    if fields.is_empty() {
        return Err(format!("the page has no form for {action}").into());
    }
    fields.retain(|(name, _)| name != "once" && name != "draft_key");
    Ok(fields)
}

/// A 支援経過 for a case whose page was fetched: where to send it, and the fields.
fn contact(case: &str, page: &str) -> Result<(String, Vec<(String, String)>)> {
    let action = format!("{case}/contacts");
    let mut fields = form(page, &action)?;
    set(&mut fields, "kind", "phone");
    set(&mut fields, "minutes", "10");
    Ok((action, fields))
}

/// Sends a form that must be saved.
fn save(client: &mut Client, action: &str, fields: &[(String, String)]) -> Result<Duration> {
    let answer = client.post(action, fields)?;
    if answer.status == 303 {
        return Ok(answer.took);
    }
    Err(format!(
        "{action} was not saved: {} {}",
        answer.status,
        said(&answer.body)
    )
    .into())
}

/// What a refusing page says, for the one who repairs the benchmark.
fn said(page: &str) -> String {
    page.split("error")
        .skip(1)
        .take(4)
        .map(|part| part.chars().take(160).collect::<String>())
        .collect::<Vec<_>>()
        .join(" … ")
}
