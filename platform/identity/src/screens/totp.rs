//! `/account/totp`: enrolling a second factor, new recovery codes, giving it up.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use engawa_kernel::{
    audit::{self, Entry},
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, form_frame, hidden, link_button, password_field,
        submit_row, text_field,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    page::{bare_page, page},
};
use maud::{Markup, html};

use super::{Asked, next_field, next_of, onward, refused, said};
use crate::{
    accounts::grouped,
    edge::Visit,
    layer::Here,
    model::{Gate, SecondFactor, TotpSecret},
    rules, signin,
    store::{account, recovery},
    totp,
};

const MUST: &str = "あなたの所属では、二段階認証が必要です。登録が終わると、続きを始められます。";
const NEEDED: &str = "あなたの所属では二段階認証が必要なため、解除できません。端末を替えるときは、所属の管理者に再発行を頼んでください。";
const NOT_FITTING: &str = "確認コードが違います。認証アプリに表示されている6桁の数字を入力してください。端末の時刻がずれていると合わないことがあります。";

pub(super) async fn show(ctx: Ctx, here: Here, asked: Asked) -> Result<Markup> {
    view(&ctx, &here, next_of(&asked), None)
}

/// The QR code of the secret that waits to be proven; as a picture of its own, since pages carry no
/// inline style.
pub(super) async fn picture(ctx: Ctx, here: Here) -> Result<Response> {
    let pending = here.account.totp_pending.as_ref().ok_or(Error::NotFound)?;
    let issuer = format!("縁側 {}", ctx.municipality_name);
    let svg = totp::as_svg(pending, &issuer, &here.account.login)?;
    let kind = (
        header::CONTENT_TYPE,
        HeaderValue::from_static("image/svg+xml"),
    );
    Ok(([kind], svg).into_response())
}

pub(super) async fn send(ctx: Ctx, here: Here, visit: Visit, posted: Posted) -> Result<Response> {
    let next = rules::safe_next(posted.get("next")).to_owned();
    match posted.get("act").unwrap_or_default() {
        "start" => start(&ctx, &next).await,
        "confirm" => confirm(&ctx, &here, &visit, &posted, &next).await,
        "codes" => again(&ctx, &here, &posted).await,
        "off" => off(&ctx, &here, &posted).await,
        _ => Err(Error::Invalid("操作を選んでください。".into())),
    }
}

async fn start(ctx: &Ctx, next: &str) -> Result<Response> {
    let mut tx = ctx.write().await?;
    account::offer_totp(&mut tx, ctx.actor.staff, &totp::new_secret()?).await?;
    audit::append(&mut tx, ctx, Entry::new("account.totp.offered")).await?;
    tx.commit().await?;
    Ok(see_other(&onward(Gate::Enrol, next)))
}

async fn confirm(
    ctx: &Ctx,
    here: &Here,
    visit: &Visit,
    posted: &Posted,
    next: &str,
) -> Result<Response> {
    let typed = posted.get("code").unwrap_or_default();
    let Some((codes, cookie)) = signin::enrol(ctx, &here.session, &here.account, typed).await?
    else {
        let again = view(ctx, here, next, Some(NOT_FITTING))?;
        return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, again));
    };
    let mut response = codes_page(ctx, &codes, next).into_response();
    response
        .headers_mut()
        .append(header::SET_COOKIE, visit.give(&cookie)?);
    Ok(response)
}

/// Refuses with the page unless the password fits.
async fn prove(ctx: &Ctx, here: &Here, posted: &Posted) -> Result<()> {
    if here.account.totp.is_none() {
        return Err(Error::Invalid("二段階認証は登録されていません。".into()));
    }
    let password = posted.get("password").unwrap_or_default();
    match signin::password_again(ctx, &here.account, password).await? {
        None => Ok(()),
        Some((status, sentence)) => Err(refused(status, view(ctx, here, "/", Some(sentence))?)),
    }
}

async fn again(ctx: &Ctx, here: &Here, posted: &Posted) -> Result<Response> {
    prove(ctx, here, posted).await?;
    let mut tx = ctx.write().await?;
    let codes = signin::new_recovery_codes(&mut tx, ctx, ctx.actor.staff).await?;
    audit::append(&mut tx, ctx, Entry::new("account.recovery.renewed")).await?;
    tx.commit().await?;
    Ok(codes_page(ctx, &codes, "/account").into_response())
}

async fn off(ctx: &Ctx, here: &Here, posted: &Posted) -> Result<Response> {
    let needed = signin::must_have_second_factor(&mut ctx.read().await?, ctx).await?;
    if needed {
        return Err(refused(
            StatusCode::FORBIDDEN,
            view(ctx, here, "/", Some(NEEDED))?,
        ));
    }
    prove(ctx, here, posted).await?;
    let mut tx = ctx.write().await?;
    account::drop_totp(&mut tx, ctx.actor.staff).await?;
    recovery::replace(&mut tx, ctx.actor.staff, &[], ctx.now()).await?;
    audit::append(&mut tx, ctx, Entry::new("account.totp.dropped")).await?;
    tx.commit().await?;
    Ok(see_other("/account?done=totp-off"))
}

fn framed(ctx: &Ctx, here: &Here, body: Markup) -> Markup {
    let title = "二段階認証";
    if here.session.second_factor == SecondFactor::Enrol {
        bare_page(title, body)
    } else {
        page(&ctx.frame(), title, body)
    }
}

fn view(ctx: &Ctx, here: &Here, next: &str, told: Option<&str>) -> Result<Markup> {
    let part = match (&here.account.totp, &here.account.totp_pending) {
        (Some(_), _) => enrolled(ctx),
        (None, Some(pending)) => pending_part(ctx, pending, next)?,
        (None, None) => html! {
            p { "パスワードのほかに、スマートフォンなどの認証アプリ(Google Authenticator、Microsoft Authenticator など)に表示される数字で本人を確かめます。" }
            (form_frame("/account/totp", ctx.csrf(), &Form::blank(), html! {
                (next_field(next))
                (submit_row(button(ButtonKind::Primary, "登録を始める", Some(("act", "start")))))
            }))
        },
    };
    let must = here.session.second_factor == SecondFactor::Enrol;
    let body = html! {
        @if must { (said(NoticeKind::Info, MUST)) }
        @if let Some(sentence) = told { (said(NoticeKind::Danger, sentence)) }
        (part)
        @if must {
            form method="post" action="/logout" {
                (hidden("csrf", ctx.csrf()))
                (button(ButtonKind::Quiet, "いまは登録せずにログアウトする", None))
            }
        }
    };
    Ok(framed(ctx, here, body))
}

fn pending_part(ctx: &Ctx, pending: &TotpSecret, next: &str) -> Result<Markup> {
    let form = Form::blank();
    let code = FieldSpec::new("code", "確認コード")
        .hint("アプリに表示された6桁の数字")
        .required()
        .autocomplete("one-time-code")
        .inputmode("numeric")
        .short();
    let text = totp::as_text(pending)?;
    Ok(html! {
        ol {
            li {
                p { "認証アプリで、このQRコードを読み取ってください。" }
                p { img src="/account/totp.svg" width="240" height="240" alt="認証アプリに登録するためのQRコード。読み取れないときは、下の文字を入力してください。"; }
                p { "読み取れないときは、アプリに次の文字を入力してください: " code { (text) } }
            }
            li { p { "アプリに表示された数字を入力してください。" } }
        }
        (form_frame("/account/totp", ctx.csrf(), &form, html! {
            (next_field(next))
            (text_field(&form, code))
            (submit_row(button(ButtonKind::Primary, "登録する", Some(("act", "confirm")))))
        }))
    })
}

fn enrolled(ctx: &Ctx) -> Markup {
    let part = |scope: &'static str, title: &str, text: &str, label: &str, kind: ButtonKind| {
        let form = Form::blank().scoped(scope);
        let password = FieldSpec::new("password", "パスワード")
            .required()
            .autocomplete("current-password");
        html! {
            h2 { (title) }
            p { (text) }
            (form_frame("/account/totp", ctx.csrf(), &form, html! {
                (password_field(&form, password))
                (submit_row(button(kind, label, Some(("act", scope)))))
            }))
        }
    };
    html! {
        p { "二段階認証を登録しています。" }
        (part("codes", "予備コードの再発行", "新しい予備コードを10個作ります。いままでの予備コードは使えなくなります。", "予備コードを作り直す", ButtonKind::Secondary))
        (part("off", "解除", "解除すると、パスワードだけでログインできるようになります。", "二段階認証を解除する", ButtonKind::Danger))
        p { (link_button(ButtonKind::Quiet, "/account", "アカウントに戻る")) }
    }
}

/// Shown once: only their hashes are kept.
fn codes_page(ctx: &Ctx, codes: &[String], next: &str) -> Markup {
    let onward = if next == "/" { "/account" } else { next };
    page(
        &ctx.frame(),
        "予備コード",
        html! {
            (said(NoticeKind::Success, "二段階認証の予備コードを作りました。この画面を閉じると、もう表示できません。"))
            p { "スマートフォンをなくしたときに、確認コードの代わりに使います。一つのコードは一度だけ使えます。紙に書くか印刷して、鍵のかかる場所に保管してください。" }
            ul { @for code in codes { li { code { (grouped(code)) } } } }
            p { (link_button(ButtonKind::Primary, onward, "保管しました。続ける")) }
        },
    )
}
