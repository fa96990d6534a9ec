//! What `serve` does by itself: sealing the log every second, and once an hour what a date brings.

use std::time::Duration;

use engawa_kernel::{audit, context::Engine};

/// Runs until the returned guard is dropped or the program ends.
pub fn start(engine: Engine) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        let mut ticks: u64 = 0;
        loop {
            second.tick().await;
            if let Err(e) = audit::seal(&engine.db, &engine.signer, engine.clock.now()).await {
                tracing::error!("sealing the log: {e}");
            }
            if ticks.is_multiple_of(3600)
                && let Err(e) = engawa_people::expire_protections(&engine).await
            {
                tracing::error!("dates of protection: {e}");
            }
            ticks += 1;
        }
    })
}
