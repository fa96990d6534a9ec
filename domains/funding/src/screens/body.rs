//! `/funding/bodies/{body}`: all contracts of one body, with their deliverables side by side.

use axum::extract::Path;
use engawa_kernel::{
    components::{ButtonKind, empty_state, link_button},
    context::Ctx,
    error::{Error, Result},
    http::id,
    id::BodyId,
    page::page,
};
use engawa_organisations::codes::{self, CodeList};
use maud::{Markup, html};

use super::{
    contract::deliverables,
    contracts::{name, names, table},
    parts::trail,
};
use crate::{contract::Full, rules, store::contract};

/// A body's contracts that the actor reads. Who does not plan and reads none gets no page: not even
/// that there is a contract.
pub(super) async fn of(ctx: &Ctx, body: BodyId) -> Result<Vec<Full>> {
    let mut conn = ctx.read().await?;
    let all = contract::of_body(&mut conn, ctx, body).await?;
    if all.is_empty() && !rules::plans(ctx) && !rules::own_bodies(ctx).contains(&body) {
        return Err(Error::NotFound);
    }
    contract::full(&mut conn, all).await
}

pub async fn get(ctx: Ctx, Path(body): Path<String>) -> Result<Markup> {
    let body: BodyId = id(&body)?;
    let all = of(&ctx, body).await?;
    let mut conn = ctx.read().await?;
    let labels = codes::load(&mut conn, &ctx, &[CodeList::ContractMode]).await?;
    let counted = engawa_indicators::choices(&mut conn, &ctx).await?;
    drop(conn);
    let names = names(&ctx).await?;
    // A body that nobody knows is no page, not an empty one.
    if all.is_empty() && !names.contains_key(&body) {
        return Err(Error::NotFound);
    }
    let contracts: Vec<_> = all.iter().map(|f| f.contract.clone()).collect();
    let plans = rules::plans(&ctx);
    let path = format!("/funding/bodies/{body}");
    let shown = html! {
        (trail(&[("/funding/contracts", "委託・補助")]))
        @if all.is_empty() { (empty_state("この機関の委託・補助は、ありません。", html! {})) }
        @else {
            p {
                (link_button(ButtonKind::Secondary, &format!("{path}/report.pdf"), "すべての報告書を印刷する"))
                " " (link_button(ButtonKind::Quiet, &format!("{path}/report.xlsx"), "すべての報告をExcelで出す"))
            }
            (table(&ctx, &labels, &names, &contracts))
            @for f in all.iter().filter(|f| !f.deliverables.is_empty()) {
                @let caption = format!("{}の成果物", f.contract.it.name);
                h2 { (caption) }
                (deliverables(&ctx, &f.deliverables, &counted, plans, &caption))
            }
        }
    };
    let title = format!("{}の委託・補助", name(&names, body));
    Ok(page(&ctx.frame(), &title, shown))
}
