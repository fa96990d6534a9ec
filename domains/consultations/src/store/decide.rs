//! What becomes of a consultation.

use engawa_kernel::{
    access::{self, Duty, RoomKey, RoomKind},
    audit::{self, Entry},
    clock,
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::{RoomId, new_uuid},
    once,
    tasks::{self, NewTask},
};
use serde_json::json;

use super::{
    read::{Turn, turn},
    request,
};
use crate::{
    model::NewDecision,
    rules::{self, State, Step},
};

/// The kind of the task that says when to look again.
pub const REVIEW: &str = "consultation_review";

/// Records a decision, or corrects the last one, which is kept.
///
/// # Errors
/// The step is not possible ([`rules::step`]), a correction without a reason, or [`Error::Changed`]
/// when somebody decided in between.
pub async fn decide(ctx: &Ctx, room: RoomId, new: NewDecision, token: &str) -> Result<()> {
    ctx.need(Duty::Triage)?;
    if new.state == State::BecameCase {
        return Err(Error::Invalid(
            "ケースにするときは、相談の画面の「ケースを作る」か「既にあるケースに加える」から進んでください。"
                .into(),
        ));
    }
    let (mut tx, key) = access::open_for_write(ctx, room, RoomKind::Consultation, "triage").await?;
    once::claim(&mut tx, ctx, token).await?;
    let before = turn(&mut tx, &key).await?;
    if before.version != new.version {
        return Err(Error::Changed);
    }
    record(&mut tx, ctx, &key, &before, &new, None).await?;
    once::lead_to(&mut tx, ctx, token, &RoomKind::Consultation.path(room)).await?;
    engawa_kernel::drafts::clear(&mut tx, ctx, &format!("consultations/{room}/decide")).await?;
    tx.commit().await
}

/// Says that a consultation became (or was added to) a case; called by `cases` in the transaction
/// that opens it.
///
/// # Errors
/// The consultation is a case already, or the key does not let write.
pub async fn became_case(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, case: RoomId) -> Result<()> {
    key.need_write()?;
    let before = turn(tx, key).await?;
    let new = NewDecision {
        state: State::BecameCase,
        text: String::new(),
        closure: None,
        accepted_body: String::new(),
        accepted_by: String::new(),
        review_on: None,
        lead_desk: Some(before.desk),
        decided_on: ctx.today(),
        necessity: None,
        severity: None,
        first_contact_on: None,
        correction_reason: if before.state.is_open() {
            String::new()
        } else {
            "ケースとして受理したため".into()
        },
        version: before.version,
    };
    record(tx, ctx, key, &before, &new, Some(case)).await
}

pub(super) async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    before: &Turn,
    new: &NewDecision,
    case: Option<RoomId>,
) -> Result<()> {
    let step =
        rules::step(before.state, new.state).map_err(|e| Error::Invalid(e.sentence().into()))?;
    let corrects = match step {
        Step::Decide => None,
        Step::Correct => Some(cross_out(tx, ctx, key, new).await?),
    };
    let id = new_uuid();
    tx.exec(
        sql("insert into consultations_decision (id, room_id, state, text, closure, accepted_body, accepted_by, review_on,
               case_room_id, lead_desk_id, decided_on, decided_at, decided_by, corrects, correction_reason)
             values (:id, :room, :state, :text, :closure, :abody, :aby, :review, :case, :lead, :on, :now, :by, :corrects, :why)")
            .bind("id", id)
            .bind("room", key.room())
            .bind("state", new.state)
            .bind("text", new.text.as_str())
            .bind("closure", new.closure.clone())
            .bind("abody", new.accepted_body.as_str())
            .bind("aby", new.accepted_by.as_str())
            .bind("review", new.review_on)
            .bind("case", case)
            .bind("lead", new.lead_desk)
            .bind("on", new.decided_on)
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("corrects", corrects)
            .bind("why", new.correction_reason.as_str()),
    )
    .await?;
    tx.exec_versioned(
        sql("update consultations_consultation set state = :state, is_open = :open, state_since = :now, arrived_at = null,
               triaged_at = coalesce(triaged_at, :now), first_contact_at = coalesce(first_contact_at, :contact),
               necessity = coalesce(:necessity, necessity), severity = coalesce(:severity, severity),
               lead_desk_id = :lead, case_room_id = :case, version = version + 1
             where room_id = :room and version = :version")
            .bind("state", new.state)
            .bind("open", new.state.is_open())
            .bind("now", ctx.now())
            .bind("contact", new.first_contact_on.map(clock::start_of_day))
            .bind("necessity", new.necessity.clone())
            .bind("severity", new.severity.clone())
            .bind("lead", new.lead_desk)
            .bind("case", case)
            .bind("room", key.room())
            .bind("version", before.version),
    )
    .await?;
    if before.state.is_open() != new.state.is_open() {
        access::set_closed(tx, ctx, key, !new.state.is_open()).await?;
    }
    if before.slip {
        super::slip::end_lay_key(tx, ctx, key.room()).await?;
    }
    tell_reporter(tx, ctx, key, new.state).await?;
    request::end_tasks(tx, ctx, key, REVIEW).await?;
    if new.state.is_open() && new.review_on.is_some() {
        tasks::add(
            tx,
            ctx,
            NewTask {
                room: Some(key.room()),
                kind: REVIEW,
                title: format!("相談のその後を確かめる({})", new.state.label()),
                posting: key.owner_posting(),
                desk: key.owner_desk(),
                due_on: new.review_on,
                source: Some(id),
            },
        )
        .await?;
    }
    let mut entry = Entry::new(match step {
        Step::Decide => "consultation.triaged",
        Step::Correct => "consultation.corrected",
    })
    .room(key.room());
    entry = entry.detail(json!({ "state": new.state, "from": before.state, "decision": id }));
    audit::append(tx, ctx, entry).await?;
    let mut e = Event::new(
        match step {
            Step::Decide => "consultation.triaged",
            Step::Correct => "consultation.corrected",
        },
        new.decided_on,
    );
    e.room = Some(key.room());
    e.desk = new.lead_desk.or(Some(key.owner_desk()));
    e.source = Some(id);
    e.data = json!({
        "state": new.state,
        "from": before.state,
        "first": before.triaged_at.is_none(),
        "days": rules::days_waited(before.received_at, new.decided_on),
        "closure": new.closure,
        "corrects": corrects,
    });
    event::record(tx, ctx, e).await
}

/// Marks the decision in force as corrected; it stays readable.
async fn cross_out(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, new: &NewDecision) -> Result<uuid::Uuid> {
    if new.correction_reason.trim().is_empty() {
        return Err(Error::Invalid(
            "判断を訂正する理由を書いてください。前の判断は履歴に残ります。".into(),
        ));
    }
    let old = tx
        .one(
            sql("select id from consultations_decision where room_id = :room and superseded_at is null order by decided_at desc, id desc limit 1")
                .bind("room", key.room()),
        )
        .await?
        .get("id")?;
    tx.exec(
        sql("update consultations_decision set superseded_at = :now where id = :id")
            .bind("now", ctx.now())
            .bind("id", old),
    )
    .await?;
    Ok(old)
}

/// The giver of a notice is told two things: received, and closed.
async fn tell_reporter(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, state: State) -> Result<()> {
    let status = if state.is_open() {
        "received"
    } else {
        "closed"
    };
    tx.exec(
        sql("update consultations_reporter set status = :status, status_at = :now where room_id = :room and status <> :status")
            .bind("status", status)
            .bind("now", ctx.now())
            .bind("room", key.room()),
    )
    .await?;
    Ok(())
}
