//! When figures are counted from columns: where a source has many events. Columns are read when
//! somebody asks, are at most a minute old then, and go when nobody has asked for ten minutes.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use engawa_kernel::{
    clock::Clock,
    context::Ctx,
    db::{Conn, sql},
    error::{Error, Result},
    id::MunicipalityId,
    source::EventSource,
};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use super::{Columns, load};

/// Up to so many events are counted where they stand.
const MANY: i64 = 20_000;
/// Columns of this age are read anew.
const FRESH: TimeDelta = TimeDelta::minutes(1);
/// Older ones are not shown, and what nobody asks for is not kept for longer.
const KEPT: TimeDelta = TimeDelta::minutes(10);
/// How often it is looked whether anybody still asks.
const LOOK: Duration = Duration::from_secs(60);

/// The columns of a running Engawa ([`engawa_kernel::kept::Kept`]).
pub struct Snapshots {
    many: AtomicI64,
    all: Mutex<HashMap<(MunicipalityId, &'static str), Arc<Slot>>>,
    watched: AtomicBool,
}

impl Default for Snapshots {
    fn default() -> Self {
        Self {
            many: AtomicI64::new(MANY),
            all: Mutex::default(),
            watched: AtomicBool::new(false),
        }
    }
}

/// One source of one municipality.
#[derive(Default)]
struct Slot {
    known: Mutex<Known>,
    /// Held by who reads the columns: one at a time.
    reading: Arc<Turn<()>>,
}

#[derive(Default)]
struct Known {
    columns: Option<Arc<Columns>>,
    /// Whether there are many events, and since when that is known.
    many: Option<(bool, DateTime<Utc>)>,
    asked_at: DateTime<Utc>,
}

fn open<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Slot {
    fn columns(&self, now: DateTime<Utc>, age: TimeDelta) -> Option<Arc<Columns>> {
        let known = open(&self.known);
        let columns = known.columns.as_ref()?;
        (now - columns.read_at <= age).then(|| Arc::clone(columns))
    }

    async fn has_many(
        &self,
        conn: &mut Conn,
        source: &'static EventSource,
        now: DateTime<Utc>,
        many: i64,
    ) -> Result<bool> {
        let last = open(&self.known).many;
        if let Some((has, since)) = last
            && now - since <= FRESH
        {
            return Ok(has);
        }
        let text =
            sql("select count(*) as n from (select 1 as one from {events} e limit :most) counted")
                .slot("{events}", source.view)
                .bind("most", many + 1);
        let has = conn.count(text).await? > many;
        let mut known = open(&self.known);
        known.many = Some((has, now));
        if !has {
            known.columns = None;
        }
        Ok(has)
    }

    /// Reads the columns apart from whoever asked: who leaves the page does not stop it.
    fn read(
        self: Arc<Self>,
        ctx: Ctx,
        source: &'static EventSource,
        turn: OwnedMutexGuard<()>,
    ) -> tokio::task::JoinHandle<Result<Arc<Columns>>> {
        tokio::spawn(async move {
            let columns = Arc::new(load(&ctx, source).await?);
            open(&self.known).columns = Some(Arc::clone(&columns));
            drop(turn);
            Ok(columns)
        })
    }
}

impl Snapshots {
    /// The columns to count a source from; none where its events are counted where they stand.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn of(
        conn: &mut Conn,
        ctx: &Ctx,
        source: &'static EventSource,
    ) -> Result<Option<Arc<Columns>>> {
        let all = ctx.engine.kept.of::<Self>();
        let now = ctx.now();
        let slot = all.slot(ctx, source, now);
        let many = all.many.load(Ordering::Relaxed);
        if !slot.has_many(conn, source, now, many).await? {
            return Ok(None);
        }
        if let Some(columns) = slot.columns(now, FRESH) {
            return Ok(Some(columns));
        }
        all.watch(ctx);
        if let Some(columns) = slot.columns(now, KEPT) {
            if let Ok(turn) = Arc::clone(&slot.reading).try_lock_owned() {
                // Should it fail, the next one tries again.
                drop(slot.read(ctx.clone(), source, turn));
            }
            return Ok(Some(columns));
        }
        let turn = Arc::clone(&slot.reading).lock_owned().await;
        if let Some(columns) = slot.columns(now, FRESH) {
            return Ok(Some(columns));
        }
        let read = slot.read(ctx.clone(), source, turn);
        let columns = read.await.map_err(|e| Error::Internal(e.to_string()))??;
        Ok(Some(columns))
    }

    /// Counts from columns where there are more events than this.
    pub fn from(&self, many: i64) {
        self.many.store(many, Ordering::Relaxed);
        open(&self.all).clear();
    }

    /// Waits until nobody reads columns.
    pub async fn settled(&self) {
        let slots: Vec<Arc<Slot>> = open(&self.all).values().cloned().collect();
        for slot in slots {
            drop(slot.reading.lock().await);
        }
    }

    /// What the columns take in memory.
    pub fn bytes(&self) -> usize {
        let all = open(&self.all);
        let bytes = |slot: &Arc<Slot>| open(&slot.known).columns.as_ref().map_or(0, |c| c.bytes());
        all.values().map(bytes).sum()
    }

    /// Gives up what nobody has asked for lately, and tells whether anything is left.
    pub fn tidy(&self, now: DateTime<Utc>) -> bool {
        let mut all = open(&self.all);
        all.retain(|_, slot| now - open(&slot.known).asked_at < KEPT);
        !all.is_empty()
    }

    fn slot(&self, ctx: &Ctx, source: &'static EventSource, now: DateTime<Utc>) -> Arc<Slot> {
        let mut all = open(&self.all);
        let slot = all.entry((ctx.municipality, source.code)).or_default();
        open(&slot.known).asked_at = now;
        Arc::clone(slot)
    }

    /// Sees to it that columns go, also when nobody asks for anything any more.
    fn watch(self: &Arc<Self>, ctx: &Ctx) {
        if self.watched.swap(true, Ordering::Relaxed) {
            return;
        }
        let (all, clock) = (Arc::downgrade(self), ctx.engine.clock.clone());
        tokio::spawn(watch(all, clock));
    }
}

async fn watch(all: Weak<Snapshots>, clock: Clock) {
    loop {
        tokio::time::sleep(LOOK).await;
        let Some(all) = all.upgrade() else { return };
        if !all.tidy(clock.now()) {
            all.watched.store(false, Ordering::Relaxed);
            return;
        }
    }
}
