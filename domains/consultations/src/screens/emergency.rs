//! `/consultations/{room}/emergency`: whom to call, and the record of the call.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::{Duty, RoomKey},
    components::{ButtonKind, NoticeKind, button, form_frame, notice, submit_row},
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
};
use maud::{Markup, html};

use super::{
    fields::{call_fields, contact_list},
    new::parse,
    path,
    words::Words,
};
use crate::store;

async fn open(ctx: &Ctx, room: &str) -> Result<RoomKey> {
    ctx.need(Duty::Receive)?;
    let key = super::read(ctx, room, "emergency").await?;
    key.need_write()?;
    Ok(key)
}

pub(super) async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Response> {
    let key = open(&ctx, &room).await?;
    Ok(page(&ctx, &key, &Form::blank()).await?.into_response())
}

pub(super) async fn post(ctx: Ctx, Path(room): Path<String>, posted: Posted) -> Result<Response> {
    let key = open(&ctx, &room).await?;
    let mut form = Form::from_posted(posted);
    let words = {
        let mut conn = ctx.read().await?;
        Words::load(&mut conn, &ctx).await?
    };
    let call = parse::call(&mut form, &ctx, &words, true).filter(|_| !form.has_errors());
    let Some(call) = call else {
        let page = page(&ctx, &key, &form).await?;
        return Err(Error::Page(
            StatusCode::UNPROCESSABLE_ENTITY,
            Box::new(page),
        ));
    };
    store::record_call(&ctx, key.room(), call, &form.once).await?;
    Ok(see_other(&path(key.room())))
}

async fn page(ctx: &Ctx, key: &RoomKey, form: &Form) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let words = Words::load(&mut conn, ctx).await?;
    let contacts = store::emergency_contacts(&mut conn, ctx).await?;
    let body = html! {
        (notice(NoticeKind::Danger, "連絡先", contact_list(&contacts)))
        @if !key.is_sealed() {
            p { "記録すると、この相談は限定記録になります。あなたと担当者、窓口の管理者だけが開けるようになり、管理者に知らせます。" }
        }
        (call_fields(form, &words, true))
        (submit_row(html! {
            (button(ButtonKind::Danger, "通報を記録し、限定記録にする", None))
            a href=(path(key.room())) { "相談に戻る" }
        }))
    };
    let content = form_frame(
        &format!("{}/emergency", path(key.room())),
        ctx.csrf(),
        form,
        body,
    );
    Ok(engawa_kernel::page::page(
        &ctx.frame(),
        "緊急・虐待の通報",
        content,
    ))
}
