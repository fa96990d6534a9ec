//! Lists of cases: each line passes the one predicate of access, in the same statement.

use std::collections::HashMap;

use chrono::Duration;
use engawa_kernel::{
    access::{self, MY_ROOMS, RoomKind, VISIBLE},
    context::Ctx,
    db::{Conn, Sql, sql},
    error::Result,
    id::{PersonId, RoomId},
};

use super::case::{CARD, card_from};
use crate::model::CaseCard;

/// Lines on a page of a list.
pub const PAGE: u32 = 50;

/// Whose cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// I am 主担当.
    Mine,
    /// My desk answers for them.
    Desk,
    /// I am in the team, or my desk is.
    Team,
    /// All that I have a key to.
    All,
    /// My desk's open cases without contact for the days that the settings name.
    Silent,
}

impl View {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 5] = [Self::Mine, Self::Desk, Self::Team, Self::All, Self::Silent];
    /// In the address.
    #[must_use]
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Desk => "desk",
            Self::Team => "team",
            Self::All => "all",
            Self::Silent => "silent",
        }
    }
    /// From the address; anything else is one's own.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|v| v.as_code() == code)
            .unwrap_or(Self::Mine)
    }
    /// On the tab.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mine => "主担当",
            Self::Desk => "窓口のケース",
            Self::Team => "チームで関わる",
            Self::All => "見られるすべて",
            Self::Silent => "連絡が途絶えている",
        }
    }
    const fn condition(self) -> &'static str {
        match self {
            Self::Mine => "r.owner_posting_id in (:postings)",
            Self::Desk => "r.owner_desk_id in (:desks)",
            Self::Team => {
                "r.id in (select g.room_id from access_grant g where g.posting_id in (:postings) and g.revoked_at is null and g.source = 'team'
                    union select g.room_id from access_grant g where g.desk_id in (:desks) and g.revoked_at is null and g.source = 'team')"
            }
            Self::All => "r.id in {my_rooms}",
            Self::Silent => "r.owner_desk_id in (:desks) and c.last_contact_on <= :cutoff",
        }
    }
}

/// The lines, each with how many there are in all: sorting has looked at every one of them anyway.
const LIST: &str = "select {card}, count(*) over () as n from {cases}";
/// How many, for a page behind the last.
const COUNT: &str = "select count(*) as n from {cases}";

fn select(statement: &'static str, ctx: &Ctx, view: View, closed: bool) -> Sql {
    let actor = &ctx.actor;
    let q = sql(statement)
        .slot("{card}", CARD)
        .slot(
            "{cases}",
            "room r join cases_case c on c.room_id = r.id where {whose} and {state} and {visible}",
        )
        .slot("{whose}", view.condition())
        .slot("{my_rooms}", MY_ROOMS)
        .slot(
            "{state}",
            if closed {
                "r.closed_at is not null"
            } else {
                "r.closed_at is null"
            },
        )
        .slot("{visible}", VISIBLE)
        .bind("cutoff", cutoff(ctx))
        .bind_all("postings", actor.postings.iter().map(|p| p.id))
        .bind_all("desks", actor.postings.iter().filter_map(|p| p.desk));
    access::bind_actor(q, ctx)
}

/// A page of a list, and how many lines it has in all.
///
/// # Errors
/// The database refuses.
pub async fn page(
    conn: &mut Conn,
    ctx: &Ctx,
    view: View,
    closed: bool,
    page: u32,
) -> Result<(Vec<CaseCard>, u64)> {
    let order = match view {
        View::Silent => "order by c.last_contact_on, c.room_id limit :limit offset :offset",
        View::Mine | View::Desk | View::Team | View::All => {
            "order by c.opened_on desc, c.room_id desc limit :limit offset :offset"
        }
    };
    let rows = conn
        .rows(
            select(LIST, ctx, view, closed)
                .push(order)
                .bind("limit", i64::from(PAGE))
                .bind(
                    "offset",
                    i64::from(page.saturating_sub(1)) * i64::from(PAGE),
                ),
        )
        .await?;
    let total = match rows.first() {
        Some(row) => row.get("n")?,
        None if page <= 1 => 0,
        None => conn.count(select(COUNT, ctx, view, closed)).await?,
    };
    let cards = rows.iter().map(card_from).collect::<Result<Vec<_>>>()?;
    Ok((cards, u64::try_from(total).unwrap_or_default()))
}

/// The desks' cases that a look at who sees them is worth, for a page that shows a few of them.
const MOST_SILENT: i64 = 500;

/// The first few of [`View::Silent`]: sorted first, so that only those are asked for their keys.
///
/// # Errors
/// The database refuses.
pub async fn longest_silent(conn: &mut Conn, ctx: &Ctx, few: i64) -> Result<Vec<CaseCard>> {
    let q = sql("select {card} from (
            select k.room_id as id, k.last_contact_on as since from room o cross join cases_case k
             where o.owner_desk_id in (:desks) and o.closed_at is null and k.room_id = o.id and k.last_contact_on <= :cutoff
             order by k.last_contact_on, k.room_id limit :most) s
          cross join room r cross join cases_case c
         where r.id = s.id and c.room_id = s.id and {visible} order by s.since, s.id limit :few")
        .slot("{card}", CARD)
        .slot("{visible}", VISIBLE)
        .bind_all("desks", ctx.actor.postings.iter().filter_map(|p| p.desk))
        .bind("cutoff", cutoff(ctx))
        .bind("most", MOST_SILENT)
        .bind("few", few);
    conn.rows(access::bind_actor(q, ctx))
        .await?
        .iter()
        .map(card_from)
        .collect()
}

/// Without contact since then a case is silent.
fn cutoff(ctx: &Ctx) -> chrono::NaiveDate {
    ctx.today() - Duration::days(i64::from(ctx.settings.silent_days))
}

/// Cases that the actor may see and that are about any of these people, open ones first.
///
/// # Errors
/// The database refuses.
pub async fn about(conn: &mut Conn, ctx: &Ctx, people: &[PersonId]) -> Result<Vec<CaseCard>> {
    let q = sql("select {card} from room r join cases_case c on c.room_id = r.id
                  where r.id in (select rp.room_id from room_person rp where rp.person_id in (:people)) and {visible}
                  order by case when r.closed_at is null then 0 else 1 end, c.opened_on desc, c.room_id limit 20")
        .slot("{card}", CARD)
        .slot("{visible}", VISIBLE)
        .bind_all("people", people.iter().copied().take(200));
    conn.rows(access::bind_actor(q, ctx))
        .await?
        .iter()
        .map(card_from)
        .collect()
}

/// Cards of these cases, of those that the actor may open, in their order of opening.
///
/// # Errors
/// The database refuses.
pub async fn of_rooms(conn: &mut Conn, ctx: &Ctx, rooms: &[RoomId]) -> Result<Vec<CaseCard>> {
    let mut cards = Vec::new();
    for part in rooms.chunks(400) {
        let q = sql(
            "select {card} from room r join cases_case c on c.room_id = r.id
                      where r.id in (:ids) and {visible} order by c.opened_on, c.room_id",
        )
        .slot("{card}", CARD)
        .slot("{visible}", VISIBLE)
        .bind_all("ids", part.iter().copied());
        for row in conn.rows(access::bind_actor(q, ctx)).await? {
            cards.push(card_from(&row)?);
        }
    }
    Ok(cards)
}

/// Cases linked to this one (the one before, or the one after) that the actor may see.
///
/// # Errors
/// The database refuses.
pub async fn linked(conn: &mut Conn, ctx: &Ctx, room: RoomId) -> Result<Vec<CaseCard>> {
    let q = sql("select {card} from room r join cases_case c on c.room_id = r.id
                  where r.id in (select earlier_room_id from cases_link where room_id = :room
                                 union select room_id from cases_link where earlier_room_id = :room) and {visible}
                  order by c.opened_on desc, c.room_id limit 20")
        .slot("{card}", CARD)
        .slot("{visible}", VISIBLE)
        .bind("room", room);
    conn.rows(access::bind_actor(q, ctx))
        .await?
        .iter()
        .map(card_from)
        .collect()
}

/// What a room is called in lists of other things (tasks, notices).
#[derive(Debug, Clone)]
pub struct RoomLabel {
    /// Consultation or case.
    pub kind: RoomKind,
    /// 相R8-00123, ケR8-00045
    pub number: String,
    /// The case's name; empty for a consultation.
    pub label: String,
}

/// Names of rooms, of those that the actor may open now; the others are simply missing.
///
/// # Errors
/// The database refuses.
pub async fn labels(
    conn: &mut Conn,
    ctx: &Ctx,
    rooms: &[RoomId],
) -> Result<HashMap<RoomId, RoomLabel>> {
    let mut names = HashMap::new();
    for part in rooms.chunks(400) {
        let q = sql("select r.id, r.kind, r.number, coalesce(c.label, '') as label from room r left join cases_case c on c.room_id = r.id
                      where r.id in (:ids) and {visible}")
            .slot("{visible}", VISIBLE)
            .bind_all("ids", part.iter().copied());
        for r in conn.rows(access::bind_actor(q, ctx)).await? {
            names.insert(
                r.get("id")?,
                RoomLabel {
                    kind: r.get("kind")?,
                    number: r.get("number")?,
                    label: r.get("label")?,
                },
            );
        }
    }
    Ok(names)
}
