//! Indicators for domains whose records point to them: their names, and how they stand in a year as
//! the reader may see it.

use chrono::NaiveDate;
use engawa_kernel::{
    access::Duty, context::Ctx, db::Conn, error::Result, text::fiscal::FiscalYear,
};

use crate::{
    progress,
    report::Reader,
    store::{
        actual::Counter,
        indicator::{self, IndicatorId},
    },
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

/// The same to choose from in a form: (id, name).
///
/// # Errors
/// The database refuses.
pub async fn choices(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(String, String)>> {
    let all = named(conn, ctx).await?;
    Ok(all
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
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
    let reader = Reader::of(conn, ctx).await?;
    let mut all = indicator::list(conn, ctx, NaiveDate::default()).await?;
    all.retain(|i| ids.contains(&i.id));
    let all = progress::of_year(conn, ctx, &reader, all, year, &mut Counter::default()).await?;
    Ok(all
        .into_iter()
        .map(|p| Standing {
            actual: p.said(),
            targets: p.targets.iter().map(|d| d.target.text()).collect(),
            definition: p.rule,
            id: p.indicator.id,
            name: p.indicator.name,
        })
        .collect())
}
