//! Lists of sheets: each line passes the one predicate of access, in the same statement.

use std::collections::HashMap;

use engawa_kernel::{
    access::{self, RoomKey, VISIBLE},
    context::Ctx,
    db::{Conn, Sql, sql},
    error::Result,
    id::RoomId,
};

use super::sheet::{COLUMNS, from_row};
use crate::model::{Sheet, To};

/// Lines on a page of a list.
pub const PAGE: u32 = 50;
/// Counting stops here; nobody pages further.
const COUNT_LIMIT: i64 = 2_000;

/// Which sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// To my desks, going on.
    Received,
    /// From my desks, going on, drafts too.
    Sent,
    /// Either way, the move is overdue.
    Overdue,
    /// Came back to my desks.
    Returned,
    /// Closed or withdrawn.
    Done,
}

impl View {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 5] = [
        Self::Received,
        Self::Sent,
        Self::Overdue,
        Self::Returned,
        Self::Done,
    ];
    /// In the address.
    #[must_use]
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Sent => "sent",
            Self::Overdue => "overdue",
            Self::Returned => "returned",
            Self::Done => "done",
        }
    }
    /// From the address; anything else is what came in.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|v| v.as_code() == code)
            .unwrap_or(Self::Received)
    }
    /// On the tab.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Received => "受けた",
            Self::Sent => "送った",
            Self::Overdue => "期限切れ",
            Self::Returned => "差戻し",
            Self::Done => "終わったもの",
        }
    }
    const fn condition(self) -> &'static str {
        match self {
            Self::Received => {
                "s.to_desk_id in (:desks) and s.state in ('sent', 'received', 'accepted', 'in_progress', 'on_hold', 'advice_only', 'reported', 'returned') and not s.paper"
            }
            Self::Sent => {
                "s.from_desk_id in (:desks) and not s.arrived and s.state in ('draft', 'sent', 'received', 'accepted', 'in_progress', 'on_hold', 'advice_only', 'reported', 'returned')"
            }
            Self::Overdue => {
                "(s.to_desk_id in (:desks) or s.from_desk_id in (:desks)) and s.due_on < :today and (s.state <> 'draft' or s.from_desk_id in (:desks))"
            }
            Self::Returned => {
                "s.from_desk_id in (:desks) and not s.arrived and s.state = 'returned'"
            }
            Self::Done => {
                "(s.to_desk_id in (:desks) or s.from_desk_id in (:desks)) and s.state in ('closed', 'withdrawn')"
            }
        }
    }
    const fn order(self) -> &'static str {
        match self {
            Self::Done => "order by s.closed_at desc, s.room_id limit :limit offset :offset",
            Self::Received | Self::Sent | Self::Overdue | Self::Returned => {
                "order by s.due_on, s.room_id limit :limit offset :offset"
            }
        }
    }
}

const LIST: &str = "select {columns} from {sheets}";
const COUNT: &str =
    "select count(*) as n from (select 1 as one from {sheets} limit :limit) counted";

fn select(statement: &'static str, ctx: &Ctx, view: View) -> Sql {
    let q = sql(statement)
        .slot("{columns}", COLUMNS)
        .slot(
            "{sheets}",
            "referrals_sheet s join room r on r.id = s.room_id where {which} and {visible}",
        )
        .slot("{which}", view.condition())
        .slot("{visible}", VISIBLE)
        .bind_all("desks", ctx.actor.postings.iter().filter_map(|p| p.desk));
    access::bind_actor(q, ctx)
}

/// A page of a list.
///
/// # Errors
/// The database refuses.
pub async fn page(conn: &mut Conn, ctx: &Ctx, view: View, page: u32) -> Result<Vec<Sheet>> {
    conn.rows(
        select(LIST, ctx, view)
            .push(view.order())
            .bind("limit", i64::from(PAGE))
            .bind(
                "offset",
                i64::from(page.saturating_sub(1)) * i64::from(PAGE),
            ),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// How many there are of each, counted up to 2,000.
///
/// # Errors
/// The database refuses.
pub async fn counts(conn: &mut Conn, ctx: &Ctx) -> Result<[u32; 5]> {
    let mut counts = [0; 5];
    for (view, count) in View::ALL.into_iter().zip(&mut counts) {
        let n = conn
            .count(select(COUNT, ctx, view).bind("limit", COUNT_LIMIT))
            .await?;
        *count = u32::try_from(n).unwrap_or_default();
    }
    Ok(counts)
}

/// The sheets out of a case or a consultation that the actor may open, newest first.
///
/// # Errors
/// The database refuses.
pub async fn of_source(conn: &mut Conn, ctx: &Ctx, source: &RoomKey) -> Result<Vec<Sheet>> {
    let q = sql("select {columns} from referrals_sheet s join room r on r.id = s.room_id
                  where s.source_room_id = :source and {visible} order by s.created_at desc, s.room_id limit 50")
        .slot("{columns}", COLUMNS)
        .slot("{visible}", VISIBLE)
        .bind("source", source.room());
    conn.rows(access::bind_actor(q, ctx))
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// The sheets that this one raises again, and those that raise it again, that the actor may open.
///
/// # Errors
/// The database refuses.
pub async fn kin(conn: &mut Conn, ctx: &Ctx, sheet: &Sheet) -> Result<Vec<Sheet>> {
    let q = sql("select {columns} from referrals_sheet s join room r on r.id = s.room_id
                  where (s.room_id = :follows or s.follows_room_id = :room) and {visible} order by s.created_at limit 20")
        .slot("{columns}", COLUMNS)
        .slot("{visible}", VISIBLE)
        .bind("follows", sheet.follows)
        .bind("room", sheet.room);
    conn.rows(access::bind_actor(q, ctx))
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// These sheets, as far as the actor may open them.
///
/// # Errors
/// The database refuses.
pub async fn these(conn: &mut Conn, ctx: &Ctx, rooms: &[RoomId]) -> Result<Vec<Sheet>> {
    let mut found = Vec::new();
    for part in rooms.chunks(400) {
        let q = sql(
            "select {columns} from referrals_sheet s join room r on r.id = s.room_id
                      where s.room_id in (:rooms) and {visible} order by s.sent_at desc, s.room_id",
        )
        .slot("{columns}", COLUMNS)
        .slot("{visible}", VISIBLE)
        .bind_all("rooms", part.iter().copied());
        for row in conn.rows(access::bind_actor(q, ctx)).await? {
            found.push(from_row(&row)?);
        }
    }
    Ok(found)
}

/// Whom each of these sheets is about and to whom it goes (「見本 梅 ほか1人 → 東地域包括」), of those
/// that the actor may open; the others are simply missing. Names stand as they were sent, so that
/// the receiver reads no other ones here than on the sheet.
///
/// # Errors
/// The database refuses.
pub async fn labels(
    conn: &mut Conn,
    ctx: &Ctx,
    rooms: &[RoomId],
) -> Result<HashMap<RoomId, String>> {
    let sheets = these(conn, ctx, rooms).await?;
    let desks: Vec<_> = sheets.iter().filter_map(Sheet::to_desk).collect();
    let names = engawa_organisations::desk_names(conn, &desks).await?;
    Ok(sheets
        .iter()
        .map(|s| {
            let to = match &s.content.to {
                To::Desk(desk, _) => names.get(desk).map_or("", String::as_str),
                To::Outside { name, .. } => name,
            };
            let mut who = s.lines.iter().filter(|l| l.label == "氏名");
            let first = who.next().map_or("", |l| l.text.as_str());
            let more = match who.count() {
                0 => String::new(),
                n => format!(" ほか{n}人"),
            };
            (s.room, format!("{first}{more} → {to}").trim().to_owned())
        })
        .collect())
}
