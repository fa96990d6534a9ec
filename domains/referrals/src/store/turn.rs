//! The move passes: owner of the envelope, task, day and history change together, or not at all.

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, RoomKey},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::{DeskId, PostingId},
    notices,
    tasks::{self, NewTask},
};

use super::steps::{self, After, NewStep};
use crate::{
    model::{Sheet, Side, State, To},
    rules,
};

/// Kind of the tasks that a move is.
pub(crate) const TASK: &str = "referral";
/// Kind of the tasks that the layers above get.
pub(crate) const LAYER_TASK: &str = "referral_layer";
/// Colleagues told at most.
const TOLD: i64 = 50;

/// The desk, and the person for sealed records, on a side. The sender's desk speaks for a receiver
/// that does not use Engawa.
pub(crate) fn mover(sheet: &Sheet, side: Side) -> (DeskId, Option<PostingId>) {
    match (side, &sheet.content.to) {
        (Side::Receiver, To::Desk(desk, posting)) if !sheet.paper => (*desk, *posting),
        _ => (sheet.from_desk, sheet.from_posting),
    }
}

/// Whether a posting holds today.
pub(crate) async fn holds(conn: &mut Conn, ctx: &Ctx, posting: PostingId) -> Result<bool> {
    Ok(conn
        .row(
            sql("select 1 as n from posting where id = :p and valid_from <= :today and (valid_to is null or valid_to >= :today)")
                .bind("p", posting)
                .bind("today", ctx.today()),
        )
        .await?
        .is_some())
}

/// Passes the move on to whoever has it in a state, with its task and its line of history.
pub(crate) async fn pass(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    sheet: &Sheet,
    step: &NewStep,
    due_on: Option<NaiveDate>,
) -> Result<()> {
    let desk = match rules::whose_move(step.state) {
        Some(side) => {
            let (desk, posting) = mover(sheet, side);
            let posting = match posting {
                Some(p) if key.is_sealed() || holds(tx, ctx, p).await? => Some(p),
                _ => None,
            };
            if desk != key.owner_desk() || posting != key.owner_posting() {
                access::set_owner(tx, ctx, key, desk, posting).await?;
            }
            Some(desk)
        }
        None => None,
    };
    settle(tx, ctx, sheet).await?;
    if let Some(desk) = desk {
        ask(tx, ctx, sheet, step.state, desk, due_on).await?;
    } else {
        access::set_closed(tx, ctx, key, true).await?;
    }
    record(tx, ctx, sheet, step, desk, due_on).await
}

/// The task of whoever has the move.
pub(crate) async fn ask(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: &Sheet,
    state: State,
    desk: DeskId,
    due_on: Option<NaiveDate>,
) -> Result<()> {
    let title = match sheet.arrived {
        Some(_) => rules::waiting_here(state),
        None => rules::waiting_for(state, sheet.paper),
    };
    let Some(title) = title else {
        return Ok(());
    };
    let task = NewTask {
        room: Some(sheet.room),
        kind: TASK,
        title: title.to_owned(),
        posting: (state == State::Draft)
            .then_some(sheet.from_posting)
            .flatten(),
        desk,
        due_on,
        source: Some(sheet.room.0),
    };
    tasks::add(tx, ctx, task).await?;
    Ok(())
}

/// What was asked before is done; of the layers above too.
async fn settle(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet) -> Result<()> {
    tx.exec(
        sql(
            "update task set done_at = :now, done_by = :by, version = version + 1
              where source_id = :sheet and kind in (:kinds) and done_at is null",
        )
        .bind("now", ctx.now())
        .bind("by", ctx.actor.staff)
        .bind("sheet", sheet.room)
        .bind_all("kinds", [TASK, LAYER_TASK]),
    )
    .await?;
    Ok(())
}

/// A line of history.
pub(crate) async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: &Sheet,
    step: &NewStep,
    desk: Option<DeskId>,
    due_on: Option<NaiveDate>,
) -> Result<()> {
    steps::write(tx, ctx, sheet.room, step, After { desk, due_on }).await
}

/// Tells everybody who works at a desk (of a sealed sheet only the one person), except the actor.
/// `detail` holds codes only, such as the act.
pub(crate) async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    (desk, posting): (DeskId, Option<PostingId>),
    kind: &'static str,
    detail: serde_json::Value,
) -> Result<()> {
    let staff = tx
        .rows(
            sql("select distinct p.staff_id from posting p
                  where ((:one and p.id = :posting) or (not :one and p.desk_id = :desk and p.role in ('coordinator', 'supervisor', 'worker')))
                    and p.staff_id <> :me and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today)
                  order by p.staff_id limit :limit")
                .bind("one", key.is_sealed())
                .bind("posting", posting)
                .bind("desk", desk)
                .bind("me", ctx.actor.staff)
                .bind("today", ctx.today())
                .bind("limit", TOLD),
        )
        .await?;
    for row in staff {
        let staff = row.get("staff_id")?;
        notices::to_staff_newest(tx, ctx, staff, key.room(), kind, detail.clone()).await?;
    }
    Ok(())
}
