//! The same as JSON: the same rules.

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use engawa_kernel::{access::Role, context::Ctx, testing::on_both};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::browser::{browser, contractor, people};

async fn call(ctx: &Ctx, method: &str, path: &str, body: Value) -> (u16, Value) {
    let (api, _) = engawa_funding::api().split_for_parts();
    let app = api
        .with_state(ctx.engine.clone())
        .layer(axum::Extension(ctx.clone()));
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1/funding{path}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = app.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 10_000_000).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[test]
fn a_program_keeps_the_ledger_under_the_same_rules() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let c = browser(&coordinator);
        let fields = [("name", "サロン"), ("scheme", "community")];
        let at = c.post("/funding/activities/new", &fields).await.saved();
        let to = format!("{}/sources", at.trim_start_matches("/funding"));
        let new = |amount: Value| json!({ "year": 2026, "kind": "membership", "cost": "running", "state": "applied", "amount": amount, "version": 1 });
        assert_eq!(call(&worker, "POST", &to, new(json!(5000))).await.0, 403);
        assert_eq!(call(&coordinator, "POST", &to, new(json!(0))).await.0, 422);
        let (status, made) = call(&coordinator, "POST", &to, new(json!(5000))).await;
        assert_eq!(status, 201, "{made}");
        let source = made["location"]
            .as_str()
            .unwrap()
            .trim_start_matches("/funding")
            .to_owned();
        assert_eq!(
            call(&coordinator, "PUT", &source, new(Value::Null)).await.0,
            200
        );
        assert_eq!(
            call(&coordinator, "PUT", &source, new(Value::Null)).await.0,
            409
        );
        let (_, list) = call(&coordinator, "GET", "/activities?year=2026", Value::Null).await;
        assert_eq!(list["items"][0]["sources"][0]["amount"], Value::Null);
        assert_eq!(
            call(&coordinator, "PUT", &source, {
                let mut again = new(json!(8000));
                again["version"] = json!(2);
                again
            })
            .await
            .0,
            200
        );
        let (_, list) = call(&coordinator, "GET", "/activities?year=2026", Value::Null).await;
        assert_eq!(list["items"][0]["sources"][0]["amount"], 8000);
        let (_, list) = call(&worker, "GET", "/activities?year=2026", Value::Null).await;
        assert_eq!(list["items"][0]["sources"][0]["amount"], Value::Null);
        assert_eq!(list["items"][0]["sources"][0]["state"], "applied");
        assert_eq!(
            call(&worker, "GET", "/activities?year=99999", Value::Null)
                .await
                .0,
            422
        );
        Ok(())
    });
}

#[test]
fn a_contractors_program_reports_what_was_delivered() {
    on_both(|town| async move {
        let (admin, coordinator, _) = people(&town).await?;
        let (body, staff) = contractor(&town, &admin, "見本社協", Role::Worker).await?;
        let c = browser(&coordinator);
        let body = body.to_string();
        let fields = [
            ("name", "委託"),
            ("mode", "commissioned"),
            ("scheme", "community"),
            ("from", "R8.4.1"),
            ("body[0].body", &body),
        ];
        let at = c.post("/funding/contracts/new", &fields).await.saved();
        let promise = [("name", "研修会"), ("number", "3"), ("unit", "回")];
        c.post(&format!("{at}/deliverables/new"), &promise)
            .await
            .saved();
        let (_, list) = call(&staff, "GET", "/contracts?year=2026", Value::Null).await;
        let id = list["items"][0]["id"].as_str().unwrap().to_owned();
        let (_, one) = call(&staff, "GET", &format!("/contracts/{id}"), Value::Null).await;
        assert_eq!(one["bodies"][0]["body"], body.as_str());
        let deliverable = &one["deliverables"][0];
        assert_eq!(
            (deliverable["number"].as_i64(), &deliverable["value"]),
            (Some(3), &Value::Null)
        );
        let to = format!(
            "/deliverables/{}/report",
            deliverable["id"].as_str().unwrap()
        );
        let sent = json!({ "value": 2, "on": "2026-09-30", "version": 1 });
        assert_eq!(
            call(
                &staff,
                "PUT",
                &to,
                json!({ "on": "2026-09-30", "version": 1 })
            )
            .await
            .0,
            422
        );
        assert_eq!(call(&staff, "PUT", &to, sent.clone()).await.0, 200);
        assert_eq!(call(&staff, "PUT", &to, sent).await.0, 409);
        let (_, one) = call(
            &coordinator,
            "GET",
            &format!("/contracts/{id}"),
            Value::Null,
        )
        .await;
        assert_eq!(one["deliverables"][0]["value"], 2);
        Ok(())
    });
}
