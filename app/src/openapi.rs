//! One OpenAPI document over all domains, at `GET /api/v1/openapi.json`.

use axum::{Json, Router, routing::get};
use engawa_kernel::context::Engine;
use utoipa::openapi::{
    InfoBuilder, OpenApi, OpenApiBuilder,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

/// The endpoints, and the document that describes them.
pub fn api() -> (Router<Engine>, OpenApi) {
    let base = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Engawa API")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "トークンは利用者ごとに発行し、その利用者の閲覧権だけが使えます。Authorization: Bearer <token>",
                ))
                .build(),
        )
        .build();
    let (router, mut document) = OpenApiRouter::with_openapi(base)
        .merge(engawa_identity::api())
        .nest("/api/v1", engawa_organisations::api())
        .merge(engawa_people::api())
        .merge(engawa_rooms::api())
        .merge(engawa_consultations::api())
        .merge(engawa_cases::api())
        .merge(engawa_referrals::api())
        .merge(engawa_indicators::api())
        .merge(engawa_programmes::api())
        .merge(engawa_funding::api())
        .merge(engawa_roadmaps::api())
        .merge(engawa_today::api())
        .merge(engawa_search::api())
        .merge(engawa_ledgers::api())
        .split_for_parts();
    document
        .components
        .get_or_insert_with(Default::default)
        .add_security_scheme(
            "token",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        );
    document.security = Some(vec![utoipa::openapi::security::SecurityRequirement::new::<
        _,
        [&str; 0],
        _,
    >("token", [])]);
    (router, document)
}

/// Serves the document; it says nothing about anybody, so no token is needed.
pub fn document(document: OpenApi) -> Router<Engine> {
    Router::new().route(
        "/api/v1/openapi.json",
        get(|| async move { Json(document) }),
    )
}
