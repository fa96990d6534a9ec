//! `/account/mail`: whether, and how often, a mail says that notices wait.

use axum::response::Response;
use engawa_kernel::{
    access::Duty,
    components::{
        ButtonKind, FieldSpec, NoticeKind, button, form_frame, notice, radio_group, submit_row,
    },
    context::Ctx,
    error::{Error, Result},
    form::{Form, Posted},
    http::see_other,
    notices::mail::{self, Standing, Telling},
};
use maud::{Markup, html};

use crate::layer::Here;

const LABEL: &str = "お知らせのメール";

/// The box on `/account`.
pub(super) fn view(ctx: &Ctx, standing: &Standing) -> Markup {
    let Some(from) = &ctx.engine.mail_from else {
        return html! {
            p { "この縁側は、メールを送る設定になっていません。お知らせは「きょう」の画面で確かめてください。" }
        };
    };
    if standing.address.is_empty() {
        return html! {
            p { "職員の登録にあなたのメールアドレスがないため、メールは届きません。お知らせは「きょう」の画面で確かめてください。" }
            (register(ctx))
        };
    }
    html! {
        p { "未読のお知らせがあることだけを知らせます。どなたのことか、用件は何かは、メールには書きません。" }
        @if standing.refused {
            (notice(NoticeKind::Warn, "メールが届いていません", html! {
                p { "このアドレスへのメールは、くり返し送りましたが届きませんでした。お知らせは「きょう」の画面に残っています。アドレスが正しいか確かめてください。" }
            }))
        }
        p { "送り先: " (standing.address) br; "差出人: " (from) }
        (register(ctx))
        (form(ctx, standing))
    }
}

/// Who can change the address.
fn register(ctx: &Ctx) -> Markup {
    html! {
        @if ctx.actor.may(Duty::ManageStaff) {
            p { "送り先は、" a href="/organisations/staff" { "機関・職員の「職員」" } "の「メール」で変更できます。" }
        } @else {
            p { "送り先は、職員の登録にあるアドレスです。変更は、システム管理者に頼んでください。" }
        }
    }
}

fn form(ctx: &Ctx, standing: &Standing) -> Markup {
    let mut form = Form::blank().scoped("mail");
    form.prefill("mail", standing.telling.as_code());
    let mut spec = FieldSpec::new("mail", "メールの届き方");
    if !standing.chosen {
        spec = spec.hint("まだ選んでいないため、1日1回まとめてお送りします。");
    }
    form_frame(
        "/account/mail",
        ctx.csrf(),
        &form,
        html! {
            (radio_group(&form, spec, Telling::OPTIONS))
            (submit_row(button(ButtonKind::Secondary, "この届き方にする", None)))
        },
    )
}

pub(super) async fn send(ctx: Ctx, _: Here, posted: Posted) -> Result<Response> {
    let mut form = Form::from_posted(posted);
    let telling = form
        .choice("mail", LABEL, Telling::OPTIONS, true)
        .and_then(|code| Telling::from_code(&code));
    let Some(telling) = telling else {
        return Err(Error::Invalid(
            "メールの届き方を選んでください。いまの届き方は変えていません。".into(),
        ));
    };
    let mut tx = ctx.write().await?;
    mail::choose(&mut tx, &ctx, telling).await?;
    tx.commit().await?;
    Ok(see_other("/account?done=mail"))
}
