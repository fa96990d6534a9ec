//! 緊急・虐待・通報: the call with its time, the sealed room, the supervisors who are told.

use engawa_kernel::{
    access::{self, Basis, Duty, NewGrant, Role, RoomKey, RoomKind, Source},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    event::{self, Event},
    id::{DeskId, RoomId, new_uuid},
    notices, once,
};
use engawa_organisations as organisations;
use serde_json::json;

use crate::model::EmergencyCall;

pub(super) async fn insert_call(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    call: &EmergencyCall,
) -> Result<()> {
    let id = new_uuid();
    tx.exec(
        sql("insert into consultations_emergency (id, room_id, kind, notified_at, body, person, basis, note, recorded_by, recorded_at)
             values (:id, :room, :kind, :at, :body, :person, :basis, :note, :by, :now)")
            .bind("id", id)
            .bind("room", key.room())
            .bind("kind", call.kind.as_str())
            .bind("at", call.notified_at)
            .bind("body", call.body.as_str())
            .bind("person", call.person.as_str())
            .bind("basis", call.basis.as_str())
            .bind("note", call.note.as_str())
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("consultation.emergency_call")
            .room(key.room())
            .detail(json!({ "call": id, "kind": call.kind })),
    )
    .await?;
    let mut e = Event::new(
        "consultation.emergency_call",
        engawa_kernel::clock::local(call.notified_at).date(),
    );
    e.room = Some(key.room());
    e.source = Some(id);
    e.data = json!({ "kind": call.kind });
    event::record(tx, ctx, e).await
}

/// Cuts sealed keys for the supervisors of a desk. Where it has none and nobody who decides has a
/// key (`held`), those who decide there get one: a restricted record is never out of everybody's reach.
pub(super) async fn tell_supervisors(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    desk: DeskId,
    held: bool,
) -> Result<()> {
    let at_desk = organisations::postings_at_desk(tx, ctx, desk).await?;
    let mut told: Vec<_> = at_desk
        .iter()
        .filter(|p| matches!(p.role, Role::Supervisor | Role::Coordinator))
        .collect();
    if told.is_empty() && !held {
        told = at_desk
            .iter()
            .filter(|p| p.role.may(Duty::Triage))
            .collect();
    }
    for posting in told {
        if ctx.actor.postings.iter().any(|mine| mine.id == posting.id) {
            continue;
        }
        let mut key = NewGrant::duty(posting.id, Source::Intake).sealed();
        key.basis = Basis::Supervision;
        access::cut(tx, ctx, room, key).await?;
    }
    Ok(())
}

/// Records a call that was made about a consultation, and restricts the record if it is not yet.
///
/// # Errors
/// The actor has no writing key.
pub async fn record_call(ctx: &Ctx, room: RoomId, call: EmergencyCall, token: &str) -> Result<()> {
    ctx.need(Duty::Receive)?;
    let (mut tx, key) =
        access::open_for_write(ctx, room, RoomKind::Consultation, "emergency").await?;
    once::claim(&mut tx, ctx, token).await?;
    insert_call(&mut tx, ctx, &key, &call).await?;
    if !key.is_sealed() {
        super::slip::end_lay_key(&mut tx, ctx, room).await?;
        access::seal(&mut tx, ctx, &key, &call.kind).await?;
        let held = key.owner_posting().is_some() || ctx.actor.may(Duty::Triage);
        tell_supervisors(&mut tx, ctx, room, key.owner_desk(), held).await?;
    }
    tx.exec(
        sql("update consultations_consultation set emergency = :yes, urgency_rank = 0, version = version + 1 where room_id = :room")
            .bind("yes", true)
            .bind("room", room),
    )
    .await?;
    notices::to_owner(&mut tx, ctx, room, "consultation_emergency", json!({})).await?;
    once::lead_to(&mut tx, ctx, token, &RoomKind::Consultation.path(room)).await?;
    tx.commit().await
}

/// The calls made, oldest first.
///
/// # Errors
/// The database refuses.
pub async fn calls(conn: &mut Conn, key: &RoomKey) -> Result<Vec<EmergencyCall>> {
    conn.rows(
        sql("select kind, notified_at, body, person, basis, note from consultations_emergency where room_id = :room order by notified_at, id limit 100")
            .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(EmergencyCall {
            kind: r.get("kind")?,
            notified_at: r.get("notified_at")?,
            body: r.get("body")?,
            person: r.get("person")?,
            basis: r.get("basis")?,
            note: r.get("note")?,
        })
    })
    .collect()
}
