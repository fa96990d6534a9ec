//! /referrals/{room}/print: the sheet on A4, logged as a print.

use axum::extract::Path;
use engawa_kernel::{access::Act, components::definition_list, context::Ctx, error::Result, page};
use maud::{Markup, html};

use super::{parts, read};
use crate::store::sheet;

pub async fn get(ctx: Ctx, Path(room): Path<String>) -> Result<Markup> {
    let key = read(&ctx, &room, Act::Print, "referral").await?;
    let mut conn = ctx.read().await?;
    let sheet = sheet::read(&mut conn, &key).await?;
    let names = parts::Names::load(&mut conn, std::slice::from_ref(&sheet)).await?;
    let body = html! {
        p.sheet-tools { a href={ "/referrals/" (key.room()) } { "← シートに戻る" } }
        (definition_list(&[
            ("番号", html! { (sheet.number) }),
            ("あて先", html! { (names.to(&sheet)) }),
            ("送り手", html! { (names.from(&sheet)) }),
            ("返事の期日", html! { (parts::day(&ctx, sheet.content.reply_due_on)) }),
        ]))
        @if sheet.lines.is_empty() { p { "下書きです。まだ送っていません。" } }
        h2 { "シートの内容" }
        (parts::snapshot(&sheet.lines, false))
    };
    let at = parts::moment(&ctx, ctx.now());
    Ok(page::print_page(
        &ctx.frame(),
        "つなぐシート",
        &ctx.actor.name,
        &at,
        body,
    ))
}
