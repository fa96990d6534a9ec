//! `/logout`

use axum::response::Response;
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    error::Result,
};
use serde_json::json;

use super::redirect_with;
use crate::{edge::Visit, layer::Here, store::session};

pub(super) async fn send(ctx: Ctx, here: Here, visit: Visit) -> Result<Response> {
    let mut tx = ctx.write().await?;
    session::revoke(&mut tx, here.session.staff, here.session.id, ctx.now()).await?;
    let detail = json!({ "session": here.session.id });
    audit::append(&mut tx, &ctx, Entry::new("logout").detail(detail)).await?;
    tx.commit().await?;
    Ok(redirect_with("/login?why=logout", visit.take()))
}
