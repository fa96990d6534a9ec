//! /rooms/{room}/log: who has seen, printed, exported this.

use axum::extract::{Path, Query};
use engawa_kernel::{
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

use super::{moment, open, room};
use crate::{rules::action_label, store};

const PAGE: i64 = 100;

#[derive(Deserialize)]
pub struct Asked {
    before: Option<String>,
}

pub async fn get(ctx: Ctx, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Markup> {
    let room = room(&id)?;
    let before = match asked.before.as_deref() {
        None => None,
        Some(text) => Some(Uuid::try_parse(text).map_err(|_| Error::NotFound)?),
    };
    let key = open(&ctx, room, "room log").await?;
    let mut conn = ctx.read().await?;
    let lines = audit::of_room(&mut conn, &key, before, PAGE).await?;
    let mut staff: Vec<StaffId> = lines.iter().filter_map(|l| l.staff).collect();
    staff.sort_unstable();
    staff.dedup();
    let names = engawa_organisations::staff_names(&mut conn, &staff).await?;
    let number = store::number(&mut conn, room).await?;
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|l| {
            let who = l
                .staff
                .and_then(|s| names.get(&s).cloned())
                .unwrap_or_else(|| "システム".into());
            let reason = l.detail["reason"].as_str().unwrap_or_default();
            vec![
                html! { (moment(&ctx, l.at)) },
                html! { (who) },
                html! { (action_label(&l.action)) },
                html! { (reason) },
            ]
        })
        .collect();
    let body = html! {
        p { a href=(key.kind().path(room)) { (number) "に戻る" } }
        p { "この記録を見た・印刷した・書き出した・開こうとして開けなかった操作のすべてです。書き換えることはできません。" }
        @if rows.is_empty() { (empty_state("これより前の記録はありません。", html! {})) }
        @else { (table(&["日時", "だれが", "何をした", "理由"], &rows, "操作の記録(新しい順)")) }
        @if let (true, Some(last)) = (lines.len() as i64 == PAGE, lines.last()) {
            (link_button(ButtonKind::Secondary, &format!("/rooms/{room}/log?before={}", last.id), "もっと前の記録"))
        }
    };
    Ok(page::page(
        &ctx.frame(),
        &format!("だれが見たか {number}"),
        body,
    ))
}
