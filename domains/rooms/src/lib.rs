//! 閲覧権とその記録: who holds a key to a room, who used it, opening in an emergency, conflicts of
//! interest, and what auditors see of it all.
//!
//! | file | holds |
//! |---|---|
//! | `rules.rs` | who may take a key back, what is unusual |
//! | `words.rs` | the log's actions in Japanese |
//! | `store.rs`, `patterns.rs` | every SQL statement of this domain |
//! | `panel.rs` | [`access_panel`], the box on a room's page |
//! | `screens/` | one file per URL under `/rooms` |
//! | `api.rs` | keys and log of a room as JSON |

mod api;
mod panel;
mod patterns;
mod rules;
mod screens;
mod store;
mod words;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::context::Engine;
use utoipa_axum::router::OpenApiRouter;

pub use panel::{access_panel, emergency_notice};
pub use store::note_search_hits;

/// The screens.
pub fn routes() -> Router<Engine> {
    Router::new()
        .route(
            "/rooms/{id}/break-glass",
            get(screens::break_glass::form).post(screens::break_glass::open),
        )
        .route("/rooms/{id}/log", get(screens::log::page))
        .route("/rooms/{id}/keys", get(screens::keys::page))
        .route("/rooms/{id}/keys/{grant}", post(screens::keys::take_back))
        .route(
            "/rooms/conflicts",
            get(screens::conflicts::page).post(screens::conflicts::declare),
        )
        .route("/rooms/conflicts/{id}/end", post(screens::conflicts::end))
        .route("/rooms/audit", get(screens::audit::page))
}

/// The JSON API.
pub fn api() -> OpenApiRouter<Engine> {
    api::routes()
}
