//! `/unlock`: only the password; what was typed is still there.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engawa_kernel::{
    audit::{self, Entry},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, form_frame, hidden, password_field, submit_row,
    },
    context::Ctx,
    error::Result,
    form::{Form, Posted},
    page::bare_page,
};
use maud::{Markup, html};
use serde_json::json;

use super::{Asked, next_field, next_of, refused, said};
use crate::{layer::Here, rules, signin, store::session};

const LOCKED: &str = "画面をロックしています。入力していた内容は下書きに残っています。パスワードを入れると、続きから始められます。";

pub(super) async fn show(ctx: Ctx, here: Here, asked: Asked) -> Result<Response> {
    if !here.session.locked {
        return Ok(Redirect::to(next_of(&asked)).into_response());
    }
    Ok(view(&ctx, next_of(&asked), (NoticeKind::Info, LOCKED)).into_response())
}

pub(super) async fn send(ctx: Ctx, here: Here, posted: Posted) -> Result<Response> {
    let next = rules::safe_next(posted.get("next")).to_owned();
    let password = posted.get("password").unwrap_or_default();
    if password.is_empty() {
        let told = (NoticeKind::Danger, "パスワードを入力してください。");
        return Err(refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            view(&ctx, &next, told),
        ));
    }
    if let Some((status, sentence)) = signin::password_again(&ctx, &here.account, password).await? {
        return Err(refused(
            status,
            view(&ctx, &next, (NoticeKind::Danger, sentence)),
        ));
    }
    let mut tx = ctx.write().await?;
    session::set_locked(&mut tx, here.session.id, None).await?;
    session::seen(&mut tx, here.session.id, ctx.now()).await?;
    let detail = json!({ "session": here.session.id });
    audit::append(&mut tx, &ctx, Entry::new("session.unlocked").detail(detail)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&next).into_response())
}

fn view(ctx: &Ctx, next: &str, told: (NoticeKind, &str)) -> Markup {
    let field = FieldSpec::new("password", "パスワード")
        .required()
        .autocomplete("current-password");
    bare_page(
        "画面のロック",
        html! {
            (said(told.0, told.1))
            p { (ctx.actor.name) "さんとしてログインしています。" }
            (form_frame("/unlock", ctx.csrf(), &Form::blank(), html! {
                (next_field(next))
                (password_field(&Form::blank(), field))
                (submit_row(button(ButtonKind::Primary, "ロックを解除する", None)))
            }))
            form method="post" action="/logout" {
                (hidden("csrf", ctx.csrf()))
                (button(ButtonKind::Quiet, "ログアウトする(別の人が使うとき)", None))
            }
        },
    )
}
