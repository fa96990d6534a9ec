//! 引き継ぎの確認: a successor says of each case that they have taken it over. What waits is bound to
//! who leads the case today: a case handed on or closed meanwhile waits for nobody.

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, Duty, RoomKey, VISIBLE},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Sql, Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::{DeskId, PostingId, RoomId, new_uuid},
};
use serde_json::json;
use uuid::Uuid;

/// Lines of a list at most; more are counted on the page that shows them.
pub const LIMIT: i64 = 500;

/// A case that its successor has not confirmed yet.
#[derive(Debug, Clone)]
pub struct Takeover {
    /// Its id.
    pub id: Uuid,
    /// The case.
    pub room: RoomId,
    /// ケR8-00045
    pub number: String,
    /// As lists call it; only for who has a key.
    pub label: String,
    /// The leaver.
    pub from: Option<PostingId>,
    /// The successor.
    pub to: PostingId,
    /// Since when it waits.
    pub handed_on: NaiveDate,
    /// Open tasks in it.
    pub tasks: i64,
}

/// From the few that wait to their rooms; left to itself SQLite would look through all rooms.
const WAITING: &str = "select t.id, t.room_id, t.from_posting_id, t.to_posting_id, t.handed_on, r.number, c.label,
           (select count(*) from task k where k.room_id = t.room_id and k.done_at is null) as tasks
      from cases_takeover t cross join room r cross join cases_case c
     where r.id = t.room_id and r.owner_posting_id = t.to_posting_id and c.room_id = t.room_id
       and t.confirmed_at is null and t.dropped_at is null and r.closed_at is null and r.municipality_id = :m";

fn from_row(r: &Row) -> Result<Takeover> {
    Ok(Takeover {
        id: r.get("id")?,
        room: r.get("room_id")?,
        number: r.get("number")?,
        label: r.get("label")?,
        from: r.opt("from_posting_id")?,
        to: r.get("to_posting_id")?,
        handed_on: r.get("handed_on")?,
        tasks: r.get("tasks")?,
    })
}

async fn listed(conn: &mut Conn, ctx: &Ctx, q: Sql) -> Result<Vec<Takeover>> {
    let q = q
        .push("order by t.handed_on, r.number limit :limit")
        .bind("limit", LIMIT)
        .bind("m", ctx.municipality);
    conn.rows(q).await?.iter().map(from_row).collect()
}

/// What waits for the actor, oldest first; only cases that the actor may open.
///
/// # Errors
/// The database refuses.
pub async fn mine(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Takeover>> {
    let q = sql(WAITING)
        .push("and t.to_posting_id in (:own) and")
        .push(VISIBLE)
        .bind_all("own", ctx.actor.postings.iter().map(|p| p.id));
    listed(conn, ctx, access::bind_actor(q, ctx)).await
}

/// What waits at the desks that the actor answers for: all of them for who manages staff, the own
/// ones for who may reassign, none for others. Says numbers; the page shows names only of cases that
/// the actor has a key to.
///
/// # Errors
/// The database refuses.
pub async fn of_desks(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Takeover>> {
    let q = if ctx.actor.may(Duty::ManageStaff) {
        sql(WAITING)
    } else {
        let own: Vec<DeskId> = ctx
            .actor
            .postings
            .iter()
            .filter(|p| p.role.may(Duty::Reassign))
            .filter_map(|p| p.desk)
            .collect();
        if own.is_empty() {
            return Ok(Vec::new());
        }
        sql(WAITING)
            .push("and r.owner_desk_id in (:own)")
            .bind_all("own", own)
    };
    listed(conn, ctx, q).await
}

/// What waits in this case for the actor; none when nothing does.
///
/// # Errors
/// The database refuses.
pub async fn of_case(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Option<Takeover>> {
    let q = sql(WAITING)
        .push("and t.room_id = :room and t.to_posting_id in (:own)")
        .bind("room", key.room())
        .bind_all("own", ctx.actor.postings.iter().map(|p| p.id));
    Ok(listed(conn, ctx, q).await?.into_iter().next())
}

/// 「引き継ぎました」. Logged; counted as `case.taken_over`.
///
/// # Errors
/// Nothing waits here for the actor: it was confirmed, handed on or closed meanwhile.
pub async fn confirm(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, note: &str) -> Result<()> {
    key.need_write()?;
    let Some(waiting) = of_case(tx, ctx, key).await? else {
        return Err(Error::Invalid(
            "このケースに、あなたの確認を待つ引き継ぎはありません。すでに確認したか、ほかの人に引き継がれています。".into(),
        ));
    };
    tx.exec_versioned(
        sql(
            "update cases_takeover set confirmed_at = :now, confirmed_by = :me, note = :note
              where id = :id and confirmed_at is null and dropped_at is null",
        )
        .bind("now", ctx.now())
        .bind("me", ctx.actor.staff)
        .bind("note", note)
        .bind("id", waiting.id),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("takeover.confirmed")
            .room(key.room())
            .detail(json!({ "takeover": waiting.id })),
    )
    .await?;
    event::record(
        tx,
        ctx,
        Event {
            room: Some(key.room()),
            desk: Some(key.owner_desk()),
            source: Some(waiting.id),
            ..Event::new("case.taken_over", ctx.today())
        },
    )
    .await
}

/// From whom to whom cases go.
#[derive(Clone, Copy)]
pub(super) struct Change {
    /// The leaver; none when a desk had them.
    pub from: Option<PostingId>,
    /// The successor; none when a desk takes them.
    pub to: Option<PostingId>,
}

impl Change {
    /// Whether another person takes over. A desk has read nothing, and a person's new posting
    /// changes nothing about what they know.
    async fn of_person(self, tx: &mut Tx, ctx: &Ctx) -> Result<Option<PostingId>> {
        let Some(to) = self.to else { return Ok(None) };
        let both: Vec<PostingId> = self.from.into_iter().chain([to]).collect();
        let people = engawa_organisations::postings(tx, ctx, &both).await?;
        let staff = |p: PostingId| people.get(&p).map(|p| p.staff);
        let same = self.from.is_some_and(|from| staff(from) == staff(to));
        Ok((!same).then_some(to))
    }
}

/// Notes for each open case that changes hands that its successor is to confirm it; what waited
/// for the one before waits no more.
pub(super) async fn wait_for(
    tx: &mut Tx,
    ctx: &Ctx,
    change: Change,
    cases: &[RoomId],
) -> Result<()> {
    for part in cases.chunks(400) {
        tx.exec(
            sql("update cases_takeover set dropped_at = :now
                  where room_id in (:rooms) and confirmed_at is null and dropped_at is null")
            .bind("now", ctx.now())
            .bind_all("rooms", part.iter().copied()),
        )
        .await?;
    }
    let Some(to) = change.of_person(tx, ctx).await? else {
        return Ok(());
    };
    for room in cases {
        tx.exec(
            sql("insert into cases_takeover (id, room_id, from_posting_id, to_posting_id, handed_on, handed_by, note)
                 select :id, r.id, :from, :to, :today, :by, '' from room r where r.id = :room and r.closed_at is null")
                .bind("id", new_uuid())
                .bind("from", change.from)
                .bind("to", to)
                .bind("today", ctx.today())
                .bind("by", ctx.actor.staff)
                .bind("room", *room),
        )
        .await?;
    }
    Ok(())
}
