//! 支援措置など (SEC-02): setting is easy and immediate, lifting takes two people, time opens nothing.

use engawa_kernel::{
    access::{self, Duty, RoomKey},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    id::PersonId,
    notices,
};
use serde_json::json;

use super::{in_room, index, is_protected, json_list, merge::Merge};
use crate::{
    model::{Lift, LiftId, NewProtection, Protection, ProtectionId, ProtectionKind},
    rules::protection::{default_end, may_confirm_lift, may_request_lift},
};

fn protection(r: &Row) -> Result<Protection> {
    Ok(Protection {
        id: r.get("id")?,
        person: r.get("person_id")?,
        kind: r.get("kind")?,
        starts_on: r.get("starts_on")?,
        ends_on: r.get("ends_on")?,
        hidden_from: json_list(&r.get::<String>("hidden_from")?)?,
        document: r.get("document")?,
        notes: r.get("notes")?,
        ended_at: r.opt("ended_at")?,
        ended_how: r.opt("ended_how")?,
        created_at: r.get("created_at")?,
        created_by: r.get("created_by")?,
    })
}

fn lift(r: &Row) -> Result<Lift> {
    Ok(Lift {
        id: r.get("id")?,
        protection: r.get("protection_id")?,
        reason: r.get("reason")?,
        checked_with: r.get("checked_with")?,
        requested_at: r.get("requested_at")?,
        requested_by: r.get("requested_by")?,
    })
}

/// Takes an application (or a new one while another runs or after it ran out). The flag that
/// withholds is set here, in the same transaction, for the record and all merged with it; an open
/// request to lift dies.
///
/// # Errors
/// The actor has neither a writing key nor the duty to decide; the room is not about the person.
pub async fn apply(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    new: &NewProtection,
) -> Result<ProtectionId> {
    if !ctx.actor.may(Duty::DecideProtection) {
        key.need_write()?;
    }
    in_room(tx, key, person).await?;
    let group = whole_group(tx, person).await?;
    tx.exec(
        sql("update people_protection set ended_at = :now, ended_how = 'renewed' where person_id in (:group) and ended_at is null")
            .bind("now", ctx.now())
            .bind_all("group", group.iter().copied()),
    )
    .await?;
    close_lifts(tx, ctx, &group, "reapplied").await?;
    let id = ProtectionId::new();
    tx.exec(
        sql("insert into people_protection (id, person_id, room_id, kind, starts_on, ends_on, hidden_from, document, notes, created_at, created_by)
             values (:id, :p, :room, :kind, :starts, :ends, :hidden, :document, :notes, :now, :by)")
            .bind("id", id)
            .bind("p", person)
            .bind("room", key.room())
            .bind("kind", new.kind)
            .bind("starts", new.starts_on)
            .bind("ends", new.ends_on)
            .bind("hidden", json!(new.hidden_from).to_string())
            .bind("document", new.document.as_str())
            .bind("notes", new.notes.as_str())
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    for member in &group {
        access::set_protected(tx, ctx, *member, true).await?;
        index::person(tx, ctx, *member).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("protection.applied")
            .room(key.room())
            .person(person)
            .detail(json!({ "protection": id, "kind": new.kind })),
    )
    .await?;
    notices::to_owner(
        tx,
        ctx,
        key.room(),
        "protection_applied",
        json!({ "person": person }),
    )
    .await?;
    Ok(id)
}

/// The record, the one it was merged into and everything merged with them: one human, one flag.
async fn whole_group(conn: &mut Conn, person: PersonId) -> Result<Vec<PersonId>> {
    let mut top = person;
    for _ in 0..20 {
        let row = conn
            .one(sql("select merged_into from people_person where id = :id").bind("id", top))
            .await?;
        match row.opt("merged_into")? {
            Some(next) => top = next,
            None => break,
        }
    }
    super::merge::group(conn, top).await
}

async fn close_lifts(tx: &mut Tx, ctx: &Ctx, group: &[PersonId], how: &'static str) -> Result<()> {
    tx.exec(
        sql("update people_protection_lift set closed_at = :now, closed_by = :by, closed_how = :how where person_id in (:group) and closed_at is null")
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("how", how)
            .bind_all("group", group.iter().copied()),
    )
    .await?;
    Ok(())
}

/// All applications of the person, newest first.
///
/// # Errors
/// [`Error::NotFound`] when the room is not about the person.
pub async fn of(conn: &mut Conn, key: &RoomKey, person: PersonId) -> Result<Vec<Protection>> {
    in_room(conn, key, person).await?;
    let group = whole_group(conn, person).await?;
    conn.rows(
        sql("select * from people_protection where person_id in (:group) order by id desc limit 100")
            .bind_all("group", group),
    )
    .await?
    .iter()
    .map(protection)
    .collect()
}

/// The application in force, if any.
///
/// # Errors
/// [`Error::NotFound`] when the room is not about the person.
pub async fn in_force(
    conn: &mut Conn,
    key: &RoomKey,
    person: PersonId,
) -> Result<Option<Protection>> {
    Ok(of(conn, key, person)
        .await?
        .into_iter()
        .find(|p| p.ended_at.is_none()))
}

/// The request to lift that waits for a second person.
///
/// # Errors
/// The database refuses.
pub async fn open_lift(conn: &mut Conn, key: &RoomKey, person: PersonId) -> Result<Option<Lift>> {
    in_room(conn, key, person).await?;
    let group = whole_group(conn, person).await?;
    conn.row(
        sql("select * from people_protection_lift where person_id in (:group) and closed_at is null order by id desc limit 1")
            .bind_all("group", group),
    )
    .await?
    .as_ref()
    .map(lift)
    .transpose()
}

/// What the first of two people states when asking to lift.
#[derive(Clone, Debug)]
pub struct LiftRequest {
    /// The application that the page or list named.
    pub protection: ProtectionId,
    /// When that page or list was made.
    pub seen_at: chrono::DateTime<chrono::Utc>,
    /// Why.
    pub reason: String,
    /// Whom one asked today whether there is a new application, and what they said.
    pub checked_with: String,
}

/// The first person asks. Nothing is opened yet.
///
/// # Errors
/// Not the duty, a list of another day, or a newer application.
pub async fn request_lift(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    request: &LiftRequest,
) -> Result<LiftId> {
    ctx.need(Duty::DecideProtection)?;
    let newest = in_force(tx, key, person).await?;
    may_request_lift(
        request.protection,
        request.seen_at,
        newest.as_ref(),
        ctx.now(),
    )?;
    if open_lift(tx, key, person).await?.is_some() {
        return Err(Error::Invalid(
            "解除の申請がすでに出ています。もう一人の承認を待ってください。".into(),
        ));
    }
    let id = LiftId::new();
    tx.exec(
        sql("insert into people_protection_lift (id, person_id, protection_id, reason, checked_with, requested_at, requested_by)
             values (:id, :p, :protection, :reason, :checked, :now, :by)")
            .bind("id", id)
            .bind("p", person)
            .bind("protection", request.protection)
            .bind("reason", request.reason.as_str())
            .bind("checked", request.checked_with.as_str())
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("protection.lift_requested")
            .room(key.room())
            .person(person)
            .detail(json!({ "lift": id, "protection": request.protection })),
    )
    .await?;
    notices::to_owner(
        tx,
        ctx,
        key.room(),
        "protection_lift_requested",
        json!({ "person": person }),
    )
    .await?;
    Ok(id)
}

/// The second person lifts, after a fresh check of their own.
///
/// # Errors
/// The same person as the first, not the duty, or a new application in between.
pub async fn confirm_lift(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    id: LiftId,
    checked_with: &str,
) -> Result<()> {
    ctx.need(Duty::DecideProtection)?;
    let lift = open_lift(tx, key, person)
        .await?
        .filter(|l| l.id == id)
        .ok_or_else(|| {
            Error::Invalid(
                "この解除の申請はもう有効ではありません（再申出、取り下げ、または承認済み）。秘匿は続いています。画面を開き直してください。".into(),
            )
        })?;
    let newest = in_force(tx, key, person).await?;
    may_confirm_lift(&lift, newest.as_ref(), ctx.actor.staff)?;
    let group = whole_group(tx, person).await?;
    // Only the application that the request was made for, only the request that was seen: of a
    // lifting and a re-application at the same moment one touches nothing, and all stays withheld.
    tx.exec_versioned(
        sql("update people_protection set ended_at = :now, ended_how = 'lifted' where id = :id and ended_at is null")
            .bind("now", ctx.now())
            .bind("id", lift.protection),
    )
    .await?;
    tx.exec_versioned(
        sql("update people_protection_lift set closed_at = :now, closed_by = :by, closed_how = 'lifted', confirmed_check = :check
              where id = :id and closed_at is null and requested_by <> :by")
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("check", checked_with)
            .bind("id", id),
    )
    .await?;
    // Of merged records each may have an application of its own; the flag stays with the last.
    let lifted = in_force(tx, key, person).await?.is_none();
    for member in group.iter().filter(|_| lifted) {
        access::set_protected(tx, ctx, *member, false).await?;
        index::person(tx, ctx, *member).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("protection.lifted")
            .room(key.room())
            .person(person)
            .detail(
                json!({ "lift": id, "requested_by": lift.requested_by, "flag_lifted": lifted }),
            ),
    )
    .await?;
    notices::to_owner(
        tx,
        ctx,
        key.room(),
        "protection_lifted",
        json!({ "person": person }),
    )
    .await
}

/// Takes the request to lift back; everything stays withheld.
///
/// # Errors
/// Not the duty, or there is no open request.
pub async fn cancel_lift(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, person: PersonId) -> Result<()> {
    ctx.need(Duty::DecideProtection)?;
    in_room(tx, key, person).await?;
    let group = whole_group(tx, person).await?;
    close_lifts(tx, ctx, &group, "withdrawn").await?;
    audit::append(
        tx,
        ctx,
        Entry::new("protection.lift_withdrawn")
            .room(key.room())
            .person(person),
    )
    .await
}

/// After an un-merge, for each of the two sides: protection that came only from merging goes, unless
/// something was written to that record since. It may then hold her whereabouts, and only two people
/// lift it, as with protection that was applied for while both were one.
pub(super) async fn after_unmerge(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    side: PersonId,
    merge: &Merge,
) -> Result<()> {
    if !is_protected(tx, side).await? || in_force(tx, key, side).await?.is_some() {
        return Ok(());
    }
    let group = super::merge::group(tx, side).await?;
    let written = tx
        .row(
            sql("select 1 as n from people_person p where p.id in (:group) and (p.updated_at >= :since
                    or exists (select 1 from people_address a where a.person_id = p.id and a.created_at >= :since)
                    or exists (select 1 from people_consent c where c.person_id = p.id and c.created_at >= :since)
                    or exists (select 1 from people_disclosure d where d.person_id = p.id and d.created_at >= :since)) limit 1")
                .bind_all("group", group.iter().copied())
                .bind("since", merge.decided_at),
        )
        .await?;
    if merge.flagged == Some(side) && written.is_none() {
        for person in group {
            access::set_protected(tx, ctx, person, false).await?;
        }
        return Ok(());
    }
    let starts_on = ctx.today();
    let stays = NewProtection {
        kind: ProtectionKind::Other,
        starts_on,
        ends_on: default_end(starts_on),
        hidden_from: Vec::new(),
        document: String::new(),
        notes: "統合の取り消しに伴い秘匿を続けています。統合中に書き込まれた内容に所在が含まれるおそれがあります。確かめてから解除してください。".into(),
    };
    apply(tx, ctx, key, side, &stays).await.map(|_| ())
}
