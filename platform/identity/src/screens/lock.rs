//! `/lock`: the screen locks, by the page itself after some idle time or by hand.

use axum::{
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    error::Result,
};
use serde_json::json;

use super::{Asked, next_of, onward};
use crate::{layer::Here, model::Gate, store::session};

/// Where the page's veil leads. It locks too, in case the page's own message was lost; but not when
/// another site sent the browser here.
pub(super) async fn show(
    ctx: Ctx,
    here: Here,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    let ours = headers
        .get("sec-fetch-site")
        .is_none_or(|site| site.as_bytes() == b"same-origin");
    if ours {
        lock(&ctx, &here).await?;
    }
    Ok(Redirect::to(&onward(Gate::Unlock, next_of(&asked))).into_response())
}

pub(super) async fn send(ctx: Ctx, here: Here) -> Result<Response> {
    lock(&ctx, &here).await?;
    Ok(Redirect::to(Gate::Unlock.path()).into_response())
}

async fn lock(ctx: &Ctx, here: &Here) -> Result<()> {
    let mut tx = ctx.write().await?;
    if session::set_locked(&mut tx, here.session.id, Some(ctx.now())).await? {
        let detail = json!({ "session": here.session.id });
        audit::append(&mut tx, ctx, Entry::new("session.locked").detail(detail)).await?;
        tx.commit().await?;
    }
    Ok(())
}
