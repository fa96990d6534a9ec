//! /cases/export: a list of cases as a file, within one's keys.

use axum::{extract::Query, response::Response};
use engawa_kernel::{
    access::Duty,
    context::Ctx,
    error::Result,
    form::Posted,
    id::{DeskId, PostingId},
    text::wareki::{Calendar, format_date},
};
use engawa_organisations::{ListFile, ask_for_list, send_list};
use engawa_sheets::Cell;
use maud::Markup;

use super::{list::Asked, parts::Names};
use crate::store::list::{self, PAGE, View};

/// Pages of the list at most: 20,000 cases.
const PAGES: u32 = 400;

const HEADERS: [&str; 12] = [
    "番号",
    "名前",
    "段階",
    "複合課題",
    "制度の狭間",
    "担当の窓口",
    "主担当",
    "支援開始(和暦)",
    "支援開始(西暦)",
    "終結(和暦)",
    "終結(西暦)",
    "最後の支援経過",
];

/// Which list, as one word: `desk` or `desk-closed`.
fn asked_for(code: &str) -> (View, bool) {
    let (view, closed) = match code.strip_suffix("-closed") {
        Some(view) => (view, true),
        None => (code, false),
    };
    let view = View::from_code(view);
    (view, closed && view != View::Silent)
}

fn file((view, closed): (View, bool)) -> ListFile {
    let state = if closed { "closed" } else { "open" };
    ListFile {
        title: format!(
            "ケース_{}{}",
            view.label(),
            if closed { "_終結" } else { "" }
        ),
        code: "cases",
        action: "/cases/export",
        back: format!("/cases?view={}&state={state}", view.as_code()),
        view: format!("{}{}", view.as_code(), if closed { "-closed" } else { "" }),
    }
}

pub async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    ctx.need(Duty::WorkCase)?;
    let view = View::from_code(asked.view.as_deref().unwrap_or_default());
    let closed = view != View::Silent && asked.state.as_deref() == Some("closed");
    Ok(ask_for_list(&ctx, &file((view, closed))))
}

pub async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    ctx.need(Duty::WorkCase)?;
    let (view, closed) = asked_for(posted.get("view").unwrap_or_default());
    let mut conn = ctx.read().await?;
    let mut rows = Vec::new();
    for current in 1..=PAGES {
        let (cards, _) = list::page(&mut conn, &ctx, view, closed, current).await?;
        let postings: Vec<PostingId> = cards.iter().filter_map(|c| c.owner_posting).collect();
        let desks: Vec<DeskId> = cards.iter().map(|c| c.owner_desk).collect();
        let names = Names {
            postings: engawa_organisations::postings(&mut conn, &ctx, &postings).await?,
            desks: engawa_organisations::desk_names(&mut conn, &desks).await?,
        };
        let era = |day| Cell::text(format_date(day, Calendar::Japanese));
        let mark = |yes| Cell::text(if yes { "○" } else { "" });
        for c in &cards {
            rows.push(vec![
                Cell::text(c.number.as_str()),
                Cell::text(c.label.as_str()),
                Cell::text(c.stage.label()),
                mark(c.compound),
                mark(c.gap),
                Cell::text(names.desk(c.owner_desk)),
                Cell::text(
                    c.owner_posting
                        .map_or_else(String::new, |p| names.posting(p)),
                ),
                era(c.opened_on),
                Cell::Date(c.opened_on),
                c.closed_on.map_or(Cell::Empty, era),
                c.closed_on.map_or(Cell::Empty, Cell::Date),
                era(c.last_contact_on),
            ]);
        }
        if cards.len() < PAGE as usize {
            break;
        }
    }
    drop(conn);
    let headers = HEADERS.map(str::to_owned).to_vec();
    send_list(&ctx, posted, &file((view, closed)), (headers, rows)).await
}
