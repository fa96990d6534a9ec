//! `/roadmaps`: the plans above the programme, with their periods beside each other.

use engawa_kernel::{
    access::Duty,
    components::{ButtonKind, empty_state, link_button, list_table, submit_row},
    context::Ctx,
    error::Result,
    page::page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::parts::plan_tag;
use crate::{model::KeptPlan, owner::Bodies, rules, store::plan};

pub async fn get(ctx: Ctx) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let all = plan::list(&mut conn, &ctx).await?;
    let bodies = Bodies::load(&mut conn, &ctx).await?;
    drop(conn);
    let now = FiscalYear::of(ctx.today());
    let runs = |k: &KeptPlan| (k.kept.is.first_year..=k.kept.is.last_year).contains(&now);
    let row = |k: &KeptPlan| {
        let p = &k.kept.is;
        let above = p.above.and_then(|id| all.iter().find(|o| o.kept.id == id));
        vec![
            html! {
                a href={ "/roadmaps/" (k.kept.id) } { (p.name) }
                @if let Some(above) = above { span.excerpt { "上位計画: " (above.kept.is.name) } }
            },
            html! { (p.kind.label()) },
            html! { (bodies.name(p.body)) },
            html! { (p.period()) },
            plan_tag(p.state),
        ]
    };
    let rows = |now: bool| -> Vec<Vec<Markup>> {
        all.iter().filter(|k| runs(k) == now).map(row).collect()
    };
    let headers = ["計画", "種類", "どこの計画か", "期間", "状態"];
    let (current, others) = (rows(true), rows(false));
    let body = html! {
        p { "地域福祉計画など、事業の上にある計画の施策を、年度ごとの工程と実行度の評価といっしょに持ちます。" }
        (submit_row(html! {
            @if rules::plans(&ctx) { (link_button(ButtonKind::Primary, "/roadmaps/new", "計画を登録する")) }
            (link_button(ButtonKind::Secondary, "/roadmaps/evidence", "施策のよりどころ"))
            @if ctx.actor.may(Duty::ReadFigures) { (link_button(ButtonKind::Secondary, "/roadmaps/ladder", "成果の4段階")) }
        }))
        h2 { (now) "に動いている計画" }
        @if current.is_empty() {
            (empty_state("今年度の計画は、まだありません。", html! { @if rules::plans(&ctx) { "「計画を登録する」から始めます。" } }))
        } @else { (list_table(&headers, &current, "今年度の計画")) }
        @if !others.is_empty() {
            h2 { "ほかの期間の計画" }
            (list_table(&headers, &others, "ほかの期間の計画"))
        }
    };
    Ok(page(&ctx.frame(), "計画・工程表", body))
}
