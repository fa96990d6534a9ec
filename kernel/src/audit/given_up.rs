//! Keys that were turned in a transaction which was then given up: a form with mistakes, a record
//! that somebody else saved first. The page that answers may show all that lies in the room, so the
//! reading is written down all the same, before it is sent. Without this, whoever posts an empty
//! form reads a case and no log knows.

use std::{cell::RefCell, future::Future};

use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::{Entry, append};
use crate::{access::Purpose, context::Ctx, error::Result, id::RoomId};

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
    for (room, purpose) in turns {
        let entry = Entry::new("room.read")
            .room(room)
            .detail(json!({ "for": purpose, "saved": false }));
        append(&mut tx, ctx, entry).await?;
    }
    tx.commit().await
}
