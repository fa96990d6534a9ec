//! The real sheets against what a careful person reads in them, where the workspace has them beside it.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// `../shared/plan-sheets` beside the repository or one of its worktrees.
fn folder() -> Option<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|above| above.join("shared/plan-sheets"))
        .find(|folder| folder.join("golden").is_dir())
}

fn squeeze(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// The leaves of `gold` that `got` has otherwise, and how many there are; the rules of `score.py`.
fn compare(gold: &Value, got: &Value, path: &str, wrong: &mut Vec<String>) -> usize {
    let rule = |key: &str| gold.get(key).and_then(Value::as_str).map(squeeze);
    let (equals, starts, ends) = (rule("equals"), rule("starts"), rule("ends"));
    let right = match gold {
        Value::Object(_) if equals.is_some() || starts.is_some() || ends.is_some() => {
            let text = squeeze(got.as_str().unwrap_or_default());
            equals.is_none_or(|equals| text == equals)
                && starts.is_none_or(|starts| text.starts_with(&starts))
                && ends.is_none_or(|ends| text.ends_with(&ends))
        }
        Value::Object(fields) => {
            return fields
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "note" | "expected_warnings"))
                .map(|(key, gold)| {
                    let got = got.get(key).unwrap_or(&Value::Null);
                    compare(gold, got, &format!("{path}.{key}"), wrong)
                })
                .sum();
        }
        Value::Number(number) => number.as_f64() == got.as_f64(),
        Value::String(text) => squeeze(text) == squeeze(got.as_str().unwrap_or_default()),
        other => other == got,
    };
    if !right {
        wrong.push(format!("{path}: want {gold}, got {got}"));
    }
    1
}

#[test]
fn real_sheets() {
    let Some(folder) = folder() else {
        println!("shared/plan-sheets is not there: nothing compared");
        return;
    };
    let (mut total, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(folder.join("golden")).unwrap() {
        let gold = entry.unwrap().path();
        let name = gold.file_stem().unwrap().to_str().unwrap().to_owned();
        let bytes = fs::read(folder.join(format!("{name}.txt"))).unwrap();
        let sheet = engawa_plansheet::parse(&engawa_plansheet::decode(&bytes).unwrap()).unwrap();
        let gold: Value = serde_json::from_slice(&fs::read(gold).unwrap()).unwrap();
        let got = serde_json::to_value(&sheet).unwrap();
        total += compare(&gold, &got, &name, &mut wrong);
        // a sheet that a person found doubtful must not pass without a word
        let doubts = gold.get("expected_warnings").and_then(Value::as_array);
        for doubt in doubts.into_iter().flatten().filter_map(Value::as_str) {
            let path = doubt.split(':').next().unwrap_or_default();
            let said = sheet
                .warnings
                .iter()
                .any(|warning| warning.starts_with(path));
            assert!(said, "{name}: no warning for {doubt}");
        }
    }
    println!("{} of {total} fields right", total - wrong.len());
    assert!(wrong.len() * 100 <= total * 3, "{wrong:#?}");
}

#[test]
fn every_real_sheet_is_read() {
    let Some(folder) = folder() else {
        println!("shared/plan-sheets is not there: nothing read");
        return;
    };
    let mut read = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "txt") {
            let text = engawa_plansheet::decode(&fs::read(&path).unwrap()).unwrap();
            let sheet = engawa_plansheet::parse(&text).unwrap();
            let blocks = [
                sheet.community_strengthening.is_some(),
                sheet.multi_agency.is_some(),
                sheet.prefectural.is_some(),
            ];
            assert!(blocks.contains(&true), "{}", path.display());
            assert!(sheet.prefecture.is_some() && sheet.profile.population.is_some());
            read += 1;
        }
    }
    println!("{read} sheets read");
}
