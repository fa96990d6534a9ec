//! /indicators: every target with what it stands at, what it should stand at by now, and what it
//! will end with.

use axum::{extract::Query, response::Response};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, NoticeKind, Tab, TagKind, button, empty_state, form_frame, hidden, link_button,
        list_table, notice, tabs, tag,
    },
    context::Ctx,
    error::Result,
    form::{Form, Posted},
    http::{id, see_other},
    once, page,
    text::fiscal::FiscalYear,
};
use maud::{Markup, html};

use super::asked::{Asked, Pairs, records_href};
use crate::{
    period::Period,
    progress::{self, HIDDEN, NO_BASE, NO_RECORDS, Progress},
    report::Reader,
    rules::{
        formula,
        pace::{self, State},
        said,
        target::Amount,
    },
    store::{
        actual::{Actual, Counter},
        carry,
        indicator::{self, Dated, Indicator},
    },
};

/// The fiscal year asked for; this one where nothing readable is given.
pub fn year(ctx: &Ctx, asked: &Asked) -> FiscalYear {
    let this = FiscalYear::of(ctx.today());
    asked.get("year").parse().unwrap_or(this)
}

/// This year and those beside it.
pub fn years(path: &str, year: FiscalYear) -> Markup {
    let all: Vec<Tab> = [-1, 0, 1]
        .into_iter()
        .filter_map(|n| FiscalYear::try_from(year.year() + n).ok())
        .map(|y| Tab {
            href: format!("{path}?year={}", y.year()),
            label: y.label(),
            count: None,
            active: y == year,
        })
        .collect();
    tabs("年度", &all)
}

pub async fn get(ctx: Ctx, Query(pairs): Pairs) -> Result<Markup> {
    ctx.need(Duty::ReadFigures)?;
    let year = year(&ctx, &Asked(pairs));
    let mut conn = ctx.read().await?;
    let reader = Reader::of(&mut conn, &ctx).await?;
    let all = indicator::list(&mut conn, &ctx, year.first_day()).await?;
    let mut counter = Counter::default();
    let all = progress::of_year(&mut conn, &ctx, &reader, all, year, &mut counter).await?;
    let carry = carry::offered(&mut conn, &ctx, year).await?;
    let rows: Vec<Vec<Markup>> = all.iter().map(|p| row(p, year)).collect();
    let may = ctx.actor.may(Duty::KeepFigures);
    let body = html! {
        (years("/indicators", year))
        @if may { p { (link_button(ButtonKind::Primary, "/indicators/new", "指標を加える")) } }
        @if may && carry > 0 { (carry_form(&ctx, year, carry)) }
        @if rows.is_empty() { (empty_state("この年度の指標は、まだありません。", html! { p { "計画書の活動指標・成果指標を、1つずつ加えてください。" } })) }
        @else { (list_table(&["指標", "目標", "実績", "いまの目安", "見込み", "様子"], &rows, &format!("{year}の指標と目標"))) }
        (super::counted_at(counter.counted_at()))
        p.hint { "「いまの目安」は、年度の過ぎた割合に目標を掛けた数です。「見込み」は、このまま進んだときの年度末の数です。期末の数と割合は、いまの数をそのまま比べます。" }
    };
    Ok(page::page(&ctx.frame(), "指標と目標", body))
}

fn carry_form(ctx: &Ctx, year: FiscalYear, waiting: i64) -> Markup {
    let last = FiscalYear::try_from(year.year() - 1).map_or_else(|_| String::new(), |y| y.label());
    notice(
        NoticeKind::Info,
        &format!("{}の目標がまだない指標が{waiting}件あります", year.label()),
        html! {
            p { (last) "と同じ目標から始められます。引き継いでから、変わったものだけを直してください。" }
            (form_frame("/indicators/carry", ctx.csrf(), &Form::blank(), html! {
                (hidden("year", &year.year().to_string()))
                (button(ButtonKind::Secondary, &format!("{last}の目標を引き継ぐ"), None))
            }))
        },
    )
}

/// POST `/indicators/carry`
pub async fn carry(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::KeepFigures)?;
    let form = Form::from_posted(posted);
    let year = id::<FiscalYear>(form.value("year"))?;
    let to = format!("/indicators?year={}", year.year());
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    if carry::carry(&mut tx, &ctx, year).await? == 0 {
        // Somebody else was first; there is nothing left to write.
        return Ok(see_other(&to));
    }
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

fn row(p: &Progress, year: FiscalYear) -> Vec<Markup> {
    let (i, hide) = (&p.indicator, p.hide);
    // A line for each target, also where there is none.
    let lines = |one: &dyn Fn(&pace::Standing) -> Option<Markup>| {
        let said = |s: &Option<pace::Standing>| s.as_ref().filter(|_| !hide).and_then(one);
        html! {
            @if p.standings.is_empty() { "—" }
            @for s in &p.standings { div { @match said(s) { Some(said) => (said), None => "—" } } }
        }
    };
    let amount =
        |of: fn(&pace::Standing) -> Option<Amount>| lines(&move |s| of(s).map(|a| html! { (a) }));
    vec![
        html! {
            a href={ "/indicators/" (i.id) "?year=" (year.year()) } { (i.name) }
            @if !i.block.is_empty() { span.excerpt { (i.block) } }
            span.excerpt { (p.rule) }
        },
        html! {
            @if p.targets.is_empty() { "—" }
            @for d in &p.targets { div { (d.target.text()) @if formula::warning(&d.target.formula, d.target.low).is_some() { " " (tag(TagKind::Waiting, "計算が合わない")) } } }
        },
        shown(i, p.actual, Period::year(year), hide),
        amount(|s| s.pace),
        amount(|s| s.forecast),
        lines(&|s| s.state.map(state_tag)),
    ]
}

/// The number, leading to its records.
pub fn shown(i: &Indicator, actual: Actual, period: Period, hide: bool) -> Markup {
    match actual {
        Actual::NoRecords => html! { span.hint { (NO_RECORDS) } },
        Actual::NoBase => html! { span.hint { (NO_BASE) } },
        Actual::Number { .. } if hide => html! { span.hint { (HIDDEN) } },
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
