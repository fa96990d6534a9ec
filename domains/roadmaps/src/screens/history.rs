//! `/roadmaps/{plan}/history`: what stood in the plan's texts before, and who replaced it.

use axum::extract::Path;
use engawa_kernel::{
    components::{empty_state, lines, list_table},
    context::Ctx,
    db::Conn,
    error::Result,
    http::id,
    page::page,
};
use maud::{Markup, html};

use super::parts::{by, trail};
use crate::{
    model::PlanId,
    store::{
        change::{self, Change},
        plan,
    },
};

pub async fn get(ctx: Ctx, Path(plan): Path<String>) -> Result<Markup> {
    let id: PlanId = id(&plan)?;
    let mut conn = ctx.read().await?;
    let plan = plan::one(&mut conn, &ctx, id).await?.kept.is;
    let all = change::of_plan(&mut conn, &ctx, id).await?;
    let shown = changes(&mut conn, &ctx, &all).await?;
    drop(conn);
    let above = format!("/roadmaps/{id}");
    let body = html! {
        (trail(&[(above.as_str(), &plan.name)]))
        p { "書き換える前の文です。いまの文は、計画と施策の画面にあります。" }
        @if all.is_empty() { (empty_state("書き換えられた文は、まだありません。", html! {})) }
        (shown)
    };
    Ok(page(&ctx.frame(), "変更の履歴", body))
}

/// Texts that were replaced; nothing when there are none.
pub(super) async fn changes(conn: &mut Conn, ctx: &Ctx, all: &[Change]) -> Result<Markup> {
    if all.is_empty() {
        return Ok(html! {});
    }
    let staff: Vec<_> = all.iter().map(|c| c.staff).collect();
    let names = engawa_organisations::staff_names(conn, &staff).await?;
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|c| {
            vec![
                html! { (by(ctx, &names, c.staff, c.at)) },
                html! { (c.what) },
                lines(&c.text),
            ]
        })
        .collect();
    Ok(list_table(
        &["書き換えた人", "ところ", "前の文"],
        &rows,
        "書き換える前の文",
    ))
}
