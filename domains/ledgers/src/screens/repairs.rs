//! `/ledgers/{id}/repairs`: cells before and after, one kind of repair at a time.

use axum::extract::{Path, Query, rejection::QueryRejection};
use engawa_kernel::{
    components::{Pages, list_table, pagination},
    context::Ctx,
    error::{Error, Result},
    page::page,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{load, trail};
use crate::{model::RepairKind, store};

/// Rows on a page.
const PER_PAGE: u32 = 100;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    page: String,
}

pub(super) async fn get(
    ctx: Ctx,
    Path(id): Path<String>,
    ask: Result<Query<Ask>, QueryRejection>,
) -> Result<Markup> {
    let import = load(&ctx, &id).await?;
    let ask = ask.map_or_else(|_| Ask::default(), |q| q.0);
    let mut conn = ctx.read().await?;
    let kinds = store::kinds(&mut conn, import.id).await?;
    let asked = RepairKind::from_code(&ask.kind);
    let (kind, total) = kinds
        .iter()
        .find(|(k, _)| asked.is_none_or(|a| a == *k))
        .copied()
        .ok_or(Error::NotFound)?;
    let current = ask.page.parse::<u32>().unwrap_or(1).clamp(1, 100_000);
    let offset = i64::from(current - 1) * i64::from(PER_PAGE);
    let lines = store::repaired(&mut conn, import.id, kind, (offset, i64::from(PER_PAGE))).await?;
    let rows: Vec<Vec<Markup>> = lines
        .iter()
        .flat_map(|(label, repairs)| {
            repairs.iter().map(move |r| {
                vec![
                    html! { (label) },
                    html! { (r.column) },
                    html! { @if r.before.is_empty() { "(空欄)" } @else { (r.before) } },
                    html! { (r.after) },
                ]
            })
        })
        .collect();
    let body = html! {
        (trail(Some(&import)))
        p { (kind.label()) "(" (total) "行)" }
        (list_table(&["行", "項目", "もとの値", "取り込む値"], &rows, "もとの値と直した値"))
        (pagination(
            Pages { current, per_page: PER_PAGE, total: u64::try_from(total).unwrap_or(0) },
            |n| format!("/ledgers/{}/repairs?kind={}&page={n}", import.id, kind.as_code()),
        ))
    };
    Ok(page(&ctx.frame(), "読み替え・補い", body))
}
