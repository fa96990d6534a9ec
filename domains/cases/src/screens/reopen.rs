//! /cases/{room}/reopen: a household comes back. The new consultation stays what it is and is linked.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use engawa_kernel::{
    access::{self, RoomKey, RoomKind},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, date_field, form_frame, hidden, link_button,
        notice, submit_row, text_area,
    },
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    form::{Form, Posted},
    http::{id, see_other},
    id::RoomId,
    page,
    text::wareki::{format_short, parse_date},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{parts, read, write};
use crate::{
    rules,
    store::{self, closure::Reopening},
};

/// The new consultation, when there is one.
#[derive(Deserialize)]
pub struct From {
    from: Option<String>,
}

pub async fn get(ctx: Ctx, Path(room): Path<String>, Query(from): Query<From>) -> Result<Markup> {
    let key = read(&ctx, &room, "case reopening").await?;
    key.need_write()?;
    let mut conn = ctx.read().await?;
    let card = store::case::card(&mut conn, &key).await?;
    let mut form = Form::blank();
    form.version = Some(card.version);
    form.prefill("on", format_short(ctx.today(), ctx.calendar));
    form.prefill("from", from.from.unwrap_or_default());
    render(&mut conn, &ctx, &key, &form).await
}

async fn render(conn: &mut Conn, ctx: &Ctx, key: &RoomKey, form: &Form) -> Result<Markup> {
    let card = store::case::card(conn, key).await?;
    let from = form.value("from");
    let body = html! {
        (parts::back(&card))
        @if let Err(refusal) = rules::step(card.stage, rules::Act::Reopen) {
            (notice(NoticeKind::Info, "", html! { p { (refusal.sentence()) } }))
        } @else {
            (notice(NoticeKind::Info, "数え方", html! { p { (rules::RETURN_RULE) } }))
            @if from.is_empty() {
                p { "本人・家族から改めて相談があったときは、先に相談を受け付け、その相談の画面から再開すると、つながりが残ります。 "
                    a href="/consultations/new" { "相談を受け付ける" } }
            }
            (form_frame(&format!("/cases/{}/reopen", card.room), ctx.csrf(), form, html! {
                (hidden("from", from))
                (date_field(form, FieldSpec::new("on", "再開日").required()))
                (text_area(form, FieldSpec::new("reason", "再開の理由").required().maxlength(1000)))
                (submit_row(html! {
                    (button(ButtonKind::Primary, "このケースを再開する", None))
                    @if !from.is_empty() {
                        (link_button(ButtonKind::Secondary, &format!("/cases/new?from={from}&earlier={}", card.room), "新しいケースとして始める"))
                    }
                }))
            }))
        }
    };
    Ok(page::page(&ctx.frame(), "ケースの再開", body))
}

pub async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let (mut tx, key) = write(&ctx, &room, "case reopening").await?;
    let mut form = Form::from_posted(posted);
    let today = ctx.today();
    let card = store::case::card(&mut tx, &key).await?;
    let on = form.parsed("on", "再開日", true, |t| parse_date(t, today));
    let reason = form.text("reason", "再開の理由", 1000, true);
    let from = match form.value("from") {
        "" => None,
        text => Some(id::<RoomId>(text)?),
    };
    if on.is_some_and(|on| on > today || card.closed_on.is_some_and(|c| on < c)) {
        form.error(
            "on",
            "再開日",
            "「再開日」は、終結日から今日までの間で入力してください。",
        );
    }
    let (Some(on), false) = (on, form.has_errors()) else {
        let shown = render(&mut tx, &ctx, &key, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(shown),
        ));
    };
    let reopening = Reopening { on, reason, from };
    let version = form.version.unwrap_or_default();
    store::closure::reopen(&mut tx, &ctx, &key, &card, reopening, version).await?;
    if let Some(from) = from {
        let consultation = access::write_key(
            &mut tx,
            &ctx,
            from,
            RoomKind::Consultation,
            "case reopening",
        )
        .await?;
        crate::take_in(&mut tx, &ctx, &consultation, &key).await?;
    }
    tx.commit().await?;
    Ok(see_other(&format!("/cases/{}", key.room())))
}
