//! What `serve` does by itself: every second it seals the log and brings the search index up to date,
//! every minute it does planned hand-overs and sees to the figures that are kept in memory, once an
//! hour what a date brings (protection and consents that run out raise a task, hand-overs without an
//! answer go up a layer), and beside all that it sends the mails about notices every minute.

use std::{sync::Arc, time::Duration};

use engawa_kernel::{audit, context::Engine, error::Result, search};
use engawa_post::Mailer;
use tokio::{
    task::JoinHandle,
    time::{Interval, MissedTickBehavior, interval, timeout},
};

/// The work under way.
pub struct Daily {
    work: JoinHandle<()>,
    post: Option<(Arc<Mailer>, JoinHandle<()>)>,
}

/// Runs until [`Daily::stop`] or the end of the program.
pub fn start(engine: &Engine, mailer: Option<Mailer>) -> Daily {
    Daily {
        work: tokio::spawn(work(engine.clone())),
        post: mailer.map(|mailer| {
            let mailer = Arc::new(mailer);
            let post = tokio::spawn(post(engine.clone(), mailer.clone()));
            (mailer, post)
        }),
    }
}

impl Daily {
    /// Ends it. A mail that is being sent is sent to its end and marked: cut off in between, it
    /// would be sent again at the next start.
    pub async fn stop(mut self) {
        self.work.abort();
        // Until it has ended: the database is closed next.
        let _ = (&mut self.work).await;
        if let Some((mailer, mut post)) = self.post {
            mailer.stop();
            if timeout(Duration::from_secs(30), &mut post).await.is_err() {
                post.abort();
            }
        }
    }
}

fn every(seconds: u64) -> Interval {
    let mut every = interval(Duration::from_secs(seconds));
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    every
}

async fn work(engine: Engine) {
    let mut second = every(1);
    let mut ticks: u64 = 0;
    loop {
        second.tick().await;
        turn(&engine, ticks).await;
        ticks += 1;
    }
}

/// A slow mail server keeps only this waiting.
async fn post(engine: Engine, mailer: Arc<Mailer>) {
    let mut minute = every(60);
    loop {
        tokio::select! {
            _ = minute.tick() => {}
            () = mailer.stopped() => return,
        }
        if let Err(e) = engawa_post::turn(&engine, &mailer).await {
            tracing::error!("mails about notices: {e}");
        }
    }
}

async fn turn(engine: &Engine, ticks: u64) {
    let sealed = audit::seal(&engine.db, &engine.signer, engine.clock.now()).await;
    told("sealing the log", sealed);
    told("the search index", search::turn(&engine.db).await);
    if ticks.is_multiple_of(60) {
        told("hand-overs", engawa_organisations::settle(engine).await);
    }
    // Half a minute later: whoever waits for the start comes first.
    if ticks % 60 == 30 {
        told("figures", engawa_indicators::keep_up(engine).await);
    }
    if ticks.is_multiple_of(3600) {
        told(
            "protections",
            engawa_people::expire_protections(engine).await,
        );
        told("consents", engawa_people::expire_consents(engine).await);
        told("reminders", engawa_referrals::remind(engine).await);
    }
}

/// What went wrong keeps nothing else from being done, and is still there at the next turn.
fn told<T>(what: &str, done: Result<T>) {
    if let Err(e) = done {
        tracing::error!("daily work, {what}: {e}");
    }
}
