//! `/consultations/{room}/link`: who the anonymous caller was. Number and date stay.

use axum::{
    extract::{Path, Query, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, button, card, definition_list, empty_state, form_frame, hidden,
        text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::PersonId,
    text::birth::BirthDate,
};
use engawa_people::{self as people, Probe};
use maud::html;
use serde::Deserialize;

use super::{path, room_id};
use crate::store;

/// What the address says: which subject, and whom to look for.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    seq: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
}

pub(super) async fn get(
    ctx: Ctx,
    Path(room): Path<String>,
    ask: Result<Query<Ask>, QueryRejection>,
) -> Result<Response> {
    ctx.need(Duty::Triage)?;
    let key = super::read(&ctx, &room, "link").await?;
    key.need_write()?;
    let ask = ask.map_or_else(|_| Ask::default(), |q| q.0);
    let mut conn = ctx.read().await?;
    let detail = store::detail(&mut conn, &ctx, &key).await?;
    let seq = ask.seq.parse::<i64>().unwrap_or(1);
    let subject = detail
        .subjects
        .iter()
        .find(|s| s.seq == seq)
        .ok_or(Error::NotFound)?;
    let mut form = Form::blank();
    let [_, name, kana] = &subject.heard;
    let asked = !ask.name.trim().is_empty() || !ask.phone.trim().is_empty();
    let limit = |t: &str| engawa_kernel::text::truncate_graphemes(t, 100).to_owned();
    let probe = if asked {
        Probe {
            name: limit(&ask.name),
            kana: limit(&ask.name),
            birth: BirthDate::Unknown,
            phones: Some(limit(&ask.phone))
                .filter(|p| !p.is_empty())
                .into_iter()
                .collect(),
        }
    } else {
        Probe {
            name: name.clone(),
            kana: kana.clone(),
            birth: subject.heard_birth,
            phones: subject
                .heard_phone
                .shown()
                .filter(|p| !p.is_empty())
                .cloned()
                .into_iter()
                .collect(),
        }
    };
    form.prefill("name", probe.name.clone());
    form.prefill("phone", probe.phones.first().cloned().unwrap_or_default());
    let mut found = people::candidates(&mut conn, &ctx, &[probe]).await?;
    found.retain(|c| !detail.subjects.iter().any(|s| s.person == c.card.id));
    found.truncate(20);
    super::note_candidates(&ctx, &found).await?;
    let action = format!("{}/link", path(key.room()));
    let body = html! {
        p { "結び付ける人: " (subject.card.as_ref().map_or("匿名", |c| c.shown_name.as_str())) "(" (detail.card.number) ")。受付の番号と日付はそのまま残ります。" }
        form.form method="get" action=(action) {
            (hidden("seq", &seq.to_string()))
            (text_field(&form, FieldSpec::new("name", "氏名・ふりがな").maxlength(100)))
            (text_field(&form, FieldSpec::new("phone", "電話").inputmode("tel").maxlength(50)))
            (button(ButtonKind::Secondary, "探す", None))
        }
        @if found.is_empty() {
            (empty_state("閲覧できる記録の中に、似た人は見つかりません。", html! { p { "氏名・ふりがな・電話を変えて探すか、人の記録に氏名を書き足してください。" } }))
        }
        @for c in &found {
            (card(&c.card.shown_name, html! {
                (definition_list(&[
                    ("ふりがな", html! { (c.card.kana) }),
                    ("年齢・生年月日", html! { (c.card.age_text) " " (c.card.birth.display(ctx.calendar)) }),
                    ("住所", html! { (c.card.address) }),
                    ("似ているところ", html! { (c.reasons.join("、")) }),
                ]))
                (form_frame(&action, ctx.csrf(), &Form::blank(), html! {
                    (hidden("seq", &seq.to_string()))
                    (button(ButtonKind::Primary, "この人と結び付ける", Some(("person", &c.card.id.to_string()))))
                }))
            }))
        }
        p { a href=(path(key.room())) { "相談に戻る" } }
    };
    Ok(engawa_kernel::page::page(&ctx.frame(), "人の記録と結び付ける", body).into_response())
}

pub(super) async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let room = room_id(&room)?;
    let seq = posted
        .get("seq")
        .and_then(|s| s.parse::<i64>().ok())
        .ok_or(Error::NotFound)?;
    let person: PersonId = posted
        .get("person")
        .and_then(|p| p.parse().ok())
        .ok_or(Error::NotFound)?;
    store::link_subject(&ctx, room, seq, person).await?;
    Ok(see_other(&path(room)))
}
