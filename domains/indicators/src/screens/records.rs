//! /statistics/records: what stands behind a number, as far as one's keys reach.

use axum::extract::Query;
use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{Duty, RoomKind},
    components::{empty_state, list_table},
    context::Ctx,
    error::Result,
    page,
    text::wareki,
};
use maud::{Markup, html};

use super::asked::{Asked, Pairs};
use crate::{
    model::Dim,
    store::records,
    words::{self, Words},
};

/// Records that are counted at most; beyond, nobody reads the exact number here.
const MOST: i64 = 10_000;

pub async fn get(ctx: Ctx, Query(pairs): Pairs) -> Result<Markup> {
    ctx.need(Duty::ReadFigures)?;
    let asked = Asked(pairs);
    let q = asked.question(&ctx)?;
    let late: Option<DateTime<Utc>> = asked.get("late").parse().ok();
    let page = asked
        .get("page")
        .parse::<i64>()
        .unwrap_or(1)
        .clamp(1, 1_000);
    let mut conn = ctx.read().await?;
    let words = Words::load(&mut conn, &ctx).await?;
    let found = records::of(&mut conn, &ctx, &q, late, page - 1).await?;
    let openable = records::openable(&mut conn, &ctx, &q, MOST).await?;
    let rows: Vec<Vec<Markup>> = found
        .iter()
        .map(|r| {
            vec![
                html! { a href=(r.kind.path(r.room)) { (r.number) } },
                html! { (kind(r.kind)) },
                html! { (wareki::format_short(r.on, ctx.calendar)) },
                html! { (wareki::format_short(engawa_kernel::clock::local(r.entered_at).date(), ctx.calendar)) },
                html! { @match r.desk { Some(d) => (words.of_code(q.source, Dim::Desk, &d.to_string())), None => (words::NOT_SAID) } },
            ]
        })
        .collect();
    let back = asked
        .clone()
        .with("late", "")
        .with("page", "")
        .with("rows", "time");
    let full = i64::try_from(found.len()).is_ok_and(|n| n == records::PAGE);
    let link = |n: i64| {
        format!(
            "/statistics/records?{}",
            asked.clone().with("page", &n.to_string()).query()
        )
    };
    let body = html! {
        p { a href={ "/statistics?" (back.query()) } { "← 統計" } }
        p { (q.source.label) "　" (words::period(q.period)) @if late.is_some() { "　締めた後に入力されたもの" } }
        p.hint { "数字は全体を数え、ここにはあなたが開ける記録だけを出します" @if late.is_none() { "（" (words::number(openable)) @if openable == MOST { "件以上" } @else { "件" } "）" } "。ほかの記録は、それぞれの主担当が開けます。" }
        @if rows.is_empty() { (empty_state("あなたが開ける記録はありません。", html! { p { "必要なときは、担当の窓口に尋ねてください。" } })) }
        @else {
            (list_table(&["番号", "種類", "あった日", "入力した日", "窓口"], &rows, "数のもとの記録"))
            p { @if page > 1 { a href=(link(page - 1)) { "前の" (records::PAGE) "件" } "　" } @if full { a href=(link(page + 1)) { "次の" (records::PAGE) "件" } } }
        }
    };
    Ok(page::page(&ctx.frame(), "数のもとの記録", body))
}

const fn kind(kind: RoomKind) -> &'static str {
    match kind {
        RoomKind::Consultation => "相談受付",
        RoomKind::Case => "ケース",
        RoomKind::Referral => "つなぐシート",
    }
}
