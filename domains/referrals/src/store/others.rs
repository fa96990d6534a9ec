//! Other hand-overs about the same people: mine to open, or another's to ask about. Neither blocks.

use engawa_kernel::{
    access::{self, Duty, RoomKey, VISIBLE},
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    id::{PersonId, RoomId},
};

use super::sheet::{COLUMNS, from_row};
use crate::model::Sheet;

/// What else goes on.
#[derive(Debug, Clone, Default)]
pub struct Others {
    /// Sheets that the actor may open.
    pub mine: Vec<Sheet>,
    /// Whom to ask about those that stay shut, without content.
    pub contacts: Vec<String>,
}

/// Open hand-overs about these people. Of a sealed record or a protected person nothing is said.
///
/// # Errors
/// The database refuses.
pub async fn about(
    conn: &mut Conn,
    ctx: &Ctx,
    _source: &RoomKey,
    people: &[PersonId],
) -> Result<Others> {
    let mut others = Others::default();
    if people.is_empty() {
        return Ok(others);
    }
    let which = "referrals_sheet s join room r on r.id = s.room_id
          where s.room_id in (select p.room_id from referrals_person p where p.person_id in (:people))
            and s.state not in ('draft', 'closed', 'withdrawn')";
    let q = sql("select {columns} from {which} and {visible} order by s.sent_at desc limit 20")
        .slot("{columns}", COLUMNS)
        .slot("{which}", which)
        .slot("{visible}", VISIBLE)
        .bind_all("people", people.iter().copied().take(400));
    for row in conn.rows(access::bind_actor(q, ctx)).await? {
        others.mine.push(from_row(&row)?);
    }
    if !ctx.actor.may(Duty::KnowExistence) {
        return Ok(others);
    }
    let q = sql("select distinct s.source_room_id from {which} and not {visible} limit 20")
        .slot("{which}", which)
        .slot("{visible}", VISIBLE)
        .bind_all("people", people.iter().copied().take(400));
    for row in conn.rows(access::bind_actor(q, ctx)).await? {
        let source: RoomId = row.get("source_room_id")?;
        if let Some(contact) = access::contact_of(conn, source).await?
            && !others.contacts.contains(&contact)
        {
            others.contacts.push(contact);
        }
    }
    Ok(others)
}
