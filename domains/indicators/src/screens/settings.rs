//! /statistics/settings: below which number figures do not leave the municipality.

use axum::{http::StatusCode, response::Response};
use engawa_kernel::{
    access::Duty,
    components::{ButtonKind, FieldSpec, button, form_frame, number_field, submit_row},
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    page,
};
use maud::{Markup, html};

use crate::store::settings::{self, Settings};

const LABEL: &str = "いくつより小さい数を伏せるか";

pub async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::Configure)?;
    let s = settings::load(&mut ctx.read().await?, &ctx).await?;
    let mut form = Form::blank();
    form.version = Some(s.version);
    form.prefill("small_limit", s.small_limit.to_string());
    Ok(view(&ctx, &form))
}

fn view(ctx: &Ctx, form: &Form) -> Markup {
    let body = html! {
        p { a href="/statistics" { "← 統計" } }
        p { "市区町村の職員以外（委託先・都道府県など）が見る集計と、外部に渡すExcelで、小さい数を「非公表」にします。引き算で分かる数もあわせて伏せます。市区町村の職員には、すべての数を出します。" }
        (form_frame("/statistics/settings", ctx.csrf(), form, html! {
            (number_field(form, FieldSpec::new("small_limit", LABEL).required().hint("例: 5 とすると、1から4を伏せます。0 とすると伏せません。")))
            (submit_row(button(ButtonKind::Primary, "保存する", None)))
        }))
    };
    page::page(&ctx.frame(), "小さい数の扱い", body)
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::Configure)?;
    let mut form = Form::from_posted(posted);
    let small_limit = form
        .integer("small_limit", LABEL, 0..=100, true)
        .unwrap_or_default();
    if form.has_errors() {
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(view(&ctx, &form)),
        ));
    }
    let new = Settings {
        small_limit,
        version: form.version.unwrap_or_default(),
    };
    let mut tx = ctx.write().await?;
    settings::save(&mut tx, &ctx, new).await?;
    tx.commit().await?;
    Ok(see_other("/statistics/settings"))
}
