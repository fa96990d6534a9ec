//! /rooms/audit: the auditor's view — times, people who acted, kinds of act; no content.

use axum::extract::Query;
use engawa_kernel::{
    access::Duty,
    audit,
    components::{ButtonKind, empty_state, link_button, table},
    context::Ctx,
    error::{Error, Result},
    id::StaffId,
    page,
};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::moment;
use crate::{
    rules::{MANY_ROOMS_AN_HOUR, action_label},
    store,
};

const PAGE: i64 = 100;

#[derive(Deserialize)]
pub struct Asked {
    before: Option<String>,
}

pub async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Markup> {
    ctx.need(Duty::ReadLog)?;
    let before = match asked.before.as_deref() {
        None => None,
        Some(text) => Some(Uuid::try_parse(text).map_err(|_| Error::NotFound)?),
    };
    let lines = audit::of_municipality(&ctx, before, PAGE).await?;
    let mut conn = ctx.read().await?;
    let unusual = store::unusual(&mut conn, &ctx).await?;
    let mut staff: Vec<StaffId> = lines
        .iter()
        .filter_map(|l| l.staff)
        .chain(unusual.iter().map(|u| u.staff))
        .collect();
    staff.sort_unstable();
    staff.dedup();
    let names = engawa_organisations::staff_names(&mut conn, &staff).await?;
    let name = |s: Option<StaffId>| {
        s.and_then(|s| names.get(&s).cloned())
            .unwrap_or_else(|| "システム".into())
    };
    let odd: Vec<Vec<Markup>> = unusual
        .iter()
        .map(|u| {
            vec![
                html! { (name(Some(u.staff))) },
                html! { (u.break_glass) "回" },
                html! { (u.refused) "回" },
                html! { (u.rooms_in_an_hour) "件" },
            ]
        })
        .collect();
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|l| {
            vec![
                html! { (moment(&ctx, l.at)) },
                html! { (name(l.staff)) },
                html! { (action_label(&l.action)) },
            ]
        })
        .collect();
    let body = html! {
        h2 { "いつもと違う使われ方(30日間)" }
        @if odd.is_empty() { p { "緊急閲覧、5回以上の開けなかった操作、1時間に" (MANY_ROOMS_AN_HOUR) "件以上の閲覧は、ありませんでした。" } }
        @else { (table(&["職員", "緊急閲覧", "開けなかった", "この1時間に開いた記録"], &odd, "確かめてほしい人")) }
        h2 { "すべての操作" }
        p { "記録の内容と、だれについてかは表示しません。" }
        @if rows.is_empty() { (empty_state("これより前の記録はありません。", html! {})) }
        @else { (table(&["日時", "だれが", "何をした"], &rows, "操作の記録(新しい順)")) }
        @if let (true, Some(last)) = (lines.len() as i64 == PAGE, lines.last()) {
            (link_button(ButtonKind::Secondary, &format!("/rooms/audit?before={}", last.id), "もっと前の記録"))
        }
    };
    Ok(page::page(&ctx.frame(), "監査記録", body))
}
