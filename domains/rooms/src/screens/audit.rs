//! `/rooms/audit`: the log as auditors see it, without content, and what is unusual in it. Looking
//! is itself written down.

use std::collections::HashMap;

use axum::extract::Query;
use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    components::{ButtonKind, card, empty_state, link_button, table},
    context::Ctx,
    error::Result,
    id::{RoomId, StaffId},
    page::page as framed,
};
use engawa_organisations::staff_names;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    patterns::{Patterns, Tally, patterns},
    rules::{LOOK_BACK_DAYS, MANY_READS_AN_HOUR},
    store, words,
};

/// Lines on a page.
const PER_PAGE: usize = 100;

/// From where on.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    before: String,
}

/// The page.
pub async fn page(ctx: Ctx, Query(wanted): Query<Wanted>) -> Result<Markup> {
    ctx.need(Duty::ReadLog)?;
    let before: Option<Uuid> = wanted.before.parse().ok();
    let limit = i64::try_from(PER_PAGE + 1).unwrap_or(101);
    let mut lines = audit::of_municipality(&ctx, before, limit).await?;
    let more = lines.len() > PER_PAGE;
    lines.truncate(PER_PAGE);
    let mut conn = ctx.read().await?;
    let found = match before {
        None => Some(patterns(&mut conn, &ctx).await?),
        Some(_) => None,
    };
    let mut staff: Vec<StaffId> = lines.iter().filter_map(|l| l.staff).collect();
    staff.extend(found.iter().flat_map(Patterns::staff));
    let names = staff_names(&mut conn, &staff).await?;
    let rooms: Vec<RoomId> = lines.iter().filter_map(|l| l.room).collect();
    let numbers = store::numbers(&mut conn, &rooms).await?;
    drop(conn);
    let mut tx = ctx.write().await?;
    audit::append(&mut tx, &ctx, Entry::new("audit.read")).await?;
    tx.commit().await?;
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .map(|l| {
            vec![
                html! { (super::when(&ctx, l.at)) },
                html! { (name(&names, l.staff)) },
                html! { (words::action(&l.action)) },
                html! { (l.room.and_then(|r| numbers.get(&r)).map_or("", String::as_str)) },
            ]
        })
        .collect();
    let body = html! {
        p { "記録の中身は表示しません。この画面を見たことも記録されます。" }
        @if let Some(found) = &found { (unusual(found, &names)) }
        h2 { "すべての操作" }
        @if rows.is_empty() { (empty_state("操作の記録はまだありません。", html! {})) }
        @else { (table(&["日時", "職員", "操作", "記録の番号"], &rows, "操作の記録")) }
        @if let (true, Some(last)) = (more, lines.last()) {
            p { (link_button(ButtonKind::Secondary, &format!("/rooms/audit?before={}", last.id), "これより前を見る")) }
        }
    };
    Ok(framed(&ctx.frame(), "監査記録", body))
}

fn name(names: &HashMap<StaffId, String>, staff: Option<StaffId>) -> &str {
    staff
        .and_then(|s| names.get(&s))
        .map_or("システム", String::as_str)
}

impl Patterns {
    fn staff(&self) -> impl Iterator<Item = StaffId> {
        [&self.break_glass, &self.refused, &self.outside, &self.busy]
            .into_iter()
            .flatten()
            .map(|t| t.staff)
    }
}

fn unusual(found: &Patterns, names: &HashMap<StaffId, String>) -> Markup {
    let list = |tallies: &[Tally], unit: &str| {
        html! {
            @if tallies.is_empty() { p { "ありません。" } }
            @else { ol { @for t in tallies { li { (name(names, Some(t.staff))) "　" (t.count) (unit) } } } }
        }
    };
    html! {
        h2 { "ふだんと違う動き" }
        p { "注意して見るための目安です。多いこと自体は誤りではありません。" }
        (card(&format!("緊急閲覧（{LOOK_BACK_DAYS}日間）"), list(&found.break_glass, "回")))
        (card(&format!("開けなかった操作（{LOOK_BACK_DAYS}日間）"), list(&found.refused, "回")))
        (card(&format!("ほかの窓口の記録の閲覧（{LOOK_BACK_DAYS}日間）"), list(&found.outside, "件の記録")))
        (card(&format!("短い時間の多数の閲覧（24時間以内、1時間に{MANY_READS_AN_HOUR}回以上）"), list(&found.busy, "回（1時間の最多）")))
    }
}
