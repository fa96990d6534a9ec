//! `/consultations/export`: a list of the queue as a file, within one's keys.

use axum::{
    extract::{Query, rejection::QueryRejection},
    response::Response,
};
use engawa_kernel::{
    access::{Duty, Role},
    clock,
    context::Ctx,
    error::{Error, Result},
    form::Posted,
    text::wareki::{Calendar, format_date},
};
use engawa_organisations::{ListFile, ask_for_list, send_list};
use engawa_sheets::Cell;
use maud::Markup;

use super::{
    queue::Ask,
    words::{Names, Words},
};
use crate::store::{self, View};

/// Lines read at once, and how often at most: 20,000 lines.
const PER_PAGE: u32 = 500;
const PAGES: u32 = 40;

const HEADERS: [&str; 11] = [
    "番号",
    "相談の対象",
    "受付日(和暦)",
    "受付日(西暦)",
    "緊急度",
    "方法",
    "経路",
    "複合課題",
    "状態",
    "担当の窓口",
    "担当者",
];

fn may(ctx: &Ctx) -> Result<()> {
    ctx.need(Duty::Receive)?;
    if ctx.actor.postings.iter().all(|p| p.role == Role::Entry) {
        return Err(Error::Forbidden(
            "協力者の方は、一覧を書き出せません。".into(),
        ));
    }
    Ok(())
}

fn list(view: View) -> ListFile {
    ListFile {
        title: format!("相談受付_{}", view.label()),
        code: "consultations",
        action: "/consultations/export",
        back: format!("/consultations?view={}", view.as_code()),
        view: view.as_code().into(),
    }
}

pub(super) async fn get(ctx: Ctx, ask: Result<Query<Ask>, QueryRejection>) -> Result<Markup> {
    may(&ctx)?;
    let ask = ask.map_or_else(|_| Ask::default(), |q| q.0);
    Ok(ask_for_list(&ctx, &list(View::from_code(&ask.view))))
}

pub(super) async fn post(ctx: Ctx, posted: Posted) -> Result<Response> {
    may(&ctx)?;
    let view = View::from_code(posted.get("view").unwrap_or_default());
    let mut conn = ctx.read().await?;
    let words = Words::load(&mut conn, &ctx).await?;
    let mut rows = Vec::new();
    for page in 1..=PAGES {
        let queue = store::list(&mut conn, &ctx, view, page, PER_PAGE).await?;
        let desks: Vec<_> = queue.lines.iter().map(|l| l.owner_desk).collect();
        let postings: Vec<_> = queue.lines.iter().filter_map(|l| l.owner_posting).collect();
        let names = Names::load(&mut conn, &ctx, &desks, &postings, &[]).await?;
        for l in &queue.lines {
            let day = clock::local(l.received_at).date();
            let urgency = if l.emergency {
                "緊急対応"
            } else {
                words.urgency(&l.urgency)
            };
            rows.push(vec![
                Cell::text(l.number.as_str()),
                Cell::text(l.subject_line.as_str()),
                Cell::text(format_date(day, Calendar::Japanese)),
                Cell::Date(day),
                Cell::text(urgency),
                Cell::text(words.channel(&l.channel)),
                Cell::text(words.route(&l.route)),
                Cell::text(if l.compound { "○" } else { "" }),
                Cell::text(l.state.label()),
                Cell::text(names.desk(l.owner_desk)),
                Cell::text(l.owner_posting.map_or("", |p| names.posting(p))),
            ]);
        }
        if queue.lines.len() < PER_PAGE as usize {
            break;
        }
    }
    drop(conn);
    let headers = HEADERS.map(str::to_owned).to_vec();
    send_list(&ctx, posted, &list(view), (headers, rows)).await
}
