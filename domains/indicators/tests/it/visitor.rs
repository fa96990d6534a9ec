//! Somebody of the demo town at the screens and the API.

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use engawa_indicators::{
    model::{Count, Filter, Rule, Unit},
    store::indicator::{self, IndicatorId, NewIndicator},
};
use engawa_kernel::{
    access::Role,
    context::{ActivePosting, Ctx, Via},
    db::sql,
    error::Result,
    form::Posted,
    id::{BodyId, DeskId, PostingId, SessionId, StaffId},
};
use tower::ServiceExt as _;

/// Somebody of the demo town, in a browser.
pub async fn as_role(ctx: &Ctx, role: &'static str, inside: bool) -> Result<Ctx> {
    let row = ctx
        .read()
        .await?
        .one(
            sql("select p.id, p.staff_id, p.body_id, p.desk_id, p.role from posting p join organisations_body b on b.id = p.body_id
                  where p.role = :role and (b.kind = 'municipal') = :inside order by p.id limit 1")
                .bind("role", role)
                .bind("inside", inside),
        )
        .await?;
    let (staff, body): (StaffId, BodyId) = (row.get("staff_id")?, row.get("body_id")?);
    let (posting, desk): (PostingId, Option<DeskId>) = (row.get("id")?, row.opt("desk_id")?);
    let role: Role = row.get("role")?;
    let mut someone = ctx.clone();
    someone.actor.staff = staff;
    someone.actor.postings = vec![ActivePosting {
        id: posting,
        body,
        desk,
        role,
        role_label: role.label().into(),
        place: String::new(),
    }];
    someone.via = Via::Session {
        id: SessionId::new(),
        csrf: "test-csrf".into(),
    };
    someone.settings = Arc::clone(&ctx.settings);
    Ok(someone)
}

pub async fn send(ctx: &Ctx, request: Request<Body>) -> (StatusCode, String) {
    let app: Router = engawa_indicators::routes()
        .merge(Router::from(engawa_indicators::api()))
        .layer(Extension(ctx.clone()))
        .with_state(ctx.engine.clone());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 10_000_000).await.unwrap();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

pub async fn get(ctx: &Ctx, path: &str) -> (StatusCode, String) {
    send(ctx, Request::get(path).body(Body::empty()).unwrap()).await
}

pub async fn post(ctx: &Ctx, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let posted = Posted::from_pairs(fields.iter().copied());
    let request = Request::post(path)
        .extension(posted)
        .body(Body::empty())
        .unwrap();
    send(ctx, request).await
}

/// All events of a source.
pub fn everything(source: &str) -> Rule {
    Rule::plain(Count {
        source: source.into(),
        unit: Unit::Events,
        filter: Filter::default(),
    })
}

/// Follows what a rule counts, and returns the indicator.
pub async fn follow(ctx: &Ctx, name: &str, rule: &Rule) -> Result<IndicatorId> {
    let new = NewIndicator {
        name: name.into(),
        block: String::new(),
        outcome: false,
        rule: rule.clone(),
        note: String::new(),
        ended_on: None,
    };
    let mut tx = ctx.write().await?;
    let id = indicator::add(&mut tx, ctx, &new).await?;
    tx.commit().await?;
    Ok(id)
}
