//! W10: a month's full return and five-year cross tables over all contacts, through the real server,
//! beside the same aggregates in DuckDB on the same rows. Answers that differ are an error.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde_json::Value;

use super::oracle::{self, Asked, Question};
use crate::{Result, data, http::Client, report::Run, server::Server, stats::Times};

/// Each question, so often.
const TURNS: usize = 5;

/// 窓口 × 時期 and 課題 × 年齢, 延べ and 実人数.
const TABLES: [Question; 6] = [
    table("events", "desk", "time"),
    table("persons", "desk", "time"),
    table("person_times", "desk", "time"),
    table("events", "issue", "age"),
    table("persons", "issue", "age"),
    table("person_times", "issue", "age"),
];

const fn table(unit: &'static str, rows: &'static str, columns: &'static str) -> Question {
    Question {
        unit,
        rows,
        columns,
    }
}

/// Who asks after this has no columns to wait for; see `docs/decisions/0010-figures-from-columns.md`.
const SETTLED: Duration = Duration::from_secs(60);

/// Asks both sides and compares.
pub fn run(engawa: &Path, folder: &Path, run: &mut Run) -> Result<()> {
    let asked = asked(folder)?;
    let login = data::login(folder, "coordinator")?;
    let start = || -> Result<(Server, Client)> {
        let server = Server::start(engawa, folder)?;
        let mut client = server.client();
        client.log_in(&login.user, &login.password)?;
        Ok((server, client))
    };
    let mut waits = |of: String, took: f64| {
        let name = format!("W10 the first who asks {of} (ms)");
        run.figures.entry(name).or_insert(took);
    };
    let set = |code: &str| {
        let month = asked.month.get(..7).unwrap_or_default();
        format!("/statistics/sets/{code}?month={month}")
    };
    // Whoever asks at once waits until the events are read into columns.
    let (server, mut client) = start()?;
    for (of, path) in [
        ("contacts", TABLES[0].path(&asked)),
        ("a return", set("juso")),
    ] {
        let took = client.page(&path)?.took.as_secs_f64() * 1_000.0;
        waits(format!("at once for {of}"), took);
    }
    drop((server, client));
    let (server, mut client) = start()?;
    std::thread::sleep(SETTLED.saturating_sub(server.age()));
    let (mut tables, mut sets) = (Vec::new(), Vec::new());
    for q in &asked.tables {
        let (cold, times, body) = turns(&mut client, &q.path(&asked))?;
        waits("a minute after the start for contacts".into(), cold);
        tables.push((times, cells(&serde_json::from_str(&body)?)?));
    }
    for (code, _) in oracle::SETS {
        let (cold, times, body) = turns(&mut client, &set(code))?;
        waits("a minute after the start for a return".into(), cold);
        sets.push((times, values(&body)));
    }
    if let Some(resident) = server.resident() {
        run.figures
            .insert("W10 resident after the figures (MB)".into(), resident);
    }
    let theirs = oracle::ask(&asked)?;
    if let Some(t) = &theirs {
        println!("  DuckDB {}, {} threads, in memory", t.version, t.threads);
    }
    for (n, (q, (times, cells))) in asked.tables.iter().zip(tables).enumerate() {
        let name = format!("W10 five years, {} × {}, {}", q.rows, q.columns, q.unit);
        let other = theirs.as_ref().and_then(|t| t.tables.get(n));
        if let Some(other) = other {
            same(&name, &cells, &other.cells)?;
        }
        told(run, &name, times, other.map(oracle::Table::times));
    }
    for (n, ((code, _), (times, values))) in oracle::SETS.iter().zip(sets).enumerate() {
        let name = format!("W10 a month's return, {code}");
        let other = theirs.as_ref().and_then(|t| t.sets.get(n));
        if let Some(other) = other {
            let number = |all: &[Value]| -> BTreeMap<String, Value> {
                let places = all.iter().enumerate();
                places.map(|(n, v)| (n.to_string(), v.clone())).collect()
            };
            same(&name, &number(&values), &number(&other.values))?;
        }
        told(run, &name, times, other.map(oracle::Filled::times));
    }
    Ok(())
}

fn told(run: &mut Run, name: &str, ours: Times, theirs: Option<Times>) {
    if let Some(theirs) = theirs {
        let ratio = ours.median / theirs.median;
        run.figures
            .insert(format!("{name}: times DuckDB's (aim: 3)"), ratio);
        run.times.insert(format!("{name}, DuckDB"), theirs);
    }
    run.times.insert(name.to_owned(), ours);
}

/// The newest contact says which months are over.
fn asked(folder: &Path) -> Result<Asked> {
    let database = oracle::database(folder)?;
    let conn = rusqlite::Connection::open_with_flags(
        &database,
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
    )?;
    let last: String = conn.query_row("select max(at) from cases_contact", [], |r| r.get(0))?;
    let part = |from: usize, to: usize| last.get(from..to).and_then(|t| t.parse::<i32>().ok());
    let (Some(year), Some(month)) = (part(0, 4), part(5, 7)) else {
        return Err(format!("the newest contact is of {last}").into());
    };
    let fiscal = if month >= 4 { year } else { year - 1 };
    let (year, month) = if month == 1 {
        (year - 1, 12)
    } else {
        (year, month - 1)
    };
    let next = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    let of_month = if month >= 4 { year } else { year - 1 };
    Ok(Asked {
        database,
        from: format!("{}-04-01", fiscal - 4),
        after: format!("{}-04-01", fiscal + 1),
        month: format!("{year}-{month:02}-01"),
        month_after: format!("{}-{:02}-01", next.0, next.1),
        year: format!("{of_month}-04-01"),
        tables: TABLES.to_vec(),
        sets: oracle::SETS
            .iter()
            .map(|(_, text)| oracle::items(text))
            .collect::<Result<_>>()?,
        repeat: TURNS,
    })
}

/// One that warms up, in milliseconds, then [`TURNS`] that are measured.
fn turns(client: &mut Client, path: &str) -> Result<(f64, Times, String)> {
    let first = client.page(path)?;
    let body = first.body;
    let mut times = Vec::new();
    for _ in 0..TURNS {
        times.push(client.page(path)?.took);
    }
    Ok((first.took.as_secs_f64() * 1_000.0, Times::of(times), body))
}

/// The answer of `/api/v1/statistics` in the oracle's words.
fn cells(answer: &Value) -> Result<BTreeMap<String, i64>> {
    let codes = |name: &str| -> Vec<String> {
        let groups = answer[name].as_array().into_iter().flatten();
        let mut codes: Vec<String> = groups
            .filter_map(|g| g["code"].as_str().map(str::to_owned))
            .collect();
        codes.push("*".into());
        codes
    };
    let (rows, columns) = (codes("rows"), codes("columns"));
    let mut cells = BTreeMap::new();
    let lines = answer["cells"].as_array().ok_or("no cells")?;
    for (row, line) in rows.iter().zip(lines) {
        let numbers = line.as_array().into_iter().flatten();
        for (column, n) in columns.iter().zip(numbers) {
            let n = n
                .as_i64()
                .ok_or("a number is hidden from the coordinator")?;
            if n != 0 {
                cells.insert(format!("{row}|{column}"), n);
            }
        }
    }
    Ok(cells)
}

/// Month and year so far of each line of a return's page, in thousandths.
fn values(page: &str) -> Vec<Value> {
    let mut values = Vec::new();
    for table in page.split("<tbody").skip(1) {
        let table = table.split("</tbody").next().unwrap_or_default();
        for row in table.split("<tr").skip(1) {
            for cell in row.split("<td").skip(1).take(2) {
                values.push(value(&text(cell)));
            }
        }
    }
    values
}

fn text(cell: &str) -> String {
    let cell = cell.split("</td").next().unwrap_or_default();
    let parts = cell.split('<').filter_map(|part| part.split_once('>'));
    parts.map(|(_, words)| words).collect()
}

fn value(text: &str) -> Value {
    if text.contains("まだ記録がありません") {
        return Value::Null;
    }
    let number: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    match number.parse::<f64>() {
        // Three exact places, far below 2^53.
        #[allow(clippy::cast_possible_truncation)]
        Ok(n) if !text.contains("割る数") => Value::from((n * 1_000.0).round() as i64),
        _ => Value::from("base"),
    }
}

fn same<V: PartialEq + std::fmt::Debug>(
    name: &str,
    ours: &BTreeMap<String, V>,
    theirs: &BTreeMap<String, V>,
) -> Result<()> {
    let keys = ours.keys().chain(theirs.keys());
    let differing: Vec<String> = keys
        .filter(|k| ours.get(*k) != theirs.get(*k))
        .take(5)
        .map(|k| format!("{k}: {:?}, DuckDB {:?}", ours.get(k), theirs.get(k)))
        .collect();
    if differing.is_empty() && !ours.is_empty() {
        return Ok(());
    }
    Err(format!("{name}: the answers differ: {}", differing.join("; ")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_return_is_read() {
        let page = r##"<tbody><tr><th scope="row">相談</th><td><a href="#">1,234件</a></td><td><span>31.6%</span></td><td>規則 1</td></tr>
            <tr><th scope="row">会議</th><td><span>まだ記録がありません</span></td><td>割る数が0です</td><td></td></tr></tbody>"##;
        let want = [
            Value::from(1_234_000),
            Value::from(31_600),
            Value::Null,
            Value::from("base"),
        ];
        assert_eq!(values(page), want);
    }
}
