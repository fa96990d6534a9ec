//! 統計・指標: what happened, counted; what was promised, held against it.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | what a figure is: source, unit, filter, split |
//! | [`period`] | any period, months and fiscal years |
//! | [`rules`] | targets of every shape, pace, formulas, age bands, small numbers; no I/O |
//! | [`progress`] | targets beside actuals, for our screens and for the plan sheet |
//! | [`report`] | a counted table as a reader may see it |
//! | [`store`] | every SQL statement: the one that counts is put together in `store/parts.rs` |
//! | [`columns`] | the same numbers from memory, where there are many events, with the statements that read them |
//! | `words.rs` | what codes and ids are called |
//! | `named.rs` | indicators for other domains: by name, and how they stand |
//! | `screens/` | one file per URL under `/statistics` and `/indicators` |
//! | `api.rs` | the same as JSON |
//!
//! **What may be counted without a key.** Figures hold no persons, so whoever may read figures
//! ([`Duty::ReadFigures`](engawa_kernel::access::Duty)) counts all of the municipality's events,
//! sealed ones too; the records behind a number open only with a key. Readers who neither work for
//! the municipality itself nor write its plans get whole months, and no number that, without the share
//! of their own desks, is smaller than the limit or from which such a one follows
//! ([`rules::suppress`]). What stays open to them is comparing the tables of different months and
//! filters with each other.
//!
//! **Where events come from.** Domains offer [`engawa_kernel::source::EventSource`]s, `app` registers
//! them. A domain that comes later brings new figures without a change here.

mod api;
pub mod columns;
pub mod model;
mod named;
pub mod period;
pub mod progress;
pub mod report;
pub mod rules;
mod screens;
pub mod sets;
pub mod store;
pub mod words;

use axum::Router;
use engawa_kernel::{context::Engine, error::Result};
use utoipa_axum::router::OpenApiRouter;

pub use named::{Standing, choices, named, standings};

/// What is done every minute: figures from columns are kept ready for who asks next.
///
/// # Errors
/// The database refuses.
pub async fn keep_up(engine: &Engine) -> Result<()> {
    engine.kept.of::<columns::Snapshots>().keep_up(engine).await
}

/// The screens.
pub fn routes() -> Router<Engine> {
    screens::routes()
}

/// The JSON API.
pub fn api() -> OpenApiRouter<Engine> {
    api::routes()
}
