//! One question, one aggregate statement: the events are gone through once ([`super::seen`]), the
//! cells of a table and its totals are counted from what that leaves. Figures hold no persons, so no
//! key is asked for; who may see small numbers is decided where they are shown.
//!
//! Where a source has many events, what people read is counted from [`crate::columns`], up to a
//! minute old; what is written down is counted here ([`exact`]).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use engawa_kernel::{
    context::Ctx,
    db::{Conn, Row, Sql, sql},
    error::Result,
    source::EventSource,
};

use super::{
    filter,
    parts::{self, Joins},
    seen,
};
use crate::{
    columns::{self, Snapshots},
    model::{Dim, Filter, Key, Unit},
    period::Period,
};

/// Groups of one answer at most; beyond, the table is no longer one that anybody reads.
const LIMIT: i64 = 20_000;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Which events.
    pub source: &'static EventSource,
    /// In what.
    pub unit: Unit,
    /// Which of them.
    pub filter: Filter,
    /// When they happened.
    pub period: Period,
    /// Split by this downwards.
    pub rows: Option<Dim>,
    /// And by this across.
    pub columns: Option<Dim>,
}

/// The answer.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// By row and column.
    pub cells: HashMap<(Key, Key), i64>,
    /// Of each row, counted for itself: persons do not add up.
    pub rows: HashMap<Key, i64>,
    /// Of each column.
    pub columns: HashMap<Key, i64>,
    /// Of everything.
    pub total: i64,
    /// What was recorded later is not in it; none: counted from all that there is.
    pub counted_at: Option<DateTime<Utc>>,
}

const CELLS: &str = "select cast(0 as bigint) as level, {row} as r, {column} as c, {measure0} as n from {from0} e {joins0} group by 2, 3";
const ROWS: &str = "select cast(1 as bigint) as level, {row} as r, {no_column} as c, {measure1} as n from {from1} e {joins1} group by 2";
const COLUMNS: &str = "select cast(2 as bigint) as level, {no_row} as r, {column} as c, {measure2} as n from {from2} e {joins2} group by 3";
const TOTAL: &str = "select cast(3 as bigint) as level, {no_row} as r, {no_column} as c, {measure3} as n from {from3} e {joins3}";

/// Counts for somebody who reads: from columns where there are many events.
///
/// # Errors
/// The database refuses, or the filter is none.
pub async fn figures(conn: &mut Conn, ctx: &Ctx, q: &Question) -> Result<Figures> {
    match Snapshots::of(conn, ctx, q.source).await? {
        Some(columns) => columns::count(&columns, &filter::with_own_codes(conn, ctx, q).await?),
        None => exact(conn, ctx, q).await,
    }
}

/// Counts all that there is now: for what is written down.
///
/// # Errors
/// The database refuses, or the filter is none.
pub async fn exact(conn: &mut Conn, ctx: &Ctx, q: &Question) -> Result<Figures> {
    let adds_up = adds_up(q);
    let text = match (q.rows, q.columns, adds_up) {
        (None, None, _) => sql("with {seen} {d}"),
        (Some(_), Some(_), true) => sql("with {seen} {a} limit :limit"),
        (Some(_), None, true) => sql("with {seen} {b} limit :limit"),
        (None, Some(_), true) => sql("with {seen} {c} limit :limit"),
        (Some(_), Some(_), false) => sql(
            "with {seen} select * from ({a} union all {b} union all {c} union all {d}) counted limit :limit",
        ),
        (Some(_), None, false) => {
            sql("with {seen} select * from ({b} union all {d}) counted limit :limit")
        }
        (None, Some(_), false) => {
            sql("with {seen} select * from ({c} union all {d}) counted limit :limit")
        }
    };
    let text = text
        .slot("{a}", CELLS)
        .slot("{b}", ROWS)
        .slot("{c}", COLUMNS)
        .slot("{d}", TOTAL);
    let mut text = seen::write(q, text);
    for (slots, dims) in [
        (["{from0}", "{measure0}", "{joins0}"], [q.rows, q.columns]),
        (["{from1}", "{measure1}", "{joins1}"], [q.rows, None]),
        (["{from2}", "{measure2}", "{joins2}"], [None, q.columns]),
        (["{from3}", "{measure3}", "{joins3}"], [None, None]),
    ] {
        let [from, measure, joins] = slots;
        let lines = seen::Lines::of(q, dims);
        text = text
            .slot(from, lines.name())
            .slot(measure, seen::measure(q, lines));
        let mut all = Joins::default();
        all.add(parts::measure_joins(q.unit));
        for dim in dims.into_iter().flatten() {
            all.add(parts::group(dim).joins);
        }
        text = all.write(text, joins);
    }
    let (row, column) = (q.rows.map(parts::group), q.columns.map(parts::group));
    text = text
        .slot("{row}", row.as_ref().map_or("null", |g| g.key))
        .slot("{column}", column.as_ref().map_or("null", |g| g.key))
        .slot(
            "{no_row}",
            row.as_ref().map_or("cast(null as text)", |g| g.none),
        )
        .slot(
            "{no_column}",
            column.as_ref().map_or("cast(null as text)", |g| g.none),
        );
    let text = conditions(conn, ctx, q, text).await?;
    let mut found = Figures::default();
    for r in conn.rows(text.bind("limit", LIMIT)).await? {
        let n = r.get("n")?;
        match r.get::<i64>("level")? {
            0 => {
                let (row, column) = (key(&r, "r", q.rows)?, key(&r, "c", q.columns)?);
                if adds_up {
                    *found.rows.entry(row.clone()).or_default() += n;
                    *found.columns.entry(column.clone()).or_default() += n;
                    found.total += n;
                }
                *found.cells.entry((row, column)).or_default() += n;
            }
            1 => {
                *found.rows.entry(key(&r, "r", q.rows)?).or_default() += n;
                found.total += if adds_up { n } else { 0 };
            }
            2 => {
                *found.columns.entry(key(&r, "c", q.columns)?).or_default() += n;
                found.total += if adds_up { n } else { 0 };
            }
            _ => found.total = n,
        }
    }
    Ok(found)
}

/// Whether the totals are the sums of the cells; else they are counted for themselves.
fn adds_up(q: &Question) -> bool {
    let split = [q.rows, q.columns];
    let overlaps = split.into_iter().flatten().any(Dim::overlaps);
    split != [None, None] && !overlaps && !matches!(q.unit, Unit::Persons | Unit::Households)
}

/// Only the total of all that there is now.
///
/// # Errors
/// As [`exact`].
pub async fn total(conn: &mut Conn, ctx: &Ctx, q: &Question) -> Result<i64> {
    Ok(exact(conn, ctx, &unsplit(q)).await?.total)
}

/// The question without its splits.
#[must_use]
pub fn unsplit(q: &Question) -> Question {
    Question {
        rows: None,
        columns: None,
        ..q.clone()
    }
}

/// Writes the conditions of a question into `{where}` and the source's SQL into its places.
pub(super) async fn conditions(conn: &mut Conn, ctx: &Ctx, q: &Question, text: Sql) -> Result<Sql> {
    let text = text
        .slot("{where}", parts::WHERE)
        .slot("{when}", parts::when(q))
        .slot("{town}", town(conn).await?);
    let text = filter::write(conn, ctx, q, text).await?;
    let text = parts::dates(text, q.source.when, q.period);
    Ok(text
        .slot("{events}", q.source.view)
        .slot("{persons}", q.source.persons)
        .slot("{issues}", q.source.issues.unwrap_or(parts::NO_ISSUES))
        .slot("{person}", engawa_people::figures::PERSONS)
        .slot("{named}", engawa_people::figures::NAMED)
        .slot("{room_households}", engawa_people::figures::ROOM_HOUSEHOLDS)
        .slot("{household}", engawa_people::figures::HOUSEHOLDS)
        .slot("{desks}", engawa_organisations::figures::DESKS)
        .slot("{desk_areas}", engawa_organisations::figures::DESK_AREAS)
        .slot("{types}", engawa_organisations::figures::HOUSEHOLD_TYPES)
        .bind("m", ctx.municipality))
}

/// Whose events: a condition over `e` and `:m`. A database of one municipality need not ask each event
/// whose it is.
pub(crate) async fn town(conn: &mut Conn) -> Result<&'static str> {
    let n = conn
        .count(sql(
            "select count(*) as n from (select 1 as one from municipality limit 2) counted",
        ))
        .await?;
    Ok(if n < 2 { "1 = 1" } else { parts::OF_TOWN })
}

fn key(row: &Row, column: &str, dim: Option<Dim>) -> Result<Key> {
    Ok(match dim {
        None => Key::Unknown,
        Some(Dim::Desk | Dim::Body | Dim::Area) => row.opt(column)?.map_or(Key::Unknown, Key::Id),
        Some(Dim::Age | Dim::Time) => match row.opt::<i64>(column)? {
            None | Some(0) => Key::Unknown,
            Some(n) => Key::Slot(n),
        },
        Some(_) => row
            .opt::<String>(column)?
            .filter(|code| !code.is_empty())
            .map_or(Key::Unknown, Key::Code),
    })
}
