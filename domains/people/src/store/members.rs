//! Dated memberships: one at a time, nobody else is touched.

use chrono::NaiveDate;
use engawa_kernel::{
    access::RoomKey,
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
    id::{HouseholdId, PersonId},
};
use serde_json::json;

use super::{household::of_this_room, in_room, person};
use crate::model::{MemberId, NewMember};

/// Adds a member from a day on.
///
/// # Errors
/// [`Error::NotFound`] for somebody whom the actor may not know.
pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    household: HouseholdId,
    new: &NewMember,
) -> Result<MemberId> {
    key.need_write()?;
    if in_room(tx, key, new.person).await.is_err() {
        person::add_to_room(tx, ctx, key, new.person).await?;
    }
    let id = MemberId::new();
    tx.exec(
        sql("insert into people_member (id, household_id, person_id, relation, co_resident, valid_from, version, created_at, created_by)
             values (:id, :h, :p, :relation, :co, :from, 1, :now, :by)")
            .bind("id", id)
            .bind("h", household)
            .bind("p", new.person)
            .bind("relation", new.relation.as_str())
            .bind("co", new.co_resident)
            .bind("from", new.from)
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("household.member")
            .room(key.room())
            .person(new.person)
            .detail(json!({ "household": household, "member": id })),
    )
    .await?;
    Ok(id)
}

/// What of a membership was changed.
#[derive(Clone, Debug)]
pub struct MemberChange {
    /// Which.
    pub id: MemberId,
    /// Code of `CodeList::Kinship`.
    pub relation: String,
    /// 同居
    pub co_resident: bool,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Written by mistake: leaves the lists, keeps its row.
    pub void: bool,
}

/// Changes one membership; no other member is touched.
///
/// # Errors
/// [`Error::NotFound`] when it is not of this household.
pub async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    household: HouseholdId,
    change: &MemberChange,
) -> Result<()> {
    key.need_write()?;
    let n = tx
        .exec(
            sql("update people_member set relation = :relation, co_resident = :co, valid_from = :from, valid_to = :to,
                    voided_at = :void, version = version + 1
                  where id = :id and household_id = :h and voided_at is null")
                .bind("relation", change.relation.as_str())
                .bind("co", change.co_resident)
                .bind("from", change.from)
                .bind("to", change.to)
                .bind("void", change.void.then(|| ctx.now()))
                .bind("id", change.id)
                .bind("h", household),
        )
        .await?;
    if n != 1 {
        return Err(Error::NotFound);
    }
    audit::append(
        tx,
        ctx,
        Entry::new("household.member")
            .room(key.room())
            .detail(json!({ "household": household, "member": change.id, "void": change.void })),
    )
    .await
}

/// Ends a person's membership on its last day; nobody else moves.
///
/// # Errors
/// The database refuses.
pub async fn leave(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    household: HouseholdId,
    person: PersonId,
    last: NaiveDate,
) -> Result<()> {
    key.need_write()?;
    of_this_room(tx, key, household).await?;
    tx.exec(
        sql("update people_member set valid_to = :last, version = version + 1
              where household_id = :h and person_id = :p and voided_at is null and (valid_to is null or valid_to > :last)
                and (valid_from is null or valid_from <= :last)")
            .bind("last", last)
            .bind("h", household)
            .bind("p", person),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("household.left")
            .room(key.room())
            .person(person)
            .detail(json!({ "household": household })),
    )
    .await
}

/// Keeps the membership but no longer under one roof.
///
/// # Errors
/// The database refuses.
pub async fn live_apart(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    household: HouseholdId,
    person: PersonId,
) -> Result<()> {
    key.need_write()?;
    of_this_room(tx, key, household).await?;
    tx.exec(
        sql("update people_member set co_resident = :no, version = version + 1
              where household_id = :h and person_id = :p and voided_at is null and (valid_to is null or valid_to >= :today)")
            .bind("no", false)
            .bind("h", household)
            .bind("p", person)
            .bind("today", ctx.today()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("household.apart")
            .room(key.room())
            .person(person)
            .detail(json!({ "household": household })),
    )
    .await
}
