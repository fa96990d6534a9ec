//! What those may know who hold no key: that there is support, and whom to ask.

use super::{Duty, VISIBLE, bind_actor};
use crate::{
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    id::{PersonId, RoomId},
};

/// Whom to ask about a room: desk and phone, or nothing when even that could cost a life (a
/// protected person is in it: the desk in charge tells where she lives).
///
/// # Errors
/// The database refuses.
pub async fn contact_of(conn: &mut Conn, room: RoomId) -> Result<Option<String>> {
    let row = conn
        .row(
            sql("select c.contact from room r join desk_contact c on c.desk_id = r.owner_desk_id
                  where r.id = :room and r.sealed is null
                    and not exists (select 1 from room_person rp join protected_person pp on pp.person_id = rp.person_id
                                     where rp.room_id = r.id)")
                .bind("room", room),
        )
        .await?;
    row.map(|r| r.get("contact")).transpose()
}

/// For a person whom the actor has no key to: whom to ask, if the actor may know at all. Who is too
/// close to somebody in the room is not told: the husband at the town hall does not learn that his
/// wife is being helped, and where.
///
/// # Errors
/// The database refuses.
pub async fn existence(conn: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<Option<String>> {
    if !ctx.actor.may(Duty::KnowExistence) {
        return Ok(None);
    }
    let rooms = conn
        .rows(
            sql("select r.id from room r join room_person rp on rp.room_id = r.id
                  where rp.person_id = :person and r.closed_at is null and r.sealed is null
                    and not exists (select 1 from access_conflict c join room_person other on other.person_id = c.person_id
                                     where c.staff_id = :me and c.ended_at is null and other.room_id = r.id)
                  order by r.opened_at desc limit 20")
                .bind("me", ctx.actor.staff)
                .bind("person", person),
        )
        .await?;
    for room in rooms {
        if let Some(contact) = contact_of(conn, room.get("id")?).await? {
            return Ok(Some(contact));
        }
    }
    Ok(None)
}

/// Whether any room that the actor has a key to is about this person.
///
/// # Errors
/// The database refuses.
pub async fn person_is_visible(conn: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<bool> {
    let q = sql("select 1 as n from room_person rp join room r on r.id = rp.room_id where rp.person_id = :person and")
        .push(VISIBLE)
        .push("limit 1")
        .bind("person", person);
    Ok(conn.row(bind_actor(q, ctx)).await?.is_some())
}
