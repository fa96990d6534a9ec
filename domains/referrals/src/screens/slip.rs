//! POST /referrals/{room}/slip: code and secret, shown this once.

use axum::extract::Path;
use engawa_kernel::{
    components::{NoticeKind, definition_list, notice},
    context::Ctx,
    error::Result,
    page,
};
use maud::{Markup, html};

use super::{parts, write};
use crate::store::{sheet, slip};

pub async fn post(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let (mut tx, key) = write(&ctx, &room, "referral slip").await?;
    let sheet = sheet::read(&mut tx, &key).await?;
    let slip = slip::issue(&mut tx, &ctx, &key).await?;
    tx.commit().await?;
    let body = html! {
        p { a href={ "/referrals/" (key.room()) } { "← " (sheet.number) } }
        (notice(NoticeKind::Warn, "暗証番号が見えるのは、この画面だけです", html! {
            p { "この画面を印刷するか書き写して、つなぐシートとは別に渡してください。なくしたときは、出し直せます。" }
        }))
        (definition_list(&[
            ("番号", html! { (sheet.number) }),
            ("コード", html! { strong { (parts::grouped(&slip.code)) } }),
            ("暗証番号", html! { strong { (slip.secret) } }),
            ("使える期限", html! { (parts::day(&ctx, slip.expires_on)) }),
            ("返事の期日", html! { (parts::day(&ctx, sheet.content.reply_due_on)) }),
        ]))
        p { button.button.button-secondary type="button" data-print hidden { "印刷する" } }
    };
    Ok(page::page(&ctx.frame(), "返信票", body))
}
