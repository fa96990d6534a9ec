//! When figures are counted from columns: where a source has many events. They are read a little after
//! the start, or when somebody asks, and then kept up to date for whoever asks next, until nobody has
//! asked for a day and a half.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use engawa_kernel::{
    context::{Ctx, Engine},
    db::{Conn, sql},
    error::{Error, Result},
    id::MunicipalityId,
    source::EventSource,
};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use super::{Columns, load};

/// Up to so many events are counted where they stand.
const MANY: i64 = 20_000;
/// Columns of this age are read anew, behind the answer, when somebody asks …
const FRESH: TimeDelta = TimeDelta::minutes(1);
/// … at this age although nobody asks, so that the next one does not wait …
const OLD: TimeDelta = TimeDelta::minutes(8);
/// … and older ones than this are not shown.
const SHOWN: TimeDelta = TimeDelta::minutes(10);
/// What nobody has asked for in so long is not kept: longer than from one day's work to the next.
const WANTED: TimeDelta = TimeDelta::hours(36);
/// A change is in the log of this long ago at the latest when it can be read.
const WRITING: TimeDelta = TimeDelta::minutes(5);

/// The columns of a running Engawa ([`engawa_kernel::kept::Kept`]).
pub struct Snapshots {
    many: AtomicI64,
    all: Mutex<HashMap<(MunicipalityId, &'static str), Arc<Slot>>>,
    /// Whether what was there at the start has been read.
    begun: AtomicBool,
}

impl Default for Snapshots {
    fn default() -> Self {
        Self {
            many: AtomicI64::new(MANY),
            all: Mutex::default(),
            begun: AtomicBool::new(false),
        }
    }
}

/// One source of one municipality.
struct Slot {
    municipality: MunicipalityId,
    source: &'static EventSource,
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
        (now - columns.read_at() <= age).then(|| Arc::clone(columns))
    }

    async fn has_many(&self, conn: &mut Conn, now: DateTime<Utc>, many: i64) -> Result<bool> {
        let last = open(&self.known).many;
        if let Some((has, since)) = last
            && now - since <= FRESH
        {
            return Ok(has);
        }
        let text =
            sql("select count(*) as n from (select 1 as one from {events} e limit :most) counted")
                .slot("{events}", self.source.view)
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
        turn: OwnedMutexGuard<()>,
    ) -> tokio::task::JoinHandle<Result<Arc<Columns>>> {
        tokio::spawn(async move {
            let columns = Arc::new(load(&ctx, self.source).await?);
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
        if !slot.has_many(conn, now, many).await? {
            return Ok(None);
        }
        if let Some(columns) = slot.columns(now, FRESH) {
            return Ok(Some(columns));
        }
        if let Some(columns) = slot.columns(now, SHOWN) {
            if let Ok(turn) = Arc::clone(&slot.reading).try_lock_owned() {
                // Should it fail, the next one tries again.
                drop(slot.read(ctx.clone(), turn));
            }
            return Ok(Some(columns));
        }
        let turn = Arc::clone(&slot.reading).lock_owned().await;
        if let Some(columns) = slot.columns(now, FRESH) {
            return Ok(Some(columns));
        }
        let read = slot.read(ctx.clone(), turn);
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

    /// What is done every minute: gives up what nobody has asked for lately, and sees to it that the
    /// rest is not too old for the next one.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn keep_up(&self, engine: &Engine) -> Result<()> {
        if !self.begun.swap(true, Ordering::Relaxed) {
            return self.begin(engine).await;
        }
        let now = engine.clock.now();
        let old: Vec<Arc<Slot>> = {
            let mut all = open(&self.all);
            all.retain(|_, slot| now - open(&slot.known).asked_at < WANTED);
            let old = |slot: &&Arc<Slot>| slot.columns(now, OLD).is_none();
            all.values().filter(old).cloned().collect()
        };
        for slot in old {
            let Some(columns) = slot.columns(now, TimeDelta::MAX) else {
                continue;
            };
            let ctx = Ctx::founding(engine, slot.municipality, "");
            if unchanged(&ctx, columns.read_at()).await? {
                columns.still_hold(now);
            } else if let Ok(turn) = Arc::clone(&slot.reading).try_lock_owned() {
                drop(slot.read(ctx, turn));
            }
        }
        Ok(())
    }

    /// Reads what the municipality has many of, one source after the other, so that nobody waits who
    /// asks first.
    async fn begin(&self, engine: &Engine) -> Result<()> {
        let ctx = Ctx::system(engine).await?;
        let (now, many) = (ctx.now(), self.many.load(Ordering::Relaxed));
        let mut turns = Vec::new();
        for source in engine.sources.iter().copied() {
            let slot = self.slot(&ctx, source, now);
            let has_many = slot.has_many(&mut ctx.read().await?, now, many).await?;
            if has_many
                && slot.columns(now, FRESH).is_none()
                && let Ok(turn) = Arc::clone(&slot.reading).try_lock_owned()
            {
                turns.push((slot, turn));
            }
        }
        tokio::spawn(async move {
            for (slot, turn) in turns {
                // Should it fail, whoever asks is told.
                drop(slot.read(ctx.clone(), turn).await);
            }
        });
        Ok(())
    }

    fn slot(&self, ctx: &Ctx, source: &'static EventSource, now: DateTime<Utc>) -> Arc<Slot> {
        let mut all = open(&self.all);
        let slot = all
            .entry((ctx.municipality, source.code))
            .or_insert_with(|| {
                Arc::new(Slot {
                    municipality: ctx.municipality,
                    source,
                    known: Mutex::default(),
                    reading: Arc::default(),
                })
            });
        open(&slot.known).asked_at = now;
        Arc::clone(slot)
    }
}

/// Whether nothing was written since, nor shortly before: each write stands in the log.
async fn unchanged(ctx: &Ctx, since: DateTime<Utc>) -> Result<bool> {
    let mut conn = ctx.read().await?;
    let last = conn
        .row(sql("select at from audit_entry order by id desc limit 1"))
        .await?;
    let last: Option<DateTime<Utc>> = last.map(|row| row.get("at")).transpose()?;
    Ok(last.is_none_or(|last| last < since - WRITING))
}
