//! The demo town, with what can be counted registered, on both engines.

use chrono::NaiveDate;
use engawa_demo::DemoOptions;
use engawa_kernel::{
    audit::Signer,
    clock::Clock,
    context::{Ctx, Engine, EngineParts},
    error::Result,
    source::EventSource,
    testing::{Town, noon, on_both_empty},
};

/// Everything that the domains offer.
pub fn sources() -> Vec<&'static EventSource> {
    [
        engawa_consultations::figures::SOURCES,
        engawa_cases::figures::SOURCES,
        engawa_referrals::figures::SOURCES,
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub fn source(code: &str) -> &'static EventSource {
    sources().into_iter().find(|s| s.code == code).unwrap()
}

pub fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// The demo's day is that of the test clock.
pub fn in_demo<F, Fut>(people: u64, test: F)
where
    F: Fn(Ctx) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    let test = &test;
    on_both_empty(move |db, data| async move {
        engawa_kernel::migrate::run(&db, None).await?;
        let engine = Engine::new(EngineParts {
            sources: sources(),
            ..EngineParts::bare(db, Clock::fixed(noon()), Signer::from_seed([7; 32]), data)
        });
        let options = DemoOptions {
            people,
            seed: 7,
            today: Some(engine.clock.today()),
            plan_sheet: None,
        };
        Box::pin(engawa_demo::make(&engine, options, &|_, _| {})).await?;
        test(Ctx::system(&engine).await?).await
    });
}

/// The small town of the kernel's tests, with what can be counted registered.
pub fn with_sources(town: Town) -> Town {
    let e = &town.engine;
    let parts = EngineParts {
        sources: sources(),
        ..EngineParts::bare(
            e.db.clone(),
            e.clock.clone(),
            Signer::from_seed([7; 32]),
            e.data.clone(),
        )
    };
    Town {
        engine: Engine::new(parts),
        ..town
    }
}
