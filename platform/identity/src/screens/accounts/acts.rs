//! `POST /accounts/{staff}/…`: what an administrator does with one account. Each is one transaction
//! with its form's token and its entry in the log, and leads back to the account's page.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    components::{ButtonKind, NoticeKind, definition_list, link_button},
    context::Ctx,
    db::Tx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    id::{SessionId, StaffId},
    once,
    page::page,
};
use maud::{Markup, html};

use super::{
    one::{self, Forms, trail},
    staff_of,
};
use crate::{
    accounts,
    layer::Here,
    model::{REASON_MAX, TokenId},
    screens::said,
    signin,
    store::account,
};

/// Begins an act: a repeated posting leads to the account's page.
async fn begin(ctx: &Ctx, staff: StaffId, token: &str) -> Result<Tx> {
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, ctx, token).await?;
    once::lead_to(&mut tx, ctx, token, &format!("/accounts/{staff}")).await?;
    Ok(tx)
}

/// Ends an act: to the account's page, or the page again with the sentence that says why not.
async fn finish(
    ctx: &Ctx,
    staff: StaffId,
    tx: Tx,
    acted: Result<()>,
    done: &str,
    forms: Forms,
) -> Result<Response> {
    match acted {
        Ok(()) => {
            tx.commit().await?;
            Ok(see_other(&format!("/accounts/{staff}?done={done}")))
        }
        Err(Error::Invalid(why)) => {
            drop(tx);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Err(one::refused(ctx, staff, status, Some(why), &forms).await)
        }
        Err(e) => Err(e),
    }
}

pub(super) async fn disable(
    ctx: Ctx,
    _: Here,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let staff = staff_of(&id)?;
    let mut form = Form::from_posted(posted).scoped("disable");
    let reason = form.text("reason", "停止の理由", REASON_MAX, true);
    let wrong = form.has_errors();
    let token = form.once.clone();
    let forms = Forms {
        disable: form,
        ..Forms::blank()
    };
    if wrong {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(one::refused(&ctx, staff, status, None, &forms).await);
    }
    let mut tx = begin(&ctx, staff, &token).await?;
    let acted = accounts::disable(&mut tx, &ctx, staff, &reason).await;
    finish(&ctx, staff, tx, acted, "disabled", forms).await
}

pub(super) async fn enable(
    ctx: Ctx,
    _: Here,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let staff = staff_of(&id)?;
    let mut tx = begin(&ctx, staff, &Form::from_posted(posted).once).await?;
    let acted = accounts::enable(&mut tx, &ctx, staff).await;
    finish(&ctx, staff, tx, acted, "enabled", Forms::blank()).await
}

pub(super) async fn unlock(
    ctx: Ctx,
    _: Here,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let staff = staff_of(&id)?;
    let mut tx = begin(&ctx, staff, &Form::from_posted(posted).once).await?;
    let acted = accounts::end_lock_out(&mut tx, &ctx, staff).await;
    finish(&ctx, staff, tx, acted, "unlocked", Forms::blank()).await
}

/// Ends one session (`id`) or all (`all`).
pub(super) async fn sessions(
    ctx: Ctx,
    _: Here,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let staff = staff_of(&id)?;
    let form = Form::from_posted(posted);
    let mut tx = begin(&ctx, staff, &form.once).await?;
    let (acted, done) = if form.value("all").is_empty() {
        let id: SessionId = form.value("id").parse().map_err(|_| Error::NotFound)?;
        let acted = accounts::end_session(&mut tx, &ctx, staff, id).await;
        (acted, "session")
    } else {
        let acted = accounts::end_sessions(&mut tx, &ctx, staff).await;
        (acted.map(|_| ()), "sessions")
    };
    finish(&ctx, staff, tx, acted, done, Forms::blank()).await
}

pub(super) async fn token(
    ctx: Ctx,
    _: Here,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let staff = staff_of(&id)?;
    let form = Form::from_posted(posted);
    let id: TokenId = form.value("id").parse().map_err(|_| Error::NotFound)?;
    let mut tx = begin(&ctx, staff, &form.once).await?;
    let acted = accounts::revoke_token(&mut tx, &ctx, staff, id).await;
    finish(&ctx, staff, tx, acted, "token", Forms::blank()).await
}

/// The administrator's own password: the status when it does not fit, with the message in the form.
pub(super) async fn proven(ctx: &Ctx, here: &Here, form: &mut Form) -> Result<Option<StatusCode>> {
    const LABEL: &str = "あなたのパスワード";
    let password = form.value("password").to_owned();
    if password.is_empty() {
        form.error(
            "password",
            LABEL,
            "「あなたのパスワード」を入力してください。",
        );
        return Ok(Some(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let refused = signin::password_again(ctx, &here.account, &password).await?;
    if let Some((_, sentence)) = refused {
        form.error("password", LABEL, sentence);
    }
    Ok(refused.map(|(status, _)| status))
}

pub(super) async fn second_factor(
    ctx: Ctx,
    here: Here,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let staff = staff_of(&id)?;
    ctx.need(engawa_kernel::access::Duty::ManageStaff)?;
    let mut form = Form::from_posted(posted).scoped("totp");
    let refused = proven(&ctx, &here, &mut form).await?;
    let token = form.once.clone();
    let forms = Forms {
        second_factor: form,
        ..Forms::blank()
    };
    if let Some(status) = refused {
        return Err(one::refused(&ctx, staff, status, None, &forms).await);
    }
    let mut tx = begin(&ctx, staff, &token).await?;
    let acted = accounts::reset_second_factor(&mut tx, &ctx, staff).await;
    finish(&ctx, staff, tx, acted, "totp", forms).await
}

/// A new first password, shown in the answer and nowhere else.
pub(super) async fn password(
    ctx: Ctx,
    here: Here,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response> {
    let staff = staff_of(&id)?;
    ctx.need(engawa_kernel::access::Duty::ManageStaff)?;
    let mut form = Form::from_posted(posted).scoped("password");
    let refused = proven(&ctx, &here, &mut form).await?;
    let token = form.once.clone();
    let forms = Forms {
        password: form,
        ..Forms::blank()
    };
    if let Some(status) = refused {
        return Err(one::refused(&ctx, staff, status, None, &forms).await);
    }
    let (password, hashed) = accounts::issue().await?;
    let mut tx = begin(&ctx, staff, &token).await?;
    if let Err(e) = accounts::reset_password_with(&mut tx, &ctx, staff, &hashed).await {
        return finish(&ctx, staff, tx, Err(e), "", forms).await;
    }
    let login = account::by_staff(&mut tx, staff).await?.map(|a| a.login);
    tx.commit().await?;
    let page = issued(
        &ctx,
        "仮パスワードを発行しました",
        (staff, &login.unwrap_or_default()),
        &password,
    );
    Ok(page.into_response())
}

/// Shown once: only its hash is kept.
pub(super) fn issued(ctx: &Ctx, title: &str, account: (StaffId, &str), password: &str) -> Markup {
    let (staff, login) = account;
    page(
        &ctx.frame(),
        title,
        html! {
            (trail())
            (said(NoticeKind::Success, "仮パスワードを表示できるのは、この画面だけです。閉じる前に、書き写すか印刷してください。"))
            (definition_list(&[
                ("ユーザー名", html! { code { (login) } }),
                ("仮パスワード", html! { code { (password) } }),
            ]))
            ul {
                li { "本人に直接、手渡しか内線電話で伝えてください。メールやチャットで送らないでください。" }
                li { "本人は、この仮パスワードでログインすると、はじめに自分のパスワードを決めます。決めるまでは、ほかの画面は開きません。" }
            }
            div.submit-row {
                (link_button(ButtonKind::Primary, &format!("/accounts/{staff}"), "伝え終わりました。このアカウントの画面へ"))
            }
        },
    )
}
