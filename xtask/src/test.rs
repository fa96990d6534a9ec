//! `cargo xtask test`: every check in order, the cheap ones first, stopping at the first that fails.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::checks;
use crate::run::{Failure, Outcome};
use crate::tally::Tally;

/// What to check. Without options: everything.
#[derive(Args)]
pub struct Options {
    /// Only these steps, in the usual order
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Step>,
    /// The short round while writing: no doc tests, no fuzz, screens on the desktop size only
    #[arg(long)]
    quick: bool,
}

/// One kind of check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// rustfmt changes nothing
    Fmt,
    /// clippy has nothing to say
    Clippy,
    /// Every Rust test, on SQLite and on PostgreSQL
    Rust,
    /// The parsers survive the fuzz corpus and thousands of changed copies of it
    Fuzz,
    /// The screens in Chromium
    E2e,
}

impl Step {
    const ALL: [Self; 5] = [Self::Fmt, Self::Clippy, Self::Rust, Self::Fuzz, Self::E2e];

    fn title(self) -> &'static str {
        match self {
            Self::Fmt => "fmt: the code is formatted",
            Self::Clippy => "clippy: the code has no warnings",
            Self::Rust => "rust: every test, on SQLite and PostgreSQL",
            Self::Fuzz => "fuzz: the parsers survive broken input",
            Self::E2e => "e2e: the screens in Chromium",
        }
    }
}

/// What the steps need and what they found out.
pub struct Session {
    /// The short round: see [`Options`].
    pub quick: bool,
    /// The tests counted so far.
    pub tally: Tally,
    /// Chromium, once the tools have been looked at, if a step needs it.
    pub chromium: Option<PathBuf>,
}

/// Runs the chosen steps and closes with the count that CI reads.
pub fn run(options: &Options) -> Outcome {
    let steps = chosen(options);
    let mut session = Session {
        quick: options.quick,
        tally: Tally::default(),
        chromium: None,
    };
    let mut times = Vec::new();
    let outcome = run_all(&steps, &mut session, &mut times);

    println!();
    for (title, time) in &times {
        println!("{:>7.1} s  {title}", time.as_secs_f64());
    }
    if outcome.is_err() || session.tally != Tally::default() {
        println!("{}", session.tally);
    }
    outcome
}

type Times = Vec<(&'static str, Duration)>;

fn run_all(steps: &[Step], session: &mut Session, times: &mut Times) -> Outcome {
    timed("tools: everything needed is here", times, || {
        checks::tools(steps, session)
    })?;
    for &step in steps {
        timed(step.title(), times, || match step {
            Step::Fmt => checks::fmt(),
            Step::Clippy => checks::clippy(),
            Step::Rust => checks::rust(session),
            Step::Fuzz => checks::fuzz(session),
            Step::E2e => checks::e2e(session),
        })?;
    }
    Ok(())
}

/// Announces a step, runs it and notes its time, whether or not it succeeds.
fn timed(title: &'static str, times: &mut Times, step: impl FnOnce() -> Outcome) -> Outcome {
    println!("\n== {title}");
    let start = Instant::now();
    let outcome = step();
    times.push((title, start.elapsed()));
    outcome.map_err(|failure| Failure::new(format!("stopped at {title}\n{failure}")))
}

/// The steps asked for, in the usual order, each once.
fn chosen(options: &Options) -> Vec<Step> {
    Step::ALL
        .into_iter()
        .filter(|step| match options.only.is_empty() {
            true => !(options.quick && *step == Step::Fuzz),
            false => options.only.contains(step),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(only: &[Step], quick: bool) -> Vec<Step> {
        let only = only.to_vec();
        chosen(&Options { only, quick })
    }

    #[test]
    fn everything_unless_told_otherwise() {
        assert_eq!(steps(&[], false), Step::ALL);
        assert!(!steps(&[], true).contains(&Step::Fuzz));
    }

    #[test]
    fn only_keeps_the_usual_order_and_beats_quick() {
        let twice = [Step::Fuzz, Step::Fmt, Step::Fuzz];
        assert_eq!(steps(&twice, true), [Step::Fmt, Step::Fuzz]);
    }

    #[test]
    fn a_failed_step_is_named_and_timed() {
        let mut times = Vec::new();
        let outcome = timed("x: a step", &mut times, || Err(Failure::new("no")));
        assert_eq!(outcome.unwrap_err().to_string(), "stopped at x: a step\nno");
        assert_eq!(times.len(), 1);
    }
}
