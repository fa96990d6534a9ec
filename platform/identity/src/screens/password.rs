//! `/account/password`

use axum::{http::StatusCode, response::Response};
use engawa_kernel::{
    audit::{self, Entry},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, form_frame, password_field, submit_row,
    },
    context::Ctx,
    error::Result,
    form::{Form, Posted},
    http::see_other,
    page::{bare_page, page},
};
use maud::{Markup, html};

use super::{Asked, next_field, next_of, refused, said};
use crate::{
    hash,
    layer::Here,
    rules, signin,
    store::{account, session},
};

const MUST: &str = "いまのパスワードは、ほかの人が決めたものです。あなただけが知っているパスワードに変えてください。";

pub(super) async fn show(ctx: Ctx, here: Here, asked: Asked) -> Result<Markup> {
    Ok(view(&ctx, &here, &Form::blank(), next_of(&asked)))
}

pub(super) async fn send(ctx: Ctx, here: Here, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    let next = rules::safe_next(Some(form.value("next"))).to_owned();
    let old = form.value("old").to_owned();
    let new = form.value("new").to_owned();
    if old.is_empty() {
        form.error(
            "old",
            "いまのパスワード",
            "「いまのパスワード」を入力してください。",
        );
    }
    if let Err(why) = rules::check_password(&new, &here.account.login) {
        form.error("new", "新しいパスワード", why);
    } else if new != form.value("again") {
        form.error(
            "again",
            "新しいパスワード(確認)",
            "「新しいパスワード」と「確認」が違います。同じものを入力してください。",
        );
    } else if new == old {
        form.error(
            "new",
            "新しいパスワード",
            "いまと同じパスワードは使えません。",
        );
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if !form.has_errors()
        && let Some((code, sentence)) = signin::password_again(&ctx, &here.account, &old).await?
    {
        status = code;
        form.error("old", "いまのパスワード", sentence);
    }
    if form.has_errors() {
        return Err(refused(status, view(&ctx, &here, &form, &next)));
    }
    let hashed = hash::hash_password(&new).await?;
    let mut tx = ctx.write().await?;
    account::set_password(&mut tx, ctx.actor.staff, &hashed, false, ctx.now()).await?;
    session::revoke_all(&mut tx, ctx.actor.staff, Some(here.session.id), ctx.now()).await?;
    audit::append(&mut tx, &ctx, Entry::new("account.password.changed")).await?;
    tx.commit().await?;
    Ok(see_other(if next == "/" && !here.account.must_change {
        "/account?done=password"
    } else {
        &next
    }))
}

fn view(ctx: &Ctx, here: &Here, form: &Form, next: &str) -> Markup {
    let field = |name: &'static str, label: &'static str, token: &'static str| {
        FieldSpec::new(name, label).required().autocomplete(token)
    };
    let new = field("new", "新しいパスワード", "new-password")
        .hint("12文字以上。ユーザー名や、よく使われるものは使えません。言葉をいくつか続けると、覚えやすく破られにくくなります。");
    let body = html! {
        @if here.account.must_change { (said(NoticeKind::Info, MUST)) }
        (form_frame("/account/password", ctx.csrf(), form, html! {
            (next_field(next))
            (password_field(form, field("old", "いまのパスワード", "current-password")))
            (password_field(form, new))
            (password_field(form, field("again", "新しいパスワード(確認)", "new-password")))
            (submit_row(button(ButtonKind::Primary, "変更する", None)))
        }))
        p { "変更すると、ほかの端末のログインは終了します。" }
    };
    // Until it is changed the menu would lead nowhere.
    if here.account.must_change {
        bare_page("パスワードの変更", body)
    } else {
        page(&ctx.frame(), "パスワードの変更", body)
    }
}
