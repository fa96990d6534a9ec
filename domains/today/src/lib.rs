//! きょう: what waits for me, what I wait for, what is overdue, what changed; each line one click from
//! its work. It has no tables of its own.

use axum::Router;
use engawa_kernel::context::Engine;

/// The screens.
pub fn routes() -> Router<Engine> {
    Router::new()
}

/// The JSON API.
pub fn api() -> utoipa_axum::router::OpenApiRouter<Engine> {
    utoipa_axum::router::OpenApiRouter::new()
}
