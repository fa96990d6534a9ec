//! /reply: who was handed a sheet on paper answers it here, without an account. The slip's code and
//! secret open the question and nothing else; what is sent is a message to the sending desk.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, definition_list, form_frame, hidden, notice,
        radio_group, submit_row, text_area, text_field,
    },
    context::{Ctx, Engine},
    error::{Error, Result},
    form::{Form, Posted},
    page::bare_page,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::parts;
use crate::{
    model::Answer,
    store::slip::{self, ReplyTarget},
};

const TITLE: &str = "つなぐシートへの返信";

/// The QR code on the slip leads here with the code in the address; the secret is typed.
#[derive(Deserialize)]
pub struct Asked {
    code: Option<String>,
}

pub async fn get(Query(asked): Query<Asked>) -> Markup {
    let mut form = Form::blank();
    form.prefill("code", asked.code.unwrap_or_default());
    knock(&form, None)
}

pub async fn post(State(engine): State<Engine>, posted: Posted) -> Result<Response> {
    // Nobody is signed in: the system acts, and the slip is what it acts upon.
    let ctx = Ctx::system(&engine).await?;
    let mut form = Form::from_posted(posted);
    let (code, secret) = (
        form.value("code").to_owned(),
        form.value("secret").to_owned(),
    );
    let target = match slip::reply_target(&ctx, &code, &secret).await {
        Ok(target) => target,
        Err(Error::Invalid(why)) => {
            return Ok(again(knock(&form, Some(&why))));
        }
        Err(e) => return Err(e),
    };
    if form.value("step").is_empty() {
        return Ok(question(&ctx, &target, &form, None).into_response());
    }
    let answer = form
        .choice("answer", "返事", &options(&target), true)
        .and_then(|code| Answer::from_code(&code));
    let by = form.text("by_name", "所属とお名前", 100, true);
    let note = form.text("note", "内容", 4000, true);
    let Some(answer) = answer.filter(|_| !form.has_errors()) else {
        return Ok(again(question(&ctx, &target, &form, None)));
    };
    match slip::reply(&ctx, &code, &secret, answer, &by, &note).await {
        Ok(()) => Ok(done(&target).into_response()),
        Err(Error::Invalid(why)) => Ok(again(question(&ctx, &target, &form, Some(&why)))),
        Err(e) => Err(e),
    }
}

fn again(page: Markup) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

fn options(target: &ReplyTarget) -> Vec<(&'static str, &'static str)> {
    let answers = target.answers.iter();
    answers.map(|a| (a.as_code(), a.label())).collect()
}

/// The door: code and secret.
fn knock(form: &Form, why: Option<&str>) -> Markup {
    bare_page(
        TITLE,
        html! {
            p { "お手元の返信票に書かれたコードと、別に受け取った暗証番号を入れてください。" }
            @if let Some(why) = why { (notice(NoticeKind::Danger, "開けませんでした", html! { p { (why) } })) }
            (form_frame("/reply", "", form, html! {
                (text_field(form, FieldSpec::new("code", "コード").required().maxlength(40).autocomplete("off").hint("英数字9文字。小文字やハイフンのままでもかまいません。")))
                (text_field(form, FieldSpec::new("secret", "暗証番号").required().maxlength(40).autocomplete("off").hint("英数字8文字。返信票とは別にお渡ししています。")))
                (submit_row(button(ButtonKind::Primary, "次へ", None)))
            }))
            p { "うまくいかないときは、つなぐシートの送り手の窓口に電話してください。電話やFAXでも返事ができます。" }
        },
    )
}

fn question(ctx: &Ctx, target: &ReplyTarget, form: &Form, why: Option<&str>) -> Markup {
    let answers = options(target);
    bare_page(
        TITLE,
        html! {
            (definition_list(&[
                ("番号", html! { (target.number) }),
                ("お願い", html! { (target.kind) }),
                ("返事の期日", html! { (parts::day(ctx, target.reply_due_on)) }),
            ]))
            @if let Some(why) = why { (notice(NoticeKind::Danger, "送れませんでした", html! { p { (why) } })) }
            @if answers.is_empty() {
                (notice(NoticeKind::Info, "いまは返事を受け取る段階ではありません", html! { p { "すでに記録されているか、取り下げられています。送り手の窓口に電話してください。" } }))
            } @else {
                (form_frame("/reply", "", form, html! {
                    (hidden("step", "answer"))
                    (hidden("code", form.value("code")))
                    (hidden("secret", form.value("secret")))
                    (radio_group(form, FieldSpec::new("answer", "返事").required(), &answers))
                    (text_field(form, FieldSpec::new("by_name", "所属とお名前").required().maxlength(100).autocomplete("name")))
                    (text_area(form, FieldSpec::new("note", "内容").required().maxlength(4000).rows(5).hint("引き受けられないときは、その理由と、ほかの案をお書きください。必要のない個人の情報は書かないでください。")))
                    (submit_row(button(ButtonKind::Primary, "返信を送る", None)))
                }))
            }
        },
    )
}

fn done(target: &ReplyTarget) -> Markup {
    bare_page(
        "返信を受け取りました",
        html! {
            (notice(NoticeKind::Success, "送り手の窓口に届きました", html! {
                p { (target.number) "への返信をお預かりしました。窓口の職員が確かめて記録します。急ぎのときは、電話もお願いします。" }
            }))
            p { "この画面は閉じてかまいません。" }
        },
    )
}
