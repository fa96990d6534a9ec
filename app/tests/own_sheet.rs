//! A municipality is set up from its own plan sheet, runs a year, and next year's sheet stands beside
//! what happened: 縁側市 always, the five real towns where `../shared/plan-sheets` is there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::path::{Path, PathBuf};

use chrono::{Datelike as _, Duration, NaiveDate};
use engawa_kernel::{clock::Clock, text::fiscal::FiscalYear};
use serde_json::Value;
use support::{Folder, Server, browser::Browser};

/// (file of `../shared/plan-sheets`, name, goals that events of today can count, at least)
const TOWNS: [(&str, &str, usize); 5] = [
    ("01-北海道-釧路市.txt", "釧路市", 0),
    ("31-茨城県-東海村.txt", "東海村", 2),
    ("35-栃木県-市貝町.txt", "市貝町", 2),
    ("43-埼玉県-草加市.txt", "草加市", 3),
    ("46-千葉県-松戸市.txt", "松戸市", 0),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The last day of the last whole fiscal year.
fn last_march() -> NaiveDate {
    let this_year = FiscalYear::of(Clock::system().today());
    this_year.first_day() - Duration::days(1)
}

/// The municipality of this sheet at the end of a year, in a folder of its own.
fn after_a_year(sheet: &Path) -> Folder {
    let folder = Folder::empty();
    let logins = folder.file("logins.json");
    let today = last_march().to_string();
    let out = folder.engawa(&[
        "demo",
        "--people",
        "300",
        "--today",
        &today,
        "--plan-sheet",
        sheet.to_str().unwrap(),
        "--logins",
        logins.to_str().unwrap(),
    ]);
    assert!(
        out.status.success(),
        "{}: {}",
        sheet.display(),
        String::from_utf8_lossy(&out.stderr)
    );
    folder
}

/// Next year's sheet with last year's targets and actuals, as an officer makes and prints it.
fn next_year(folder: &Folder, name: &str) -> Value {
    let server = Server::start(folder);
    let officer = Browser::login(&server, folder, "coordinator");
    let (_, list) = officer.get("/programmes");
    assert!(list.contains(name), "{name} is in the list of sheets");
    let next = last_march().year();
    let fields = [("year", &*next.to_string()), ("how", "copy")];
    let (status, _) = officer.post("/programmes/new", &fields);
    assert_eq!(status, 303);
    let token = folder.token(&folder.login("coordinator").0);
    let api = |path: &str| -> Value {
        let text = officer_api(&server, &token, path);
        serde_json::from_str(&text).unwrap()
    };
    let sheets = api("/api/v1/programmes/sheets");
    let made = sheets["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["year"] == next)
        .expect("next year's sheet");
    let id = made["id"].as_str().unwrap();
    let pdf = officer.request(&format!("/programmes/{id}/print.pdf"));
    assert_eq!(pdf.status().as_u16(), 200);
    let book = officer.request(&format!("/programmes/{id}/sheet.xlsx"));
    assert_eq!(book.status().as_u16(), 200);
    let (status, page) = officer.get(&format!("/programmes/{id}"));
    assert_eq!(status, 200);
    let sheet = api(&format!("/api/v1/programmes/sheets/{id}"));
    let results = sheet["results"].clone();
    for line in results["lines"].as_array().unwrap() {
        let actual = line["actual"].as_str().unwrap();
        assert!(page.contains(actual), "{name}: {actual} stands on the page");
    }
    results
}

fn officer_api(server: &Server, token: &str, path: &str) -> String {
    support::agent()
        .get(format!("{}{path}", server.url()))
        .header("authorization", format!("Bearer {token}"))
        .call()
        .unwrap()
        .into_body()
        .read_to_string()
        .unwrap()
}

/// Every goal has its words; what is counted has a number, or says that no domain brings it yet.
fn check(results: &Value, name: &str, at_least: usize) {
    let lines = results["lines"].as_array().unwrap();
    assert!(!lines.is_empty(), "{name} has goals");
    assert_eq!(results["until"], last_march().to_string(), "{name}");
    let mut counted = 0;
    for line in lines {
        let said = |key: &str| line[key].as_str().unwrap().to_owned();
        assert!(!said("goal").is_empty());
        if said("rule").is_empty() {
            continue;
        }
        assert!(!said("target").is_empty(), "{name}: {line}");
        match line["count"].as_i64() {
            Some(_) => counted += 1,
            None => assert!(
                ["まだ記録がありません", "割る数が0です"].contains(&said("actual").as_str()),
                "{name}: {line}"
            ),
        }
    }
    assert!(counted >= at_least, "{name}: {counted} of {lines:#?}");
}

#[test]
fn next_years_sheet_shows_what_became_of_the_goals() {
    let sheet = root().join("domains/programmes/samples/engawa-shi.txt");
    let results = next_year(&after_a_year(&sheet), "縁側市");
    check(&results, "縁側市", 1);
}

#[test]
fn the_five_towns_run_a_year_on_their_own_sheets() {
    let folder = root().join("../shared/plan-sheets");
    if !folder.is_dir() {
        eprintln!(
            "{} is not there: the real sheets are not tried",
            folder.display()
        );
        return;
    }
    for (file, name, at_least) in TOWNS {
        let results = next_year(&after_a_year(&folder.join(file)), name);
        check(&results, name, at_least);
    }
}
