//! The other side of W10: DuckDB on the same rows, asked by `oracle.py`. It shares no code with
//! Engawa, so its answers are also a check of the figures.

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Result, stats::Times};

/// The sets that come with the program, as W10 asks for them.
pub const SETS: [(&str, &str); 3] = [
    (
        "juso",
        include_str!("../../../domains/indicators/sets/juso.json"),
    ),
    (
        "konkyu",
        include_str!("../../../domains/indicators/sets/konkyu.json"),
    ),
    (
        "local",
        include_str!("../../../domains/indicators/sets/local.json"),
    ),
];

/// A cross table over the whole period.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Question {
    /// Code of a unit.
    pub unit: &'static str,
    /// Split downwards.
    pub rows: &'static str,
    /// Split across.
    pub columns: &'static str,
}

impl Question {
    /// Where Engawa answers it.
    pub fn path(&self, asked: &Asked) -> String {
        let last = asked.after.replace("-04-01", "-03-31");
        format!(
            "/api/v1/statistics?source=contact&unit={}&rows={}&columns={}&from={}&to={last}",
            self.unit, self.rows, self.columns, asked.from
        )
    }
}

/// What is asked. Days are the first ones, or those after the last.
#[derive(Debug, Serialize)]
pub struct Asked {
    /// The SQLite file; it is only read.
    pub database: String,
    /// First day of the five years.
    pub from: String,
    /// The day after them.
    pub after: String,
    /// First day of the month of the return.
    pub month: String,
    /// The day after it.
    pub month_after: String,
    /// First day of its fiscal year.
    pub year: String,
    /// Cross tables.
    pub tables: Vec<Question>,
    /// The items of each set.
    pub sets: Vec<Vec<Value>>,
    /// How often each is measured.
    pub repeat: usize,
}

/// A cross table: `row|column` → number, `*` for all, `-` for 記載なし. No zeros.
#[derive(Debug, Deserialize)]
pub struct Table {
    /// The numbers.
    pub cells: BTreeMap<String, i64>,
    ms: Vec<f64>,
}

/// A return: month and year so far of each item, in thousandths; null where nobody records such
/// events yet, `base` for a rate of nothing.
#[derive(Debug, Deserialize)]
pub struct Filled {
    /// The numbers.
    pub values: Vec<Value>,
    ms: Vec<f64>,
}

/// All answers.
#[derive(Debug, Deserialize)]
pub struct Answers {
    /// Of DuckDB.
    pub version: String,
    /// That it may use.
    pub threads: u32,
    /// In the order of the questions.
    pub tables: Vec<Table>,
    /// In the order of the sets.
    pub sets: Vec<Filled>,
}

impl Table {
    /// How long it took.
    pub fn times(&self) -> Times {
        times(&self.ms)
    }
}

impl Filled {
    /// How long it took.
    pub fn times(&self) -> Times {
        times(&self.ms)
    }
}

fn times(ms: &[f64]) -> Times {
    Times::of(
        ms.iter()
            .map(|ms| Duration::from_secs_f64(ms / 1_000.0))
            .collect(),
    )
}

/// The items of a set in the order of its form.
pub fn items(set: &str) -> Result<Vec<Value>> {
    let set: Value = serde_json::from_str(set)?;
    let sections = set["sections"].as_array().cloned().unwrap_or_default();
    Ok(sections
        .iter()
        .filter_map(|s| s["items"].as_array())
        .flatten()
        .cloned()
        .collect())
}

/// Asks DuckDB; none where Python or its package `duckdb` is not there.
pub fn ask(asked: &Asked) -> Result<Option<Answers>> {
    let there = Command::new("python3")
        .args(["-c", "import duckdb"])
        .stderr(Stdio::null())
        .status();
    if !there.is_ok_and(|s| s.success()) {
        eprintln!("W10: without `pip install duckdb` nothing is compared");
        return Ok(None);
    }
    let mut child = Command::new("python3")
        .args(["-c", include_str!("oracle.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().ok_or("no input")?;
    input.write_all(serde_json::to_string(asked)?.as_bytes())?;
    drop(input);
    let out = child.wait_with_output()?;
    if !out.status.success() {
        return Err(format!("oracle.py: {}", out.status).into());
    }
    Ok(Some(serde_json::from_slice(&out.stdout)?))
}

/// The database of a folder, as a path for [`Asked`].
pub fn database(folder: &Path) -> Result<String> {
    let path = folder.join("engawa.sqlite").canonicalize()?;
    Ok(path.to_str().ok_or("the path is no text")?.to_owned())
}
