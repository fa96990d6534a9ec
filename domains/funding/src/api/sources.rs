//! Activities and their sources.

use axum::{
    Json,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
};
use chrono::NaiveDate;
use engawa_kernel::{
    context::{Ctx, Engine},
    error::{Error, Result},
    http::{ApiJson, id},
    once,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answered, Asked, FundingSaved, asked, checked, fiscal_year, in_range};
use crate::{
    model::{ActivityId, Answer, Cost, Kind, Scheme, Source, SourceId, State},
    rules,
    store::{activity, source},
};

pub(super) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(activities))
        .routes(routes!(add_source))
        .routes(routes!(change_source))
}

/// A source.
#[derive(Serialize, ToSchema)]
struct FundingSourceItem {
    id: SourceId,
    kind: Kind,
    name: String,
    cost: Cost,
    state: State,
    /// Yen. Left out where nobody knows it, and for who does not plan.
    amount: Option<i64>,
    received_on: Option<NaiveDate>,
    report: String,
    note: String,
    /// Send it back when you save.
    version: i64,
}

/// An activity in a year.
#[derive(Serialize, ToSchema)]
struct FundingActivityItem {
    id: ActivityId,
    scheme: Scheme,
    name: String,
    /// What is said where no source stands.
    answer: Answer,
    sources: Vec<FundingSourceItem>,
}

/// Activities of a year.
#[derive(Serialize, ToSchema)]
struct FundingActivities {
    year: i32,
    items: Vec<FundingActivityItem>,
}

/// The activities of a fiscal year with their sources.
#[utoipa::path(get, path = "/api/v1/funding/activities", tag = "funding", params(Asked), responses((status = 200, body = FundingActivities)))]
async fn activities(ctx: Ctx, Query(q): Query<Asked>) -> Answered<Json<FundingActivities>> {
    let of = asked(&ctx, q.year)?;
    let plans = rules::plans(&ctx);
    let items = activity::of_year(&mut ctx.read().await?, &ctx, of)
        .await?
        .into_iter()
        .map(|y| FundingActivityItem {
            id: y.activity.id,
            scheme: y.activity.it.scheme,
            name: y.activity.it.name,
            answer: y.answer,
            sources: y
                .sources
                .into_iter()
                .map(|s| FundingSourceItem {
                    id: s.id,
                    kind: s.it.kind,
                    name: s.it.name,
                    cost: s.it.cost,
                    state: s.it.state,
                    amount: s.it.amount.filter(|_| plans),
                    received_on: s.it.received_on.filter(|_| plans),
                    report: s.it.report,
                    note: s.it.note,
                    version: s.version,
                })
                .collect(),
        })
        .collect();
    Ok(Json(FundingActivities {
        year: of.year(),
        items,
    }))
}

/// A source to be saved.
#[derive(Deserialize, ToSchema)]
struct FundingSourceBody {
    /// Fiscal year, as the western year in which it begins.
    year: i32,
    kind: Kind,
    #[serde(default)]
    name: String,
    cost: Cost,
    state: State,
    /// Yen, from 1. Left out: not known.
    amount: Option<i64>,
    received_on: Option<NaiveDate>,
    #[serde(default)]
    report: String,
    #[serde(default)]
    note: String,
    /// The version that you saw; needed for a change.
    version: Option<i64>,
}

impl FundingSourceBody {
    fn read(&self) -> Result<Source> {
        Ok(Source {
            year: fiscal_year(self.year)?,
            kind: self.kind,
            name: checked("財源の名前", &self.name, 200)?,
            cost: self.cost,
            state: self.state,
            amount: in_range("額（円）", self.amount, 1)?,
            received_on: self.received_on,
            report: checked("使い道の報告", &self.report, 2000)?,
            note: checked("備考", &self.note, 1000)?,
        })
    }
}

/// Writes a source down. The same `Idempotency-Key` twice makes one.
#[utoipa::path(post, path = "/api/v1/funding/activities/{activity}/sources", tag = "funding", request_body = FundingSourceBody,
    params(("activity" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = FundingSaved), (status = 403, description = "You do not plan"), (status = 422, description = "What was sent is wrong")))]
async fn add_source(
    ctx: Ctx,
    Path(of): Path<String>,
    headers: HeaderMap,
    ApiJson(body): ApiJson<FundingSourceBody>,
) -> Answered<(StatusCode, Json<FundingSaved>)> {
    rules::need_planner(&ctx)?;
    let token = headers
        .get("idempotency-key")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if token.len() > 64 {
        return Err(Error::Invalid("Idempotency-Keyは64文字までです。".into()).into());
    }
    let new = body.read()?;
    let mut tx = ctx.write().await?;
    match once::claim(&mut tx, &ctx, token).await {
        Err(Error::AlreadyDone(location)) => {
            return Ok((StatusCode::CREATED, Json(FundingSaved { location })));
        }
        done => done?,
    }
    let id = source::save(&mut tx, &ctx, id(&of)?, None, &new).await?;
    let location = format!("/funding/sources/{id}");
    once::lead_to(&mut tx, &ctx, token, &location).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(FundingSaved { location })))
}

/// Changes a source, on top of the version that you saw.
#[utoipa::path(put, path = "/api/v1/funding/sources/{source}", tag = "funding", request_body = FundingSourceBody,
    params(("source" = String, Path)),
    responses((status = 200, body = FundingSaved), (status = 403, description = "You do not plan"), (status = 409, description = "Somebody saved it in between"), (status = 422, description = "What was sent is wrong")))]
async fn change_source(
    ctx: Ctx,
    Path(known): Path<String>,
    ApiJson(body): ApiJson<FundingSourceBody>,
) -> Answered<Json<FundingSaved>> {
    rules::need_planner(&ctx)?;
    let new = body.read()?;
    let mut tx = ctx.write().await?;
    let (of, stored) = source::one(&mut tx, &ctx, id(&known)?).await?;
    let seen = Some((stored.id, body.version.unwrap_or_default()));
    source::save(&mut tx, &ctx, of, seen, &new).await?;
    tx.commit().await?;
    Ok(Json(FundingSaved {
        location: format!("/funding/sources/{}", stored.id),
    }))
}
