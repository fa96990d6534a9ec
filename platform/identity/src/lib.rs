//! Sign-in: who is it that sends a request, and is it really them?
//!
//! | module | holds |
//! |---|---|
//! | [`layer()`] | the middleware: session cookie or API token → `Ctx`, or the page that is missing |
//! | `accounts` | accounts for other parts: create, disable, reset, tokens |
//! | [`hash`], [`totp`], [`secret`] | passwords (argon2id), one-time codes, random secrets |
//! | [`edge`] | source address, https, cookies |
//! | [`rules`] | decisions without I/O |
//! | `signin` | password, code, password again: counted, judged, logged |
//! | `posts` | today's postings with their local names |
//! | `screens` | `/login`, `/login/code`, `/logout`, `/lock`, `/unlock`, `/account/…`, `/accounts/…` |
//! | [`api`] | `GET /api/v1/me`, `/api/v1/accounts` |

mod accounts;
pub mod api;
pub mod edge;
pub mod hash;
mod layer;
pub mod model;
mod people;
mod posts;
pub mod rules;
mod screens;
pub mod secret;
mod signin;
mod store;
pub mod totp;

pub use accounts::{
    AccountLine, Asked, Listed, State, Waiting, accounts, create_account, create_account_with,
    create_token, create_token_for, disable, enable, end_lock_out, end_session, end_sessions,
    end_sessions_of_leavers, find_staff, has_open_account, new_password, reset_password,
    reset_second_factor, revoke_token, set_password_by_cli, staff_of_login,
};
pub use edge::{COOKIE, Edge};
pub use hash::{Hashed, hash_password};
pub use layer::layer;
pub use screens::routes;

/// The JSON API of this crate.
pub fn api() -> utoipa_axum::router::OpenApiRouter<engawa_kernel::context::Engine> {
    api::router()
}
