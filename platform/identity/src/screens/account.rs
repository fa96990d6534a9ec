//! `/account`: everything about one's own way in.

use engawa_kernel::{
    components::{
        ButtonKind, FieldSpec, NoticeKind, TagKind, button, card, definition_list, form_frame,
        hidden, link_button, radio_group, submit_row, tag,
    },
    context::Ctx,
    error::Result,
    form::Form,
    notices,
    page::page,
};
use maud::{Markup, html};

use super::{Asked, calendar, mail, sessions};
use crate::{
    layer::Here,
    store::{place::calendar_code, recovery, session, token},
};

/// What was just done, by the code in the address.
fn done(code: &str) -> Option<&'static str> {
    Some(match code {
        "password" => "パスワードを変更しました。ほかの端末のログインは終了しました。",
        "mail" => "お知らせのメールの届き方を変更しました。",
        "calendar" => "日付の表し方を変更しました。",
        "session" => "その端末のログインを終了しました。",
        "sessions" => "ほかの端末のログインをすべて終了しました。",
        "totp-off" => "二段階認証をやめました。",
        "token" => "APIトークンを取り消しました。",
        _ => return None,
    })
}

pub(super) async fn show(ctx: Ctx, here: Here, asked: Asked) -> Result<Markup> {
    let mut conn = ctx.read().await?;
    let open = session::of_staff(&mut conn, ctx.actor.staff, ctx.now()).await?;
    let codes = recovery::left(&mut conn, ctx.actor.staff).await?;
    let tokens = token::of_staff(&mut conn, ctx.actor.staff, ctx.now())
        .await?
        .len();
    let standing = notices::mail::standing(&mut conn, ctx.actor.staff).await?;
    let mut frame = ctx.frame();
    frame.flash = asked
        .get("done")
        .and_then(|code| done(code))
        .map(|text| (NoticeKind::Success, text.to_owned()));
    let enrolled = here.account.totp.is_some();
    Ok(page(
        &frame,
        "アカウント",
        html! {
            (card("わたし", html! {
                (who(&ctx, &here))
                p { a href="/rooms/conflicts" { "利益相反の届け出" } }
            }))
            (card("パスワードと画面のロック", html! {
                p { (link_button(ButtonKind::Secondary, "/account/password", "パスワードを変更する")) }
                form method="post" action="/lock" {
                    (hidden("csrf", ctx.csrf()))
                    (button(ButtonKind::Secondary, "いま画面をロックする", None))
                }
            }))
            (card("二段階認証", html! {
                p {
                    @if enrolled { (tag(TagKind::Done, "登録済み")) " 予備コードの残り: " (codes) "個" }
                    @else { (tag(TagKind::Waiting, "未登録")) " パスワードのほかに、スマートフォンの認証アプリの数字でも確かめます。" }
                }
                @if enrolled && codes < 3 {
                    p { "予備コードが少なくなっています。新しく作り直してください。" }
                }
                p { (link_button(ButtonKind::Secondary, "/account/totp", if enrolled { "予備コードの再発行・解除" } else { "登録する" })) }
            }))
            (card("ログイン中の端末", sessions::list(&ctx, &here, &open)))
            (card("APIトークン", html! {
                p { "ほかのシステムやスクリプトから、あなたと同じ閲覧権で使うための鍵です。使用中: " (tokens) "個" }
                p { (link_button(ButtonKind::Secondary, "/account/tokens", "APIトークンの作成と取り消し")) }
            }))
            (card("お知らせのメール", mail::view(&ctx, &standing)))
            (card("日付の表し方", calendar_form(&ctx)))
        },
    ))
}

fn who(ctx: &Ctx, here: &Here) -> Markup {
    let postings = html! {
        ul {
            @for p in &ctx.actor.postings {
                li { @if !p.place.is_empty() { (p.place) " " } (p.role_label) }
            }
        }
    };
    definition_list(&[
        ("氏名", html! { (ctx.actor.name) }),
        ("ユーザー名", html! { (here.account.login) }),
        ("本日の配置", postings),
    ])
}

fn calendar_form(ctx: &Ctx) -> Markup {
    let mut form = Form::blank().scoped("calendar");
    form.prefill("calendar", calendar_code(ctx.calendar));
    let spec = FieldSpec::new("calendar", "日付の表し方");
    form_frame(
        "/account/calendar",
        ctx.csrf(),
        &form,
        html! {
            (radio_group(&form, spec, &calendar::OPTIONS))
            (submit_row(button(ButtonKind::Secondary, "この表し方にする", None)))
        },
    )
}
