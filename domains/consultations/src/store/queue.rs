//! The triage queue: who waits, since when, emergencies on top.

use engawa_kernel::{
    access::{self, Duty, Role},
    context::Ctx,
    db::{Conn, Row, Sql, sql},
    error::Result,
    id::{DeskId, PostingId, RoomId},
};

use crate::{
    model::{WaitingLine, WhoCame},
    rules,
};

/// Lines of the きょう page at most.
const WAITING: i64 = 50;

/// Which part of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// 自分の担当
    Mine,
    /// 自分の窓口
    Desk,
    /// 見えるものすべて
    All,
    /// 終わったもの
    Past,
}

impl View {
    /// In the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Desk, Self::Mine, Self::All, Self::Past];
    /// As in the address.
    #[must_use]
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Desk => "desk",
            Self::All => "all",
            Self::Past => "past",
        }
    }
    /// From an address; the desk's queue when it says nothing known.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|v| v.as_code() == code)
            .unwrap_or(Self::Desk)
    }
    /// As the tab says it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mine => "自分の担当",
            Self::Desk => "自分の窓口",
            Self::All => "見えるものすべて",
            Self::Past => "終わったもの",
        }
    }

    const fn condition(self) -> &'static str {
        match self {
            Self::Mine => "and r.owner_posting_id in (:postings)",
            Self::Desk => "and (r.owner_desk_id in (:desks) or r.owner_posting_id in (:postings))",
            Self::All | Self::Past => "",
        }
    }
}

/// A page of the queue.
#[derive(Debug, Clone)]
pub struct Queue {
    /// The lines.
    pub lines: Vec<WaitingLine>,
    /// How many there are in all.
    pub total: i64,
}

macro_rules! columns {
    ($also:literal, $from:literal, $open:literal) => {
        concat!(
            "select ",
            $also,
            "c.room_id, r.number, c.subject_line, c.received_at, c.urgency, c.emergency, c.channel, c.route,
       substr(c.words, 1, 120) as start, c.who, c.slip, c.compound_auto, c.compound_manual, r.sealed, c.state, c.state_since, c.turn_since, c.arrived_at,
       r.owner_desk_id, r.owner_posting_id
  from ",
            $from,
            " where c.municipality_id = :m ",
            $open,
            " and"
        )
    };
}
/// Each line with how many there are in all: sorting has looked at every one of them anyway.
const COLUMNS_OPEN: &str = columns!(
    "count(*) over () as n, ",
    "consultations_consultation c join room r on r.id = c.room_id",
    "and c.is_open = :open"
);
/// The same from the rooms that one has a key to: those of the town that have ended are many.
const COLUMNS_PAST: &str = columns!(
    "count(*) over () as n, ",
    "{my_rooms} o cross join room r cross join consultations_consultation c",
    "and r.id = o.room_id and c.room_id = r.id and c.is_open = :open"
);
const COLUMNS_ANY: &str = columns!(
    "",
    "consultations_consultation c join room r on r.id = c.room_id",
    ""
);
/// Driven from one's own rooms: the town's queue is longer.
const COLUMNS_MINE: &str = columns!(
    "",
    "(select o.id from room o where o.owner_posting_id in (:postings) and o.closed_at is null
      union all
      select o.id from room o where o.owner_desk_id in (:desks) and o.owner_posting_id is null and o.closed_at is null) o
     cross join consultations_consultation c cross join room r",
    "and c.room_id = o.id and r.id = o.id and c.is_open = :open"
);

fn bound(q: Sql, ctx: &Ctx, open: bool) -> Sql {
    let mine = ctx.actor.postings.iter().filter(|p| p.role != Role::Entry);
    let postings: Vec<PostingId> = mine.clone().map(|p| p.id).collect();
    let desks: Vec<DeskId> = mine.filter_map(|p| p.desk).collect();
    access::bind_actor(q, ctx)
        .bind("m", ctx.municipality)
        .bind("open", open)
        .bind_all("postings", postings)
        .bind_all("desks", desks)
}

/// A page of the queue. Open ones: emergencies first, then as urgent as said, then who waits
/// longest. Past ones: newest first.
///
/// # Errors
/// The database refuses.
pub async fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    view: View,
    page: u32,
    per_page: u32,
) -> Result<Queue> {
    let open = view != View::Past;
    let (columns, order) = if open {
        (
            COLUMNS_OPEN,
            "order by c.urgency_rank, c.received_at, c.room_id limit :limit offset :offset",
        )
    } else {
        (
            COLUMNS_PAST,
            "order by c.state_since desc, c.room_id desc limit :limit offset :offset",
        )
    };
    let lines = sql(columns)
        .slot("{my_rooms}", access::MY_ROOMS)
        .push(access::VISIBLE)
        .push(view.condition())
        .push(order)
        .bind("limit", per_page)
        .bind(
            "offset",
            i64::from(page.saturating_sub(1)) * i64::from(per_page),
        );
    let rows = conn.rows(bound(lines, ctx, open)).await?;
    let total = match rows.first() {
        Some(row) => row.get("n")?,
        None if page <= 1 => 0,
        None => count(conn, ctx, view).await?,
    };
    let lines = rows.iter().map(|r| line(r, ctx)).collect::<Result<_>>()?;
    Ok(Queue { lines, total })
}

/// How many, for a page behind the last.
async fn count(conn: &mut Conn, ctx: &Ctx, view: View) -> Result<i64> {
    let q = sql(
        "select count(*) as n from consultations_consultation c join room r on r.id = c.room_id
          where c.municipality_id = :m and c.is_open = :open and",
    )
    .push(access::VISIBLE)
    .push(view.condition());
    conn.count(bound(q, ctx, view != View::Past)).await
}

/// For the API: what the actor may see, newest record first, from the one after `after` on. `open`:
/// only open or only closed ones.
///
/// # Errors
/// The database refuses.
pub async fn list_after(
    conn: &mut Conn,
    ctx: &Ctx,
    view: View,
    open: Option<bool>,
    after: Option<RoomId>,
    limit: u32,
) -> Result<Vec<WaitingLine>> {
    let q = sql(COLUMNS_ANY)
        .push(access::VISIBLE)
        .push(view.condition())
        .push("and (:any or c.is_open = :open) and c.room_id < :after order by c.room_id desc limit :limit")
        .bind("any", open.is_none())
        .bind("after", after.unwrap_or(RoomId(uuid::Uuid::max())))
        .bind("limit", limit);
    conn.rows(bound(q, ctx, open.unwrap_or(true)))
        .await?
        .iter()
        .map(|r| line(r, ctx))
        .collect()
}

/// What waits for the actor: their own, and those of their desks that nobody in particular has.
///
/// # Errors
/// The database refuses.
pub async fn waiting(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<WaitingLine>> {
    if !ctx.actor.may(Duty::Triage) {
        return Ok(vec![]);
    }
    let q = sql(COLUMNS_MINE)
        .push(access::VISIBLE)
        .push("order by c.urgency_rank, c.received_at, c.room_id limit :limit")
        .bind("limit", WAITING);
    conn.rows(bound(q, ctx, true))
        .await?
        .iter()
        .map(|r| line(r, ctx))
        .collect()
}

fn line(r: &Row, ctx: &Ctx) -> Result<WaitingLine> {
    let received_at = r.get("received_at")?;
    let notice = r.get::<WhoCame>("who")? == WhoCame::Notice;
    let sealed = r.opt::<String>("sealed")?.is_some();
    let start: String = r.get("start")?;
    Ok(WaitingLine {
        room: r.get("room_id")?,
        number: r.get("number")?,
        subject_line: r.get("subject_line")?,
        start: if notice || sealed {
            String::new()
        } else {
            start
        },
        received_at,
        days: rules::days_waited(received_at, ctx.today()),
        urgency: r.get("urgency")?,
        emergency: r.get("emergency")?,
        channel: r.get("channel")?,
        route: r.get("route")?,
        notice,
        slip: r.get("slip")?,
        compound: r.opt("compound_manual")?.unwrap_or(r.get("compound_auto")?),
        sealed,
        state: r.get("state")?,
        state_since: r.get("state_since")?,
        turn_since: r.get("turn_since")?,
        arrived_at: r.opt("arrived_at")?,
        owner_desk: r.get("owner_desk_id")?,
        owner_posting: r.opt("owner_posting_id")?,
    })
}
