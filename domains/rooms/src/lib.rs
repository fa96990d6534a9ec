//! Rooms and keys as users see them: who holds a key, who has seen what, the emergency door,
//! conflicts of interest, and the auditor's view.
//!
//! | URL | file |
//! |---|---|
//! | `/rooms/{room}/break-glass` | `screens/break_glass.rs` |
//! | `/rooms/{room}/log` | `screens/log.rs` |
//! | `/rooms/{room}/keys` | `screens/keys.rs` |
//! | `/rooms/conflicts` | `screens/conflicts.rs` |
//! | `/rooms/audit` | `screens/audit.rs` |
//! | `GET /api/v1/rooms/{room}/log` | `api.rs` |

mod api;
mod panel;
pub mod rules;
mod screens;
mod store;

use axum::Router;
use engawa_kernel::context::Engine;
use utoipa_axum::router::OpenApiRouter;

pub use panel::access_panel;

/// The screens.
pub fn routes() -> Router<Engine> {
    screens::routes()
}

/// The JSON API.
pub fn api() -> OpenApiRouter<Engine> {
    api::routes()
}
