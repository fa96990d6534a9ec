//! Somebody at their きょう page.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    middleware,
};
use engawa_cases::{NewCase, store};
use engawa_kernel::{
    access::RoomKey,
    context::Ctx,
    error::Result,
    http::forms,
    id::{PostingId, RoomId},
    tasks::{self, NewTask},
};
use tower::ServiceExt as _;

async fn send(ctx: &Ctx, request: Request<Body>) -> (StatusCode, String) {
    let mut request = request;
    request.extensions_mut().insert(ctx.clone());
    let (api, _) = engawa_today::api().split_for_parts();
    let app = engawa_today::routes()
        .merge(api)
        .layer(middleware::from_fn_with_state(ctx.engine.clone(), forms))
        .with_state(ctx.engine.clone());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

pub async fn get(ctx: &Ctx, path: &str) -> String {
    let (status, body) = send(ctx, Request::get(path).body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

pub async fn post(ctx: &Ctx, path: &str) -> StatusCode {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("csrf={}", ctx.csrf())))
        .unwrap();
    send(ctx, request).await.0
}

pub async fn case(ctx: &Ctx, label: &str) -> Result<RoomKey> {
    let me = ctx.actor.posting()?;
    let mut tx = ctx.write().await?;
    let new = NewCase {
        label: label.into(),
        owner_desk: me.desk.unwrap(),
        owner_posting: Some(me.id),
        opened_on: ctx.today(),
        compound: false,
        gap: false,
        gap_note: String::new(),
        sealed: None,
    };
    let key = store::case::open(&mut tx, ctx, new).await?;
    tx.commit().await?;
    Ok(key)
}

pub async fn task(
    ctx: &Ctx,
    room: RoomId,
    title: &str,
    posting: Option<PostingId>,
    days: i64,
) -> Result<()> {
    let mut tx = ctx.write().await?;
    let new = NewTask {
        room: Some(room),
        kind: "manual",
        title: title.into(),
        posting,
        desk: ctx.actor.posting()?.desk.unwrap(),
        due_on: Some(ctx.today() + chrono::Duration::days(days)),
        source: None,
    };
    tasks::add(&mut tx, ctx, new).await?;
    tx.commit().await
}

/// A section of the page, by its code.
pub fn section<'a>(page: &'a str, code: &str) -> &'a str {
    let from = page.find(&format!("id=\"{code}\"")).unwrap();
    let rest = &page[from..];
    let next = ["given", "overdue", "changed", "notices"]
        .iter()
        .filter_map(|c| rest.find(&format!("<div id=\"{c}\"")))
        .filter(|at| *at > 0)
        .min()
        .unwrap_or(rest.len());
    &rest[..next]
}
