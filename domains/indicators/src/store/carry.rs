//! 前年度の目標を引き継ぐ: in April a plan goes on; whoever planned says so once, and then changes
//! what is new.

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    text::fiscal::FiscalYear,
};
use serde_json::json;

use super::indicator;

/// Indicators that are followed in a year, had targets in the year before and have none yet.
const WAITING: &str = "from indicator_indicator i
  where i.municipality_id = :m and (i.ended_on is null or i.ended_on >= :on)
    and exists (select 1 from indicator_target b where b.indicator_id = i.id and b.fiscal_year = :before)
    and not exists (select 1 from indicator_target n where n.indicator_id = i.id and n.fiscal_year = :year)";

/// How many indicators wait for targets that they had in the year before.
///
/// # Errors
/// The database refuses.
pub async fn offered(conn: &mut Conn, ctx: &Ctx, year: FiscalYear) -> Result<i64> {
    let q = sql("select count(*) as n").push(WAITING);
    conn.count(bound(q, ctx, year)).await
}

fn bound(q: engawa_kernel::db::Sql, ctx: &Ctx, year: FiscalYear) -> engawa_kernel::db::Sql {
    q.bind("m", ctx.municipality)
        .bind("on", year.first_day())
        .bind("before", year.year() - 1)
        .bind("year", year.year())
}

/// Gives them the targets of the year before, a day by which they were due left out: it has passed.
/// Tells how many. Logged.
///
/// # Errors
/// The actor may not, or the database refuses.
pub async fn carry(tx: &mut Tx, ctx: &Ctx, year: FiscalYear) -> Result<usize> {
    indicator::may(ctx)?;
    let before = FiscalYear::try_from(year.year() - 1)
        .map_err(|e| engawa_kernel::error::Error::Invalid(e.to_string()))?;
    let waiting = tx
        .rows(bound(
            sql("select i.id")
                .push(WAITING)
                .push("order by i.place limit :limit")
                .bind("limit", indicator::LIMIT),
            ctx,
            year,
        ))
        .await?;
    let mut known = indicator::targets(tx, ctx, before).await?;
    for row in &waiting {
        let id = row.get("id")?;
        let mut targets = known.remove(&id).unwrap_or_default();
        for dated in &mut targets {
            dated.due_on = None;
        }
        indicator::put_targets(tx, id, year, &targets).await?;
    }
    if !waiting.is_empty() {
        audit::append(
            tx,
            ctx,
            Entry::new("indicator.carried")
                .detail(json!({ "year": year.year(), "indicators": waiting.len() })),
        )
        .await?;
    }
    Ok(waiting.len())
}
