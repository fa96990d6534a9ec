//! The policy matrix: every page × every kind of login, as a readable snapshot. A route without a
//! row fails; so does a page that answers 500 to anybody.
//!
//! `worker` owns the case, the consultation and the people in the paths; `outside` works for
//! another body. 200 seen, 303 sent on, 403 told that it may not, 404 as if it were not there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;
use support::{Folder, Server};

const KINDS: [&str; 9] = [
    "worker",
    "supervisor",
    "coordinator",
    "outside",
    "clerk",
    "entry",
    "nocase",
    "auditor",
    "admin",
];

/// Paths of all `.route("…")` in the sources, with what stands in braces cut out.
fn routes_in_sources() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = BTreeSet::new();
    let mut stack: Vec<_> = ["domains", "platform/identity/src", "kernel/src", "app/src"]
        .map(|d| root.join(d))
        .into();
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            stack.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs")
            && !path.components().any(|c| c.as_os_str() == "tests")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            for (_, rest) in text
                .match_indices(".route(")
                .map(|(at, m)| text.split_at(at + m.len()))
            {
                let rest = rest.trim_start();
                if let Some(rest) = rest.strip_prefix('"') {
                    found.insert(rest.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
    found
}

/// What the paths under `/roadmaps` name, by what stands in braces.
fn roadmap_parts(url: &str, token: &str, plan: &str) -> BTreeMap<&'static str, String> {
    let get = |path: &str| support::get(url, &format!("/api/v1/roadmaps{path}"), token).unwrap();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let whole = get(&format!("/plans/{plan}"));
    let ladder = get("/ladder");
    [
        ("{measure}", text(&whole["measures"][0]["id"])),
        (
            "{milestone}",
            text(&whole["measures"][0]["milestones"][0]["id"]),
        ),
        ("{choice}", text(&whole["choices"][0]["id"])),
        ("{evidence}", text(&get("/evidence")["items"][0]["id"])),
        ("{area}", text(&ladder["areas"][0]["area"])),
        (
            "{statement}",
            text(&get("/ladder/statements")["items"][0]["id"]),
        ),
        ("{year}", ladder["year"].to_string()),
    ]
    .into()
}

fn first<'a>(list: &'a Value, what: &str) -> &'a str {
    list["items"][0]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("the demo worker has no {what}: {list}"))
}

#[test]
fn who_sees_which_page() {
    let folder = Folder::demo();
    let tokens: Vec<(&str, String)> = KINDS
        .iter()
        .map(|k| (*k, folder.token(&folder.login(k).0)))
        .collect();
    let server = Server::start(&folder);
    let url = server.url();
    let worker = &tokens[0].1;
    let cases = support::get(&url, "/api/v1/cases?scope=mine", worker).unwrap();
    let case = first(&cases, "case").to_owned();
    let detail = support::get(&url, &format!("/api/v1/cases/{case}"), worker).unwrap();
    let person = detail["household"]["members"][0]["person"]
        .as_str()
        .unwrap()
        .to_owned();
    let household = detail["household"]["id"].as_str().unwrap().to_owned();
    let consultations = support::get(&url, "/api/v1/consultations?scope=mine", worker).unwrap();
    let consultation = first(&consultations, "consultation").to_owned();
    let sheets = support::get(&url, "/api/v1/referrals?view=sent", worker).unwrap();
    let sheet = first(&sheets, "sheet").to_owned();
    let plans = support::get(&url, "/api/v1/programmes/sheets", worker).unwrap();
    let plan = first(&plans, "plan sheet").to_owned();
    // Of the body of `outside`: its staff and who plans see it.
    let coordinator = &tokens[2].1;
    let contracts = support::get(&url, "/api/v1/funding/contracts", coordinator).unwrap();
    let contract = first(&contracts, "contract").to_owned();
    let detail = support::get(
        &url,
        &format!("/api/v1/funding/contracts/{contract}"),
        coordinator,
    )
    .unwrap();
    let contractor = detail["bodies"][0]["body"].as_str().unwrap().to_owned();
    let roadmaps = support::get(&url, "/api/v1/roadmaps/plans", worker).unwrap();
    let roadmap = first(&roadmaps, "plan above the programme").to_owned();
    let roadmap_parts = roadmap_parts(&url, worker, &roadmap);
    let desk = support::get(&url, "/api/v1/desks", worker).unwrap()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();

    let me = support::get(&url, "/api/v1/me", worker).unwrap()["staff"]
        .as_str()
        .unwrap()
        .to_owned();

    let fill = |route: &str| -> String {
        let own = match route.split('/').nth(1).unwrap_or_default() {
            "cases" | "rooms" => &case,
            "accounts" => &me,
            "consultations" => &consultation,
            "referrals" => &sheet,
            "programmes" => &plan,
            "funding" if route.contains("bodies") => &contractor,
            "funding" => &contract,
            "roadmaps" => &roadmap,
            "people" if route.contains("households") => &household,
            "people" => &person,
            _ => &desk,
        };
        route
            .split('/')
            .map(|s| match s {
                "{list}" => "channel",
                "{block}" => "3",
                s if route.starts_with("/roadmaps") && roadmap_parts.contains_key(s) => {
                    &roadmap_parts[s]
                }
                s if s.starts_with('{') => own,
                s => s,
            })
            .collect::<Vec<_>>()
            .join("/")
    };
    let mut table = format!("{:<58}", "page");
    for (kind, _) in &tokens {
        table.push_str(&format!("{kind:>12}"));
    }
    table.push_str("   nobody\n");
    for route in routes_in_sources() {
        if route.starts_with("/assets") || route.starts_with("/drafts") {
            continue;
        }
        let path = fill(&route);
        let mut row = format!("{route:<58}");
        for (kind, token) in &tokens {
            let status = status(&url, &path, Some(token));
            assert!(status < 500, "{kind} {path}: {status}");
            row.push_str(&format!("{status:>12}"));
        }
        let status = status(&url, &path, None);
        assert!(status < 500, "nobody {path}: {status}");
        table.push_str(&format!("{row}{status:>9}\n"));
    }
    insta::assert_snapshot!("policy", table);
}

fn status(url: &str, path: &str, token: Option<&str>) -> u16 {
    let request = support::agent().get(format!("{url}{path}"));
    let request = match token {
        Some(t) => request.header("authorization", format!("Bearer {t}")),
        None => request,
    };
    request.call().unwrap().status().as_u16()
}
