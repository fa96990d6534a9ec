//! The project's own commands: `cargo xtask demo` shows Engawa, `cargo xtask test` proves it.
//!
//! - `demo`: build, make a demo municipality, serve it
//! - `test`: the steps, one after the other, and the closing count
//! - `checks`: what each step does
//! - `tools`: find programs, or install them on Debian
//! - `postgres`: a private PostgreSQL for the tests
//! - `tally`: count tests over several test runners
//! - `run`: start a program and say clearly how it failed

mod checks;
mod demo;
mod postgres;
mod run;
mod tally;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Engawa's own commands", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build Engawa, make a demo municipality and serve it on this machine
    Demo(demo::Options),
    /// Check everything: format, lints, tests on SQLite and PostgreSQL, screens in Chromium
    Test(test::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Demo(options) => demo::run(&options),
        Command::Test(options) => test::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
