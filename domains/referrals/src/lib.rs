//! つなぐシート: a hand-over from desk to desk that cannot fall to the ground.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | sheets, their states, acts and history |
//! | [`rules`] | the state machine as one `match`, whose move, due dates, layers, figures; no I/O |
//! | [`compose`](mod@compose) | what the receiver will read, line by line, with the reason for each |
//! | [`border`] | the sealed file in which a sheet goes to another municipality's Engawa |
//! | [`store`] | every SQL statement: writing, sending, acting, lists, reply slips |
//! | `screens` | one file per URL under `/referrals`, and `/reply` for who has no account |
//! | `remind` | the clock that cannot be ignored |
//! | [`paper`] | what is printed, with the templates in `../print` |
//! | `panel` | the box on the page of a case or a consultation |
//! | `api` | the same as JSON |
//!
//! A sheet is a room of its own: both desks hold keys to the envelope, the receiver reads what was
//! frozen at sending, and only accepting cuts a key to the case behind it.

mod api;
pub mod border;
pub mod compose;
pub mod figures;
pub mod model;
mod panel;
pub mod paper;
mod remind;
pub mod rules;
mod screens;
pub mod store;

use axum::Router;
use engawa_kernel::context::Engine;

pub use panel::panel;
pub use remind::remind;
pub use screens::reply_routes;
pub use store::list::labels;

/// The screens.
pub fn routes() -> Router<Engine> {
    screens::routes()
}

/// The JSON API.
pub fn api() -> utoipa_axum::router::OpenApiRouter<Engine> {
    api::routes()
}
