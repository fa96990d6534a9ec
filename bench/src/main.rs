//! The benchmark: a real `engawa serve`, real pages over loopback, at two sizes a factor of ten
//! apart. `bench/README.md` says what is measured and how to read it.

mod bare;
mod data;
mod http;
mod report;
mod same;
mod server;
mod stats;
mod work;

use std::path::PathBuf;

use clap::Parser;

/// 二つの規模の見本で、実際の `engawa serve` を計る
#[derive(Parser)]
struct Cli {
    /// Persons, smaller first.
    #[arg(long, value_delimiter = ',', default_values_t = [20_000_u64, 200_000])]
    sizes: Vec<u64>,
    /// Workloads: W1 … W11.
    #[arg(long, value_delimiter = ',', default_values_t = work::ALL.map(str::to_owned))]
    work: Vec<String>,
    /// Where the figures go as JSON.
    #[arg(long, default_value = "bench/results.json")]
    out: PathBuf,
    /// Requests of each kind that are measured.
    #[arg(long, default_value_t = 300)]
    requests: usize,
    /// Seconds of W5 and W7.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Workers of W5, and writers of W7.
    #[arg(long, default_value_t = 50)]
    workers: usize,
    /// Rows of the ledgers that W11 imports, one after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [8_000_usize, 10_000, 100_000])]
    rows: Vec<usize>,
    /// The binary; built in release when not given.
    #[arg(long)]
    engawa: Option<PathBuf>,
}

/// What goes wrong in a benchmark stops it, with a sentence.
type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

fn main() -> std::process::ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("bench: {e}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    let engawa = match &cli.engawa {
        Some(path) => path.clone(),
        None => data::build()?,
    };
    let plan = work::Plan {
        requests: cli.requests,
        seconds: cli.seconds,
        workers: cli.workers,
        rows: cli.rows.clone(),
    };
    let mut runs = Vec::new();
    for size in &cli.sizes {
        let folder = data::fresh_copy(&engawa, *size)?;
        eprintln!("{size} persons: {} MB", data::megabytes(&folder)?);
        runs.push(work::run(&engawa, &folder, *size, &cli.work, &plan)?);
    }
    let table = report::table(&runs);
    println!("{table}");
    report::write(&cli.out, &runs)?;
    eprintln!("written to {}", cli.out.display());
    Ok(())
}
