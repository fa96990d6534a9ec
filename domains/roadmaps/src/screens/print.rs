//! `/roadmaps/{plan}/print.pdf`: the roadmap on A4.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    error::Result,
    http::id,
    paper::{Document, Imprint},
};
use serde_json::json;

use crate::{
    model::{PlanId, Whole},
    owner::Bodies,
    paper::RoadmapPage,
    store::{evidence, plan},
};

/// What goes out on paper or as a file, written down before it goes.
pub(super) async fn handed_out(
    ctx: &Ctx,
    plan: &str,
    form: &'static str,
) -> Result<(Whole, Bodies)> {
    let id: PlanId = id(plan)?;
    let mut conn = ctx.read().await?;
    let whole = plan::whole(&mut conn, ctx, id).await?;
    let bodies = Bodies::load(&mut conn, ctx).await?;
    drop(conn);
    let mut tx = ctx.write().await?;
    audit::append(
        &mut tx,
        ctx,
        Entry::new("roadmaps.print").detail(json!({ "plan": id, "as": form })),
    )
    .await?;
    tx.commit().await?;
    Ok((whole, bodies))
}

pub async fn get(ctx: Ctx, Path(plan): Path<String>) -> Result<Response> {
    let (whole, bodies) = handed_out(&ctx, &plan, "pdf").await?;
    let evidence = evidence::list(&mut ctx.read().await?, &ctx).await?;
    let page = RoadmapPage::of(&whole, &bodies, &evidence);
    let plan = &whole.plan.kept.is;
    Document::new(plan.name.clone(), Imprint::of(&ctx))
        .with(&page)?
        .show(&ctx, &format!("roadmap-{}.pdf", plan.first_year.year()))
        .await
}
