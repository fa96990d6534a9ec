//! What each step of `cargo xtask test` does.

use std::fs;
use std::process::Command;

use crate::postgres::{self, Cluster};
use crate::run::{Doing, Failure, Listen, Outcome, build_engawa, cargo, listen, root, run};
use crate::tally::Tally;
use crate::test::{Session, Step};
use crate::tools;

/// The test binaries that replay the fuzz corpus; see `fuzz/README.md`.
const REPLAY: &str = "fuzz_replay";

/// What proptest draws its examples from.
const SEED: &str = "PROPTEST_RNG_SEED";

/// Looks for every program the steps need before the first long one starts, and installs what it may.
pub fn tools(steps: &[Step], session: &mut Session) -> Outcome {
    let wanted = [
        (Step::Fmt, "fmt", "rustfmt"),
        (Step::Clippy, "clippy", "clippy"),
    ];
    for (step, subcommand, component) in wanted {
        if steps.contains(&step) && !tools::cargo_has(subcommand) {
            return Err(Failure::new(format!(
                "{component} is missing. Install it and run this again: rustup component add {component}"
            )));
        }
    }
    if steps.contains(&Step::E2e) {
        tools::node()?;
        session.chromium = Some(tools::chromium()?);
    }
    Ok(())
}

/// The code is formatted as rustfmt would.
pub fn fmt() -> Outcome {
    run(cargo().args(["fmt", "--all", "--check"])).map_err(|failure| {
        Failure::new(format!(
            "{failure}\n`cargo fmt --all` puts the code in order"
        ))
    })
}

/// clippy is silent on the whole workspace, tests included.
pub fn clippy() -> Outcome {
    run(cargo()
        .args(["clippy", "--workspace", "--all-targets"])
        .args(["--", "-D", "warnings"]))
}

/// Every Rust test of the workspace, with a PostgreSQL beside it.
pub fn rust(session: &mut Session) -> Outcome {
    // Kept until the tests have ended, then stopped by its drop, also when they fail.
    let mut cluster = None;
    let url = match std::env::var(postgres::VARIABLE) {
        Ok(url) => url,
        Err(_) => cluster.insert(Cluster::start()?).url(),
    };
    println!("-- PostgreSQL for the tests: {}", without_password(&url));

    // One run is like the next: new random examples are looked for by who sets another seed.
    let seed = std::env::var(SEED).unwrap_or_else(|_| "106".to_owned());
    if !tools::cargo_has("nextest") {
        let mut tests = cargo();
        tests.args(["test", "--workspace", "--no-fail-fast"]);
        return counted(session, tests.env(postgres::VARIABLE, &url).env(SEED, seed));
    }
    let mut tests = cargo();
    tests.env(SEED, seed);
    tests.args(["nextest", "run", "--workspace"]);
    if std::env::var_os("CI").is_some() {
        tests.args(["--profile", "ci"]);
    }
    tests.env(postgres::VARIABLE, &url);
    counted_by(session, &mut tests, Listen::Stderr, Tally::of_nextest)?;
    if session.quick {
        return Ok(());
    }
    // nextest does not run the examples in the documentation.
    let mut examples = cargo();
    examples.args(["test", "--workspace", "--doc", "--no-fail-fast", "--quiet"]);
    counted(session, examples.env(postgres::VARIABLE, &url))
}

/// The fuzz corpus and thousands of changed copies of it, as ordinary tests on the ordinary compiler.
pub fn fuzz(session: &mut Session) -> Outcome {
    // The whole workspace, as the tests before: another choice of packages has other features, and
    // would build everything once more. Cargo says so if nobody has such a test.
    let mut replay = cargo();
    replay.args(["test", "--workspace", "--test", REPLAY, "--no-fail-fast"]);
    // The short tests ran with all others; the long ones are marked `ignore` there.
    counted(session, replay.args(["--", "--ignored"]))
}

/// The screens, in Chromium, against a server that the tests start themselves (`e2e/support`).
pub fn e2e(session: &mut Session) -> Outcome {
    let engawa = build_engawa(false)?;
    let folder = root().join("e2e");
    let report = folder.join("test-results/report.json");
    run(in_e2e("npm").args(["ci", "--no-audit", "--no-fund"]))?;
    run(in_e2e("npm").args(["run", "--silent", "check"]))?;

    // An old report must not be taken for this run's.
    if report.exists() {
        fs::remove_file(&report).doing("could not remove the last report")?;
    }
    let mut tests = in_e2e("npx");
    tests.args(["--no-install", "playwright", "test"]);
    if session.quick {
        tests.args(["--project", "desktop"]);
    }
    tests.env("ENGAWA_BIN", engawa);
    if let Some(chromium) = &session.chromium {
        tests.env("CHROMIUM", chromium);
    }
    let outcome = run(&mut tests);
    let counted = fs::read_to_string(&report).unwrap_or_default();
    match Tally::of_playwright(&counted) {
        Some(tally) => session.tally += tally,
        None if outcome.is_ok() => {
            return Err(Failure::new("Playwright left no report"));
        }
        None => {}
    }
    outcome
}

/// A program of Node's, in `e2e/`, that downloads no browser.
fn in_e2e(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root().join("e2e"));
    command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command
}

/// Runs `cargo test` and counts.
fn counted(session: &mut Session, command: &mut Command) -> Outcome {
    counted_by(session, command, Listen::Stdout, Tally::of_cargo_test)
}

fn counted_by(
    session: &mut Session,
    command: &mut Command,
    which: Listen,
    count: fn(&str) -> Option<Tally>,
) -> Outcome {
    let shows_errors = matches!(which, Listen::Stderr);
    let mut tally = Tally::default();
    let passed = listen(command, which, |line| {
        if shows_errors {
            eprintln!("{line}");
        } else if !says_nothing(line) {
            println!("{line}");
        }
        if let Some(more) = count(line) {
            tally += more;
        }
    })?;
    session.tally += tally;
    match (passed, tally.failed) {
        (true, _) => Ok(()),
        (false, 0) => Err(Failure::new("the tests did not build or run; see above")),
        (false, failed) => Err(Failure::new(format!("{failed} tests failed; see above"))),
    }
}

/// `cargo test` prints six lines for a test binary without tests.
fn says_nothing(line: &str) -> bool {
    line.is_empty()
        || line == "running 0 tests"
        || line.starts_with("test result: ok. 0 passed; 0 failed; 0 ignored")
}

/// The address as it may be shown: a server named by hand may have a password in it.
fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, place))) => format!("{scheme}://…@{place}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        let shown = without_password("postgres://me:secret@127.0.0.1:5432/x");
        assert_eq!(shown, "postgres://…@127.0.0.1:5432/x");
        assert_eq!(without_password("postgres:///x"), "postgres:///x");
    }
}
