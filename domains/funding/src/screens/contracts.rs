//! `/funding/contracts`: the contracts and subsidies of a year that one may read.

use std::collections::HashMap;

use engawa_kernel::{
    components::{ButtonKind, empty_state, link_button, list_table},
    context::Ctx,
    error::Result,
    id::BodyId,
    page::page,
    text::wareki::format_date,
};
use engawa_organisations::codes::{self, CodeList, Labels};
use maud::{Markup, html};

use super::parts::{Asked, asked_year, trail, year_tabs};
use crate::{
    contract::{Contract, KeptContract},
    rules,
    store::contract,
    words,
};

/// The names of all bodies.
pub(super) type Names = HashMap<BodyId, String>;

pub(super) async fn names(ctx: &Ctx) -> Result<Names> {
    let mut conn = ctx.read().await?;
    let bodies = engawa_organisations::bodies(&mut conn, ctx).await?;
    Ok(bodies.into_iter().collect())
}

/// A body's name; one that the register does not know has none.
pub(super) fn name(names: &Names, body: BodyId) -> &str {
    names
        .get(&body)
        .map_or("（登録のない機関）", String::as_str)
}

/// 令和8年4月1日から令和9年3月31日まで
pub(super) fn period(ctx: &Ctx, c: &Contract) -> String {
    let from = format_date(c.from, ctx.calendar);
    match c.to {
        Some(to) => format!("{from}から{}まで", format_date(to, ctx.calendar)),
        None => format!("{from}から"),
    }
}

pub async fn get(ctx: Ctx, asked: Asked) -> Result<Markup> {
    let of = asked_year(&ctx, &asked)?;
    let mut conn = ctx.read().await?;
    let all = contract::list(&mut conn, &ctx, of).await?;
    let labels = codes::load(&mut conn, &ctx, &[CodeList::ContractMode]).await?;
    drop(conn);
    let names = names(&ctx).await?;
    let plans = rules::plans(&ctx);
    let body = html! {
        (trail(&[]))
        p {
            @if plans { "委託・補助・直営ごとに、実施する機関、期間、経費、成果物と請求を残します。" }
            @else { "あなたの機関が受けている委託・補助です。成果物の実績を報告できます。ほかの機関の契約は表示されません。" }
        }
        @if plans { p { (link_button(ButtonKind::Primary, "/funding/contracts/new", "契約・補助を書く")) } }
        (year_tabs(&ctx, "/funding/contracts", of))
        @if all.is_empty() {
            (empty_state("この年度の委託・補助は、ありません。", html! {
                @if plans { "「契約・補助を書く」から始めてください。" }
                @else { "あなたの機関の契約があるはずのときは、推進員（事務局）に確かめてください。" }
            }))
        } @else {
            (table(&ctx, &labels, &names, &all))
        }
    };
    Ok(page(
        &ctx.frame(),
        &format!("{}の委託・補助", of.label()),
        body,
    ))
}

/// The list, for the page of a body too.
pub(super) fn table(ctx: &Ctx, labels: &Labels, names: &Names, all: &[KeptContract]) -> Markup {
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|c| {
            vec![
                html! { a href={ "/funding/contracts/" (c.id) } { (c.it.name) } },
                html! { (labels.label(CodeList::ContractMode, &c.it.mode)) },
                html! {
                    @if c.it.parties.is_empty() { "―" }
                    @for (n, p) in c.it.parties.iter().enumerate() {
                        @if n > 0 { br; }
                        a href={ "/funding/bodies/" (p.body) } { (name(names, p.body)) }
                        @if !p.share.is_empty() { " " span.hint { (p.share) } }
                    }
                },
                html! {
                    @for (n, s) in c.it.schemes.iter().enumerate() {
                        @if n > 0 { br; }
                        (s.label())
                    }
                    @if !c.it.part.is_empty() { " " span.hint { (c.it.part) } }
                },
                html! { (period(ctx, &c.it)) },
                html! { (words::total(c.it.costs.iter().map(|l| l.amount))) },
            ]
        })
        .collect();
    list_table(
        &[
            "名前",
            "実施方法",
            "実施する機関",
            "計画書の事業",
            "期間",
            "経費",
        ],
        &rows,
        "委託・補助",
    )
}
