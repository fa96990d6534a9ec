//! きょう: what waits for me, what I wait for, what is overdue, what changed; each line one click from
//! its work. It has no tables of its own.
//!
//! | file | holds |
//! |---|---|
//! | `model.rs` | the lines of the page |
//! | `words.rs` | what an event or a notice is called |
//! | `store.rs` | few statements, driven from my postings, desks and rooms |
//! | `taken.rs` | cases taken over and not confirmed yet |
//! | `screens.rs` | `/today`, notices |

mod api;
mod model;
mod screens;
mod store;
mod taken;
mod words;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::context::Engine;

/// The screens.
pub fn routes() -> Router<Engine> {
    Router::new()
        .route("/today", get(screens::get))
        .route("/today/notices/read", post(screens::read_all))
        .route("/today/notices/{notice}/read", post(screens::read_one))
}

/// The JSON API.
pub fn api() -> utoipa_axum::router::OpenApiRouter<Engine> {
    api::routes()
}
