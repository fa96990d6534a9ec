//! ケース・支援: a household's support over time, from reception to closing and back.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | cases, 支援経過, 課題, the team, closings |
//! | [`rules`] | stages as one `match`; closing, owning, leaving; no I/O |
//! | [`store`] | every SQL statement, with the room's key |

pub mod model;
pub mod rules;
pub mod store;

use axum::Router;
use engawa_kernel::{
    access::RoomKey,
    context::{Ctx, Engine},
    db::{Conn, Tx},
    error::Result,
    id::{PersonId, RoomId},
};

pub use model::{CaseCard, NewContact, Stage, Work};
pub use store::{
    case::NewCase,
    list::{RoomLabel, labels},
};

/// The screens.
pub fn routes() -> Router<Engine> {
    Router::new()
}

/// The JSON API.
pub fn api() -> utoipa_axum::router::OpenApiRouter<Engine> {
    utoipa_axum::router::OpenApiRouter::new()
}

/// The head of a case.
///
/// # Errors
/// The room holds no case.
pub async fn card(conn: &mut Conn, _ctx: &Ctx, key: &RoomKey) -> Result<CaseCard> {
    store::case::card(conn, key).await
}

/// My open cases (主担当), newest first, at most a page.
///
/// # Errors
/// The database refuses.
pub async fn mine(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<CaseCard>> {
    Ok(
        store::list::page(conn, ctx, store::list::View::Mine, false, 1)
            .await?
            .0,
    )
}

/// My desks' open cases without contact for `settings.silent_days`, longest first.
///
/// # Errors
/// The database refuses.
pub async fn silent(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<CaseCard>> {
    Ok(
        store::list::page(conn, ctx, store::list::View::Silent, false, 1)
            .await?
            .0,
    )
}

/// Cases about any of these people that the actor may see.
///
/// # Errors
/// The database refuses.
pub async fn about(conn: &mut Conn, ctx: &Ctx, people: &[PersonId]) -> Result<Vec<CaseCard>> {
    store::list::about(conn, ctx, people).await
}

/// Opens a case without its people yet: room, owner, number.
///
/// # Errors
/// A sealed case without a person as owner.
pub async fn open(tx: &mut Tx, ctx: &Ctx, new: NewCase) -> Result<RoomKey> {
    store::case::open(tx, ctx, new).await
}

/// Writes a 支援経過.
///
/// # Errors
/// The key lets only read.
pub async fn add_contact(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    new: NewContact,
) -> Result<model::ContactId> {
    store::contact::add(tx, ctx, key, new).await
}

/// The room behind an address.
#[must_use]
pub fn path(room: RoomId) -> String {
    format!("/cases/{room}")
}
