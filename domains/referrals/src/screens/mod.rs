//! One file per URL: handler and view.

mod act;
mod acts;
mod edit;
mod export;
mod figures;
pub(crate) mod file;
mod form;
mod ground;
mod import;
mod list;
mod new;
mod page;
pub(crate) mod parts;
mod pdf;
mod peers;
mod preview;
mod print;
mod receiver;
mod reply;
mod settings;
mod slip;

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

/// Every page under `/referrals`.
pub fn routes() -> Router<Engine> {
    Router::new()
        .route("/referrals", get(list::get))
        .route("/referrals/export", get(export::get).post(export::post))
        .route("/referrals/new", get(new::get).post(new::post))
        .route("/referrals/figures", get(figures::get))
        .route("/referrals/figures/sheets", get(figures::sheets))
        .route(
            "/referrals/settings",
            get(settings::get).post(settings::post),
        )
        .route("/referrals/import", get(import::get).post(import::post))
        .route("/referrals/peers", get(peers::get).post(peers::post))
        .route("/referrals/peers/keys", post(peers::keys))
        .route("/referrals/peers/card.txt", get(peers::card_text))
        .route("/referrals/peers/{peer}/end", post(peers::end_post))
        .route("/referrals/{room}", get(page::get))
        .route("/referrals/{room}/edit", get(edit::get).post(edit::post))
        .route("/referrals/{room}/act", post(act::post))
        .route("/referrals/{room}/slip", post(slip::post))
        .route("/referrals/{room}/print", get(print::get))
        .route("/referrals/{room}/file", get(file::get))
        .route("/referrals/{room}/sheet.pdf", get(pdf::sheet_alone))
        .route("/referrals/{room}/fax.pdf", get(pdf::for_fax))
}

/// 返信フォーム: for who holds a reply slip and has no account.
pub fn reply_routes() -> Router<Engine> {
    Router::new().route("/reply", get(reply::get).post(reply::post))
}

async fn read(ctx: &Ctx, room: &str, act: Act, purpose: Purpose) -> Result<RoomKey> {
    access::open(ctx, id::<RoomId>(room)?, RoomKind::Referral, act, purpose).await
}

async fn write(ctx: &Ctx, room: &str, purpose: Purpose) -> Result<(Tx, RoomKey)> {
    access::open_for_write(ctx, id::<RoomId>(room)?, RoomKind::Referral, purpose).await
}
