//! Reads the events of a source into columns, some days at a time: nobody who writes meanwhile waits
//! for longer than one bite.

use std::{collections::HashMap, hash::Hash};

use chrono::{Days, NaiveDate};
use engawa_kernel::{
    clock,
    context::Ctx,
    db::{Conn, Row, Sql, sql},
    error::{Error, Result},
    source::{EventSource, When},
};
use uuid::Uuid;

use super::{Columns, Lists, NO_DAY, NO_HEADS, beside, day};
use crate::store::{count::town, parts};

/// Events of one bite, about, so that it takes some hundredths of a second …
const BITE: u64 = 5_000;
/// … but no more bites than this: where no index leads to a time, each goes through all events.
const BITES: u64 = 40;
/// Days of one bite at most.
const LONGEST: u64 = 4_000;

const ENDS: &str = "select (select min(e.at) from {events} e) as first, (select max(e.at) from {events} e) as last,
           (select count(*) from {events} e) as n";
const EVENTS: &str = "select e.event_id, e.at, e.room_id, e.desk_id, e.channel, e.route, e.kind, e.minutes, e.heads, e.until_on,
           cast({marks} as bigint) as marks
      from {events} e where e.at >= :from and e.at < :after and {town} order by e.at";

/// Values as the places at which they were first met.
pub(super) struct Dict<K> {
    places: HashMap<K, u32>,
    pub keys: Vec<K>,
}

impl<K: Clone + Eq + Hash> Dict<K> {
    pub(super) fn new() -> Self {
        Self {
            places: HashMap::new(),
            keys: Vec::new(),
        }
    }

    /// With a first one, at 0.
    pub(super) fn from(first: K) -> Self {
        let mut dict = Self::new();
        dict.place(first);
        dict
    }

    pub(super) fn place(&mut self, key: K) -> u32 {
        let next = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        *self.places.entry(key).or_insert_with_key(|key| {
            self.keys.push(key.clone());
            next
        })
    }

    /// The same in a column of small numbers.
    pub(super) fn small(&mut self, key: K) -> Result<u16> {
        let place = self.place(key);
        u16::try_from(place).map_err(|_| too_many())
    }

    pub(super) fn known(&self, key: &K) -> Option<u32> {
        self.places.get(key).copied()
    }
}

fn too_many() -> Error {
    Error::Internal("figures: more groups than a column holds".into())
}

/// What the columns count by number while they are read.
pub(super) struct Places {
    pub rooms: Dict<Uuid>,
    pub people: Dict<Uuid>,
    pub desks: Dict<Option<Uuid>>,
    /// Event and its place.
    events: Vec<(Uuid, u32)>,
}

/// Reads what the municipality has of this source now.
///
/// # Errors
/// The database refuses, or there is more than columns hold.
pub async fn load(ctx: &Ctx, source: &'static EventSource) -> Result<Columns> {
    let mut conn = ctx.read().await?;
    let conn = &mut conn;
    let mut columns = empty(ctx);
    if source.marks.len() > 32 {
        return Err(too_many());
    }
    let mut places = Places {
        rooms: Dict::new(),
        people: Dict::new(),
        desks: Dict::from(None),
        events: Vec::new(),
    };
    let town = town(conn).await?;
    events(conn, ctx, source, town, &mut columns, &mut places).await?;
    persons(conn, source, &mut columns, &mut places).await?;
    drop(std::mem::take(&mut places.events));
    beside::people(conn, &mut columns, &mut places).await?;
    beside::rooms(conn, ctx, source, &mut columns, &places).await?;
    beside::desks(conn, &mut columns, &places).await?;
    shrink(&mut columns);
    Ok(columns)
}

fn empty(ctx: &Ctx) -> Columns {
    let none = || vec![String::new()];
    Columns {
        read_at: ctx.now().timestamp_micros().into(),
        day: Vec::new(),
        until: Vec::new(),
        desk: Vec::new(),
        channel: Vec::new(),
        route: Vec::new(),
        kind: Vec::new(),
        minutes: Vec::new(),
        heads: Vec::new(),
        room: Vec::new(),
        marks: Vec::new(),
        persons: Lists::default(),
        people: Vec::new(),
        desks: Vec::new(),
        channels: none(),
        routes: none(),
        kinds: none(),
        sexes: none(),
        issues: Lists::default(),
        issue_codes: none(),
        types: Lists::default(),
        type_codes: none(),
        households: Lists::default(),
    }
}

async fn events(
    conn: &mut Conn,
    ctx: &Ctx,
    source: &'static EventSource,
    town: &'static str,
    columns: &mut Columns,
    places: &mut Places,
) -> Result<()> {
    let ends = conn.one(sql(ENDS).slot("{events}", source.view)).await?;
    let (Some(mut from), Some(last)) = (
        local_day(&ends, "first", source.when)?,
        local_day(&ends, "last", source.when)?,
    ) else {
        return Ok(());
    };
    let text = marks(source, sql(EVENTS))
        .slot("{town}", town)
        .slot("{events}", source.view)
        .slot("{desks}", engawa_organisations::figures::DESKS)
        .bind("m", ctx.municipality);
    let [mut channels, mut routes, mut kinds] = [(); 3].map(|()| Dict::from(String::new()));
    let n: i64 = ends.get("n")?;
    columns.reserve(source, usize::try_from(n).unwrap_or_default());
    let bite = u64::try_from(n).unwrap_or_default() / BITES;
    let mut days = 1;
    while from <= last {
        let after = from
            .checked_add_days(Days::new(days))
            .ok_or_else(too_many)?;
        let some = parts::day(text.clone(), source.when, "from", from);
        let some = parts::day(some, source.when, "after", after);
        let rows = conn.rows(some).await?;
        for row in &rows {
            let happened = local_day(row, "at", source.when)?.ok_or_else(too_many)?;
            let place = u32::try_from(columns.day.len()).map_err(|_| too_many())?;
            places.events.push((row.get("event_id")?, place));
            columns.day.push(day(happened));
            columns.room.push(places.rooms.place(row.get("room_id")?));
            columns.desk.push(places.desks.small(row.opt("desk_id")?)?);
            columns.kind.push(word(&mut kinds, row, "kind")?);
            if source.has_channel {
                columns.channel.push(word(&mut channels, row, "channel")?);
            }
            if source.has_route {
                columns.route.push(word(&mut routes, row, "route")?);
            }
            if source.has_minutes {
                let minutes: i64 = row.opt("minutes")?.unwrap_or_default();
                columns
                    .minutes
                    .push(i32::try_from(minutes).map_err(|_| too_many())?);
            }
            if source.lasts {
                columns.until.push(row.opt("until_on")?.map_or(NO_DAY, day));
            }
            let heads: Option<i64> = row.opt("heads")?;
            columns.heads.push(match heads {
                Some(n) => u32::try_from(n).map_err(|_| too_many())?,
                None => NO_HEADS,
            });
            let marks: i64 = row.get("marks")?;
            columns
                .marks
                .push(u32::try_from(marks).map_err(|_| too_many())?);
        }
        from = after;
        days = next_days(days, rows.len(), bite.max(BITE));
        tokio::task::yield_now().await;
    }
    columns.channels = channels.keys;
    columns.routes = routes.keys;
    columns.kinds = kinds.keys;
    Ok(())
}

/// So many days that about one bite lies in them.
fn next_days(days: u64, found: usize, bite: u64) -> u64 {
    let found = u64::try_from(found).unwrap_or(u64::MAX).max(1);
    let wanted = (days.saturating_mul(bite) / found).clamp(1, days * 4);
    wanted.min(LONGEST)
}

/// Each mark as a bit, the first one lowest.
fn marks(source: &'static EventSource, text: Sql) -> Sql {
    source
        .marks
        .iter()
        .fold(text, |text, mark| {
            text.slot(
                "{marks}",
                "(case when {one} then 1 else 0 end + 2 * {marks})",
            )
            .slot("{one}", mark.holds)
        })
        .slot("{marks}", "0")
}

fn local_day(row: &Row, column: &str, when: When) -> Result<Option<NaiveDate>> {
    Ok(match when {
        When::Day => row.opt(column)?,
        When::Moment => row.opt(column)?.map(|at| clock::local(at).date()),
    })
}

fn word(dict: &mut Dict<String>, row: &Row, column: &str) -> Result<u16> {
    dict.small(row.opt(column)?.unwrap_or_default())
}

/// Whom each event is about.
async fn persons(
    conn: &mut Conn,
    source: &'static EventSource,
    columns: &mut Columns,
    places: &mut Places,
) -> Result<()> {
    places.events.sort_unstable();
    let text = sql(
        "select l.event_id as of, l.person_id from {persons} l where l.event_id >= :first and l.event_id <= :last",
    )
    .slot("{persons}", source.persons);
    let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(places.events.len());
    for some in places.events.chunks(beside::SOME) {
        for row in &beside::between(conn, &text, some, |e| e.0).await? {
            // Others' events lie between ours.
            if let Ok(n) = some.binary_search_by_key(&row.get("of")?, |e| e.0) {
                pairs.push((some[n].1, places.people.place(row.get("person_id")?)));
            }
        }
    }
    pairs.sort_unstable();
    columns.persons = Lists::of(&pairs, columns.day.len());
    Ok(())
}

impl Columns {
    /// Room for so many events.
    fn reserve(&mut self, source: &EventSource, n: usize) {
        let has = |has: bool| if has { n } else { 0 };
        self.day.reserve_exact(n);
        self.until.reserve_exact(has(source.lasts));
        self.desk.reserve_exact(n);
        self.channel.reserve_exact(has(source.has_channel));
        self.route.reserve_exact(has(source.has_route));
        self.kind.reserve_exact(n);
        self.minutes.reserve_exact(has(source.has_minutes));
        self.heads.reserve_exact(n);
        self.room.reserve_exact(n);
        self.marks.reserve_exact(n);
    }
}

fn shrink(columns: &mut Columns) {
    if columns.heads.iter().all(|n| *n == NO_HEADS) {
        columns.heads = Vec::new();
    }
    let c = columns;
    for days in [&mut c.day, &mut c.until, &mut c.minutes] {
        days.shrink_to_fit();
    }
    for small in [&mut c.desk, &mut c.channel, &mut c.route, &mut c.kind] {
        small.shrink_to_fit();
    }
    for large in [&mut c.heads, &mut c.room, &mut c.marks] {
        large.shrink_to_fit();
    }
    c.people.shrink_to_fit();
}
