//! SQL of this domain. Rooms, keys and the log are the kernel's tables; this is the domain that
//! shows them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{Role, RoomKey, RoomKind},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
    id::{BodyId, PersonId, RoomId, StaffId, new_uuid},
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::words::Group;

/// What a page of a room needs before the room is opened.
#[derive(Debug, Clone)]
pub struct About {
    pub kind: RoomKind,
    pub number: String,
}

/// Kind and number of a room of this municipality. Says nothing to the user: `access::open` decides
/// whether the room may be known.
pub async fn about(conn: &mut Conn, ctx: &Ctx, room: RoomId) -> Result<About> {
    let r = conn
        .one(
            sql("select kind, number from room where id = :room and municipality_id = :m")
                .bind("room", room)
                .bind("m", ctx.municipality),
        )
        .await?;
    Ok(About {
        kind: r.get("kind")?,
        number: r.get("number")?,
    })
}

/// Numbers of rooms, for the auditor's list.
pub async fn numbers(conn: &mut Conn, rooms: &[RoomId]) -> Result<HashMap<RoomId, String>> {
    let mut found = HashMap::new();
    for ids in rooms.chunks(400) {
        let q = sql("select id, number from room where id in (:ids)")
            .bind_all("ids", ids.iter().copied());
        for r in conn.rows(q).await? {
            found.insert(r.get("id")?, r.get("number")?);
        }
    }
    Ok(found)
}

/// Writes down which rooms a search showed; the search itself is one entry of the log, in the same
/// transaction.
///
/// # Errors
/// The database refuses.
pub async fn note_search_hits(tx: &mut Tx, ctx: &Ctx, rooms: &[RoomId]) -> Result<()> {
    for rooms in rooms.chunks(400) {
        tx.exec(
            sql("insert into rooms_search_hit (room_id, id, staff_id, at)
                 select r.id, :id, :me, :now from room r where r.id in (:rooms)")
            .bind("id", new_uuid())
            .bind("me", ctx.actor.staff)
            .bind("now", ctx.now())
            .bind_all("rooms", rooms.iter().copied()),
        )
        .await?;
    }
    Ok(())
}

/// One line of a room's log.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub staff: Option<StaffId>,
    pub action: String,
    pub detail: Json,
}

/// The log of a room, search hits included, newest first; `before` is the last id of the page
/// before.
pub async fn log(
    conn: &mut Conn,
    key: &RoomKey,
    group: Option<Group>,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Line>> {
    let (actions, listed) = group.map_or((&[][..], false), Group::actions);
    let (which, hits) = match group {
        None => ("", ""),
        Some(Group::Search) => ("and 1 = 0", ""),
        Some(_) if listed => ("and action in (:actions)", "and 1 = 0"),
        Some(_) => ("and action not in (:actions)", "and 1 = 0"),
    };
    let q = sql("select l.id, l.at, l.staff_id, l.action, l.detail from (
            select id, at, staff_id, action, detail from audit_entry where room_id = :room and id < :before {which}
            union all
            select id, at, staff_id, 'search.hit' as action, '' as detail from rooms_search_hit where room_id = :room and id < :before {hits}
        ) l order by l.id desc limit :limit")
        .slot("{which}", which)
        .slot("{hits}", hits)
        .bind("room", key.room())
        .bind("before", before.unwrap_or(Uuid::max()))
        .bind("limit", limit)
        .bind_all("actions", actions.iter().copied());
    conn.rows(q)
        .await?
        .iter()
        .map(|r| {
            Ok(Line {
                id: r.get("id")?,
                at: r.get("at")?,
                staff: r.opt("staff_id")?,
                action: r.get("action")?,
                detail: serde_json::from_str(&r.get::<String>("detail")?).unwrap_or_default(),
            })
        })
        .collect()
}

/// Those of the staff who are, or were, lay receivers (民生委員, 協力者).
pub async fn lay_receivers(conn: &mut Conn, staff: &[StaffId]) -> Result<HashSet<StaffId>> {
    let mut found = HashSet::new();
    for ids in staff.chunks(400) {
        let q =
            sql("select distinct staff_id from posting where role = :entry and staff_id in (:ids)")
                .bind("entry", Role::Entry)
                .bind_all("ids", ids.iter().copied());
        for r in conn.rows(q).await? {
            found.insert(r.get("staff_id")?);
        }
    }
    Ok(found)
}

/// A declared conflict of interest that still holds.
#[derive(Debug, Clone)]
pub struct Conflict {
    pub id: Uuid,
    pub staff: StaffId,
    pub staff_name: String,
    pub person: PersonId,
    pub relation: String,
    pub declared_at: DateTime<Utc>,
}

fn conflict(r: &Row) -> Result<Conflict> {
    Ok(Conflict {
        id: r.get("id")?,
        staff: r.get("staff_id")?,
        staff_name: r.get("name")?,
        person: r.get("person_id")?,
        relation: r.get("relation")?,
        declared_at: r.get("declared_at")?,
    })
}

const CONFLICTS: &str = "select c.id, c.staff_id, s.name, c.person_id, c.relation, c.declared_at
  from access_conflict c join staff s on s.id = c.staff_id
 where c.ended_at is null and s.municipality_id = :m";

/// The actor's own, newest first.
pub async fn my_conflicts(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Conflict>> {
    let q = sql(CONFLICTS)
        .push("and c.staff_id = :me order by c.declared_at desc limit 200")
        .bind("m", ctx.municipality)
        .bind("me", ctx.actor.staff);
    conn.rows(q).await?.iter().map(conflict).collect()
}

/// Those of the staff of these bodies, other people's only.
pub async fn conflicts_of_bodies(
    conn: &mut Conn,
    ctx: &Ctx,
    bodies: &[BodyId],
) -> Result<Vec<Conflict>> {
    let q = sql(CONFLICTS)
        .push(
            "and c.staff_id <> :me and exists (select 1 from posting p where p.staff_id = c.staff_id and p.body_id in (:bodies)
                and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today))
             order by s.kana, s.name, c.declared_at desc limit 500",
        )
        .bind("m", ctx.municipality)
        .bind("me", ctx.actor.staff)
        .bind("today", ctx.today())
        .bind_all("bodies", bodies.iter().copied());
    conn.rows(q).await?.iter().map(conflict).collect()
}

/// Rooms about a person whose owner the actor is: they need another one when the actor declares a
/// conflict.
pub async fn owned_rooms_about(
    conn: &mut Conn,
    ctx: &Ctx,
    person: PersonId,
) -> Result<Vec<(RoomId, engawa_kernel::id::DeskId)>> {
    let q = sql("select r.id, r.owner_desk_id from room r join room_person rp on rp.room_id = r.id
                  where rp.person_id = :person and r.closed_at is null and r.owner_posting_id in (:mine) limit 100")
        .bind("person", person)
        .bind_all("mine", ctx.actor.postings.iter().map(|p| p.id));
    conn.rows(q)
        .await?
        .iter()
        .map(|r| Ok((r.get("id")?, r.get("owner_desk_id")?)))
        .collect()
}

/// Who holds a posting, to tell that a key was taken back.
pub async fn staff_of(
    conn: &mut Conn,
    posting: engawa_kernel::id::PostingId,
) -> Result<Option<StaffId>> {
    conn.row(sql("select staff_id from posting where id = :p").bind("p", posting))
        .await?
        .map(|r| r.get("staff_id"))
        .transpose()
}
