//! The records behind a number: those that the reader has a key to, by the one predicate of access.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    access::{self, RoomKind, VISIBLE},
    clock,
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    id::{DeskId, RoomId},
    source::When,
};

use super::count::{self, Question};
use crate::model::Unit;

/// Records on a page.
pub const PAGE: i64 = 100;

/// One record behind a number.
#[derive(Debug, Clone)]
pub struct Record {
    /// The room it lies in.
    pub room: RoomId,
    /// What that is.
    pub kind: RoomKind,
    /// What people say on the telephone.
    pub number: String,
    /// The day on which it happened.
    pub on: NaiveDate,
    /// When it was typed.
    pub entered_at: DateTime<Utc>,
    /// Which desk did it.
    pub desk: Option<DeskId>,
}

/// The records, newest first. `late`: only those typed after this moment.
///
/// # Errors
/// The database refuses.
pub async fn of(
    conn: &mut Conn,
    ctx: &Ctx,
    q: &Question,
    late: Option<DateTime<Utc>>,
    page: i64,
) -> Result<Vec<Record>> {
    // Whose age is asked for is a matter of persons; a record is found by anybody in it.
    let q = &Question {
        unit: match q.unit {
            Unit::Open | Unit::Active => q.unit,
            _ => Unit::Events,
        },
        ..q.clone()
    };
    let text = sql("select e.room_id, r.kind as room_kind, r.number, e.at, e.entered_at, e.desk_id
           from {events} e join room r on r.id = e.room_id
          where {where} {late} and {visible} order by e.at desc, e.event_id limit :limit offset :offset")
        .slot("{late}", if late.is_some() { "and e.entered_at >= :late" } else { "" })
        .slot("{visible}", VISIBLE)
        .bind("late", late)
        .bind("limit", PAGE)
        .bind("offset", page.max(0) * PAGE);
    let text = count::conditions(conn, ctx, q, access::bind_actor(text, ctx)).await?;
    conn.rows(text)
        .await?
        .iter()
        .map(|r| {
            Ok(Record {
                room: r.get("room_id")?,
                kind: r.get("room_kind")?,
                number: r.get("number")?,
                on: match q.source.when {
                    When::Day => r.get("at")?,
                    When::Moment => clock::local(r.get("at")?).date(),
                },
                entered_at: r.get("entered_at")?,
                desk: r.opt("desk_id")?,
            })
        })
        .collect()
}

/// How many of them this reader can open, counted up to `most`.
///
/// # Errors
/// The database refuses.
pub async fn openable(conn: &mut Conn, ctx: &Ctx, q: &Question, most: i64) -> Result<i64> {
    let q = &Question {
        unit: match q.unit {
            Unit::Open | Unit::Active => q.unit,
            _ => Unit::Events,
        },
        ..q.clone()
    };
    let text = sql(
        "select count(*) as n from (select 1 as one from {events} e join room r on r.id = e.room_id
          where {where} and {visible} limit :most) counted",
    )
    .slot("{visible}", VISIBLE)
    .bind("most", most);
    let text = count::conditions(conn, ctx, q, access::bind_actor(text, ctx)).await?;
    conn.count(text).await
}
