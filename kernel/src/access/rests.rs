//! Keys that rest on what a person agreed to. The domain that keeps consents takes them back in the
//! same transaction in which a consent ends, without knowing what cut them.

use uuid::Uuid;

use crate::{
    db::{Conn, Tx, sql},
    error::Result,
    id::{DeskId, GrantId, PersonId, RoomId},
};

/// A valid key that rests on somebody's consent.
#[derive(Debug, Clone, Copy)]
pub struct Resting {
    /// The key.
    pub grant: GrantId,
    /// What it opens.
    pub room: RoomId,
    /// The desk that the consent names.
    pub desk: DeskId,
    /// What cut it.
    pub source_id: Option<Uuid>,
}

/// Says that a key stands as long as this person agrees that the desk may know.
///
/// # Errors
/// The database refuses.
pub async fn rests_on(tx: &mut Tx, grant: GrantId, person: PersonId, desk: DeskId) -> Result<()> {
    tx.exec(
        sql("insert into access_rests_on (grant_id, person_id, desk_id) values (:grant, :person, :desk)
             on conflict (grant_id, person_id) do nothing")
            .bind("grant", grant)
            .bind("person", person)
            .bind("desk", desk),
    )
    .await?;
    Ok(())
}

/// The keys, not yet taken back, that rest on what these records of one person agreed to.
///
/// # Errors
/// The database refuses.
pub async fn resting_on(conn: &mut Conn, people: &[PersonId]) -> Result<Vec<Resting>> {
    conn.rows(
        sql("select g.id, g.room_id, g.source_id, x.desk_id from access_rests_on x join access_grant g on g.id = x.grant_id
              where x.person_id in (:people) and g.revoked_at is null order by g.id limit 500")
            .bind_all("people", people.iter().copied().take(400)),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Resting {
            grant: r.get("id")?,
            room: r.get("room_id")?,
            desk: r.get("desk_id")?,
            source_id: r.opt("source_id")?,
        })
    })
    .collect()
}
