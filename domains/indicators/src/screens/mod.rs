//! One file per URL under /statistics and /indicators.

pub(crate) mod asked;
mod chart;
mod edit;
mod excel;
mod indicator;
pub(crate) mod indicators;
mod months;
mod records;
mod sets;
mod settings;
mod statistics;
pub(crate) mod table;
mod targets;

use axum::{Router, routing::get};
use chrono::{DateTime, Utc};
use engawa_kernel::context::Engine;
use maud::{Markup, html};

use crate::words;

/// Says so where figures are not of this very moment.
fn counted_at(at: Option<DateTime<Utc>>) -> Markup {
    html! { @if let Some(at) = at { p.hint { (words::counted_at(at)) } } }
}

pub(crate) fn routes() -> Router<Engine> {
    Router::new()
        .route("/statistics", get(statistics::get))
        .route("/statistics/records", get(records::get))
        .route("/statistics/excel", get(excel::get))
        .route(
            "/statistics/settings",
            get(settings::get).post(settings::post),
        )
        .route("/statistics/months", get(months::get))
        .route(
            "/statistics/months/{month}",
            get(months::show).post(months::close),
        )
        .route("/statistics/sets", get(sets::get).post(sets::upload))
        .route("/statistics/sets/{code}", get(sets::show))
        .route("/statistics/sets/{code}/excel", get(sets::file))
        .route("/statistics/sets/{code}/definition", get(sets::definition))
        .route(
            "/statistics/sets/{code}/layout",
            axum::routing::post(sets::layout),
        )
        .route("/indicators", get(indicators::get))
        .route("/indicators/new", get(edit::new).post(edit::create))
        .route("/indicators/carry", axum::routing::post(indicators::carry))
        .route("/indicators/{id}", get(indicator::get))
        .route("/indicators/{id}/edit", get(edit::edit).post(edit::update))
        .route(
            "/indicators/{id}/targets",
            get(targets::get).post(targets::post),
        )
}
