//! /statistics: any period, split by any two things, with the rule beside the figure.

use axum::extract::Query;
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, check_group, date_field, details, link_button,
        notice, select_field,
    },
    context::Ctx,
    error::Result,
    form::Form,
    page,
    source::EventSource,
    text::wareki,
};
use maud::{Markup, html};

use super::{
    asked::{Asked, Pairs},
    table,
};
use crate::{
    model::{Dim, UNKNOWN, Unit},
    period::Period,
    report::{self, Reader},
    words::{self, Words},
};

pub async fn get(ctx: Ctx, Query(pairs): Pairs) -> Result<Markup> {
    ctx.need(Duty::ReadFigures)?;
    let asked = Asked(pairs);
    let asked = if asked.get("source").is_empty() {
        asked.with("rows", "time")
    } else {
        asked
    };
    let source = asked.source(&ctx)?;
    let mut conn = ctx.read().await?;
    let words = Words::load(&mut conn, &ctx).await?;
    let reader = Reader::of(&mut conn, &ctx).await?;
    let question = asked.question(&ctx)?;
    let compare = asked.get("compare") == "1";
    let report = report::make(&mut conn, &ctx, &words, &reader, question, compare).await?;
    let asked = asked
        .with("source", source.code)
        .with("from", &report.question.period.from.to_string())
        .with("to", &report.question.period.to.to_string());
    let body = html! {
        (links(&ctx))
        (form(&ctx, &asked, source, &words))
        @if matches!(reader, Reader::Outside { .. }) { (outside(report.hidden())) }
        (table::view(&report, &words, &asked))
        p { (link_button(ButtonKind::Secondary, &format!("/statistics/excel?{}", asked.query()), "この表をExcelで保存する"))
            @if matches!(reader, Reader::Inside) { " " (link_button(ButtonKind::Quiet, &format!("/statistics/excel?{}&outside=1", asked.query()), "外部に渡す用（小さい数を伏せる）のExcel")) } }
    };
    Ok(page::page(&ctx.frame(), "統計", body))
}

fn links(ctx: &Ctx) -> Markup {
    html! {
        p {
            a href="/statistics/months" { "月の締め" } "　"
            a href="/statistics/sets" { "報告様式" } "　"
            a href="/indicators" { "指標と目標" }
            @if ctx.actor.may(Duty::Configure) { "　" a href="/statistics/settings" { "小さい数の扱い" } }
        }
    }
}

fn outside(hidden: usize) -> Markup {
    notice(
        NoticeKind::Info,
        "小さい数は伏せています",
        html! {
            p {
                "市区町村の職員以外の方には、自分の窓口の分を除いた数が小さいものを「非公表」とし、引き算で分からないように、ほかの数も伏せることがあります。期間は月単位です。"
                @if hidden > 0 { "この表では" (hidden) "か所を伏せています。" }
            }
        },
    )
}

fn form(ctx: &Ctx, asked: &Asked, source: &'static EventSource, words: &Words) -> Markup {
    let mut form = Form::default().scoped("stat");
    for (name, value) in &asked.0 {
        if !matches!(name.as_str(), "from" | "to") {
            form.prefill(name, value.as_str());
        }
    }
    let period = asked.period(ctx);
    form.prefill("from", wareki::format_short(period.from, ctx.calendar));
    form.prefill("to", wareki::format_short(period.to, ctx.calendar));
    if asked.get("unit").is_empty() {
        form.prefill("unit", Unit::Events.as_code());
    }
    let sources: Vec<(&str, &str)> = ctx
        .engine
        .sources
        .iter()
        .map(|s| (s.code, s.label))
        .collect();
    let units: Vec<(&str, &str)> = Unit::ALL
        .into_iter()
        .filter(|u| u.fits(source))
        .map(|u| (u.as_code(), u.label()))
        .collect();
    let dims: Vec<Dim> = Dim::ALL.into_iter().filter(|d| d.fits(source)).collect();
    let splits: Vec<(&str, &str)> = dims
        .iter()
        .map(|d| (d.as_code(), words::dim_label(source, *d)))
        .collect();
    let marks: Vec<(&str, &str)> = source.marks.iter().map(|m| (m.code, m.label)).collect();
    html! {
        p { "期間：" @for (name, p) in Period::named(ctx.today()) { a href={ "/statistics?" (asked.clone().with("from", &p.from.to_string()).with("to", &p.to.to_string()).query()) } { (name) } "　" } }
        form.form.form-inline method="get" action="/statistics" {
            (select_field(&form, FieldSpec::new("source", "何を数えるか"), &sources))
            (select_field(&form, FieldSpec::new("unit", "数え方"), &units))
            (date_field(&form, FieldSpec::new("from", "いつから").hint("")))
            (date_field(&form, FieldSpec::new("to", "いつまで").hint("")))
            (select_field(&form, FieldSpec::new("rows", "縦の区分"), &splits))
            (select_field(&form, FieldSpec::new("columns", "横の区分"), &splits))
            (check_group(&form, FieldSpec::new("compare", "比べる"), &[("1", "前年同期と比べる")]))
            (details("条件でしぼる", html! {
                @for dim in &dims { @if *dim != Dim::Time { (filter(&form, source, *dim, words)) } }
                @if !marks.is_empty() { (check_group(&form, FieldSpec::new("mark", "すべて当てはまるもの"), &marks)) }
            }))
            (button(ButtonKind::Primary, "数える", None))
        }
    }
}

fn filter(form: &Form, source: &EventSource, dim: Dim, words: &Words) -> Markup {
    let mut options = words.options(source, dim);
    options.push((UNKNOWN.to_owned(), words::NOT_SAID.to_owned()));
    let options: Vec<(&str, &str)> = options
        .iter()
        .map(|(c, l)| (c.as_str(), l.as_str()))
        .collect();
    select_field(
        form,
        FieldSpec::new(dim.as_code(), words::dim_label(source, dim)),
        &options,
    )
}
