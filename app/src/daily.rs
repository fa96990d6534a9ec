//! What `serve` does by itself: sealing the log every second, planned hand-overs every minute, and
//! once an hour what a date brings (protection and consents that run out raise a task, hand-overs
//! without an answer go up a layer).

use std::time::Duration;

use engawa_kernel::{audit, context::Engine, error::Result};

/// Runs until the returned handle is aborted or the program ends.
pub fn start(engine: Engine) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut ticks: u64 = 0;
        loop {
            second.tick().await;
            if let Err(e) = turn(&engine, ticks).await {
                // The work is still there at the next turn.
                tracing::error!("daily work: {e}");
            }
            ticks += 1;
        }
    })
}

async fn turn(engine: &Engine, ticks: u64) -> Result<()> {
    audit::seal(&engine.db, &engine.signer, engine.clock.now()).await?;
    if ticks.is_multiple_of(60) {
        engawa_organisations::settle(engine).await?;
    }
    if ticks.is_multiple_of(3600) {
        engawa_people::expire_protections(engine).await?;
        engawa_people::expire_consents(engine).await?;
        engawa_referrals::remind(engine).await?;
    }
    Ok(())
}
