//! 機関・庁内からの依頼: always gets an answer; until then it is a task of the desk.

use engawa_kernel::{
    access::{self, Duty, RoomKey, RoomKind},
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::{DeskId, RoomId},
    tasks::{self, NewTask},
};
use serde_json::json;

use crate::model::Request;

/// The kind of the task that a request is until it is answered.
pub const REPLY: &str = "consultation_reply";

pub(super) async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    desk: DeskId,
    r: &Request,
) -> Result<()> {
    tx.exec(
        sql("insert into consultations_request (room_id, sender_body, sender_person, basis, sign, wanted, reply_due_on, reply)
             values (:room, :body, :person, :basis, :sign, :wanted, :due, '')")
            .bind("room", key.room())
            .bind("body", r.sender_body.as_str())
            .bind("person", r.sender_person.as_str())
            .bind("basis", r.basis.as_str())
            .bind("sign", r.sign.as_str())
            .bind("wanted", r.wanted.as_str())
            .bind("due", r.reply_due_on),
    )
    .await?;
    tasks::add(
        tx,
        ctx,
        NewTask {
            room: Some(key.room()),
            kind: REPLY,
            title: "依頼元の機関に回答する".into(),
            posting: key.owner_posting(),
            desk,
            due_on: r.reply_due_on,
            source: Some(key.room().0),
        },
    )
    .await?;
    Ok(())
}

/// Records the answer given to the sender.
///
/// # Errors
/// There is no request here, or it was answered before ([`Error::Changed`]).
pub async fn answer_request(ctx: &Ctx, room: RoomId, reply: &str) -> Result<()> {
    ctx.need(Duty::Triage)?;
    let (mut tx, key) =
        access::open_for_write(ctx, room, RoomKind::Consultation, "request_reply").await?;
    let n = tx
        .exec(
            sql("update consultations_request set reply = :reply, replied_at = :now, replied_by = :by where room_id = :room and replied_at is null")
                .bind("reply", reply)
                .bind("now", ctx.now())
                .bind("by", ctx.actor.staff)
                .bind("room", room),
        )
        .await?;
    if n != 1 {
        return Err(Error::Changed);
    }
    end_tasks(&mut tx, ctx, &key, REPLY).await?;
    audit::append(
        &mut tx,
        ctx,
        Entry::new("consultation.replied").room(key.room()),
    )
    .await?;
    let mut e = Event::new("consultation.replied", ctx.today());
    e.room = Some(room);
    e.desk = Some(key.owner_desk());
    e.source = Some(room.0);
    e.data = json!({});
    event::record(&mut tx, ctx, e).await?;
    tx.commit().await
}

/// Marks the open tasks of a kind in this room as done.
pub(super) async fn end_tasks(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, kind: &str) -> Result<()> {
    for task in tasks::open_in_room(tx, key).await? {
        if task.kind == kind {
            tasks::set_done(tx, ctx, task.id, Some(key.room()), task.version, true).await?;
        }
    }
    Ok(())
}
