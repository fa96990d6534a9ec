//! Keys that were turned in a transaction which was then given up: a form with mistakes, a record
//! that somebody else saved first. The page that answers may show all that lies in the room, so the
//! reading is written down all the same, before it is sent. Without this, whoever posts an empty
//! form reads a case and no log knows.

use std::{cell::RefCell, future::Future};

use axum::response::{IntoResponse as _, Response};
use chrono::Duration;
use serde_json::json;

use super::{Entry, append};
use crate::{
    access::{LIVE, Purpose},
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::RoomId,
};

/// Minutes in which one person's live views of one room are one reading: a page that is drawn anew
/// with every word typed would otherwise bury the log under lines about one form.
const LIVE_MINUTES: i64 = 10;

/// A room and what for.
type Turn = (RoomId, Purpose);

tokio::task_local! {
    static GIVEN_UP: RefCell<Vec<Turn>>;
}

/// The keys turned in one transaction; those still here when it is dropped were not committed.
#[derive(Debug, Default)]
pub(crate) struct Turns(Vec<Turn>);

impl Turns {
    /// A key was turned.
    pub(crate) fn note(&mut self, room: RoomId, purpose: Purpose) {
        self.0.push((room, purpose));
    }
    /// The transaction was committed, and the log with it.
    pub(crate) fn committed(&mut self) {
        self.0.clear();
    }
}

impl Drop for Turns {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            // Outside a request (commands, jobs) nobody is shown anything.
            let _ = GIVEN_UP.try_with(|all| all.borrow_mut().append(&mut self.0));
        }
    }
}

/// Runs a request and writes down what was read in transactions that it gave up. An answer whose
/// reading cannot be written down is not sent.
pub(crate) async fn watch(ctx: Option<&Ctx>, work: impl Future<Output = Response>) -> Response {
    let Some(ctx) = ctx else {
        return work.await;
    };
    let (response, turns) = GIVEN_UP
        .scope(RefCell::default(), async {
            let response = work.await;
            (response, GIVEN_UP.with(RefCell::take))
        })
        .await;
    // A redirect shows nothing: a double click, a change that was already made.
    if turns.is_empty() || response.status().is_redirection() {
        return response;
    }
    match write_down(ctx, turns).await {
        Ok(()) => response,
        Err(e) => e.into_response(),
    }
}

async fn write_down(ctx: &Ctx, mut turns: Vec<Turn>) -> Result<()> {
    turns.sort_unstable();
    turns.dedup();
    let mut tx = ctx.write().await?;
    let mut written = false;
    for (room, purpose) in turns {
        if purpose == LIVE && has_line(&mut tx, ctx, room).await? {
            continue;
        }
        written = true;
        let entry = Entry::new("room.read")
            .room(room)
            .detail(json!({ "for": purpose, "saved": false }));
        append(&mut tx, ctx, entry).await?;
    }
    if written { tx.commit().await } else { Ok(()) }
}

/// Whether the log says of this person and room already that a live view was shown a moment ago.
async fn has_line(tx: &mut Tx, ctx: &Ctx, room: RoomId) -> Result<bool> {
    let row = tx
        .row(
            sql("select 1 as n from audit_entry where staff_id = :me and at >= :since and room_id = :room
                    and action = 'room.read' and detail = :detail limit 1")
                .bind("me", ctx.actor.staff)
                .bind("since", ctx.now() - Duration::minutes(LIVE_MINUTES))
                .bind("room", room)
                .bind("detail", live_detail().to_string()),
        )
        .await?;
    Ok(row.is_some())
}

fn live_detail() -> serde_json::Value {
    json!({ "for": LIVE, "saved": false })
}
