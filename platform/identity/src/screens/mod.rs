//! One file per URL.

use axum::Router;
use engawa_kernel::context::Engine;

/// Every screen of sign-in.
pub fn routes() -> Router<Engine> {
    Router::new()
}
