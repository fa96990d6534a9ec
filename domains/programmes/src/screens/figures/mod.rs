//! `/programmes/figures`: basic and small-area figures with their days and sources.

mod edit;
mod list;
mod upload;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::{context::Engine, id::AreaId};
use maud::{Markup, html};

use crate::figures::{Figure, KINDS, Sure};

pub(super) const ABOVE: (&str, &str) = ("/programmes/figures", "基本情報・小地域の数");

/// All addresses.
pub(super) fn routes() -> Router<Engine> {
    Router::new()
        .route("/programmes/figures", get(list::get))
        .route("/programmes/figures/new", get(edit::new).post(edit::create))
        .route(
            "/programmes/figures/upload",
            get(upload::get).post(upload::post),
        )
        .route(
            "/programmes/figures/{figure}",
            get(edit::get).post(edit::update),
        )
        .route("/programmes/figures/{figure}/remove", post(edit::remove))
}

/// The name of an area; none is the whole municipality.
fn area_name<'a>(areas: &'a [(AreaId, String)], area: Option<AreaId>, whole: &'a str) -> &'a str {
    match area {
        None => whole,
        Some(id) => areas
            .iter()
            .find(|(known, _)| *known == id)
            .map_or("（いまはない圏域）", |(_, name)| name),
    }
}

/// Kinds to choose from: the sheet's, then those that have figures.
fn kinds(used: &[(String, i64)]) -> Vec<String> {
    let mut all: Vec<String> = KINDS.iter().map(|(kind, ..)| (*kind).to_owned()).collect();
    all.extend(
        used.iter()
            .map(|(kind, _)| kind.clone())
            .filter(|kind| !KINDS.iter().any(|(known, ..)| known == kind)),
    );
    all
}

/// 推計, 将来の推計
fn mark(figure: &Figure, today: chrono::NaiveDate) -> Markup {
    html! {
        @if figure.as_of > today { " " span.hint { "将来の推計" } }
        @else if figure.sure == Sure::Estimated { " " span.hint { "推計" } }
    }
}
