//! One file per URL under `/cases/{room}/cards`.

mod act;
mod form;
mod list;
mod new;
mod pdf;
pub(crate) mod shown;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::context::Engine;

/// The pages of cards.
pub fn routes() -> Router<Engine> {
    Router::new()
        .route("/cases/{room}/cards", get(list::get))
        .route("/cases/{room}/cards/new", get(new::get).post(new::post))
        .route("/cases/{room}/cards/{card}", post(act::post))
        .route("/cases/{room}/cards/{card}/card.pdf", get(pdf::get))
}
