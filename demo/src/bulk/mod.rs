//! Households by the hundred thousand.
//!
//! This folder is the one place that may write the tables of other crates: made through the real
//! functions, a city would take a day. It has one file for each crate whose tables it fills, and
//! leaves what the real functions leave: keys, log entries, events, tasks, search texts. Where a
//! domain changes its tables, the test `every table of the bulk is filled` and the same folder's
//! file say what to change here.
//!
//! Memory stays bounded: households are drawn one at a time on a thread of their own, a batch of
//! [`HOMES`] is written in one transaction and forgotten, and at most [`AHEAD`] batches wait. Only the
//! plans of the つなぐシート (one for forty cases) are kept: `sheets::bulk` plays them through the real
//! functions when all is there.

mod cases;
mod consultations;
pub mod kernel;
pub mod organisations;
mod people;
pub mod rows;
pub mod vacancy;

use std::{collections::BTreeMap, sync::Arc};

use engawa_kernel::{
    audit, clock,
    context::{Ctx, Engine},
    error::{Error, Result},
    id::{MunicipalityId, RoomId},
    text::fiscal::FiscalYear,
};
use tokio::sync::mpsc;

use self::kernel::{Act, Room};
use crate::{
    home::{Handing, Home, Outcome, Progress},
    town::Town,
};

/// Households in one transaction.
const HOMES: usize = 500;
/// Batches that may wait to be written.
const AHEAD: usize = 1;
/// Rooms of the login `worker` that are remembered for the tasks added later.
const OWN_ROOMS: usize = 400;

/// What the bulk tells at its end.
#[derive(Default)]
pub struct Made {
    /// Open cases of the login `worker`, oldest first, a few hundred at most.
    pub own_rooms: Vec<RoomId>,
    /// つなぐシート out of these cases, to be played when all desks are there ([`crate::sheets`]): the
    /// one thing that grows with the town, by about a kilobyte for forty cases.
    pub handings: Vec<Handing>,
}

/// Last numbers given: series and fiscal year.
#[derive(Clone, Default)]
struct Numbers(BTreeMap<(&'static str, i64), (i64, String)>);

impl Numbers {
    fn next(&mut self, series: &'static str, at: chrono::DateTime<chrono::Utc>) -> String {
        let year = FiscalYear::of(clock::local(at).date());
        let (last, short) = self
            .0
            .entry((series, i64::from(year.year())))
            .or_insert_with(|| (0, year.short()));
        *last += 1;
        format!("{series}{short}-{last:05}")
    }
}

/// Households that are drawn and not yet written.
struct Batch {
    kernel: kernel::Tables,
    people: people::Tables,
    consultations: consultations::Tables,
    cases: cases::Tables,
    numbers: Numbers,
    own_rooms: Vec<RoomId>,
    handings: Vec<Handing>,
    done: u64,
}

impl Batch {
    const fn new(m: MunicipalityId, numbers: Numbers) -> Self {
        Self {
            kernel: kernel::Tables::new(m),
            people: people::Tables::new(m),
            consultations: consultations::Tables::new(m),
            cases: cases::Tables::new(),
            numbers,
            own_rooms: Vec::new(),
            handings: Vec::new(),
            done: 0,
        }
    }

    fn add(&mut self, town: &Town, mut home: Home) {
        self.handings.extend(home.handing.take());
        let desk = &town.desks[home.desk];
        let act = Act {
            at: home.reception.at,
            seat: home.seat,
            desk: desk.id,
            body: town.bodies[desk.body].id,
            room: home.reception.room,
        };
        let case = home.case.take();
        let k = &mut self.kernel;
        let number = self.numbers.next("相", act.at);
        let closed = home
            .reception
            .decided_at
            .filter(|_| home.reception.outcome != Outcome::Waiting);
        let room = Room {
            kind: "consultation",
            number: &number,
            closed,
        };
        k.found(&mut home.ids, act, &room);
        for n in 0..home.reception.subjects {
            self.people.create(k, &mut home, n, act);
        }
        self.consultations
            .take_in(k, &mut home, case.as_ref(), &number, act);
        self.consultations.decide(k, &mut home, case.as_ref(), act);
        let Some(case) = case else { return };
        let act = Act {
            at: case.opened,
            room: case.room,
            ..act
        };
        let number = self.numbers.next("ケ", act.at);
        let room = Room {
            kind: "case",
            number: &number,
            closed: case.closed,
        };
        k.found(&mut home.ids, act, &room);
        for n in 0..home.members.len() {
            if n < home.reception.subjects {
                self.people.add_to_room(k, &mut home, n, act);
            } else {
                self.people.create(k, &mut home, n, act);
            }
        }
        self.people.household(k, &mut home, &case, act);
        self.cases.open(k, &mut home, &case, &number, act);
        self.cases.contacts(k, &mut home, &case, act);
        self.cases.tasks(k, &mut home, &case, act);
        self.cases.close(k, &mut home, &case, act);
        if home.workers_own && case.closed.is_none() {
            self.own_rooms.push(case.room);
        }
    }

    async fn write(&mut self, ctx: &Ctx) -> Result<()> {
        let mut tx = ctx.write().await?;
        self.kernel.flush_rooms(&mut tx).await?;
        self.people.flush(&mut tx).await?;
        self.cases.flush(&mut tx).await?;
        self.consultations.flush(&mut tx).await?;
        self.kernel.flush(&mut tx, ctx).await?;
        // The entries of this transaction are the rows of `audit_entry` written above.
        tx.commit_unaudited().await
    }
}

/// Draws and writes `bulk` persons.
///
/// # Errors
/// The database refuses.
pub async fn stream(
    engine: &Engine,
    ctx: &Ctx,
    town: &Arc<Town>,
    bulk: u64,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Made> {
    let (send, mut receive) = mpsc::channel(AHEAD);
    let drawing = tokio::task::spawn_blocking({
        let town = Arc::clone(town);
        move || draw(&town, bulk, &send)
    });
    let mut made = Made::default();
    let mut numbers = Numbers::default();
    while let Some(mut batch) = receive.recv().await {
        batch.write(ctx).await?;
        // Sealed batch by batch: the entries just written are still in the database's cache.
        audit::seal(&engine.db, &engine.signer, ctx.now()).await?;
        let room = OWN_ROOMS.saturating_sub(made.own_rooms.len());
        made.own_rooms.extend(batch.own_rooms.iter().take(room));
        made.handings.append(&mut batch.handings);
        numbers = batch.numbers;
        progress(batch.done, town.people);
    }
    drawing
        .await
        .map_err(|e| Error::Internal(format!("drawing households: {e}")))?;
    let last: Vec<_> = numbers
        .0
        .iter()
        .map(|((series, year), (last, _))| (*series, *year, *last))
        .collect();
    let mut tx = ctx.write().await?;
    organisations::numbers(&mut tx, town, &last).await?;
    tx.commit_unaudited().await?;
    Ok(made)
}

fn draw(town: &Town, bulk: u64, send: &mpsc::Sender<Batch>) {
    let mut so_far = Progress::default();
    let mut numbers = Numbers::default();
    while so_far.people < bulk {
        let mut batch = Batch::new(town.municipality, numbers.clone());
        for _ in 0..HOMES {
            if so_far.people >= bulk {
                break;
            }
            let home = Home::draw(town, so_far, bulk);
            so_far = so_far.and(&home, town);
            batch.add(town, home);
        }
        batch.done = so_far.people;
        numbers.clone_from(&batch.numbers);
        // Nobody listens any more when writing failed; that error is the one to show.
        if send.blocking_send(batch).is_err() {
            return;
        }
    }
}
