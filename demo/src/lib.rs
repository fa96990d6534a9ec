//! An invented municipality to try Engawa in, train with and measure: 縁側市, from a village of 300
//! persons to a city of a million. The same seed and day give the same rows.
//!
//! | file | holds |
//! |---|---|
//! | `town/` | bodies, desks, districts, staff: a plan; `by_sheet.rs` takes them from a plan sheet |
//! | `home/` | one household of the bulk: a plan |
//! | `bulk/` | writes the plans, one file for each crate whose tables it fills |
//! | `sheets/` | つなぐシート of both, through the domains' own functions; the bulk's in the order of time |
//! | `stories/` | households written by hand, through the domains' own functions |
//! | `figures.rs` | indicators with targets, closed months |
//! | `logins.rs` | one login of each kind |
//! | `names.rs`, `words.rs`, `rng.rs` | names that look invented, plain words, chance from the seed |

mod bulk;
mod fast;
mod figures;
mod home;
mod logins;
mod names;
mod rng;
mod sheets;
mod stories;
mod town;
mod words;

use std::sync::Arc;

use chrono::{Duration, NaiveDate};
use engawa_kernel::{
    audit::{self, Signer},
    clock::Clock,
    context::{Actor, Ctx, Engine, EngineParts, Via},
    db::sql,
    error::{Error, Result},
    id::StaffId,
    search,
    settings::Settings,
    text::wareki::Calendar,
};

pub use home::LONG_TIMELINE;
pub use logins::Login;
pub use names::LONG_CASE_FAMILY;

use engawa_programmes::Brought;
use town::{Town, by_sheet};

/// What to make.
#[derive(Debug)]
pub struct DemoOptions {
    /// Persons in all, those of the stories included.
    pub people: u64,
    /// The same seed gives the same town.
    pub seed: u64,
    /// The day on which the demo stands; none: today.
    pub today: Option<NaiveDate>,
    /// Set up from this plan sheet, under its own names, without the stories; none: 縁側市.
    pub plan_sheet: Option<Brought>,
}

/// Makes the municipality in an empty database and tells how to log in. `progress` hears how many
/// persons are made, of how many.
///
/// # Errors
/// The database is not empty, or refuses.
pub async fn make(
    engine: &Engine,
    options: DemoOptions,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Vec<Login>> {
    refuse_second(engine).await?;
    let today = options.today.unwrap_or_else(|| engine.clock.today());
    let fast = fast::begin(engine).await?;
    let result = match &options.plan_sheet {
        None => {
            let town = Town::plan(options.people, options.seed, today);
            Box::pin(invented(engine, town, progress)).await
        }
        Some(sheet) => {
            let begun = by_sheet::begin(sheet, options.people, options.seed, today);
            Box::pin(from_sheet(engine, begun, sheet, progress)).await
        }
    };
    fast.end(engine).await?;
    result
}

/// 縁側市, with its stories.
async fn invented(
    engine: &Engine,
    town: Town,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Vec<Login>> {
    let ctx = system(&own_clock(engine, &town), &town);
    let ids = stories::ids(&ctx, &town);
    engawa_kernel::id::with_ids(ids, found(&ctx, &town)).await?;
    fill(engine, &ctx, &Arc::new(town), true, progress).await
}

/// A municipality under the names of its own plan sheet, with a history but without stories.
async fn from_sheet(
    engine: &Engine,
    (town, plan): (Town, town::Plan),
    sheet: &Brought,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Vec<Login>> {
    let ctx = system(&own_clock(engine, &town), &town);
    let town = by_sheet::found(&ctx, town, plan, sheet).await?;
    fill(engine, &ctx, &Arc::new(town), false, progress).await
}

async fn fill(
    engine: &Engine,
    ctx: &Ctx,
    town: &Arc<Town>,
    tells: bool,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Vec<Login>> {
    progress(0, town.people);
    let ids = stories::ids(ctx, town);
    let logins = engawa_kernel::id::with_ids(Arc::clone(&ids), logins::make(ctx, town)).await?;
    let told = if tells { stories::PEOPLE } else { 0 };
    let bulk = town.people.saturating_sub(told);
    let made = bulk::stream(engine, ctx, town, bulk, progress).await?;
    let played = Box::pin(sheets::bulk::play(ctx, town, &made.handings));
    engawa_kernel::id::with_ids(Arc::clone(&ids), played).await?;
    if tells && town.people >= stories::PEOPLE {
        engawa_kernel::id::with_ids(Arc::clone(&ids), stories::tell(ctx, town)).await?;
    }
    engawa_kernel::id::with_ids(
        Arc::clone(&ids),
        stories::fill_today(ctx, town, &made.own_rooms),
    )
    .await?;
    let figures = figures::make(ctx, tells);
    engawa_kernel::id::with_ids(ids, figures).await?;
    audit::seal(&engine.db, &engine.signer, ctx.now()).await?;
    search::turn_all(&engine.db).await?;
    progress(town.people, town.people);
    Ok(logins)
}

/// The municipality, its words, its people at work.
async fn found(ctx: &Ctx, town: &Town) -> Result<()> {
    let mut tx = ctx.write().await?;
    bulk::organisations::municipality(&mut tx, town).await?;
    engawa_organisations::seed(&mut tx, ctx).await?;
    bulk::organisations::town(&mut tx, town).await?;
    audit::append(&mut tx, ctx, audit::Entry::new("municipality.demo")).await?;
    tx.commit().await
}

/// Demo data never mixes with anything.
async fn refuse_second(engine: &Engine) -> Result<()> {
    let mut conn = engine.db.read().await?;
    let n = conn
        .count(sql("select count(*) as n from municipality"))
        .await?;
    if n > 0 {
        return Err(Error::Invalid(
            "このデータフォルダにはすでに自治体があります。見本は作っていません。空のフォルダを --data で指定してください。".into(),
        ));
    }
    Ok(())
}

/// The same database under a clock that the stories move; it never seals, so its signer is nobody's.
fn own_clock(engine: &Engine, town: &Town) -> Engine {
    Engine::new(EngineParts {
        sources: engine.sources.clone(),
        ..EngineParts::bare(
            engine.db.clone(),
            Clock::fixed(town.end - Duration::hours(7)),
            Signer::from_seed([0; 32]),
            engine.data.clone(),
        )
    })
}

/// Nobody in particular: what the command itself does.
fn system(engine: &Engine, town: &Town) -> Ctx {
    Ctx {
        engine: engine.clone(),
        actor: Actor {
            staff: StaffId(uuid::Uuid::nil()),
            name: "システム".into(),
            postings: Vec::new(),
        },
        via: Via::System,
        municipality: town.municipality,
        municipality_name: town.name.clone(),
        training: true,
        settings: Arc::new(Settings::default()),
        calendar: Calendar::Japanese,
        unread: 0,
        path: String::new(),
        saved: None,
    }
}
