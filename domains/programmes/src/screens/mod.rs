//! The screens under `/programmes`, one file per address.

mod compare;
mod edit;
mod excel;
mod figures;
mod files;
mod goal_year;
mod goals;
mod links;
mod list;
mod new;
mod offered;
mod parts;
mod print;
mod register;
mod results;
mod setup;
mod show;
mod upload;
mod versions;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::context::Engine;

pub(crate) use setup::first_step;

/// All of them.
pub(crate) fn routes() -> Router<Engine> {
    Router::new()
        .route("/programmes", get(list::get))
        .route("/programmes/new", get(new::get).post(new::post))
        .route("/programmes/upload", get(upload::get).post(upload::post))
        .route(
            "/programmes/upload/{upload}",
            get(upload::check).post(upload::take),
        )
        .route("/programmes/setup", get(setup::get))
        .route("/programmes/setup/{proposal}", post(setup::decide))
        .route("/programmes/goals", get(goals::get))
        .route("/programmes/goals/new", get(goals::new).post(goals::create))
        .route(
            "/programmes/goals/{goal}",
            get(goals::edit).post(goals::update),
        )
        .route(
            "/programmes/goals/{goal}/years/{year}",
            get(goal_year::get).post(goal_year::post),
        )
        .route("/programmes/links", get(links::get))
        .route("/programmes/links/new", get(links::new).post(links::create))
        .route(
            "/programmes/links/{link}",
            get(links::edit).post(links::update),
        )
        .route("/programmes/{sheet}", get(show::get))
        .route("/programmes/{sheet}/approve", post(show::approve))
        .route("/programmes/{sheet}/versions", get(versions::get))
        .route("/programmes/{sheet}/compare", get(compare::get))
        .route("/programmes/{sheet}/print.pdf", get(print::get))
        .route("/programmes/{sheet}/sheet.xlsx", get(excel::get))
        .route(
            "/programmes/{sheet}/edit/{block}",
            get(edit::get).post(edit::post),
        )
        .merge(figures::routes())
        .merge(files::routes())
}
