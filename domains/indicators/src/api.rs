//! The same as JSON: figures without persons, hidden where they are hidden on the screens.

use axum::{Json, extract::Query};
use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    access::Duty,
    context::{Ctx, Engine},
    error::ApiError,
    text::fiscal::FiscalYear,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    model::Rule,
    progress,
    report::{self, Reader},
    rules::target::Target,
    screens::{
        asked::{Asked, Pairs},
        table,
    },
    store::{
        actual::{Actual, Counter},
        indicator::{self, IndicatorId},
    },
    words::Words,
};

/// The endpoints.
pub fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(sources))
        .routes(routes!(statistics))
        .routes(routes!(indicators))
}

/// 数えられる記録の種類
#[derive(Debug, Serialize, ToSchema)]
struct SourceJson {
    code: String,
    label: String,
    /// What counts as one.
    rule: String,
    /// Codes of `unit` that fit.
    units: Vec<String>,
    /// Codes of `rows` and `columns` that fit.
    splits: Vec<String>,
    /// Codes of `mark`.
    marks: Vec<MarkJson>,
}

/// 条件
#[derive(Debug, Serialize, ToSchema)]
struct MarkJson {
    code: String,
    label: String,
}

/// What can be counted.
#[utoipa::path(get, path = "/api/v1/statistics/sources", tag = "statistics",
    responses((status = 200, body = Vec<SourceJson>), (status = 403)))]
async fn sources(ctx: Ctx) -> Result<Json<Vec<SourceJson>>, ApiError> {
    use crate::model::{Dim, Unit};
    ctx.need(Duty::ReadFigures)?;
    let all = ctx
        .engine
        .sources
        .iter()
        .map(|s| SourceJson {
            code: s.code.into(),
            label: s.label.into(),
            rule: s.rule.into(),
            units: Unit::ALL
                .into_iter()
                .filter(|u| u.fits(s))
                .map(|u| u.as_code().into())
                .collect(),
            splits: Dim::ALL
                .into_iter()
                .filter(|d| d.fits(s))
                .map(|d| d.as_code().into())
                .collect(),
            marks: s
                .marks
                .iter()
                .map(|m| MarkJson {
                    code: m.code.into(),
                    label: m.label.into(),
                })
                .collect(),
        })
        .collect();
    Ok(Json(all))
}

/// 統計表
#[derive(Debug, Serialize, ToSchema)]
struct TableJson {
    /// First day.
    from: NaiveDate,
    /// Last day; outside the municipality, the end of a month.
    to: NaiveDate,
    /// The rules by which it was counted.
    rules: Vec<String>,
    rows: Vec<GroupJson>,
    columns: Vec<GroupJson>,
    /// `cells[row][column]`; the last row and column are the totals. Null: not published, because it
    /// is small or a small one follows from it.
    cells: Vec<Vec<Option<i64>>>,
    /// The same period last year, of each row and in all; with `compare=1`.
    before: Option<Vec<Option<i64>>>,
    /// With very many records: those recorded after this moment are not in it. Null: all are.
    counted_at: Option<DateTime<Utc>>,
}

/// 区分
#[derive(Debug, Serialize, ToSchema)]
struct GroupJson {
    code: String,
    label: String,
}

/// What is asked; any filter (`desk`, `body`, `area`, `channel`, `route`, `kind`, `issue`, `age`,
/// `sex`, `household_type`, `mark`) may follow, several times.
#[derive(Deserialize, IntoParams)]
#[allow(dead_code, reason = "documents the address; `Asked` reads it")]
struct StatisticsAsked {
    /// Code of a source.
    source: Option<String>,
    /// events (default), persons, households, person_times, minutes, open, active
    unit: Option<String>,
    /// First day; this fiscal year when missing.
    from: Option<String>,
    /// Last day.
    to: Option<String>,
    /// Split downwards.
    rows: Option<String>,
    /// Split across.
    columns: Option<String>,
    /// 1: with the same period last year.
    compare: Option<String>,
}

/// A counted table.
#[utoipa::path(get, path = "/api/v1/statistics", tag = "statistics", params(StatisticsAsked),
    responses((status = 200, body = TableJson), (status = 403)))]
async fn statistics(ctx: Ctx, Query(pairs): Pairs) -> Result<Json<TableJson>, ApiError> {
    ctx.need(Duty::ReadFigures)?;
    let asked = Asked(pairs);
    let question = asked.question(&ctx)?;
    let compare = asked.get("compare") == "1";
    let mut conn = ctx.read().await?;
    let words = Words::load(&mut conn, &ctx).await?;
    let reader = Reader::of(&mut conn, &ctx).await?;
    let r = report::make(&mut conn, &ctx, &words, &reader, question, compare).await?;
    let groups = |all: &[(crate::model::Key, String)]| {
        all.iter()
            .map(|(k, label)| GroupJson {
                code: k.code(),
                label: label.clone(),
            })
            .collect()
    };
    Ok(Json(TableJson {
        from: r.question.period.from,
        to: r.question.period.to,
        rules: table::sentences(&r, &words),
        rows: groups(&r.rows),
        columns: groups(&r.columns),
        cells: r.cells,
        before: r.before,
        counted_at: r.counted_at,
    }))
}

#[derive(Deserialize, IntoParams)]
#[allow(dead_code, reason = "documents the address; `Asked` reads it")]
struct YearAsked {
    /// The western year in which the fiscal year begins; this one when missing.
    year: Option<String>,
}

/// 指標
#[derive(Debug, Serialize, ToSchema)]
struct IndicatorJson {
    id: IndicatorId,
    name: String,
    block: String,
    /// 成果指標; else 活動指標.
    outcome: bool,
    rule: Rule,
    edition: i64,
    /// `counted`; `no_records`: no domain brings these events yet, which is not 0; `no_base`: a rate
    /// of nothing; `not_published`: too small for a reader outside.
    state: &'static str,
    /// In thousandths.
    actual: Option<i64>,
    /// As of a table.
    counted_at: Option<DateTime<Utc>>,
    targets: Vec<TargetJson>,
}

/// 目標
#[derive(Debug, Serialize, ToSchema)]
struct TargetJson {
    target: Target,
    due_on: Option<NaiveDate>,
    /// What should be there by now, in thousandths.
    pace: Option<i64>,
    /// What the year will end with, in thousandths.
    forecast: Option<i64>,
}

/// Indicators and targets of a fiscal year.
#[utoipa::path(get, path = "/api/v1/indicators", tag = "statistics", params(YearAsked),
    responses((status = 200, body = Vec<IndicatorJson>), (status = 403)))]
async fn indicators(ctx: Ctx, Query(pairs): Pairs) -> Result<Json<Vec<IndicatorJson>>, ApiError> {
    ctx.need(Duty::ReadFigures)?;
    let year: FiscalYear = crate::screens::indicators::year(&ctx, &Asked(pairs));
    let mut conn = ctx.read().await?;
    let reader = Reader::of(&mut conn, &ctx).await?;
    let followed = indicator::list(&mut conn, &ctx, year.first_day()).await?;
    let mut counter = Counter::default();
    let found = progress::of_year(&mut conn, &ctx, &reader, followed, year, &mut counter).await?;
    let mut all = Vec::with_capacity(found.len());
    for p in found {
        let (i, actual, hide) = (p.indicator, p.actual, p.hide);
        all.push(IndicatorJson {
            state: match actual {
                Actual::NoRecords => "no_records",
                Actual::NoBase => "no_base",
                Actual::Number { .. } if hide => "not_published",
                Actual::Number { .. } => "counted",
            },
            actual: actual.value().filter(|_| !hide).map(|a| a.0),
            counted_at: counter.counted_at(),
            targets: p
                .targets
                .into_iter()
                .zip(p.standings)
                .map(|(d, s)| {
                    let s = s.filter(|_| !hide);
                    TargetJson {
                        target: d.target,
                        due_on: d.due_on,
                        pace: s.and_then(|s| s.pace).map(|a| a.0),
                        forecast: s.and_then(|s| s.forecast).map(|a| a.0),
                    }
                })
                .collect(),
            id: i.id,
            name: i.name,
            block: i.block,
            outcome: i.outcome,
            rule: i.rule,
            edition: i.edition,
        });
    }
    Ok(Json(all))
}
