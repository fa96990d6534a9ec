//! One file per URL: handler and view.

mod attach;
mod close;
mod contact;
mod contact_form;
mod contacts;
mod edit;
mod export;
mod issues;
mod list;
mod new;
mod owner;
mod packet;
mod page;
pub(crate) mod parts;
mod print;
mod reasons;
mod reopen;
mod side;
mod takeover;
mod takeovers;
mod tasks;
mod team;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::{
    access::{self, Act, Purpose, RoomKey, RoomKind},
    context::{Ctx, Engine},
    db::Tx,
    error::Result,
    http::id,
    id::RoomId,
};

/// Every page under `/cases`.
pub fn routes() -> Router<Engine> {
    Router::new()
        .route("/cases", get(list::get))
        .route("/cases/export", get(export::get).post(export::post))
        .route("/cases/new", get(new::get).post(new::post))
        .route("/cases/attach", get(attach::get).post(attach::post))
        .route("/cases/packet.pdf", get(packet::get))
        .route("/cases/takeovers", get(takeovers::get))
        .route("/cases/{room}", get(page::get))
        .route(
            "/cases/{room}/takeover",
            get(takeover::get).post(takeover::post),
        )
        .route("/cases/{room}/contacts", post(contacts::post))
        .route("/cases/{room}/contacts/{contact}", get(contact::get))
        .route(
            "/cases/{room}/contacts/{contact}/edit",
            get(contact::edit).post(contact::save),
        )
        .route(
            "/cases/{room}/contacts/{contact}/delete",
            post(contact::delete),
        )
        .route("/cases/{room}/team", get(team::get).post(team::post))
        .route("/cases/{room}/team/{member}/end", post(team::end))
        .route("/cases/{room}/owner", get(owner::get).post(owner::post))
        .route("/cases/{room}/tasks", get(tasks::get).post(tasks::post))
        .route("/cases/{room}/tasks/{task}/done", post(tasks::done))
        .route("/cases/{room}/tasks/{task}/assign", post(tasks::assign))
        .route("/cases/{room}/issues", get(issues::get).post(issues::post))
        .route("/cases/{room}/issues/{issue}", post(issues::end))
        .route("/cases/{room}/edit", get(edit::get).post(edit::post))
        .route("/cases/{room}/close", get(close::get).post(close::post))
        .route("/cases/{room}/reopen", get(reopen::get).post(reopen::post))
        .route("/cases/{room}/print", get(print::get))
}

pub(crate) async fn read(ctx: &Ctx, room: &str, purpose: Purpose) -> Result<RoomKey> {
    access::open(ctx, id::<RoomId>(room)?, RoomKind::Case, Act::Read, purpose).await
}

pub(crate) async fn write(ctx: &Ctx, room: &str, purpose: Purpose) -> Result<(Tx, RoomKey)> {
    access::open_for_write(ctx, id::<RoomId>(room)?, RoomKind::Case, purpose).await
}
