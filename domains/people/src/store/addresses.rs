//! Address spells: dated, several kinds at once (HSE-09).

use engawa_kernel::{
    access::RoomKey,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::PersonId,
    protected::Protected,
};

use super::{in_room, is_protected, writable};
use crate::model::{Address, AddressId, AddressKind, NewAddress};

/// All spells, today's first, then the newest.
///
/// # Errors
/// [`engawa_kernel::error::Error::NotFound`] when the room is not about the person.
pub async fn of(conn: &mut Conn, key: &RoomKey, person: PersonId) -> Result<Vec<Address>> {
    in_room(conn, key, person).await?;
    let protected = is_protected(conn, person).await?;
    conn.rows(
        sql("select * from people_address where person_id = :p
              order by case when valid_to is null then 0 else 1 end, valid_to desc, valid_from desc, id desc limit 200")
            .bind("p", person),
    )
    .await?
    .iter()
    .map(|r| {
        let (text, town) = (r.get::<String>("text")?, r.get::<String>("municipality")?);
        let place = if town.is_empty() { text } else { format!("{text}（{town}）") };
        Ok(Address {
            id: r.get("id")?,
            kind: r.get("kind")?,
            place: Protected::new(place, protected),
            resident: r.get("resident")?,
            reason: Protected::new(r.get("reason")?, protected),
            valid_from: r.opt("valid_from")?,
            valid_to: r.opt("valid_to")?,
            version: r.get("version")?,
        })
    })
    .collect()
}

pub(super) async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    person: PersonId,
    new: &NewAddress,
) -> Result<AddressId> {
    let id = AddressId::new();
    tx.exec(
        sql("insert into people_address (id, person_id, kind, text, municipality, resident, reason, valid_from, valid_to, version, created_at, created_by)
             values (:id, :p, :kind, :text, :town, :resident, :reason, :from, :to, 1, :now, :by)")
            .bind("id", id)
            .bind("p", person)
            .bind("kind", new.kind)
            .bind("text", new.text.as_str())
            .bind("town", new.municipality.as_str())
            .bind("resident", new.resident)
            .bind("reason", new.reason.as_str())
            .bind("from", new.valid_from)
            .bind("to", new.valid_to)
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    Ok(id)
}

/// Adds a spell. With `end_others` the open spells of these kinds end the day before it begins.
///
/// # Errors
/// A reading key, or a room that is not about the person.
pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    new: &NewAddress,
    end_others: &[AddressKind],
) -> Result<AddressId> {
    writable(tx, key, person).await?;
    let last = new.valid_from.and_then(|d| d.pred_opt());
    if let Some(last) = last {
        tx.exec(
            sql(
                "update people_address set valid_to = :last, version = version + 1
                  where person_id = :p and kind in (:kinds) and valid_to is null
                    and (valid_from is null or valid_from <= :last)",
            )
            .bind("last", last)
            .bind("p", person)
            .bind_all("kinds", end_others.iter().copied()),
        )
        .await?;
    }
    let id = insert(tx, ctx, person, new).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("person.address")
            .room(key.room())
            .person(person)
            .detail(serde_json::json!({ "address": id, "kind": new.kind })),
    )
    .await?;
    Ok(id)
}

/// Ends a spell on its last day.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when somebody saved it in between.
pub async fn end(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    address: AddressId,
    version: i64,
    last: chrono::NaiveDate,
) -> Result<()> {
    writable(tx, key, person).await?;
    tx.exec_versioned(
        sql("update people_address set valid_to = :last, version = version + 1
              where id = :id and person_id = :p and version = :version and (valid_from is null or valid_from <= :last)")
            .bind("last", last)
            .bind("id", address)
            .bind("p", person)
            .bind("version", version),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("person.address")
            .room(key.room())
            .person(person)
            .detail(serde_json::json!({ "address": address, "ended": true })),
    )
    .await
}
