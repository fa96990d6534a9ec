//! 計画・工程表: the plans above the programme (地域福祉計画 …), what they promise by year, how each
//! year went, and what was chosen.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | plans, measures, milestones, ratings, what they rest on, options |
//! | [`rules`] | who writes, what follows what, which years, what goes on into the next plan |
//! | [`typed`] | a form or JSON becomes a record: one reader for both |
//! | [`roadmap`] | measures × years, by fiscal and by calendar year |
//! | [`ladder`] | 成果の4段階: steps, what is counted, where the chain breaks |
//! | [`owner`] | bodies by name |
//! | [`store`] | every SQL statement |
//! | `screens` | one file per URL under `/roadmaps` |
//! | [`paper`], `screens/excel.rs` | the roadmap on A4 and as a workbook |
//! | `api` | the same as JSON |
//!
//! No case facts lie here. Planners (administrators and coordinators) write; everybody signed in
//! reads.

mod api;
pub mod ladder;
pub mod model;
pub mod owner;
pub mod paper;
pub mod roadmap;
pub mod rules;
mod screens;
pub mod store;
pub mod typed;

use axum::Router;
use engawa_kernel::context::Engine;

/// The screens.
pub fn routes() -> Router<Engine> {
    screens::routes()
}

/// The JSON API.
pub fn api() -> utoipa_axum::router::OpenApiRouter<Engine> {
    api::routes()
}
