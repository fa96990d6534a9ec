//! /indicators/{id}/targets: the targets of a year, one a line, as the plan sheet words them.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, button, date_field, form_frame, radio_group, submit_row, text_area,
        text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    once, page,
    text::{
        fiscal::FiscalYear,
        wareki::{self, parse_date},
    },
};
use maud::{Markup, html};

use super::{
    asked::{Asked, Pairs},
    indicators,
};
use crate::{
    rules::{
        read, said,
        target::{Amount, Level},
    },
    store::indicator::{self, Dated, Indicator, TARGETS},
};

pub async fn get(ctx: Ctx, Path(path): Path<String>, Query(pairs): Pairs) -> Result<Markup> {
    ctx.need(Duty::KeepFigures)?;
    let year = indicators::year(&ctx, &Asked(pairs));
    let mut conn = ctx.read().await?;
    let i = indicator::one(&mut conn, &ctx, id(&path)?).await?;
    let targets = indicator::targets(&mut conn, &ctx, year)
        .await?
        .remove(&i.id)
        .unwrap_or_default();
    let mut form = Form::blank();
    let lines: Vec<&str> = targets.iter().map(|d| d.target.raw.as_str()).collect();
    form.prefill("targets", lines.join("\n"));
    let first = targets.first();
    form.prefill(
        "level",
        first.map_or(Level::Target, |d| d.target.level).as_code(),
    );
    form.prefill(
        "counter",
        first.map_or_else(
            || said::counter(&i.rule).to_owned(),
            |d| d.target.counter.clone(),
        ),
    );
    if let Some(d) = first {
        form.prefill("formula", d.target.formula.as_str());
        if let Some(base) = d.target.baseline {
            form.prefill("baseline", base.to_string());
        }
        if let Some(day) = d.due_on {
            form.prefill("due_on", wareki::format_short(day, ctx.calendar));
        }
    }
    Ok(view(&ctx, &form, &i, year))
}

fn view(ctx: &Ctx, form: &Form, i: &Indicator, year: FiscalYear) -> Markup {
    let back = format!("/indicators/{}?year={}", i.id, year.year());
    let body = html! {
        p { a href=(back) { "← " (i.name) } }
        p { "計画書に書かれたとおりに書いてください。「100件以上」「約50人」「2〜3回」「1→2か所」「+10%」「4/16地区」「10件/月」「8×12」「20件以下」「減らす」「仕組みがある」のどれも読み取ります。数にしない目標は、言葉のまま残します。" }
        (form_frame(&format!("/indicators/{}/targets?year={}", i.id, year.year()), ctx.csrf(), form, html! {
            (text_area(form, FieldSpec::new("targets", "目標").hint("2つ以上あるときは、1行に1つ書きます。空にすると、この年度の目標をなくします。").maxlength(2_000).rows(3)))
            (text_field(form, FieldSpec::new("counter", "単位").maxlength(20).hint("件、人、回、か所など").short()))
            (radio_group(form, FieldSpec::new("level", "重さ").required(), Level::OPTIONS))
            (text_field(form, FieldSpec::new("baseline", "はじめの値").hint("増やす・減らす目標では、くらべるもとの数").short()))
            (text_field(form, FieldSpec::new("formula", "算定根拠").hint("例: 8回×12か月、15+35。計算が目標と合わないときは知らせます。").maxlength(200)))
            (date_field(form, FieldSpec::new("due_on", "期限").hint("年度末でないとき")))
            (submit_row(button(ButtonKind::Primary, "保存する", None)))
        }))
    };
    page::page(&ctx.frame(), &format!("{year}の目標"), body)
}

pub async fn post(
    ctx: Ctx,
    Path(path): Path<String>,
    Query(pairs): Pairs,
    posted: Posted,
) -> Result<Response> {
    ctx.need(Duty::KeepFigures)?;
    let year = indicators::year(&ctx, &Asked(pairs));
    let i = {
        let mut conn = ctx.read().await?;
        indicator::one(&mut conn, &ctx, id(&path)?).await?
    };
    let mut form = Form::from_posted(posted);
    let new = read_all(&ctx, &mut form);
    if form.has_errors() {
        let page = view(&ctx, &form, &i, year);
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    }
    let to = format!("/indicators/{}?year={}", i.id, year.year());
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    indicator::set_targets(&mut tx, &ctx, i.id, year, &new).await?;
    once::lead_to(&mut tx, &ctx, &form.once, &to).await?;
    tx.commit().await?;
    Ok(see_other(&to))
}

fn read_all(ctx: &Ctx, form: &mut Form) -> Vec<Dated> {
    let today = ctx.today();
    let text = form.text("targets", "目標", 2_000, false);
    let counter = form.text("counter", "単位", 20, false);
    let level = form
        .choice("level", "重さ", Level::OPTIONS, true)
        .and_then(|l| Level::from_code(&l))
        .unwrap_or(Level::Target);
    let formula = form.text("formula", "算定根拠", 200, false);
    let baseline = form.parsed("baseline", "はじめの値", false, |t| {
        Amount::read(t).ok_or("数字で書いてください。")
    });
    let due_on = form.parsed("due_on", "期限", false, |t| parse_date(t, today));
    let mut found = Vec::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        for mut target in read::targets(line, &counter) {
            target.level = level;
            target.baseline = baseline.or(target.baseline);
            if !formula.is_empty() {
                target.formula.clone_from(&formula);
            }
            found.push(Dated { target, due_on });
        }
    }
    if found.len() > TARGETS {
        form.error(
            "targets",
            "目標",
            format!("「目標」は1つの指標に{TARGETS}個までです。指標を分けてください。"),
        );
    }
    found
}
