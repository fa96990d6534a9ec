//! One box for everything.

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
