//! The screens under `/roadmaps`, one file per address.

pub(crate) mod choice;
pub(crate) mod edit;
mod evidence;
mod excel;
mod history;
pub(crate) mod ladder;
mod list;
mod measure;
pub(crate) mod measure_edit;
mod milestone;
mod next;
mod parts;
mod print;
mod rating;
mod show;

use axum::{Router, routing::get};
use engawa_kernel::context::Engine;

/// All of them.
pub(crate) fn routes() -> Router<Engine> {
    Router::new()
        .route("/roadmaps", get(list::get))
        .route("/roadmaps/new", get(edit::new).post(edit::create))
        .route("/roadmaps/evidence", get(evidence::get))
        .route(
            "/roadmaps/evidence/new",
            get(evidence::new).post(evidence::create),
        )
        .route(
            "/roadmaps/evidence/{evidence}",
            get(evidence::edit).post(evidence::update),
        )
        .route("/roadmaps/ladder", get(ladder::show::get))
        .route("/roadmaps/ladder/print.pdf", get(ladder::show::print))
        .route(
            "/roadmaps/ladder/settings",
            get(ladder::settings::get).post(ladder::settings::post),
        )
        .route(
            "/roadmaps/ladder/areas/{area}/years/{year}",
            get(ladder::standing::get).post(ladder::standing::post),
        )
        .route(
            "/roadmaps/ladder/statements",
            get(ladder::statement::new).post(ladder::statement::create),
        )
        .route(
            "/roadmaps/ladder/statements/{statement}",
            get(ladder::statement::edit).post(ladder::statement::update),
        )
        .route("/roadmaps/measures/{measure}", get(measure::get))
        .route(
            "/roadmaps/measures/{measure}/edit",
            get(measure_edit::edit).post(measure_edit::update),
        )
        .route(
            "/roadmaps/measures/{measure}/milestones",
            get(milestone::new).post(milestone::create),
        )
        .route(
            "/roadmaps/measures/{measure}/years/{year}",
            get(rating::get).post(rating::post),
        )
        .route(
            "/roadmaps/milestones/{milestone}",
            get(milestone::edit).post(milestone::update),
        )
        .route(
            "/roadmaps/choices/{choice}",
            get(choice::edit).post(choice::update),
        )
        .route("/roadmaps/{plan}", get(show::get))
        .route("/roadmaps/{plan}/edit", get(edit::edit).post(edit::update))
        .route("/roadmaps/{plan}/next", get(next::get).post(next::post))
        .route("/roadmaps/{plan}/history", get(history::get))
        .route("/roadmaps/{plan}/print.pdf", get(print::get))
        .route("/roadmaps/{plan}/roadmap.xlsx", get(excel::get))
        .route(
            "/roadmaps/{plan}/measures",
            get(measure_edit::new).post(measure_edit::create),
        )
        .route(
            "/roadmaps/{plan}/choices",
            get(choice::new).post(choice::create),
        )
}
