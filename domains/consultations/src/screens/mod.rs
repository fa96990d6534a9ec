//! One file per URL: handler and view.

mod assign;
mod decide;
mod edit;
mod emergency;
mod export;
mod fields;
mod issues;
mod link;
pub(crate) mod new;
mod print;
mod queue;
mod settings;
mod show;
pub(crate) mod slip;
mod small;
pub(crate) mod words;

use std::collections::BTreeSet;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::{
    access::{self, Act, Purpose, RoomKey, RoomKind},
    audit::{self, Entry},
    context::{Ctx, Engine},
    error::Result,
    http::id as room_id,
    id::RoomId,
};
use engawa_people::Candidate;
use serde_json::json;

/// Every page under `/consultations`.
pub fn routes() -> Router<Engine> {
    Router::new()
        .route("/consultations", get(queue::get))
        .route("/consultations/new", get(new::get).post(new::post))
        .route(
            "/consultations/settings",
            get(settings::get).post(settings::post),
        )
        .route("/consultations/export", get(export::get).post(export::post))
        .route("/consultations/slip", get(slip::list))
        .route("/consultations/slip/new", get(slip::get).post(slip::post))
        .route("/consultations/slip/{room}", get(slip::show))
        .route("/consultations/{room}", get(show::get))
        .route(
            "/consultations/{room}/decide",
            get(decide::get).post(decide::post),
        )
        .route(
            "/consultations/{room}/assign",
            get(assign::get).post(assign::post),
        )
        .route("/consultations/{room}/take-up", post(assign::take_up))
        .route(
            "/consultations/{room}/edit",
            get(edit::get).post(edit::post),
        )
        .route(
            "/consultations/{room}/issues",
            get(issues::get).post(issues::post),
        )
        .route("/consultations/{room}/compound", post(small::compound))
        .route(
            "/consultations/{room}/first-contact",
            post(small::first_contact),
        )
        .route("/consultations/{room}/reply", post(small::reply))
        .route(
            "/consultations/{room}/emergency",
            get(emergency::get).post(emergency::post),
        )
        .route(
            "/consultations/{room}/link",
            get(link::get).post(link::post),
        )
        .route("/consultations/{room}/print", get(print::get))
}

async fn read(ctx: &Ctx, room: &str, purpose: Purpose) -> Result<RoomKey> {
    let room = room_id(room)?;
    access::open(ctx, room, RoomKind::Consultation, Act::Read, purpose).await
}

/// Writes down whose records a screen offered as the same person: each of their rooms lists it, as
/// it lists a search that showed it.
async fn note_candidates<'a>(
    ctx: &Ctx,
    found: impl IntoIterator<Item = &'a Candidate>,
) -> Result<()> {
    let rooms: BTreeSet<RoomId> = found.into_iter().map(|c| c.room).collect();
    if rooms.is_empty() {
        return Ok(());
    }
    let rooms: Vec<RoomId> = rooms.into_iter().collect();
    let mut tx = ctx.write().await?;
    engawa_rooms::note_search_hits(&mut tx, ctx, &rooms).await?;
    let entry = Entry::new("search").detail(json!({ "for": "candidates", "rooms": rooms }));
    audit::append(&mut tx, ctx, entry).await?;
    tx.commit().await
}

fn path(room: RoomId) -> String {
    RoomKind::Consultation.path(room)
}
