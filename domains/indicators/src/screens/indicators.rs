//! /indicators: every target with what it stands at, what it should stand at by now, and what it
//! will end with.

use axum::extract::Query;
use engawa_kernel::{
    access::Duty,
    components::{ButtonKind, NoticeKind, TagKind, empty_state, link_button, notice, table, tag},
    context::Ctx,
    db::Conn,
    error::Result,
    page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::asked::{Asked, Pairs, records_href};
use crate::{
    period::Period,
    report::Reader,
    rules::{
        formula,
        pace::{self, State},
        said,
    },
    store::{
        actual::{self, Actual, Counter},
        indicator::{self, Dated, Indicator},
    },
    words::Words,
};

/// What stands where no domain brings the events.
pub const NO_RECORDS: &str = "まだ記録がありません";

/// The fiscal year asked for; this one where nothing readable is given.
pub fn year(ctx: &Ctx, asked: &Asked) -> FiscalYear {
    let this = FiscalYear::of(ctx.today());
    asked
        .get("year")
        .parse::<i32>()
        .ok()
        .and_then(|y| FiscalYear::try_from(y).ok())
        .unwrap_or(this)
}

/// Links to the years beside this one.
pub fn years(path: &str, year: FiscalYear) -> Markup {
    let beside = [-1, 1].map(|n| FiscalYear::try_from(year.year() + n).ok());
    html! {
        p { @for other in beside.into_iter().flatten() { a href={ (path) "?year=" (other.year()) } { (other) } "　" } }
    }
}

pub async fn get(ctx: Ctx, Query(pairs): Pairs) -> Result<Markup> {
    ctx.need(Duty::ReadFigures)?;
    let year = year(&ctx, &Asked(pairs));
    let mut conn = ctx.read().await?;
    let words = Words::load(&mut conn, &ctx).await?;
    let reader = Reader::of(&mut conn, &ctx).await?;
    let all = indicator::list(&mut conn, &ctx, year.first_day()).await?;
    let mut targets = indicator::targets(&mut conn, &ctx, year).await?;
    let mut counter = Counter::default();
    let mut rows = Vec::new();
    for i in &all {
        let of = targets.remove(&i.id).unwrap_or_default();
        rows.push(row(&ctx, &mut conn, &mut counter, &words, &reader, i, &of, year).await?);
    }
    let may = ctx.actor.may(Duty::KeepFigures);
    let body = html! {
        (years("/indicators", year))
        p { a href="/statistics" { "統計" } @if may { "　" (link_button(ButtonKind::Primary, "/indicators/new", "指標を加える")) } }
        @if rows.is_empty() { (empty_state("この年度の指標は、まだありません。", html! { p { "計画書の活動指標・成果指標を、1つずつ加えてください。" } })) }
        @else { (table(&["指標", "目標", "実績", "いまの目安", "見込み", "様子"], &rows, &format!("{year}の指標と目標"))) }
        p.hint { "「いまの目安」は、年度の過ぎた割合に目標を掛けた数です。「見込み」は、このまま進んだときの年度末の数です。期末の数と割合は、いまの数をそのまま比べます。" }
    };
    Ok(page::page(&ctx.frame(), "指標と目標", body))
}

#[allow(clippy::too_many_arguments)]
async fn row(
    ctx: &Ctx,
    conn: &mut Conn,
    counter: &mut Counter,
    words: &Words,
    reader: &Reader,
    i: &Indicator,
    targets: &[Dated],
    year: FiscalYear,
) -> Result<Vec<Markup>> {
    let period = Period::year(year);
    let actual = counter.actual(conn, ctx, &i.rule, period).await?;
    let standings = standings(ctx, i, targets, actual, year);
    let (hide, line) = (
        hidden(reader, actual),
        said::rule(&ctx.engine.sources, words, &i.rule),
    );
    let each = |text: fn(&pace::Standing) -> Option<String>| {
        html! { @for s in &standings { div { @if hide { "—" } @else { (s.as_ref().and_then(text).unwrap_or_else(|| "—".into())) } } } }
    };
    Ok(vec![
        html! {
            a href={ "/indicators/" (i.id) "?year=" (year.year()) } { (i.name) }
            @if !i.block.is_empty() { span.excerpt { (i.block) } }
            span.excerpt { (line) }
        },
        html! {
            @if targets.is_empty() { "—" }
            @for d in targets { div { (d.target.text()) @if formula::warning(&d.target.formula, d.target.low).is_some() { " " (tag(TagKind::Waiting, "計算が合わない")) } } }
        },
        shown(i, actual, period, hide),
        each(|s| s.pace.map(|a| a.to_string())),
        each(|s| s.forecast.map(|a| a.to_string())),
        html! { @for s in &standings { div { @match s.as_ref().and_then(|s| s.state) { Some(state) if !hide => { (state_tag(state)) } _ => "—" } } } },
    ])
}

/// How each target stands; none where nothing can be said by a number.
pub fn standings(
    ctx: &Ctx,
    i: &Indicator,
    targets: &[Dated],
    actual: Actual,
    year: FiscalYear,
) -> Vec<Option<pace::Standing>> {
    targets
        .iter()
        .map(|d| {
            actual.value().map(|value| {
                pace::standing(
                    &d.target,
                    value,
                    Period::year(year),
                    ctx.today(),
                    actual::adds_up(&i.rule),
                )
            })
        })
        .collect()
}

/// Whether a reader outside may not see it: the number or what it is divided by is small.
pub fn hidden(reader: &Reader, actual: Actual) -> bool {
    let (Reader::Outside { limit, .. }, Actual::Number { count, of, .. }) = (reader, actual) else {
        return false;
    };
    let small = |n: i64| n > 0 && n < *limit;
    // A share of nearly all tells how few are left.
    small(count) || of.is_some_and(|of| small(of) || small(of - count))
}

/// The number, leading to its records.
pub fn shown(i: &Indicator, actual: Actual, period: Period, hide: bool) -> Markup {
    match actual {
        Actual::NoRecords => html! { span.hint { (NO_RECORDS) } },
        Actual::NoBase => html! { span.hint { "割る数が0です" } },
        Actual::Number { .. } if hide => html! { span.hint { "非公表" } },
        Actual::Number { value, count, of } => html! {
            a href=(records_href(&i.rule.count, period)) { (value) (said::counter(&i.rule)) }
            @if let Some(of) = of { span.excerpt { (count) " ÷ " (of) } }
        },
    }
}

/// 達成, 順調 …
pub fn state_tag(state: State) -> Markup {
    let kind = match state {
        State::Kept => TagKind::Done,
        State::OnCourse => TagKind::Active,
        State::Behind | State::Missed => TagKind::Waiting,
    };
    tag(kind, state.label())
}

/// What does not add up in a formula.
pub fn warnings(targets: &[Dated]) -> Markup {
    let said: Vec<String> = targets
        .iter()
        .filter_map(|d| formula::warning(&d.target.formula, d.target.low))
        .collect();
    html! {
        @for text in said { (notice(NoticeKind::Warn, "計算が合いません", html! { p { (text) } })) }
    }
}
