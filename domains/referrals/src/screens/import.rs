//! /referrals/import: a file from another municipality, a new sheet or word of one that goes on.

use axum::{http::StatusCode, response::IntoResponse as _, response::Response};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, file_field, link_button, notice, select_field,
        submit_row, upload_form_frame,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted, borrowed},
    page,
};
use maud::{Markup, html};

use super::parts;
use crate::{
    border::file::ENDING,
    store::import::{self, Came},
};

const TITLE: &str = "相手の自治体からのファイルを取り込む";

pub async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::WorkCase)?;
    let mut form = Form::blank();
    if let Ok(desk) = ctx.actor.desk_for(Duty::WorkCase) {
        form.prefill("desk", desk.to_string());
    }
    view(&ctx, &form).await
}

async fn view(ctx: &Ctx, form: &Form) -> Result<Markup> {
    let desks: Vec<(String, String)> =
        engawa_organisations::desk_cards(&mut ctx.read().await?, ctx)
            .await?
            .into_iter()
            .filter(|d| d.staffed)
            .map(|d| (d.id.to_string(), d.name))
            .collect();
    let body = html! {
        p { a href="/referrals" { "← つなぐシートの一覧" } }
        p { "ほかの自治体のEngawaで作られたファイル（." (ENDING) "）を選びます。新しいつなぐシートも、渡したシートへの受取り・返事も、ここから取り込みます。" }
        (upload_form_frame("/referrals/import", ctx.csrf(), form, html! {
            (file_field(form, FieldSpec::new("file", "ファイル").required(), &format!(".{ENDING}")))
            (select_field(form, FieldSpec::new("desk", "受け取る窓口").hint("新しいつなぐシートのときだけ使います。"), &borrowed(&desks)))
            (submit_row(button(ButtonKind::Primary, "取り込む", None)))
        }))
        p.hint { "同じファイルを二度取り込んでも、二つにはなりません。ファイルを取り込んだら、メールや記録媒体に残ったものは消してください。" }
    };
    Ok(page::page(&ctx.frame(), TITLE, body))
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::WorkCase)?;
    let mut form = Form::from_posted(posted);
    let file = form
        .posted()
        .files
        .iter()
        .find(|f| f.field == "file")
        .map(|f| f.bytes.clone());
    let Some(file) = file.filter(|f| !f.is_empty()) else {
        form.error("file", "ファイル", "「ファイル」を選んでください。");
        return refused(&ctx, &form).await;
    };
    let desk = form.value("desk").parse().ok();
    match import::import(&ctx, &file, desk).await {
        Ok(came) => Ok(done(&ctx, &came).into_response()),
        Err(Error::Invalid(why)) => {
            form.error("file", "ファイル", why);
            refused(&ctx, &form).await
        }
        Err(e) => Err(e),
    }
}

async fn refused(ctx: &Ctx, form: &Form) -> Result<Response> {
    let shown = view(ctx, form).await?;
    Err(Error::Page(
        StatusCode::UNPROCESSABLE_ENTITY,
        Box::new(shown),
    ))
}

fn done(ctx: &Ctx, came: &Came) -> Markup {
    let (kind, title) = match (came.again, came.is_sheet) {
        (true, _) => (NoticeKind::Info, "すでに取り込んであります"),
        (false, true) => (NoticeKind::Success, "つなぐシートを受け取りました"),
        (false, false) => (NoticeKind::Success, "相手からの知らせを取り込みました"),
    };
    let page = format!("/referrals/{}", came.room);
    let body = html! {
        (notice(kind, title, html! {
            @if came.again { p { "このファイルの内容は、つなぐシート " (came.number) " に入っています。何も変えていません。" } }
            @else if came.is_sheet { p { "番号は " (came.number) " です。相手が届いたことを知れるように、シートのページで「受取りのファイル」を作って渡してください。" } }
            @else if came.taken == 0 { p { "知らせの内容は、つなぐシート " (came.number) " に前から記録されています。" } }
            @else { p { "つなぐシート " (came.number) " に記録しました。" } }
            @if let Some(state) = came.state { p { "いまの状態: " (parts::state_tag(state)) } }
        }))
        p { (link_button(ButtonKind::Primary, &page, "つなぐシートを開く")) " " (link_button(ButtonKind::Quiet, "/referrals/import", "別のファイルを取り込む")) }
    };
    page::page(&ctx.frame(), TITLE, body)
}
