//! /indicators/{id}: one indicator in one year, month by month, with its rule and the rules before.

use axum::extract::{Path, Query};
use engawa_kernel::{
    access::Duty,
    clock,
    components::{ButtonKind, definition_list, details, link_button, submit_row, table},
    context::Ctx,
    error::Result,
    http::id,
    page,
    text::wareki,
};
use maud::{Markup, html};

use super::{
    asked::{Asked, Pairs},
    chart, indicators,
};
use crate::{
    period::Period,
    progress::{self, Beside},
    report::{Reader, Shown},
    rules::said,
    store::{
        actual::{Actual, Counter, source},
        indicator,
    },
    words::{self, Words},
};

pub async fn get(ctx: Ctx, Path(path): Path<String>, Query(pairs): Pairs) -> Result<Markup> {
    ctx.need(Duty::ReadFigures)?;
    let year = indicators::year(&ctx, &Asked(pairs));
    let mut conn = ctx.read().await?;
    let i = indicator::one(&mut conn, &ctx, id(&path)?).await?;
    let words = Words::load(&mut conn, &ctx).await?;
    let reader = Reader::of(&mut conn, &ctx).await?;
    let targets = indicator::targets(&mut conn, &ctx, year)
        .await?
        .remove(&i.id)
        .unwrap_or_default();
    let period = Period::year(year);
    let mut counter = Counter::default();
    let actual = counter.actual(&mut conn, &ctx, &i.rule, period).await?;
    let before = period.year_before();
    let last = counter.actual(&mut conn, &ctx, &i.rule, before).await?;
    let beside = Beside::of(&mut conn, &ctx, reader, &i, before.from).await?;
    let hide = beside
        .hides(&mut conn, &ctx, &mut counter, (period, actual))
        .await?;
    let hide_last = beside
        .hides(&mut conn, &ctx, &mut counter, (before, last))
        .await?;
    let mut months: Vec<(Period, Actual, bool)> = Vec::new();
    for month in period.slots() {
        if month.from <= ctx.today() && actual != Actual::NoRecords {
            let n = counter.actual(&mut conn, &ctx, &i.rule, month).await?;
            let hide = beside
                .hides(&mut conn, &ctx, &mut counter, (month, n))
                .await?;
            months.push((month, n, hide));
        }
    }
    let editions = indicator::editions(&mut conn, i.id).await?;
    let standings = progress::standings(&ctx, &i, &targets, actual, year);
    let bars: Vec<(String, Shown)> = months
        .iter()
        .map(|(p, a, hide)| {
            let n = a.value().map(|v| v.0 / 1_000);
            (words::slot(*p), n.filter(|_| !hide))
        })
        .collect();
    let rows: Vec<Vec<Markup>> = months
        .iter()
        .map(|(p, a, hide)| {
            vec![
                html! { (words::slot(*p)) },
                indicators::shown(&i, *a, *p, *hide),
            ]
        })
        .collect();
    let title = format!("{}　{year}", i.name);
    let may = ctx.actor.may(Duty::KeepFigures);
    let body = html! {
        p { a href={ "/indicators?year=" (year.year()) } { "← 指標と目標" } }
        (indicators::years(&format!("/indicators/{}", i.id), year))
        (indicators::warnings(&targets))
        (definition_list(&[
            ("事業", html! { @if i.block.is_empty() { "—" } @else { (i.block) } }),
            ("種類", html! { @if i.outcome { "成果指標" } @else { "活動指標" } }),
            ("数え方", html! { (said::rule(&ctx.engine.sources, &words, &i.rule)) "　第" (i.edition) "版" }),
            ("実績", html! { (indicators::shown(&i, actual, period, hide)) }),
            ("前年度", html! { (indicators::shown(&i, last, before, hide_last)) }),
        ]))
        (super::counted_at(counter.counted_at()))
        h2 { "目標" }
        @if targets.is_empty() { p { "この年度の目標は、まだありません。" } }
        @else {
            (table(&["目標", "書かれたまま", "算定根拠", "はじめの値", "期限", "いまの目安", "見込み", "様子"], &targets.iter().zip(&standings).map(|(d, s)| {
                let s = s.as_ref().filter(|_| !hide);
                let n = |a: Option<crate::rules::target::Amount>| a.map_or_else(|| "—".to_owned(), |a| a.to_string());
                vec![
                    html! { (d.target.text()) },
                    html! { (d.target.raw) },
                    html! { @if d.target.formula.is_empty() { "—" } @else { (d.target.formula) } },
                    html! { (n(d.target.baseline)) },
                    html! { @match d.due_on { Some(day) => (wareki::format_short(day, ctx.calendar)), None => "年度末" } },
                    html! { (n(s.and_then(|s| s.pace))) },
                    html! { (n(s.and_then(|s| s.forecast))) },
                    html! { @match s.and_then(|s| s.state) { Some(state) => (indicators::state_tag(state)), None => "—" } },
                ]
            }).collect::<Vec<_>>(), "目標と様子"))
        }
        @if may {
            (submit_row(html! {
                (link_button(ButtonKind::Primary, &format!("/indicators/{}/targets?year={}", i.id, year.year()), "目標を書く"))
                (link_button(ButtonKind::Secondary, &format!("/indicators/{}/edit", i.id), "指標と数え方を変える"))
            }))
        }
        @if actual == Actual::NoRecords { p { "この指標のもとになる記録の仕組みが、まだありません。仕組みができると、数えはじめます。" } }
        @else {
            h2 { "月ごと" }
            (table(&["月", "実績"], &rows, &title))
            (chart::bars(&title, said::counter(&i.rule), &bars))
        }
        (details("数え方の説明", html! { ul {
            li { (i.rule.count.unit.rule()) }
            @if let Some(s) = source(&ctx, &i.rule.count.source) { li { (s.rule) } }
            @if !i.note.is_empty() { li { (i.note) } }
            @for e in &editions { li { "第" (e.edition) "版（" (wareki::format_short(clock::local(e.saved_at).date(), ctx.calendar)) "から）：" (said::rule(&ctx.engine.sources, &words, &e.rule)) } }
        } }))
    };
    Ok(page::page(&ctx.frame(), &title, body))
}
