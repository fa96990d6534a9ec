//! The same as JSON: the same rules.

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use engawa_kernel::{context::Ctx, testing::on_both};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::browser::people;

async fn call(ctx: &Ctx, method: &str, path: &str, body: Value) -> (u16, Value) {
    let (api, _) = engawa_programmes::api().split_for_parts();
    let app = api
        .with_state(ctx.engine.clone())
        .layer(axum::Extension(ctx.clone()));
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1/programmes/sheets{path}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = app.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 10_000_000).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[test]
fn a_program_writes_and_approves_under_the_same_rules() {
    on_both(|town| async move {
        let (admin, coordinator, worker) = people(&town).await?;
        let new = json!({ "year": 2026, "from": "empty" });
        assert_eq!(call(&worker, "POST", "", new.clone()).await.0, 403);
        assert_eq!(
            call(
                &coordinator,
                "POST",
                "",
                json!({ "year": 99_999, "from": "empty" })
            )
            .await
            .0,
            422
        );
        let (status, made) = call(&coordinator, "POST", "", new).await;
        assert_eq!(status, 201);
        let id = made["location"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        assert_eq!(
            call(&worker, "GET", &format!("/{id}"), Value::Null).await.0,
            404
        );
        let block = json!({ "fields": [{ "field": "profile.population", "text": "12,345人" }], "version": 1 });
        let (status, saved) = call(
            &coordinator,
            "PUT",
            &format!("/{id}/blocks/1-1"),
            block.clone(),
        )
        .await;
        assert_eq!(status, 200, "{saved}");
        let population = &saved["blocks"][1]["fields"][0];
        assert_eq!(
            (population["number"].as_str(), population["unit"].as_str()),
            (Some("12345"), Some("人"))
        );
        assert_eq!(
            call(&coordinator, "PUT", &format!("/{id}/blocks/1-1"), block)
                .await
                .0,
            409
        );
        let approval = json!({ "number": 1, "version": saved["version"] });
        assert_eq!(
            call(
                &coordinator,
                "POST",
                &format!("/{id}/approve"),
                approval.clone()
            )
            .await
            .0,
            403
        );
        assert_eq!(
            call(&admin, "POST", &format!("/{id}/approve"), approval)
                .await
                .0,
            200
        );
        let (_, list) = call(&worker, "GET", "", Value::Null).await;
        assert_eq!(list["items"][0]["approved"], 1);
        let long = json!({ "fields": [{ "field": "features", "text": "あ".repeat(20_001) }], "version": 1 });
        assert_eq!(
            call(&coordinator, "PUT", &format!("/{id}/blocks/1-2"), long)
                .await
                .0,
            422
        );
        let elsewhere = json!({ "fields": [{ "field": "features", "text": "あ" }], "version": 1 });
        assert_eq!(
            call(&coordinator, "PUT", &format!("/{id}/blocks/2"), elsewhere)
                .await
                .0,
            404
        );
        Ok::<(), engawa_kernel::error::Error>(())
    });
}
