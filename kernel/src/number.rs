//! Short numbers that people say on the telephone, per fiscal year: 相R8-00123.

use chrono::NaiveDate;

use crate::{
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    text::fiscal::FiscalYear,
};

/// The next number of a series (`"相"`, `"ケ"`), by the fiscal year of `day`.
///
/// # Errors
/// The database refuses.
pub async fn next(tx: &mut Tx, ctx: &Ctx, series: &'static str, day: NaiveDate) -> Result<String> {
    let year = FiscalYear::of(day);
    let row = tx
        .one(
            sql("insert into number_series (municipality_id, series, fiscal_year, last)
                 values (:m, :series, :year, 1)
                 on conflict (municipality_id, series, fiscal_year) do update set last = number_series.last + 1
                 returning last")
                .bind("m", ctx.municipality)
                .bind("series", series)
                .bind("year", i64::from(year.year())),
        )
        .await?;
    Ok(format!(
        "{series}{}-{:05}",
        year.short(),
        row.get::<i64>("last")?
    ))
}
