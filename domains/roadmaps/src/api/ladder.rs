//! 成果の4段階 as JSON.

use axum::{
    Json,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
};
use engawa_kernel::{
    access::Duty,
    context::{Ctx, Engine},
    error::{Error, Result},
    http::ApiJson,
    id::AreaId,
    text::fiscal::FiscalYear,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, again, begin, body::Made, end, read, read_id};
use crate::{
    ladder::{
        Standing, Statement, StatementId, Step,
        chain::{Counted, Verdict},
        count::{self, Ladder, Rung},
    },
    rules,
    screens::ladder::{standing::need_area, statement::areas},
    store::{ladder, statement},
    typed::form_of,
};

/// The endpoints.
pub(super) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(shown))
        .routes(routes!(judge))
        .routes(routes!(statements, add_statement))
}

/// A step of an area.
#[derive(Serialize, ToSchema)]
#[schema(as = LadderStepItem)]
struct StepItem {
    step: Step,
    /// What was counted; none: see `why_no_count`.
    count: Option<i64>,
    /// `nothing`, `no_records`, `not_by_area` or `hidden` where there is no number: never a 0.
    why_no_count: Option<&'static str>,
    /// What people judged goes before what was counted.
    verdict: Verdict,
}

/// An area on the ladder.
#[derive(Serialize, ToSchema)]
#[schema(as = LadderArea)]
struct AreaItem {
    area: AreaId,
    name: String,
    steps: Vec<StepItem>,
    /// The first step that is missing.
    breaks_at: Option<Step>,
    /// What people judged.
    standing: Option<Standing>,
    /// Of what people judged; 0: nobody did. Send it back when you judge.
    version: i64,
}

/// The ladder of a year.
#[derive(Serialize, ToSchema)]
#[schema(as = LadderDetail)]
struct LadderDetail {
    /// Fiscal year.
    year: i32,
    /// What is counted for each step, in words.
    rules: Vec<String>,
    areas: Vec<AreaItem>,
    /// Areas that are left out.
    more: usize,
}

/// An outcome statement.
#[derive(Serialize, ToSchema)]
#[schema(as = OutcomeStatementItem)]
struct StatementItem {
    id: StatementId,
    version: i64,
    #[serde(flatten)]
    statement: Statement,
}

/// Outcome statements.
#[derive(Serialize, ToSchema)]
#[schema(as = OutcomeStatementItems)]
struct StatementItems {
    items: Vec<StatementItem>,
}

/// What people judge of an area in a year.
#[derive(Deserialize, ToSchema)]
#[schema(as = LadderStandingSave)]
struct StandingSave {
    /// The version that you saw; 0: nobody judged yet.
    version: i64,
    #[serde(flatten)]
    standing: Standing,
}

#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Fiscal year; left out: this one.
    year: Option<i32>,
}

fn year(of: i32) -> Result<FiscalYear> {
    FiscalYear::try_from(of).map_err(|e| Error::Invalid(e.to_string()))
}

fn area(rung: Rung) -> AreaItem {
    let verdicts = rung.verdicts();
    let steps = Step::ALL
        .into_iter()
        .zip(rung.counted)
        .zip(verdicts)
        .map(|((step, counted), verdict)| {
            let (count, why_no_count) = match counted {
                Counted::Number(n) => (Some(n), None),
                Counted::Nothing => (None, Some("nothing")),
                Counted::NoRecords => (None, Some("no_records")),
                Counted::NotByArea => (None, Some("not_by_area")),
                Counted::Hidden => (None, Some("hidden")),
            };
            StepItem {
                step,
                count,
                why_no_count,
                verdict,
            }
        })
        .collect();
    AreaItem {
        breaks_at: rung.breaks_at(),
        area: rung.area,
        name: rung.name,
        steps,
        version: rung.judged.as_ref().map_or(0, |j| j.version),
        standing: rung.judged.map(|j| j.is),
    }
}

fn detail(ladder: Ladder) -> LadderDetail {
    LadderDetail {
        year: ladder.year.year(),
        rules: ladder.rules.to_vec(),
        more: ladder.more,
        areas: ladder.rungs.into_iter().map(area).collect(),
    }
}

/// The four steps of each area in a year, and where the chain breaks.
#[utoipa::path(get, path = "/api/v1/roadmaps/ladder", tag = "roadmaps", params(Asked),
    responses((status = 200, body = LadderDetail), (status = 403, description = "You may not read figures")))]
async fn shown(ctx: Ctx, Query(asked): Query<Asked>) -> Answer<Json<LadderDetail>> {
    let of = match asked.year {
        Some(of) => year(of)?,
        None => FiscalYear::of(ctx.today()),
    };
    let found = count::ladder(&mut ctx.read().await?, &ctx, of).await?;
    Ok(Json(detail(found)))
}

/// Judges the four steps of an area in a year.
#[utoipa::path(put, path = "/api/v1/roadmaps/ladder/areas/{area}/years/{year}", tag = "roadmaps", request_body = StandingSave,
    params(("area" = String, Path), ("year" = i32, Path)),
    responses((status = 204, description = "Saved"), (status = 403, description = "You do not plan"), (status = 404, description = "No such area on the ladder"), (status = 409, description = "Somebody saved in between"), (status = 422, description = "What was sent is wrong, or the year has not begun")))]
async fn judge(
    ctx: Ctx,
    Path((area, of)): Path<(String, String)>,
    ApiJson(sent): ApiJson<StandingSave>,
) -> Answer<StatusCode> {
    rules::need_planner(&ctx)?;
    let area: AreaId = read_id(&area)?;
    let of = year(read_id(&of)?)?;
    let new = read(form_of(&sent.standing), Standing::read)?;
    let mut tx = ctx.write().await?;
    let name = need_area(&mut tx, &ctx, area, of).await?;
    ladder::judge(&mut tx, &ctx, (area, &name), of, &new, sent.version).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Outcome statements by actor and horizon.
#[utoipa::path(get, path = "/api/v1/roadmaps/ladder/statements", tag = "roadmaps",
    responses((status = 200, body = StatementItems), (status = 403, description = "You may not read figures")))]
async fn statements(ctx: Ctx) -> Answer<Json<StatementItems>> {
    ctx.need(Duty::ReadFigures)?;
    let items = statement::list(&mut ctx.read().await?, &ctx)
        .await?
        .into_iter()
        .map(|s| StatementItem {
            id: s.id,
            version: s.version,
            statement: s.is,
        })
        .collect();
    Ok(Json(StatementItems { items }))
}

/// Adds an outcome statement.
#[utoipa::path(post, path = "/api/v1/roadmaps/ladder/statements", tag = "roadmaps", request_body = Statement,
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Made), (status = 403, description = "You do not plan"), (status = 422, description = "What was sent is wrong")))]
async fn add_statement(
    ctx: Ctx,
    headers: HeaderMap,
    ApiJson(new): ApiJson<Statement>,
) -> Answer<(StatusCode, Json<Made>)> {
    let made = async {
        let (mut tx, token) = begin(&ctx, &headers).await?;
        let areas = areas(&mut tx, &ctx).await?;
        let new = read(form_of(&new), |form| Statement::read(form, &areas))?;
        let id = statement::save(&mut tx, &ctx, None, &new).await?;
        end(
            tx,
            &ctx,
            &token,
            format!("/roadmaps/ladder/statements/{id}"),
        )
        .await
    };
    again(made.await)
}
