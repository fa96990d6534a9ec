use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use engawa_identity::create_token;
use engawa_kernel::{
    access::Role,
    context::Ctx,
    error::Result,
    testing::{Town, on_both},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::browser::{Browser, administrator, app, worker};

async fn token_of(ctx: &Ctx) -> Result<String> {
    let mut tx = ctx.write().await?;
    let token = create_token(&mut tx, ctx, ctx.actor.staff, "試験").await?;
    tx.commit().await?;
    Ok(token)
}

async fn ask(town: &Town, token: &str, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let method = if body.is_some() { "POST" } else { "GET" };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.map(|b| b.to_string()).unwrap_or_default()))
        .unwrap();
    let response = app(&town.engine).oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1_000_000).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[test]
fn programs_list_make_and_close_accounts() {
    on_both(|town| async move {
        let (admin, _) = administrator(&town).await?;
        let worker = worker(&town).await?;
        let new = town.staff("新人 桜", Role::Worker, town.desk).await?;
        let (token, theirs) = (token_of(&admin).await?, token_of(&worker).await?);
        let (path, made) = (
            "/api/v1/accounts",
            json!({ "staff": new.actor.staff, "login": "sakura" }),
        );
        for body in [None, Some(made.clone())] {
            let (status, _) = ask(&town, &theirs, path, body).await;
            assert_eq!(status, StatusCode::FORBIDDEN);
        }
        let (status, answer) = ask(&town, &token, path, Some(made.clone())).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        let password = answer["password"].as_str().unwrap_or_default().to_owned();
        let (status, _) = ask(&town, &token, path, Some(made)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let login = Browser::new(&town).login("sakura", &password).await;
        assert_eq!(login.location(), "/account/password");
        let (_, first) = ask(&town, &token, "/api/v1/accounts?limit=2", None).await;
        assert_eq!(first["next"], "mihon");
        let (_, rest) = ask(&town, &token, "/api/v1/accounts?limit=2&cursor=mihon", None).await;
        assert_eq!(rest["items"][0]["login"], "sakura");
        assert_eq!(rest["items"][0]["must_change"], true);
        assert!(rest["next"].is_null() && !rest.to_string().contains(&password));
        let one = format!("{path}/{}", new.actor.staff);
        let (status, _) = ask(&town, &token, &one, Some(json!({ "act": "disable" }))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "no reason");
        let close = json!({ "act": "disable", "reason": "休職" });
        let (status, answer) = ask(&town, &token, &one, Some(close.clone())).await;
        assert!(status == StatusCode::OK && answer["password"].is_null());
        let (_, list) = ask(&town, &token, "/api/v1/accounts?state=disabled", None).await;
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        let (_, answer) = ask(
            &town,
            &token,
            &one,
            Some(json!({ "act": "reset_password" })),
        )
        .await;
        assert!(answer["password"].is_string());
        let own = format!("{path}/{}", admin.actor.staff);
        let (status, _) = ask(&town, &token, &own, Some(close)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        Ok(())
    });
}
