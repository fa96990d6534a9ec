//! /rooms/{room}/break-glass: 緊急閲覧

use axum::{extract::Path, http::StatusCode, response::Response};
use engawa_kernel::{
    access::{self, Duty},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, form_frame, link_button, notice, radio_group,
        submit_row, text_area,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    page,
};
use maud::{Markup, html};

use super::room;
use crate::rules::EMERGENCIES;

pub async fn get(ctx: Ctx, Path(id): Path<String>) -> Result<Markup> {
    let room = room(&id)?;
    ctx.need(Duty::BreakGlass)?;
    access::knowable(&ctx, room).await?;
    Ok(view(&ctx, &id, &Form::blank()))
}

pub async fn post(ctx: Ctx, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    let room = room(&id)?;
    let mut form = Form::from_posted(posted);
    let kind = form.choice("emergency", "緊急の種類", EMERGENCIES, true);
    let reason = form.text("reason", "理由", 1_000, true);
    if !form.has_errors() && reason.trim().chars().count() < 10 {
        form.error(
            "reason",
            "理由",
            "「理由」は、あとから確かめられるように10文字以上で書いてください。",
        );
    }
    if form.has_errors() {
        access::knowable(&ctx, room).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(view(&ctx, &id, &form)),
        ));
    }
    let kind = access::break_glass(&ctx, room, &kind.unwrap_or_default(), &reason).await?;
    Ok(see_other(&kind.path(room)))
}

fn view(ctx: &Ctx, id: &str, form: &Form) -> Markup {
    let minutes = ctx.settings.break_glass_minutes;
    let body = html! {
        (notice(NoticeKind::Warn, "この記録の閲覧権を持っていません", html! {
            ul {
                li { "開けるのは、命や身体の危険などで、担当に連絡していては間に合わないときだけです。" }
                li { "開いたことと理由は記録に残り、主担当とその管理者にすぐ知らされます。" }
                li { "開けるのは" (minutes) "分間、読むことだけです。秘匿された住所などは表示されません。" }
            }
        }))
        (form_frame(&format!("/rooms/{id}/break-glass"), ctx.csrf(), form, html! {
            (radio_group(form, FieldSpec::new("emergency", "緊急の種類").required(), EMERGENCIES))
            (text_area(form, FieldSpec::new("reason", "理由").hint("何が起きていて、なぜ担当への連絡を待てないか").required().maxlength(1_000).rows(4)))
            (submit_row(html! {
                (button(ButtonKind::Danger, "記録を残して開く", None))
                (link_button(ButtonKind::Quiet, "/today", "開かずに戻る"))
            }))
        }))
    };
    page::page(&ctx.frame(), "緊急閲覧", body)
}
