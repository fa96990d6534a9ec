//! Every SQL statement of this domain. What lies in a room is read and written only with its key.

pub mod addresses;
pub mod candidates;
pub mod cards;
pub mod consent;
pub mod household;
pub mod index;
pub mod members;
pub mod merge;
pub mod names;
pub mod permission;
pub mod person;
pub mod protection;
pub mod protection_list;
pub mod relationships;
pub mod unused;

use engawa_kernel::{
    access::RoomKey,
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{PersonId, StaffId},
};
use serde::de::DeserializeOwned;

/// A list longer than this is cut; no household or room is about more people.
pub const MAX_PEOPLE: i64 = 500;

/// Stops everything about a person whom the opened room is not about.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn in_room(conn: &mut Conn, key: &RoomKey, person: PersonId) -> Result<()> {
    conn.one(
        sql("select 1 as n from room_person where room_id = :room and person_id = :person")
            .bind("room", key.room())
            .bind("person", person),
    )
    .await
    .map(|_| ())
}

/// As [`in_room`] for a change: needs a writing key, and a record that was not merged away.
///
/// # Errors
/// [`Error::NotFound`], a reading key, or the sentence about the merge.
pub async fn writable(tx: &mut Tx, key: &RoomKey, person: PersonId) -> Result<()> {
    key.need_write()?;
    in_room(tx, key, person).await?;
    let row = tx
        .one(sql("select merged_into from people_person where id = :id").bind("id", person))
        .await?;
    match row.opt::<PersonId>("merged_into")? {
        Some(_) => Err(Error::Invalid(
            "この記録は別の記録に統合されています。書き込みは統合先の記録に行ってください。".into(),
        )),
        None => Ok(()),
    }
}

/// Whether the one flag withholds.
pub(crate) async fn is_protected(conn: &mut Conn, person: PersonId) -> Result<bool> {
    Ok(conn
        .row(sql("select 1 as n from protected_person where person_id = :p").bind("p", person))
        .await?
        .is_some())
}

/// Lists of ids or codes are stored as JSON arrays. An unreadable one is a defect of the data.
pub(crate) fn json_list<T: DeserializeOwned>(text: &str) -> Result<Vec<T>> {
    Ok(serde_json::from_str(text)?)
}

/// Names of staff for "who and when".
///
/// # Errors
/// The database refuses.
pub async fn staff_name(conn: &mut Conn, ctx: &Ctx, staff: StaffId) -> Result<String> {
    if staff == ctx.actor.staff {
        return Ok(ctx.actor.name.clone());
    }
    let row = conn
        .row(
            sql("select name from staff where id = :id and municipality_id = :m")
                .bind("id", staff)
                .bind("m", ctx.municipality),
        )
        .await?;
    Ok(row
        .map(|r| r.get("name"))
        .transpose()?
        .unwrap_or_else(|| "システム".into()))
}
