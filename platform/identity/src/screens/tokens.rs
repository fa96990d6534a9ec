//! `/account/tokens`: API tokens with exactly one's own keys.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    audit::{self, Entry},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, card, empty_state, form_frame, hidden,
        link_button, password_field, select_field, submit_row, table, text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    once,
    page::page,
};
use maud::{Markup, html};
use serde_json::json;

use super::{moment, refused, said};
use crate::{
    accounts,
    layer::Here,
    model::{Token, TokenId},
    signin,
    store::token,
};

/// (days, label)
const TERMS: [(&str, &str); 3] = [("30", "30日"), ("90", "90日"), ("365", "1年")];
const NAME_MAX: usize = 60;

pub(super) async fn show(ctx: Ctx, _: Here) -> Result<Markup> {
    let mut form = Form::blank();
    form.prefill("days", "90");
    view(&ctx, &form).await
}

pub(super) async fn send(ctx: Ctx, here: Here, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    let name = form.text("name", "使いみち", NAME_MAX, true);
    let days = form.choice("days", "有効期間", &TERMS, true);
    let days: i64 = days.and_then(|d| d.parse().ok()).unwrap_or(30);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if !form.has_errors() {
        let password = form.value("password").to_owned();
        if let Some((code, sentence)) =
            signin::password_again(&ctx, &here.account, &password).await?
        {
            status = code;
            form.error("password", "パスワード", sentence);
        }
    }
    if form.has_errors() {
        return Err(refused(status, view(&ctx, &form).await?));
    }
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    let text = accounts::create_token_for(&mut tx, &ctx, ctx.actor.staff, &name, days).await?;
    once::lead_to(&mut tx, &ctx, &form.once, "/account/tokens").await?;
    tx.commit().await?;
    Ok(made(&ctx, &name, &text).into_response())
}

pub(super) async fn revoke(ctx: Ctx, _: Here, Path(id): Path<String>) -> Result<Response> {
    let id: TokenId = id.parse().map_err(|_| Error::NotFound)?;
    let mut tx = ctx.write().await?;
    if !token::revoke(&mut tx, ctx.actor.staff, id, ctx.now()).await? {
        return Err(Error::NotFound);
    }
    let detail = json!({ "token": id });
    audit::append(&mut tx, &ctx, Entry::new("token.revoked").detail(detail)).await?;
    tx.commit().await?;
    Ok(see_other("/account?done=token"))
}

/// Shown once: only its hash is kept.
fn made(ctx: &Ctx, name: &str, text: &str) -> Markup {
    page(
        &ctx.frame(),
        "APIトークンを作成しました",
        html! {
            (said(NoticeKind::Success, "この画面を閉じると、トークンはもう表示できません。いま書き写すか、使うシステムに設定してください。"))
            p { "使いみち: " (name) }
            p { code { (text) } }
            p { "このトークンを持つ人は、あなたと同じ記録を見ることができます。メールやチャットで送らないでください。" }
            p { (link_button(ButtonKind::Primary, "/account/tokens", "APIトークンの一覧に戻る")) }
        },
    )
}

async fn view(ctx: &Ctx, form: &Form) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let tokens = token::of_staff(&mut conn, ctx.actor.staff, ctx.now()).await?;
    let name = FieldSpec::new("name", "使いみち")
        .hint("例: 月次集計のスクリプト")
        .required()
        .maxlength(NAME_MAX);
    let password = FieldSpec::new("password", "パスワード")
        .hint("本人であることを確かめます。")
        .required()
        .autocomplete("current-password");
    let days = FieldSpec::new("days", "有効期間").required().short();
    Ok(page(
        &ctx.frame(),
        "APIトークン",
        html! {
            p { "ほかのシステムやスクリプトは、要求の見出しに「Authorization: Bearer トークン」を付けて、あなたと同じ閲覧権で使えます。読み書きは、あなたの名前で記録に残ります。" }
            (card("使用中のトークン", list(ctx, &tokens)))
            (card("新しいトークン", form_frame("/account/tokens", ctx.csrf(), form, html! {
                (text_field(form, name))
                (select_field(form, days, &TERMS))
                (password_field(form, password))
                (submit_row(button(ButtonKind::Primary, "作成する", None)))
            })))
            p { (link_button(ButtonKind::Quiet, "/account", "アカウントに戻る")) }
        },
    ))
}

fn list(ctx: &Ctx, tokens: &[Token]) -> Markup {
    if tokens.is_empty() {
        return empty_state(
            "使用中のAPIトークンはありません。",
            html! { p { "必要なときは、下で作成してください。" } },
        );
    }
    let rows: Vec<Vec<Markup>> = tokens
        .iter()
        .map(|t| {
            vec![
                html! { (t.name) },
                html! { (moment(ctx, t.created)) },
                html! { (moment(ctx, t.expires)) },
                html! { @if let Some(used) = t.used { (moment(ctx, used)) } @else { "まだ使われていません" } },
                html! {
                    form method="post" action={ "/account/tokens/" (t.id) "/revoke" } {
                        (hidden("csrf", ctx.csrf()))
                        (button(ButtonKind::Secondary, &format!("取り消す({})", t.name), None))
                    }
                },
            ]
        })
        .collect();
    table(
        &["使いみち", "作成", "期限", "最後の使用", "操作"],
        &rows,
        "使用中のAPIトークン",
    )
}
