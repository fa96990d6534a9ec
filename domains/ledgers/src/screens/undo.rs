//! `/ledgers/{id}/undo`: taking an import back, after saying what would go and what would stay.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    components::{ButtonKind, NoticeKind, button, form_frame, link_button, notice, submit_row},
    context::Ctx,
    error::Result,
    form::Form,
    http::see_other,
    page::page,
};
use maud::{Markup, html};

use super::{load, trail};
use crate::undo;

pub(super) async fn get(ctx: Ctx, Path(id): Path<String>) -> Result<Markup> {
    let import = load(&ctx, &id).await?;
    let (go, stay) = undo::look(&mut ctx.read().await?, import.id).await?;
    let body = html! {
        (trail(Some(&import)))
        (notice(NoticeKind::Warn, "取り込みを取り消します", html! {
            p { "この台帳から作った相談" (go) "件を、作らなかったことにします。取り込みで登録した人も、ほかに使われていなければ消えます。元には戻せませんが、台帳のファイルがあれば取り込み直せます。" }
            @if stay > 0 { p { "取り込んだあとに誰かが手を加えた" (stay) "件は、取り消さずに残します。" } }
        }))
        @if go + stay > 0 {
            (form_frame(&format!("/ledgers/{}/undo", import.id), ctx.csrf(), &Form::blank(), submit_row(html! {
                (button(ButtonKind::Danger, &format!("{go}件を取り消す"), None))
                (link_button(ButtonKind::Quiet, &format!("/ledgers/{}", import.id), "やめる"))
            })))
        } @else {
            p { "取り消す相談はありません。" }
        }
    };
    Ok(page(&ctx.frame(), "取り込みの取り消し", body))
}

pub(super) async fn post(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let import = load(&ctx, &id).await?;
    undo::undo(&ctx, import.id).await?;
    Ok(see_other(&format!("/ledgers/{}", import.id)))
}
