//! /indicators/new, /indicators/{id}/edit: what an indicator counts. The kind of event is chosen
//! first; the form then offers what that kind can say.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, button, check_group, date_field, details, form_frame, number_field,
        radio_group, select_field, submit_row, text_area, text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    once, page,
    source::EventSource,
    text::wareki::{self, parse_date},
};
use maud::{Markup, html};

use super::asked::{self, Asked, Pairs};
use crate::{
    model::{Count, Denominator, Dim, Filter, LATER, Rule, UNKNOWN, Unit},
    store::indicator::{self, Indicator, NewIndicator},
    words::{self, Words},
};

const KINDS: [(&str, &str); 2] = [("activity", "活動指標"), ("outcome", "成果指標")];
const PER: [(&str, &str); 3] = [
    ("none", "割らない"),
    ("fixed", "決まった数で割る（全39行政区など）"),
    ("counted", "同じ期間の別の数で割る"),
];

pub async fn new(ctx: Ctx, Query(pairs): Pairs) -> Result<Markup> {
    ctx.need(Duty::KeepFigures)?;
    let asked = Asked(pairs);
    let code = asked.get("source");
    if code.is_empty() {
        return Ok(choose(&ctx));
    }
    let words = Words::load(&mut ctx.read().await?, &ctx).await?;
    let mut form = Form::blank();
    form.prefill("source", code);
    form.prefill("outcome", "activity");
    form.prefill("unit", Unit::Events.as_code());
    form.prefill("per", "none");
    Ok(view(&ctx, &form, &words, None))
}

fn choose(ctx: &Ctx) -> Markup {
    let body = html! {
        p { a href="/indicators" { "← 指標と目標" } }
        h2 { "何を数えますか" }
        ul { @for s in &ctx.engine.sources { li { a href={ "/indicators/new?source=" (s.code) } { (s.label) } br; span.hint { (s.rule) } } } }
        h2 { "記録の仕組みがまだないもの" }
        p { "いま目標だけ入れておけます。仕組みができるまで、実績は「まだ記録がありません」と出ます。" }
        ul { @for (code, label) in LATER { @if asked::source(ctx, code).is_none() { li { a href={ "/indicators/new?source=" (code) } { (label) } } } } }
    };
    page::page(&ctx.frame(), "指標を加える", body)
}

pub async fn edit(ctx: Ctx, Path(path): Path<String>) -> Result<Markup> {
    ctx.need(Duty::KeepFigures)?;
    let mut conn = ctx.read().await?;
    let i = indicator::one(&mut conn, &ctx, id(&path)?).await?;
    let words = Words::load(&mut conn, &ctx).await?;
    let mut form = Form::blank();
    form.version = Some(i.version);
    form.prefill("source", i.rule.count.source.as_str());
    form.prefill("name", i.name.as_str());
    form.prefill("block", i.block.as_str());
    form.prefill("outcome", if i.outcome { "outcome" } else { "activity" });
    form.prefill("note", i.note.as_str());
    form.prefill("unit", i.rule.count.unit.as_code());
    for mark in &i.rule.count.filter.marks {
        form.prefill("mark", mark.as_str());
    }
    for dim in Dim::ALL {
        if let Some(value) = i.rule.count.filter.of(dim).first() {
            form.prefill(dim.as_code(), value.as_str());
        }
    }
    match &i.rule.per {
        None => form.prefill("per", "none"),
        Some(Denominator::Fixed(n)) => {
            form.prefill("per", "fixed");
            form.prefill("per_fixed", n.to_string());
        }
        Some(Denominator::Counted(c)) => {
            form.prefill("per", "counted");
            form.prefill("per_source", c.source.as_str());
            form.prefill("per_unit", c.unit.as_code());
            if let Some(mark) = c.filter.marks.first() {
                form.prefill("per_mark", format!("{}:{mark}", c.source));
            }
        }
    }
    if let Some(day) = i.ended_on {
        form.prefill("ended_on", wareki::format_short(day, ctx.calendar));
    }
    Ok(view(&ctx, &form, &words, Some(&i)))
}

fn view(ctx: &Ctx, form: &Form, words: &Words, old: Option<&Indicator>) -> Markup {
    let source = asked::source(ctx, form.value("source"));
    let action = old.map_or_else(
        || "/indicators/new".to_owned(),
        |i| format!("/indicators/{}/edit", i.id),
    );
    let units: Vec<(&str, &str)> = Unit::ALL
        .into_iter()
        .filter(|u| source.is_none_or(|s| u.fits(s)))
        .map(|u| (u.as_code(), u.label()))
        .collect();
    let label = source.map_or_else(
        || {
            LATER
                .iter()
                .find(|(c, _)| *c == form.value("source"))
                .map_or("その他", |(_, l)| *l)
        },
        |s| s.label,
    );
    let body = html! {
        p { a href=(old.map_or_else(|| "/indicators".to_owned(), |i| format!("/indicators/{}", i.id))) { "← 戻る" } }
        p { "数えるもの：" strong { (label) } @if let Some(s) = source { br; span.hint { (s.rule) } } }
        (form_frame(&action, ctx.csrf(), form, html! {
            (engawa_kernel::components::hidden("source", form.value("source")))
            (text_field(form, FieldSpec::new("name", "指標の名前").required().maxlength(100).hint("例: 複合課題の相談、終結率")))
            (text_field(form, FieldSpec::new("block", "事業").maxlength(100).hint("計画書のどの事業・ブロックの指標か")))
            (radio_group(form, FieldSpec::new("outcome", "種類").required(), &KINDS))
            (select_field(form, FieldSpec::new("unit", "数え方").required(), &units))
            @if let Some(s) = source { (filters(form, s, words)) (rate(ctx, form)) }
            (text_area(form, FieldSpec::new("note", "数え方の補足").maxlength(1_000).rows(2)))
            @if old.is_some() { (date_field(form, FieldSpec::new("ended_on", "この日から追わない").hint("追うのをやめるときだけ書きます。過去の実績は残ります。"))) }
            (submit_row(button(ButtonKind::Primary, "保存する", None)))
        }))
    };
    let title = if old.is_some() {
        "指標と数え方を変える"
    } else {
        "指標を加える"
    };
    page::page(&ctx.frame(), title, body)
}

fn filters(form: &Form, source: &EventSource, words: &Words) -> Markup {
    let marks: Vec<(&str, &str)> = source.marks.iter().map(|m| (m.code, m.label)).collect();
    html! {
        @if !marks.is_empty() { (check_group(form, FieldSpec::new("mark", "すべて当てはまるものだけ"), &marks)) }
        (details("さらにしぼる", html! {
            @for dim in Dim::ALL.into_iter().filter(|d| *d != Dim::Time && d.fits(source)) {
                @let not_said = (UNKNOWN.to_owned(), words::NOT_SAID.to_owned());
                @let options: Vec<(String, String)> = words.options(source, dim).into_iter().chain([not_said]).collect();
                (select_field(form, FieldSpec::new(dim.as_code(), words::dim_label(source, dim)), &options.iter().map(|(c, l)| (c.as_str(), l.as_str())).collect::<Vec<_>>()))
            }
        }))
    }
}

fn rate(ctx: &Ctx, form: &Form) -> Markup {
    let sources: Vec<(&str, &str)> = ctx
        .engine
        .sources
        .iter()
        .map(|s| (s.code, s.label))
        .collect();
    let marks = marks(ctx);
    html! {
        (radio_group(form, FieldSpec::new("per", "割合にするとき（%）"), &PER))
        (number_field(form, FieldSpec::new("per_fixed", "割る数").hint("「決まった数で割る」のとき")))
        (details("「別の数で割る」のとき", html! {
            (select_field(form, FieldSpec::new("per_source", "割る数の種類"), &sources))
            (select_field(form, FieldSpec::new("per_unit", "割る数の数え方"), Unit::OPTIONS))
            (select_field(form, FieldSpec::new("per_mark", "割る数の条件"), &marks.iter().map(|(c, l)| (c.as_str(), l.as_str())).collect::<Vec<_>>()))
        }))
    }
}

fn marks(ctx: &Ctx) -> Vec<(String, String)> {
    ctx.engine
        .sources
        .iter()
        .flat_map(|s| {
            s.marks.iter().map(|m| {
                (
                    format!("{}:{}", s.code, m.code),
                    format!("{}：{}", s.label, m.label),
                )
            })
        })
        .collect()
}

pub async fn create(ctx: Ctx, posted: Posted) -> Result<Response> {
    save(ctx, posted, None).await
}

pub async fn update(ctx: Ctx, Path(path): Path<String>, posted: Posted) -> Result<Response> {
    let old = {
        let mut conn = ctx.read().await?;
        indicator::one(&mut conn, &ctx, id(&path)?).await?
    };
    save(ctx, posted, Some(old)).await
}

async fn save(ctx: Ctx, posted: Posted, old: Option<Indicator>) -> Result<Response> {
    ctx.need(Duty::KeepFigures)?;
    let mut form = Form::from_posted(posted);
    let new = read(&ctx, &mut form)?;
    if form.has_errors() {
        let words = Words::load(&mut ctx.read().await?, &ctx).await?;
        let page = view(&ctx, &form, &words, old.as_ref());
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    }
    let mut tx = ctx.write().await?;
    let id = match old {
        Some(mut old) => {
            old.version = form.version.unwrap_or_default();
            indicator::change(&mut tx, &ctx, &old, &new).await?;
            old.id
        }
        None => {
            once::claim(&mut tx, &ctx, &form.once).await?;
            let id = indicator::add(&mut tx, &ctx, &new).await?;
            once::lead_to(&mut tx, &ctx, &form.once, &format!("/indicators/{id}")).await?;
            id
        }
    };
    tx.commit().await?;
    Ok(see_other(&format!("/indicators/{id}")))
}

fn read(ctx: &Ctx, form: &mut Form) -> Result<NewIndicator> {
    let today = ctx.today();
    let code = form.value("source").to_owned();
    let source = asked::source(ctx, &code);
    if source.is_none() && !LATER.iter().any(|(c, _)| *c == code) {
        return Err(Error::Invalid(
            "数えるものの種類を読み取れませんでした。画面を開き直して選び直してください。".into(),
        ));
    }
    let unit = form
        .choice("unit", "数え方", Unit::OPTIONS, true)
        .and_then(|u| Unit::from_code(&u))
        .unwrap_or(Unit::Events);
    if source.is_some_and(|s| !unit.fits(s)) {
        form.error(
            "unit",
            "数え方",
            "「数え方」は、この記録では使えません。選び直してください。",
        );
    }
    let mut filter = Filter::default();
    if let Some(s) = source {
        for dim in Dim::ALL.into_iter().filter(|d| d.fits(s)) {
            let value = form.value(dim.as_code()).trim().to_owned();
            if let Some(list) = filter.of_mut(dim).filter(|_| !value.is_empty()) {
                list.push(value);
            }
        }
        filter.marks = form
            .values("mark")
            .into_iter()
            .filter(|m| s.mark(m).is_some())
            .map(str::to_owned)
            .collect();
    }
    let per = denominator(ctx, form);
    Ok(NewIndicator {
        name: form.text("name", "指標の名前", 100, true),
        block: form.text("block", "事業", 100, false),
        outcome: form.value("outcome") == "outcome",
        note: form.text("note", "数え方の補足", 1_000, false),
        ended_on: form.parsed("ended_on", "この日から追わない", false, |t| {
            parse_date(t, today)
        }),
        rule: Rule {
            count: Count {
                source: code,
                unit,
                filter,
            },
            per,
        },
    })
}

fn denominator(ctx: &Ctx, form: &mut Form) -> Option<Denominator> {
    match form.value("per") {
        "fixed" => form
            .integer("per_fixed", "割る数", 1..=100_000_000, true)
            .map(Denominator::Fixed),
        "counted" => {
            let source = asked::source(ctx, form.value("per_source"));
            let Some(source) = source else {
                form.error(
                    "per_source",
                    "割る数の種類",
                    "「割る数の種類」を選んでください。",
                );
                return None;
            };
            let unit = Unit::from_code(form.value("per_unit"))
                .filter(|u| u.fits(source))
                .unwrap_or(Unit::Events);
            let mark = form
                .value("per_mark")
                .split_once(':')
                .filter(|(s, m)| *s == source.code && source.mark(m).is_some())
                .map(|(_, m)| m.to_owned());
            Some(Denominator::Counted(Count {
                source: source.code.to_owned(),
                unit,
                filter: Filter {
                    marks: mark.into_iter().collect(),
                    ..Filter::default()
                },
            }))
        }
        _ => None,
    }
}
