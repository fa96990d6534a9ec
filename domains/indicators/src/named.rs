//! Indicators for domains whose records point to them: their names, and how they stand in a year as
//! the reader may see it.

use chrono::NaiveDate;
use engawa_kernel::{
    access::Duty, context::Ctx, db::Conn, error::Result, text::fiscal::FiscalYear,
};

use crate::{
    period::Period,
    report::Reader,
    rules::said,
    screens::indicators::{NO_RECORDS, hidden},
    store::{
        actual::{Actual, Counter},
        indicator::{self, IndicatorId},
    },
    words::Words,
};

/// All indicators of the municipality by name, those that ended too.
///
/// # Errors
/// The database refuses.
pub async fn named(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(IndicatorId, String)>> {
    let today = ctx.today();
    let all = indicator::list(conn, ctx, NaiveDate::default()).await?;
    Ok(all
        .into_iter()
        .map(|i| {
            let over = i.ended_on.is_some_and(|on| on < today);
            (
                i.id,
                if over {
                    format!("{}（終了）", i.name)
                } else {
                    i.name
                },
            )
        })
        .collect())
}

/// How an indicator stands in a year, in words.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Which.
    pub id: IndicatorId,
    /// 複合課題の相談
    pub name: String,
    /// What is counted: printed beside the number.
    pub definition: String,
    /// What was promised; none: no target in this year.
    pub targets: Vec<String>,
    /// What was counted, or why nothing can be said.
    pub actual: String,
}

/// How these indicators stand in a year, as this reader may see it.
///
/// # Errors
/// [`engawa_kernel::error::Error::Forbidden`] for who may not read figures.
pub async fn standings(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: &[IndicatorId],
    year: FiscalYear,
) -> Result<Vec<Standing>> {
    ctx.need(Duty::ReadFigures)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let words = Words::load(conn, ctx).await?;
    let reader = Reader::of(conn, ctx).await?;
    let all = indicator::list(conn, ctx, NaiveDate::default()).await?;
    let mut targets = indicator::targets(conn, ctx, year).await?;
    let mut counter = Counter::default();
    let mut found = Vec::new();
    for i in all.into_iter().filter(|i| ids.contains(&i.id)) {
        let actual = counter
            .actual(conn, ctx, &i.rule, Period::year(year))
            .await?;
        let said = match actual {
            Actual::NoRecords => NO_RECORDS.to_owned(),
            Actual::NoBase => "割る数が0です".to_owned(),
            Actual::Number { .. } if hidden(&reader, actual) => "非公表".to_owned(),
            Actual::Number { value, .. } => format!("{value}{}", said::counter(&i.rule)),
        };
        found.push(Standing {
            id: i.id,
            definition: said::rule(&ctx.engine.sources, &words, &i.rule),
            targets: targets
                .remove(&i.id)
                .unwrap_or_default()
                .iter()
                .map(|d| d.target.text())
                .collect(),
            actual: said,
            name: i.name,
        });
    }
    Ok(found)
}
