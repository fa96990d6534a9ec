//! The screens under `/funding`, one file per address.

mod activity;
mod activity_form;
mod body;
mod claim;
mod contract;
mod contract_form;
mod contract_read;
mod contracts;
mod deliverable;
mod excel;
mod overview;
mod parts;
mod print;
mod report;
mod source;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::context::Engine;

/// All of them.
pub(crate) fn routes() -> Router<Engine> {
    Router::new()
        .route("/funding", get(overview::get))
        .route("/funding/sources.xlsx", get(excel::sources))
        .route(
            "/funding/activities/new",
            get(activity_form::new).post(activity_form::create),
        )
        .route("/funding/activities/{activity}", get(activity::get))
        .route(
            "/funding/activities/{activity}/edit",
            get(activity_form::edit).post(activity_form::update),
        )
        .route(
            "/funding/activities/{activity}/answer",
            post(activity::answer),
        )
        .route(
            "/funding/activities/{activity}/sources/new",
            get(source::new).post(source::create),
        )
        .route(
            "/funding/sources/{source}",
            get(source::edit).post(source::update),
        )
        .route("/funding/contracts", get(contracts::get))
        .route(
            "/funding/contracts/new",
            get(contract_form::new).post(contract_form::create),
        )
        .route("/funding/contracts/{contract}", get(contract::get))
        .route(
            "/funding/contracts/{contract}/edit",
            get(contract_form::edit).post(contract_form::update),
        )
        .route(
            "/funding/contracts/{contract}/report.pdf",
            get(print::contract),
        )
        .route(
            "/funding/contracts/{contract}/report.xlsx",
            get(excel::contract),
        )
        .route(
            "/funding/contracts/{contract}/deliverables/new",
            get(deliverable::new).post(deliverable::create),
        )
        .route(
            "/funding/deliverables/{deliverable}",
            get(deliverable::edit).post(deliverable::update),
        )
        .route(
            "/funding/deliverables/{deliverable}/report",
            get(report::get).post(report::post),
        )
        .route(
            "/funding/contracts/{contract}/claims/new",
            get(claim::new).post(claim::create),
        )
        .route("/funding/claims/{claim}/decide", post(claim::decide))
        .route("/funding/bodies/{body}", get(body::get))
        .route("/funding/bodies/{body}/report.pdf", get(print::body))
        .route("/funding/bodies/{body}/report.xlsx", get(excel::body))
}
