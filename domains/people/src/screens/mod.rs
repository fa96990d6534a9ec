//! One file per page. Every page of a person goes through the key of a room about them.

mod addresses;
mod consent_new;
mod consents;
mod edit;
mod household;
mod household_form;
mod household_new;
mod lift;
mod merge;
mod move_out;
mod names;
mod person;
mod protection;
mod protections;
mod relationships;
mod reveal;
mod shell;
mod unmerge;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::context::Engine;

pub(crate) fn routes() -> Router<Engine> {
    Router::new()
        .route("/people/{id}", get(person::get))
        .route("/people/{id}/edit", get(edit::get).post(edit::post))
        .route("/people/{id}/names", get(names::get).post(names::post))
        .route(
            "/people/{id}/addresses",
            get(addresses::get).post(addresses::post),
        )
        .route(
            "/people/{id}/addresses/{address}/end",
            post(addresses::post_end),
        )
        .route("/people/{id}/move", get(move_out::get).post(move_out::post))
        .route(
            "/people/{id}/relationships",
            get(relationships::get).post(relationships::post),
        )
        .route(
            "/people/{id}/relationships/{edge}/end",
            post(relationships::post_end),
        )
        .route("/people/{id}/consents", get(consents::get))
        .route(
            "/people/{id}/consents/new",
            get(consent_new::get).post(consent_new::post),
        )
        .route(
            "/people/{id}/consents/{consent}/withdraw",
            get(consents::get_withdraw).post(consents::post_withdraw),
        )
        .route(
            "/people/{id}/protection",
            get(protection::get).post(protection::post),
        )
        .route("/people/{id}/protection/lift", post(lift::post_request))
        .route(
            "/people/{id}/protection/lift/{lift}",
            get(lift::get_confirm).post(lift::post_confirm),
        )
        .route(
            "/people/{id}/protection/lift-cancel",
            post(lift::post_cancel),
        )
        .route("/people/{id}/reveal", get(reveal::get).post(reveal::post))
        .route("/people/{id}/merge", get(merge::get).post(merge::post))
        .route(
            "/people/{id}/unmerge",
            get(unmerge::get).post(unmerge::post),
        )
        .route("/people/protections", get(protections::get))
        .route("/people/protections.csv", get(protections::get_csv))
        .route(
            "/people/households/new",
            get(household_new::get).post(household_new::post),
        )
        .route(
            "/people/households/{id}",
            get(household::get).post(household::post),
        )
}
