//! One file per URL: handler and view.

mod audit;
mod break_glass;
mod conflicts;
mod keys;
mod log;

use axum::{
    Router,
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{self, Act, Purpose, RoomKey},
    clock,
    context::{Ctx, Engine},
    error::{Error, Result},
    id::RoomId,
    text::wareki::format_date_time,
};

/// Every page under `/rooms`.
pub fn routes() -> Router<Engine> {
    Router::new()
        .route("/rooms/audit", get(audit::get))
        .route(
            "/rooms/conflicts",
            get(conflicts::get).post(conflicts::post),
        )
        .route("/rooms/conflicts/{conflict}/end", post(conflicts::end))
        .route(
            "/rooms/{room}/break-glass",
            get(break_glass::get).post(break_glass::post),
        )
        .route("/rooms/{room}/log", get(log::get))
        .route("/rooms/{room}/keys", get(keys::get))
        .route("/rooms/{room}/keys/{key}/revoke", post(keys::revoke))
}

/// A room of the address; what is no id is not found.
fn room(text: &str) -> Result<RoomId> {
    text.parse().map_err(|_| Error::NotFound)
}

/// Opens a room of either kind.
pub(crate) async fn open(ctx: &Ctx, room: RoomId, purpose: Purpose) -> Result<RoomKey> {
    let kind = access::knowable(ctx, room).await?;
    access::open(ctx, room, kind, Act::Read, purpose).await
}

fn moment(ctx: &Ctx, at: DateTime<Utc>) -> String {
    format_date_time(clock::local(at), ctx.calendar)
}
