//! `/accounts/new`: an account for somebody who has none. First whom, then the user name.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, definition_list, empty_state, form_frame,
        hidden, link_button, submit_row, table, text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    once,
    page::page,
};
use maud::{Markup, html};

use super::{
    acts::{issued, proven},
    one::{own_password, trail},
    places, search_box, staff_of, typed,
};
use crate::{
    accounts::{self, Waiting, listing},
    layer::Here,
    model::LOGIN_MAX,
    rules,
    screens::{Asked, refused, said},
    store::account,
};

/// People shown to choose from; more are found by their name.
const SHOWN: usize = 50;
const TITLE: &str = "アカウントの作成";
const NO_POSTING: &str = "この職員には本日の配置がありません。アカウントは作成できますが、ログインできるのは「機関・職員」で登録した配置の始まる日からです。";

pub(super) async fn show(ctx: Ctx, asked: Asked) -> Result<Response> {
    ctx.need(Duty::ManageStaff)?;
    let Some(staff) = asked.get("staff").filter(|s| !s.is_empty()) else {
        return Ok(choose(&ctx, &typed(&asked)).await?.into_response());
    };
    let staff = staff_of(staff)?;
    let mut conn = ctx.read().await?;
    if account::by_staff(&mut conn, staff).await?.is_some() {
        return Ok(see_other(&format!("/accounts/{staff}")));
    }
    let person = listing::person(&mut conn, &ctx, staff).await?;
    let mut form = Form::blank();
    if let Some(login) = suggestion(&person) {
        let taken = account::by_login(&mut conn, ctx.municipality, &login).await?;
        if taken.is_none() {
            form.prefill("login", login);
        }
    }
    drop(conn);
    Ok(view(&ctx, &person, &form).into_response())
}

/// What stands before the @ of the person's address, which is how most offices name accounts.
fn suggestion(person: &Waiting) -> Option<String> {
    let (name, _) = person.email.split_once('@')?;
    rules::check_login(name).ok()
}

pub(super) async fn send(ctx: Ctx, here: Here, posted: Posted) -> Result<Response> {
    ctx.need(Duty::ManageStaff)?;
    let mut form = Form::from_posted(posted);
    let staff = staff_of(form.value("staff"))?;
    let mut conn = ctx.read().await?;
    once::seen(&mut conn, &ctx, &form.once).await?;
    let person = listing::person(&mut conn, &ctx, staff).await?;
    drop(conn);
    let login = form.value("login").to_owned();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Err(why) = rules::check_login(&login) {
        form.error("login", "ユーザー名", why);
    }
    if let Some(code) = proven(&ctx, &here, &mut form).await? {
        status = code;
    }
    if form.has_errors() {
        return Err(refused(status, view(&ctx, &person, &form)));
    }
    let (password, hashed) = accounts::issue().await?;
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, &ctx, &form.once).await?;
    match accounts::create_account_with(&mut tx, &ctx, staff, &login, &hashed, true).await {
        Ok(()) => {}
        Err(Error::Invalid(why)) => {
            drop(tx);
            form.error("login", "ユーザー名", why);
            return Err(refused(status, view(&ctx, &person, &form)));
        }
        Err(e) => return Err(e),
    }
    once::lead_to(&mut tx, &ctx, &form.once, &format!("/accounts/{staff}")).await?;
    tx.commit().await?;
    let title = format!("{}のアカウントを作成しました", person.name);
    let made = (staff, rules::login_key(&login));
    Ok(issued(&ctx, &title, (made.0, &made.1), &password).into_response())
}

async fn choose(ctx: &Ctx, q: &str) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let limit = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let found = listing::without(&mut conn, ctx, q, limit).await?;
    drop(conn);
    let rows: Vec<Vec<Markup>> = found
        .iter()
        .take(SHOWN)
        .map(|w| {
            vec![
                html! { a href={ "/accounts/new?staff=" (w.staff) } { (w.name) } },
                html! { (w.kana) },
                places(&w.places),
            ]
        })
        .collect();
    let body = html! {
        (trail())
        p { "アカウントを作成する職員を選んでください。アカウントのない、在職中の職員が並んでいます。" }
        (search_box("/accounts/new", "氏名・かな", q, ""))
        @if rows.is_empty() && q.is_empty() {
            (empty_state("アカウントのない職員はいません。", html! {
                p { "新しい職員は、先に「" a href="/organisations/staff" { "機関・職員" } "」で登録してください。" }
            }))
        } @else if rows.is_empty() {
            (empty_state("絞り込みに合う、アカウントのない職員はいません。", html! {
                p { a href={ "/accounts" } { "すでにアカウントがないか、一覧で確かめる" } }
                p { "登録されていない職員は、先に「" a href="/organisations/staff" { "機関・職員" } "」で登録してください。" }
            }))
        } @else {
            (table(&["氏名", "かな", "本日の配置"], &rows, "アカウントのない職員"))
            @if found.len() > SHOWN {
                p { "はじめの" (SHOWN) "人を表示しています。ここにいない職員は、氏名かかなで絞り込んでください。" }
            }
        }
    };
    Ok(page(&ctx.frame(), TITLE, body))
}

fn view(ctx: &Ctx, person: &Waiting, form: &Form) -> Markup {
    let login = FieldSpec::new("login", "ユーザー名")
        .hint("半角の英数字と . - _ @。大文字と小文字は区別しません。あとから変えることはできません。")
        .required()
        .maxlength(LOGIN_MAX);
    page(
        &ctx.frame(),
        TITLE,
        html! {
            (trail())
            @if person.places.is_empty() { (said(NoticeKind::Warn, NO_POSTING)) }
            (definition_list(&[
                ("氏名", html! { (person.name) @if !person.kana.is_empty() { "(" (person.kana) ")" } }),
                ("本日の配置", places(&person.places)),
            ]))
            p { "作成すると、仮パスワードを次の画面に一度だけ表示します。" }
            (form_frame("/accounts/new", ctx.csrf(), form, html! {
                (hidden("staff", &person.staff.to_string()))
                (text_field(form, login))
                (own_password(form))
                (submit_row(html! {
                    (button(ButtonKind::Primary, "作成する", None))
                    (link_button(ButtonKind::Quiet, "/accounts/new", "ほかの職員を選ぶ"))
                }))
            }))
        },
    )
}
