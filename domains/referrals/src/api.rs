//! The same as JSON: exactly this user's keys.

use engawa_kernel::context::Engine;
use utoipa_axum::router::OpenApiRouter;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
}
