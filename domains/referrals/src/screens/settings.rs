//! /referrals/settings: the municipality's own days.

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

const FIELDS: [(&str, &str, &str, i64); 6] = [
    (
        "emergency_days",
        "返事の期日（緊急）",
        "送った日から何日後か",
        60,
    ),
    (
        "soon_days",
        "返事の期日（早め）",
        "送った日から何日後か",
        90,
    ),
    (
        "normal_days",
        "返事の期日（通常）",
        "送った日から何日後か",
        180,
    ),
    (
        "own_move_days",
        "次の手の期日",
        "差戻しや報告のあと、送り手が次の手を決めるまでの日数",
        60,
    ),
    (
        "layer_days",
        "上の層に知らせる間隔",
        "期日を過ぎてから、何日ごとに一つ上の層に知らせるか",
        30,
    ),
    (
        "stale_days",
        "窓口の内容が古いとみなす日数",
        "最後に確かめられてからの日数",
        1000,
    ),
];

pub async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::Configure)?;
    let s = settings::load(&mut ctx.read().await?, &ctx).await?;
    let mut form = Form::blank();
    form.version = Some(s.version);
    for ((name, ..), value) in FIELDS.into_iter().zip(values(&s)) {
        form.prefill(name, value.to_string());
    }
    Ok(view(&ctx, &form))
}

const fn values(s: &Settings) -> [i64; 6] {
    [
        s.emergency_days,
        s.soon_days,
        s.normal_days,
        s.own_move_days,
        s.layer_days,
        s.stale_days,
    ]
}

fn view(ctx: &Ctx, form: &Form) -> Markup {
    let body = html! {
        p { a href="/referrals/peers" { "相手の自治体（ファイルでのやりとり）" } }
        p { "つなぐシートの期日を、日数で決めます。すでに送ったものの期日は変わりません。" }
        (form_frame("/referrals/settings", ctx.csrf(), form, html! {
            @for (name, label, hint, _) in FIELDS { (number_field(form, FieldSpec::new(name, label).required().hint(hint))) }
            (submit_row(button(ButtonKind::Primary, "保存する", None)))
        }))
    };
    page::page(&ctx.frame(), "つなぐシートの期日の決まり", body)
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::Configure)?;
    let mut form = Form::from_posted(posted);
    let mut days = [0_i64; 6];
    for ((name, label, _, most), day) in FIELDS.into_iter().zip(&mut days) {
        *day = form
            .integer(name, label, 1..=most, true)
            .unwrap_or_default();
    }
    if form.has_errors() {
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(view(&ctx, &form)),
        ));
    }
    let [
        emergency_days,
        soon_days,
        normal_days,
        own_move_days,
        layer_days,
        stale_days,
    ] = days;
    let mut tx = ctx.write().await?;
    let new = Settings {
        emergency_days,
        soon_days,
        normal_days,
        own_move_days,
        layer_days,
        stale_days,
        version: form.version.unwrap_or_default(),
    };
    settings::save(&mut tx, &ctx, new).await?;
    tx.commit().await?;
    Ok(see_other("/referrals/settings"))
}
