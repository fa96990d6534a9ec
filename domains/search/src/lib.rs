//! The one search box: `/search` and its JSON. What is found, and by whom, is decided in
//! [`engawa_kernel::search`]; here it is shown and written down.
//!
//! | file | holds |
//! |---|---|
//! | `note.rs` | the search in the log: its length and the rooms it showed, never its words |
//! | `screen.rs` | `/search` |
//! | `api.rs` | `/api/v1/search` |

mod api;
mod note;
mod screen;

use axum::{Router, routing::get};
use engawa_kernel::context::Engine;
use utoipa_axum::router::OpenApiRouter;

/// Hits shown of people and numbers, and as many of words.
const SHOWN: usize = 20;

/// The screens.
pub fn routes() -> Router<Engine> {
    Router::new().route("/search", get(screen::page))
}

/// The JSON API.
pub fn api() -> OpenApiRouter<Engine> {
    api::routes()
}
