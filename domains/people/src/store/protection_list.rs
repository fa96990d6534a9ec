//! Protections in force in the rooms that the actor may open.

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, RoomKind, VISIBLE},
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    id::{PersonId, RoomId},
};

use super::{candidates::visible_room, cards};
use crate::model::{ProtectionId, ProtectionKind};

/// Lines at most.
const MAX: i64 = 500;

/// One line; nothing in it tells where somebody is.
#[derive(Clone, Debug)]
pub struct Line {
    /// The application.
    pub id: ProtectionId,
    /// Whom it protects.
    pub person: PersonId,
    /// As screens call them.
    pub shown_name: String,
    /// A room through which the actor sees them.
    pub room: RoomId,
    /// What that room is.
    pub room_kind: RoomKind,
    /// Why.
    pub kind: ProtectionKind,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// 根拠文書番号
    pub document: String,
}

/// Soonest end first.
///
/// # Errors
/// The database refuses.
pub async fn visible(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Line>> {
    let q = sql("select x.id, x.person_id, x.kind, x.starts_on, x.ends_on, x.document
                   from people_protection x join people_person p on p.id = x.person_id
                  where p.municipality_id = :m and x.ended_at is null and exists (
                    select 1 from room_person about join room r on r.id = about.room_id where about.person_id = x.person_id and")
        .push(VISIBLE)
        .push(") order by x.ends_on, x.id limit :limit")
        .bind("m", ctx.municipality)
        .bind("limit", MAX);
    let rows = conn.rows(access::bind_actor(q, ctx)).await?;
    let people = rows
        .iter()
        .map(|r| r.get("person_id"))
        .collect::<Result<Vec<PersonId>>>()?;
    let cards = cards::load(conn, ctx, &people).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for r in &rows {
        let person: PersonId = r.get("person_id")?;
        let Some(room) = visible_room(conn, ctx, person).await? else {
            continue;
        };
        let kind = conn
            .one(sql("select kind from room where id = :room").bind("room", room))
            .await?;
        lines.push(Line {
            id: r.get("id")?,
            person,
            shown_name: cards
                .iter()
                .find(|c| c.id == person)
                .map(|c| c.shown_name.clone())
                .unwrap_or_default(),
            room,
            room_kind: kind.get("kind")?,
            kind: r.get("kind")?,
            starts_on: r.get("starts_on")?,
            ends_on: r.get("ends_on")?,
            document: r.get("document")?,
        });
    }
    Ok(lines)
}
