//! Measures figures from columns:
//! `cargo run --release -p engawa-indicators --example columns -- FOLDER [--sql]`, where FOLDER is a
//! copy of one of `target/bench-data/`: its tables are brought up to date.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

use std::{path::Path, time::Instant};

use chrono::NaiveDate;
use engawa_indicators::{
    columns::{self, Columns},
    model::{Dim, Unit},
    period::Period,
    sets,
    store::{
        actual::{Counter, question},
        count::{self, Question},
        filter,
    },
};
use engawa_kernel::{
    audit::Signer,
    clock::Clock,
    context::{Ctx, Engine, EngineParts},
    db::Db,
    error::{Error, Result},
    source::EventSource,
};

/// 窓口 × 時期 and 課題 × 年齢, as `bench/src/work/figures.rs`.
const TABLES: [(Unit, Dim, Dim); 6] = [
    (Unit::Events, Dim::Desk, Dim::Time),
    (Unit::Persons, Dim::Desk, Dim::Time),
    (Unit::PersonTimes, Dim::Desk, Dim::Time),
    (Unit::Events, Dim::Issue, Dim::Age),
    (Unit::Persons, Dim::Issue, Dim::Age),
    (Unit::PersonTimes, Dim::Issue, Dim::Age),
];

const TURNS: usize = 9;

fn sources() -> Vec<&'static EventSource> {
    [
        engawa_consultations::figures::SOURCES,
        engawa_cases::figures::SOURCES,
        engawa_referrals::figures::SOURCES,
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::args()
        .nth(1)
        .ok_or_else(|| wrong("which folder?"))?;
    let folder = Path::new(&folder);
    let db = Db::sqlite(&folder.join("engawa.sqlite")).await?;
    engawa_kernel::migrate::run(&db, None).await?;
    let engine = Engine::new(EngineParts {
        sources: sources(),
        ..EngineParts::bare(
            db,
            Clock::system(),
            Signer::from_seed([7; 32]),
            folder.to_owned(),
        )
    });
    let ctx = Ctx::system(&engine).await?;
    measure(&ctx).await
}

async fn measure(ctx: &Ctx) -> Result<()> {
    let mut all = Vec::new();
    for source in &ctx.engine.sources {
        let start = Instant::now();
        let columns = columns::load(ctx, source).await?;
        println!(
            "{:<18} {:>9} events read in {:>6.0} ms, {:.1} MB",
            source.code,
            columns.len(),
            millis(start),
            megabytes(columns.bytes())
        );
        all.push((source.code, columns));
    }
    let contact = ctx.engine.sources.iter().find(|s| s.code == "contact");
    let source = contact.ok_or_else(|| wrong("no contacts"))?;
    let today = ctx.today();
    let five = Period::named(today).last().map(|(_, p)| *p);
    for (unit, rows, columns) in TABLES {
        let q = Question {
            source,
            unit,
            filter: engawa_indicators::model::Filter::default(),
            period: five.ok_or_else(|| wrong("no period"))?,
            rows: Some(rows),
            columns: Some(columns),
        };
        let mut times = Vec::new();
        let mut total = 0;
        for _ in 0..TURNS {
            let start = Instant::now();
            total = columns::count(of(&all, source.code)?, &q)?.total;
            times.push(millis(start));
        }
        println!(
            "{rows:?} × {columns:?}, {unit:?}: {:.1} ms, {total} in all",
            median(times)
        );
        if std::env::args().any(|a| a == "--sql") {
            let start = Instant::now();
            let same = count::exact(&mut ctx.read().await?, ctx, &q).await?;
            println!("    by SQL {:.0} ms, {} in all", millis(start), same.total);
        }
    }
    for set in sets::shipped() {
        let (month, year) = month(today);
        let mut times = Vec::new();
        for _ in 0..TURNS {
            let start = Instant::now();
            let mut conn = ctx.read().await?;
            for item in set.sections.iter().flat_map(|s| &s.items) {
                for period in [month, year] {
                    let Some(q) = question(ctx, &item.rule.count, period) else {
                        continue;
                    };
                    let q = filter::with_own_codes(&mut conn, ctx, &q).await?;
                    columns::count(of(&all, q.source.code)?, &q)?;
                }
            }
            times.push(millis(start));
        }
        println!(
            "return {}, every source from columns: {:.1} ms",
            set.code,
            median(times)
        );
        let mut times = Vec::new();
        for _ in 0..TURNS {
            let start = Instant::now();
            let mut conn = ctx.read().await?;
            let mut counter = Counter::default();
            for item in set.sections.iter().flat_map(|s| &s.items) {
                for period in [month, year] {
                    counter.actual(&mut conn, ctx, &item.rule, period).await?;
                }
            }
            times.push(millis(start));
        }
        println!(
            "return {}, as the page counts it: {:.1} ms",
            set.code,
            median(times)
        );
    }
    Ok(())
}

/// The last month that is over, and the fiscal year up to its end.
fn month(today: NaiveDate) -> (Period, Period) {
    use engawa_kernel::text::fiscal::FiscalYear;
    let month = Period::month(engawa_indicators::period::months_later(today, -1));
    (
        month,
        Period::new(FiscalYear::of(month.from).first_day(), month.to),
    )
}

fn of<'a>(all: &'a [(&str, Columns)], code: &str) -> Result<&'a Columns> {
    let found = all.iter().find(|(c, _)| *c == code).map(|(_, c)| c);
    found.ok_or_else(|| wrong(code))
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

#[allow(clippy::cast_precision_loss)]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1_000_000.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn wrong(why: &str) -> Error {
    Error::Invalid(why.to_owned())
}
