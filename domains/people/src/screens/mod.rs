//! One file per page.

use axum::Router;
use engawa_kernel::context::Engine;

pub(crate) fn routes() -> Router<Engine> {
    Router::new()
}
