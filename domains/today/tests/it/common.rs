//! Somebody at their きょう page.

use axum::http::StatusCode;
use engawa_cases::{NewCase, store};
use engawa_kernel::{
    access::RoomKey,
    context::Ctx,
    error::Result,
    id::{PostingId, RoomId},
    tasks::{self, NewTask},
    testing::browser::Browser,
};

fn browser(ctx: &Ctx) -> Browser {
    let (api, _) = engawa_today::api().split_for_parts();
    Browser::at(engawa_today::routes().merge(api), ctx)
}

pub async fn get(ctx: &Ctx, path: &str) -> String {
    browser(ctx).get(path).await.is(200).text()
}

pub async fn post(ctx: &Ctx, path: &str) -> StatusCode {
    browser(ctx).post(path, &[]).await.status
}

pub async fn case(ctx: &Ctx, label: &str) -> Result<RoomKey> {
    let me = ctx.actor.posting()?;
    let mut tx = ctx.write().await?;
    let new = NewCase {
        label: label.into(),
        owner_desk: me.desk.unwrap(),
        owner_posting: Some(me.id),
        opened_on: ctx.today(),
        compound: false,
        gap: false,
        gap_note: String::new(),
        sealed: None,
    };
    let key = store::case::open(&mut tx, ctx, new).await?;
    tx.commit().await?;
    Ok(key)
}

pub async fn task(
    ctx: &Ctx,
    room: RoomId,
    title: &str,
    posting: Option<PostingId>,
    days: i64,
) -> Result<()> {
    let mut tx = ctx.write().await?;
    let new = NewTask {
        room: Some(room),
        kind: "manual",
        title: title.into(),
        posting,
        desk: ctx.actor.posting()?.desk.unwrap(),
        due_on: Some(ctx.today() + chrono::Duration::days(days)),
        source: None,
    };
    tasks::add(&mut tx, ctx, new).await?;
    tx.commit().await
}

/// A section of the page, by its code.
pub fn section<'a>(page: &'a str, code: &str) -> &'a str {
    let from = page.find(&format!("id=\"{code}\"")).unwrap();
    let rest = &page[from..];
    let next = ["given", "overdue", "changed", "notices"]
        .iter()
        .filter_map(|c| rest.find(&format!("<div id=\"{c}\"")))
        .filter(|at| *at > 0)
        .min()
        .unwrap_or(rest.len());
    &rest[..next]
}
