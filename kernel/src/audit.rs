//! The log: who read, wrote, printed, exported, was refused. Nobody can rewrite it.
//!
//! Entries are appended in the caller's transaction. Sealing gives each the next leaf of a Merkle
//! tree (RFC 6962) and signs the tree's head; [`verify`] proves that no sealed entry was changed,
//! removed or inserted. `serve` seals every second and when it stops.

mod given_up;
mod merkle;
mod seal;

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use uuid::Uuid;

pub(crate) use given_up::{Turns, watch};
pub use seal::{Report, Signer, seal, verify};

use crate::{
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::{PersonId, RoomId, new_uuid},
};

/// What is written down.
#[derive(Debug, Clone)]
pub struct Entry {
    action: &'static str,
    room: Option<RoomId>,
    person: Option<PersonId>,
    detail: Json,
}

impl Entry {
    /// An action such as `room.read`, `consultation.received`, `person.merge`.
    #[must_use]
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            room: None,
            person: None,
            detail: json!({}),
        }
    }
    /// In which room.
    #[must_use]
    pub fn room(mut self, room: RoomId) -> Self {
        self.room = Some(room);
        self
    }
    /// About whom.
    #[must_use]
    pub fn person(mut self, person: PersonId) -> Self {
        self.person = Some(person);
        self
    }
    /// Ids and codes; never a name, never a word of a record.
    #[must_use]
    pub fn detail(mut self, detail: Json) -> Self {
        self.detail = detail;
        self
    }
}

/// Appends an entry in the caller's transaction, which may then be committed.
///
/// # Errors
/// The database refuses.
pub async fn append(tx: &mut Tx, ctx: &Ctx, entry: Entry) -> Result<()> {
    let posting = ctx.actor.postings.first().map(|p| p.id);
    tx.exec(
        sql("insert into audit_entry (id, at, municipality_id, staff_id, posting_id, action, room_id, person_id, detail)
             values (:id, :at, :m, :staff, :posting, :action, :room, :person, :detail)")
            .bind("id", new_uuid())
            .bind("at", ctx.now())
            .bind("m", ctx.municipality)
            .bind("staff", ctx.actor.staff)
            .bind("posting", posting)
            .bind("action", entry.action)
            .bind("room", entry.room)
            .bind("person", entry.person)
            .bind("detail", entry.detail.to_string()),
    )
    .await?;
    tx.mark_audited();
    Ok(())
}

/// Appends an entry with the actor's stated reason (break-glass, reveal): the only words of a
/// person that the log holds, and they are the actor's own.
///
/// # Errors
/// The database refuses.
pub async fn append_with_reason(
    tx: &mut Tx,
    ctx: &Ctx,
    mut entry: Entry,
    reason: &str,
) -> Result<()> {
    if let Json::Object(map) = &mut entry.detail {
        map.insert("reason".into(), reason.into());
    }
    append(tx, ctx, entry).await
}

/// One line of the log.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none for the system.
    pub staff: Option<crate::id::StaffId>,
    /// What.
    pub action: String,
    /// Where.
    pub room: Option<RoomId>,
    /// About whom.
    pub person: Option<PersonId>,
    /// Ids and codes.
    pub detail: Json,
}

/// "Who has seen, printed, exported this": newest first, a page at a time. `before` is the id of the
/// last line of the page before. Needs the key of the room.
///
/// # Errors
/// The database refuses.
pub async fn of_room(
    conn: &mut crate::db::Conn,
    key: &crate::access::RoomKey,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Line>> {
    lines(
        conn,
        sql("select id, at, staff_id, action, room_id, person_id, detail from audit_entry where room_id = :room and id < :before order by id desc limit :limit")
            .bind("room", key.room())
            .bind("before", before.unwrap_or(Uuid::max()))
            .bind("limit", limit.clamp(1, 500)),
    )
    .await
}

/// How often each room was acted upon: every line of the log about it but those of reading. Whoever
/// remembers the number of an hour can tell whether anybody worked there since.
///
/// # Errors
/// The database refuses.
pub async fn acts_in(
    conn: &mut crate::db::Conn,
    rooms: &[RoomId],
) -> Result<std::collections::HashMap<RoomId, i64>> {
    let q = sql("select room_id, count(*) as n from audit_entry where room_id in (:rooms) and action <> 'room.read' group by room_id")
        .bind_all("rooms", rooms.iter().copied());
    conn.rows(q)
        .await?
        .iter()
        .map(|r| Ok((r.get("room_id")?, r.get("n")?)))
        .collect()
}

/// The log as auditors page through it: ids, codes and times, no content.
///
/// # Errors
/// The actor does not carry [`crate::access::Duty::ReadLog`].
pub async fn of_municipality(ctx: &Ctx, before: Option<Uuid>, limit: i64) -> Result<Vec<Line>> {
    ctx.need(crate::access::Duty::ReadLog)?;
    let mut conn = ctx.read().await?;
    lines(
        &mut conn,
        sql("select id, at, staff_id, action, room_id, person_id, detail from audit_entry where municipality_id = :m and id < :before order by id desc limit :limit")
            .bind("m", ctx.municipality)
            .bind("before", before.unwrap_or(Uuid::max()))
            .bind("limit", limit.clamp(1, 500)),
    )
    .await
}

async fn lines(conn: &mut crate::db::Conn, q: crate::db::Sql) -> Result<Vec<Line>> {
    conn.rows(q)
        .await?
        .iter()
        .map(|r| {
            Ok(Line {
                id: r.get("id")?,
                at: r.get("at")?,
                staff: r.opt("staff_id")?,
                action: r.get("action")?,
                room: r.opt("room_id")?,
                person: r.opt("person_id")?,
                detail: serde_json::from_str(&r.get::<String>("detail")?).unwrap_or_default(),
            })
        })
        .collect()
}
