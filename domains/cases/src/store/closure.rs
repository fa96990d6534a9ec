//! 終結と再開. A closing is a row of its own and is never overwritten.

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, RoomKey},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::RoomId,
    tasks::{self, NewTask},
};
use serde_json::json;

use super::{case::happened, issue, team};
use crate::{
    model::{CaseCard, Closure, Stage},
    rules::{self, Act, Closing},
};

/// Every closing of a case, newest first.
///
/// # Errors
/// The database refuses.
pub async fn all(conn: &mut Conn, key: &RoomKey) -> Result<Vec<Closure>> {
    conn.rows(
        sql("select * from cases_closure where room_id = :room order by recorded_at desc, id desc limit 50")
            .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Closure {
            id: r.get("id")?,
            closed_on: r.get("closed_on")?,
            reason: r.get("reason")?,
            changes: r.get("changes")?,
            later_lead: r.get("later_lead")?,
            next_check_on: r.opt("next_check_on")?,
            no_check_reason: r.get("no_check_reason")?,
            reopened_on: r.opt("reopened_on")?,
            reopened_reason: r.get("reopened_reason")?,
        })
    })
    .collect()
}

/// Closes a case. The owner stays (someone answers for the record), the team may be dissolved, and
/// the next check is a task. Logged; counted as `case.closed` on the day of closing.
///
/// # Errors
/// A rule is broken, or [`Error::Changed`].
pub async fn close(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    card: &CaseCard,
    closing: Closing,
    version: i64,
) -> Result<()> {
    key.need_write()?;
    let open_issues = issue::open_count(tx, key).await?;
    rules::may_close(
        card.stage,
        card.opened_on,
        ctx.today(),
        &closing,
        open_issues,
    )
    .map_err(|r| Error::Invalid(r.sentence()))?;
    tx.exec_versioned(
        sql("update cases_case set stage = :stage, closed_on = :on, version = version + 1 where room_id = :room and version = :version")
            .bind("stage", Stage::Closed)
            .bind("on", closing.closed_on)
            .bind("room", key.room())
            .bind("version", version),
    )
    .await?;
    let id = engawa_kernel::id::new_uuid();
    tx.exec(
        sql("insert into cases_closure (id, room_id, closed_on, reason, changes, later_lead, next_check_on, no_check_reason, closed_by, recorded_at, reopened_reason)
             values (:id, :room, :on, :reason, :changes, :lead, :next, :none, :by, :now, '')")
            .bind("id", id)
            .bind("room", key.room())
            .bind("on", closing.closed_on)
            .bind("reason", closing.reason.clone())
            .bind("changes", closing.changes)
            .bind("lead", closing.later_lead)
            .bind("next", closing.next_check_on)
            .bind("none", closing.no_check_reason)
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    if let Some(day) = closing.next_check_on {
        tasks::add(
            tx,
            ctx,
            NewTask {
                room: Some(key.room()),
                kind: "closure_check",
                title: "終結後の確認".into(),
                posting: key.owner_posting(),
                desk: key.owner_desk(),
                due_on: Some(day),
                source: Some(id),
            },
        )
        .await?;
    }
    if closing.dissolve_team {
        team::dissolve(tx, ctx, key, "終結によるチームの解散").await?;
    }
    access::set_closed(tx, ctx, key, true).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("case.closed")
            .room(key.room())
            .detail(json!({ "reason": closing.reason, "closure": id })),
    )
    .await?;
    let days = (closing.closed_on - card.opened_on).num_days();
    event::record(
        tx,
        ctx,
        Event {
            source: Some(id),
            household: card.household,
            data: json!({ "reason": closing.reason, "days": days, "compound": card.compound }),
            ..happened(ctx, "case.closed", closing.closed_on, key)
        },
    )
    .await
}

/// Why and from what a case is opened again.
#[derive(Debug, Clone)]
pub struct Reopening {
    /// Since when.
    pub on: NaiveDate,
    /// Why.
    pub reason: String,
    /// The new consultation's room.
    pub from: Option<RoomId>,
}

/// Opens a closed case again. Logged; counted as `case.reopened`, never as a new case.
///
/// # Errors
/// It is not closed, the day is before the closing, or [`Error::Changed`].
pub async fn reopen(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    card: &CaseCard,
    reopening: Reopening,
    version: i64,
) -> Result<()> {
    key.need_write()?;
    let stage = rules::step(card.stage, Act::Reopen).map_err(|r| Error::Invalid(r.sentence()))?;
    if card.closed_on.is_some_and(|c| reopening.on < c) || reopening.on > ctx.today() {
        return Err(Error::Invalid(
            "再開日は、終結日から今日までの間で入力してください。".into(),
        ));
    }
    tx.exec_versioned(
        sql("update cases_case set stage = :stage, closed_on = :none, last_contact_on = :on, version = version + 1
              where room_id = :room and version = :version")
            .bind("stage", stage)
            .bind("none", None::<NaiveDate>)
            .bind("on", reopening.on)
            .bind("room", key.room())
            .bind("version", version),
    )
    .await?;
    tx.exec(
        sql("update cases_closure set reopened_on = :on, reopened_reason = :reason, reopened_by = :by, reopened_from = :from
              where room_id = :room and reopened_on is null")
            .bind("on", reopening.on)
            .bind("reason", reopening.reason)
            .bind("by", ctx.actor.staff)
            .bind("from", reopening.from)
            .bind("room", key.room()),
    )
    .await?;
    access::set_closed(tx, ctx, key, false).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("case.reopened")
            .room(key.room())
            .detail(json!({ "from": reopening.from })),
    )
    .await?;
    event::record(
        tx,
        ctx,
        Event {
            source: reopening.from.map(|r| r.0),
            household: card.household,
            ..happened(ctx, "case.reopened", reopening.on, key)
        },
    )
    .await
}
