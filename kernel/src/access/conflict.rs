//! 利益相反: too close to a person in a room to open it.

use serde_json::json;
use uuid::Uuid;

use crate::{
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
    id::{PersonId, StaffId, new_uuid},
};

/// 利益相反の届け出: from now on the rooms of this person stay closed to that user. Logged.
///
/// # Errors
/// The database refuses.
pub async fn declare_conflict(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    person: PersonId,
    relation: &str,
) -> Result<Uuid> {
    let id = new_uuid();
    tx.exec(
        sql("insert into access_conflict (id, staff_id, person_id, relation, declared_by, declared_at) values (:id, :staff, :person, :relation, :by, :now)")
            .bind("id", id)
            .bind("staff", staff)
            .bind("person", person)
            .bind("relation", relation)
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("access.conflict")
            .person(person)
            .detail(json!({ "staff": staff, "conflict": id })),
    )
    .await?;
    Ok(id)
}

/// Ends a declared conflict. Nobody ends one for themselves.
///
/// # Errors
/// The actor is the person concerned, or there is no such open conflict.
pub async fn end_conflict(tx: &mut Tx, ctx: &Ctx, conflict: Uuid) -> Result<()> {
    let n = tx
        .exec(
            sql("update access_conflict set ended_at = :now where id = :id and ended_at is null and staff_id <> :me")
                .bind("now", ctx.now())
                .bind("id", conflict)
                .bind("me", ctx.actor.staff),
        )
        .await?;
    if n == 0 {
        return Err(Error::Forbidden(
            "利益相反の届け出を本人が取り消すことはできません。".into(),
        ));
    }
    audit::append(
        tx,
        ctx,
        Entry::new("access.conflict_end").detail(json!({ "conflict": conflict })),
    )
    .await
}
