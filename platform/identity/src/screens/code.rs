//! `/login/code`: the second page of signing in.

use axum::response::{IntoResponse as _, Redirect, Response};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, form_frame, hidden, submit_row, text_field,
    },
    context::Ctx,
    error::Result,
    form::{Form, Posted},
    page::bare_page,
};
use maud::{Markup, html};

use super::{Asked, next_field, next_of, onward, redirect_with, refused, said};
use crate::{
    edge::Visit,
    layer::Here,
    model::{Gate, SecondFactor},
    rules,
    signin::{self, Outcome},
};

pub(super) async fn show(ctx: Ctx, here: Here, asked: Asked) -> Result<Response> {
    if here.session.second_factor != SecondFactor::Code {
        return Ok(Redirect::to(next_of(&asked)).into_response());
    }
    Ok(view(&ctx, next_of(&asked), None).into_response())
}

pub(super) async fn send(ctx: Ctx, here: Here, visit: Visit, posted: Posted) -> Result<Response> {
    let next = rules::safe_next(posted.get("next")).to_owned();
    if here.session.second_factor != SecondFactor::Code {
        return Ok(engawa_kernel::http::see_other(&onward(Gate::Open, &next)));
    }
    let typed = posted.get("code").unwrap_or_default();
    match signin::with_code(&ctx, &here.session, &here.account, &visit, typed).await? {
        Outcome::In { cookie, gate } => {
            Ok(redirect_with(&onward(gate, &next), visit.give(&cookie)?))
        }
        Outcome::Refused(status, sentence) => {
            Err(refused(status, view(&ctx, &next, Some(sentence))))
        }
    }
}

fn view(ctx: &Ctx, next: &str, told: Option<&str>) -> Markup {
    let field = FieldSpec::new("code", "確認コード")
        .hint(
            "認証アプリに表示されている6桁の数字。端末がないときは、予備コードを入力してください。",
        )
        .required()
        .autocomplete("one-time-code")
        .short();
    bare_page(
        "確認コードの入力",
        html! {
            @if let Some(sentence) = told { (said(NoticeKind::Danger, sentence)) }
            (form_frame("/login/code", ctx.csrf(), &Form::blank(), html! {
                (next_field(next))
                (text_field(&Form::blank(), field))
                (submit_row(button(ButtonKind::Primary, "確認する", None)))
            }))
            p { "端末も予備コードもないときは、所属の管理者に再発行を頼んでください。" }
            form method="post" action="/logout" {
                (hidden("csrf", ctx.csrf()))
                (button(ButtonKind::Quiet, "ログインをやめる", None))
            }
        },
    )
}
