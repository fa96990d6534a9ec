//! /referrals/export: a list of sheets as a file, within one's keys.

use axum::{extract::Query, response::Response};
use engawa_kernel::{
    access::Duty,
    clock,
    context::Ctx,
    error::Result,
    form::Posted,
    text::wareki::{Calendar, format_date},
};
use engawa_organisations::{ListFile, ask_for_list, send_list};
use engawa_sheets::Cell;
use maud::Markup;

use super::{list::Asked, parts::Names};
use crate::store::list::{self, PAGE, View};

/// Pages of the list at most: 20,000 sheets.
const PAGES: u32 = 400;

const HEADERS: [&str; 9] = [
    "番号",
    "お願い",
    "送り手",
    "受け手",
    "状態",
    "送った日(和暦)",
    "送った日(西暦)",
    "期日(和暦)",
    "期日(西暦)",
];

fn file(view: View) -> ListFile {
    ListFile {
        title: format!("つなぐシート_{}", view.label()),
        code: "referrals",
        action: "/referrals/export",
        back: format!("/referrals?view={}", view.as_code()),
        view: view.as_code().into(),
    }
}

pub async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    ctx.need(Duty::WorkCase)?;
    let view = View::from_code(asked.view.as_deref().unwrap_or_default());
    Ok(ask_for_list(&ctx, &file(view)))
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::WorkCase)?;
    let view = View::from_code(posted.get("view").unwrap_or_default());
    let mut conn = ctx.read().await?;
    let mut rows = Vec::new();
    for current in 1..=PAGES {
        let sheets = list::page(&mut conn, &ctx, view, current).await?;
        let names = Names::load(&mut conn, &sheets).await?;
        let era = |day| Cell::text(format_date(day, Calendar::Japanese));
        for s in &sheets {
            let sent = s.sent_at.map(|at| clock::local(at).date());
            rows.push(vec![
                Cell::text(s.number.as_str()),
                Cell::text(s.content.kind.label()),
                Cell::text(names.from(s)),
                Cell::text(names.to(s)),
                Cell::text(s.state.label()),
                sent.map_or(Cell::Empty, era),
                sent.map_or(Cell::Empty, Cell::Date),
                s.due_on.map_or(Cell::Empty, era),
                s.due_on.map_or(Cell::Empty, Cell::Date),
            ]);
        }
        if sheets.len() < PAGE as usize {
            break;
        }
    }
    drop(conn);
    let headers = HEADERS.map(str::to_owned).to_vec();
    send_list(&ctx, posted, &file(view), (headers, rows)).await
}
