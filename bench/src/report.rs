//! The figures as a table for people and as JSON for scripts.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use serde::Serialize;

use crate::{Result, stats::Times};

/// All figures of one size.
#[derive(Debug, Default, Serialize)]
pub struct Run {
    /// Persons.
    pub people: u64,
    /// By workload.
    pub times: BTreeMap<String, Times>,
    /// Figures that are no times: megabytes, writes per second, ratios.
    pub figures: BTreeMap<String, f64>,
}

/// A line for each workload: median, p95 and p99 of each size in milliseconds, and how much the
/// largest costs over the smallest, by medians.
pub fn table(runs: &[Run]) -> String {
    let mut out = String::new();
    let (Some(small), Some(large)) = (runs.first(), runs.last()) else {
        return out;
    };
    let _ = write!(out, "| workload |");
    for run in runs {
        let _ = write!(out, " {} persons: median / p95 / p99 ms |", run.people);
    }
    let _ = writeln!(out, " growth |\n|---|{}---|", "---|".repeat(runs.len()));
    for (name, first) in &small.times {
        let _ = write!(out, "| {name} |");
        for run in runs {
            match run.times.get(name) {
                Some(t) => {
                    let _ = write!(out, " {:.2} / {:.2} / {:.2} |", t.median, t.p95, t.p99);
                }
                None => out.push_str(" – |"),
            }
        }
        match large
            .times
            .get(name)
            .and_then(|t| growth(first.median, t.median))
        {
            Some(growth) if runs.len() > 1 => {
                let _ = writeln!(out, " {growth:.2} |");
            }
            _ => out.push_str(" – |\n"),
        }
    }
    for name in small.figures.keys() {
        let _ = write!(out, "| {name} |");
        for run in runs {
            match run.figures.get(name) {
                Some(v) => {
                    let _ = write!(out, " {v:.2} |");
                }
                None => out.push_str(" – |"),
            }
        }
        out.push_str(" |\n");
    }
    out
}

fn growth(small: f64, large: f64) -> Option<f64> {
    (small > 0.0).then(|| large / small)
}

#[derive(Serialize)]
struct File<'a> {
    runs: &'a [Run],
    growth: BTreeMap<&'a str, f64>,
}

/// Writes the JSON.
pub fn write(path: &Path, runs: &[Run]) -> Result<()> {
    let mut all = BTreeMap::new();
    if let [small, .., large] = runs {
        for (name, first) in &small.times {
            if let Some(g) = large
                .times
                .get(name)
                .and_then(|t| growth(first.median, t.median))
            {
                all.insert(name.as_str(), g);
            }
        }
    }
    let text = serde_json::to_string_pretty(&File { runs, growth: all })?;
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text + "\n")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn growth_is_the_last_size_over_the_first() {
        let run = |people, ms| Run {
            people,
            times: [("W2".to_owned(), Times::of(vec![Duration::from_millis(ms)]))].into(),
            figures: [("W6 MB".to_owned(), 40.0)].into(),
        };
        let table = table(&[run(20, 4), run(200, 5)]);
        assert!(
            table.contains("| W2 | 4.00 / 4.00 / 4.00 | 5.00 / 5.00 / 5.00 | 1.25 |"),
            "{table}"
        );
        assert!(table.contains("| W6 MB | 40.00 | 40.00 |"), "{table}");
    }
}
