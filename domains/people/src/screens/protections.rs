//! /people/protections: protections in force in the rooms that the actor may open, soonest end
//! first. Page and file say when they were made and until when they hold: the end of that day.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use engawa_kernel::{
    access::{self, Act, Duty},
    audit::{self, Entry},
    components::{NoticeKind, empty_state, notice, table},
    context::Ctx,
    error::Result,
    page,
};
use maud::{Markup, html};
use serde_json::json;

use super::shell::{day, moment};
use crate::store::protection_list::{Line, visible};

pub(super) async fn get(ctx: Ctx) -> Result<Markup> {
    ctx.need(Duty::DecideProtection)?;
    let lines = visible(&mut ctx.read().await?, &ctx).await?;
    log(&ctx, &lines, "protection.list").await?;
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|l| {
            vec![
                html! { a href=(format!("/people/{}/protection?room={}", l.person, l.room)) { (l.shown_name) } },
                html! { (l.kind.label()) },
                html! { (day(&ctx, l.starts_on)) "から" (day(&ctx, l.ends_on)) "まで" },
                html! { @if l.ends_on < ctx.today() { "期間満了（秘匿は続いています）" } @else { "期間中" } },
                html! { (l.document) },
            ]
        })
        .collect();
    let body = html! {
        (notice(NoticeKind::Warn, "この一覧は今日かぎり有効です", html! {
            p { (moment(&ctx, ctx.now())) "現在。再申出があると変わります。解除のときは、必ず本人のページで、いまの申出を確かめてください。古い一覧からは解除できません。" }
        }))
        @if rows.is_empty() {
            (empty_state("あなたが開ける記録に、秘匿中の人はいません。", html! {}))
        } @else {
            (table(&["氏名", "申出の区分", "期間", "状態", "申出書の番号"], &rows, "秘匿中の人（終了日が近い順）"))
            p { a href="/people/protections.csv" { "CSVで書き出す（作成日かぎり有効）" } }
        }
    };
    Ok(page::page(&ctx.frame(), "秘匿中の人の一覧", body))
}

pub(super) async fn get_csv(ctx: Ctx) -> Result<Response> {
    ctx.need(Duty::DecideProtection)?;
    let lines = visible(&mut ctx.read().await?, &ctx).await?;
    // Every room in the file is opened for export, so that each of them knows.
    for line in &lines {
        access::open(
            &ctx,
            line.room,
            line.room_kind,
            Act::Export,
            "protection.list",
        )
        .await?;
    }
    log(&ctx, &lines, "protection.exported").await?;
    let made = moment(&ctx, ctx.now());
    let until = format!(
        "{}限り有効。解除の根拠には使えません",
        day(&ctx, ctx.today())
    );
    let mut out = String::from("\u{feff}");
    row(
        &mut out,
        &[
            "作成日時",
            "有効期限",
            "申出番号",
            "氏名",
            "種類",
            "開始日",
            "終了日",
            "申出書の番号",
        ],
    );
    for l in &lines {
        row(
            &mut out,
            &[
                &made,
                &until,
                &l.id.to_string(),
                &l.shown_name,
                l.kind.label(),
                &l.starts_on.to_string(),
                &l.ends_on.to_string(),
                &l.document,
            ],
        );
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"protections.csv\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, out).into_response())
}

/// One line: every cell in quotes, and a cell that a spreadsheet would run as a formula as text.
fn row(out: &mut String, cells: &[&str]) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push('"');
        if cell.starts_with(['=', '+', '-', '@', '\t']) {
            out.push('\'');
        }
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

async fn log(ctx: &Ctx, lines: &[Line], action: &'static str) -> Result<()> {
    let mut tx = ctx.write().await?;
    let ids: Vec<_> = lines.iter().map(|l| l.id).collect();
    audit::append(
        &mut tx,
        ctx,
        Entry::new(action).detail(json!({ "protections": ids })),
    )
    .await?;
    tx.commit().await
}
