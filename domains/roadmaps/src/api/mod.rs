//! Plans and roadmaps as JSON, over the same readers, rules and store as the screens.

mod body;
mod ladder;

use axum::{
    Json,
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use engawa_kernel::{
    context::{Ctx, Engine},
    db::Tx,
    error::{ApiError, Error, Result},
    form::Form,
    http::{ApiJson, id as read_id},
    once,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use body::{
    EvidenceItem, EvidenceItems, Made, MeasureItem, MeasureSave, MilestoneSave, PlanDetail,
    PlanItems, PlanSave, RatingSave, detail, measure_item, plan_item,
};

use crate::{
    model::{Choice, Evidence, Measure, MeasureId, Milestone, Plan, PlanId},
    rules,
    screens::{choice as choices, edit, measure_edit},
    store::{choice, evidence, measure, milestone, next, plan, rating},
    typed::{self, form_of, form_of_choice},
};

type Answer<T> = Result<T, ApiError>;

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(plans, add_plan))
        .routes(routes!(one, change_plan))
        .routes(routes!(next_plan))
        .routes(routes!(add_measure))
        .routes(routes!(change_measure))
        .routes(routes!(add_milestone))
        .routes(routes!(change_milestone))
        .routes(routes!(rate))
        .routes(routes!(findings, add_finding))
        .routes(routes!(add_choice))
        .merge(ladder::routes())
}

/// What the form's reader made of it, or all its messages.
fn read<T>(mut form: Form, reader: impl FnOnce(&mut Form) -> Option<T>) -> Result<T> {
    let made = reader(&mut form);
    made.ok_or_else(|| {
        let all: Vec<&str> = form.errors().iter().map(|e| e.message.as_str()).collect();
        Error::Invalid(if all.is_empty() {
            "送られた内容を読み取れませんでした。保存していません。".into()
        } else {
            all.join(" ")
        })
    })
}

/// Begins what makes something: the same `Idempotency-Key` twice makes one.
async fn begin(ctx: &Ctx, headers: &HeaderMap) -> Result<(Tx, String)> {
    rules::need_planner(ctx)?;
    let token = headers
        .get("idempotency-key")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if token.len() > 64 {
        return Err(Error::Invalid(
            "Idempotency-Keyは64文字までです。保存していません。".into(),
        ));
    }
    let mut tx = ctx.write().await?;
    once::claim(&mut tx, ctx, token).await?;
    Ok((tx, token.to_owned()))
}

async fn end(mut tx: Tx, ctx: &Ctx, token: &str, location: String) -> Result<Json<Made>> {
    once::lead_to(&mut tx, ctx, token, &location).await?;
    tx.commit().await?;
    Ok(Json(Made { location }))
}

/// The answer to a key that was used before is what it made then.
fn again(done: Result<Json<Made>>) -> Answer<(StatusCode, Json<Made>)> {
    match done {
        Err(Error::AlreadyDone(location)) => Ok((StatusCode::CREATED, Json(Made { location }))),
        done => Ok((StatusCode::CREATED, done?)),
    }
}

/// All plans.
#[utoipa::path(get, path = "/api/v1/roadmaps/plans", tag = "roadmaps", responses((status = 200, body = PlanItems)))]
async fn plans(ctx: Ctx) -> Answer<Json<PlanItems>> {
    let all = plan::list(&mut ctx.read().await?, &ctx).await?;
    let items = all.into_iter().map(plan_item).collect();
    Ok(Json(PlanItems { items }))
}

/// Makes a plan.
#[utoipa::path(post, path = "/api/v1/roadmaps/plans", tag = "roadmaps", request_body = Plan,
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Made), (status = 403, description = "You do not plan"), (status = 422, description = "What was sent is wrong")))]
async fn add_plan(
    ctx: Ctx,
    headers: HeaderMap,
    ApiJson(new): ApiJson<Plan>,
) -> Answer<(StatusCode, Json<Made>)> {
    let made = async {
        let (mut tx, token) = begin(&ctx, &headers).await?;
        let options = edit::options(&mut tx, &ctx, None).await?;
        let new = read(form_of(&new), |form| typed::plan(form, &options))?;
        let id = plan::add(&mut tx, &ctx, &new, None).await?;
        end(tx, &ctx, &token, format!("/roadmaps/{id}")).await
    };
    again(made.await)
}

/// A plan with its measures, milestones, ratings and choices.
#[utoipa::path(get, path = "/api/v1/roadmaps/plans/{plan}", tag = "roadmaps", params(("plan" = String, Path)),
    responses((status = 200, body = PlanDetail), (status = 404, description = "No such plan")))]
async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer<Json<PlanDetail>> {
    let whole = plan::whole(&mut ctx.read().await?, &ctx, read_id(&id)?).await?;
    Ok(Json(detail(whole)))
}

/// Changes a plan.
#[utoipa::path(put, path = "/api/v1/roadmaps/plans/{plan}", tag = "roadmaps", request_body = PlanSave, params(("plan" = String, Path)),
    responses((status = 200, body = PlanDetail), (status = 403, description = "You do not plan"), (status = 409, description = "Somebody saved in between"), (status = 422, description = "What was sent is wrong")))]
async fn change_plan(
    ctx: Ctx,
    Path(id): Path<String>,
    ApiJson(sent): ApiJson<PlanSave>,
) -> Answer<Json<PlanDetail>> {
    rules::need_planner(&ctx)?;
    let id: PlanId = read_id(&id)?;
    let mut tx = ctx.write().await?;
    let options = edit::options(&mut tx, &ctx, Some(id)).await?;
    let new = read(form_of(&sent.plan), |form| typed::plan(form, &options))?;
    plan::change(&mut tx, &ctx, id, sent.version, &new).await?;
    let whole = plan::whole(&mut tx, &ctx, id).await?;
    tx.commit().await?;
    Ok(Json(detail(whole)))
}

/// Makes the next plan from this one: its text goes on, ratings and open milestones come as notes.
#[utoipa::path(post, path = "/api/v1/roadmaps/plans/{plan}/next", tag = "roadmaps", request_body = Plan,
    params(("plan" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Made), (status = 403, description = "You do not plan"), (status = 422, description = "What was sent is wrong")))]
async fn next_plan(
    ctx: Ctx,
    Path(id): Path<String>,
    headers: HeaderMap,
    ApiJson(new): ApiJson<Plan>,
) -> Answer<(StatusCode, Json<Made>)> {
    let made = async {
        let (mut tx, token) = begin(&ctx, &headers).await?;
        let old = plan::whole(&mut tx, &ctx, read_id(&id)?).await?;
        let options = edit::options(&mut tx, &ctx, None).await?;
        let new = read(form_of(&new), |form| typed::plan(form, &options))?;
        let id = next::make(&mut tx, &ctx, &old, &new).await?;
        end(tx, &ctx, &token, format!("/roadmaps/{id}")).await
    };
    again(made.await)
}

/// Adds a measure to a plan.
#[utoipa::path(post, path = "/api/v1/roadmaps/plans/{plan}/measures", tag = "roadmaps", request_body = Measure,
    params(("plan" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Made), (status = 403, description = "You do not plan"), (status = 422, description = "What was sent is wrong, or the plan is over")))]
async fn add_measure(
    ctx: Ctx,
    Path(id): Path<String>,
    headers: HeaderMap,
    ApiJson(new): ApiJson<Measure>,
) -> Answer<(StatusCode, Json<Made>)> {
    let made = async {
        let (mut tx, token) = begin(&ctx, &headers).await?;
        let options = measure_edit::options(&mut tx, &ctx).await?;
        let new = read(form_of(&new), |form| typed::measure(form, &options))?;
        let id = measure::add(&mut tx, &ctx, read_id(&id)?, &new).await?;
        end(tx, &ctx, &token, format!("/roadmaps/measures/{id}")).await
    };
    again(made.await)
}

/// Changes a measure.
#[utoipa::path(put, path = "/api/v1/roadmaps/measures/{measure}", tag = "roadmaps", request_body = MeasureSave, params(("measure" = String, Path)),
    responses((status = 200, body = MeasureItem), (status = 403, description = "You do not plan"), (status = 409, description = "Somebody saved in between"), (status = 422, description = "What was sent is wrong, or the plan is over")))]
async fn change_measure(
    ctx: Ctx,
    Path(id): Path<String>,
    ApiJson(sent): ApiJson<MeasureSave>,
) -> Answer<Json<MeasureItem>> {
    rules::need_planner(&ctx)?;
    let id: MeasureId = read_id(&id)?;
    let mut tx = ctx.write().await?;
    let options = measure_edit::options(&mut tx, &ctx).await?;
    let new = read(form_of(&sent.measure), |form| {
        typed::measure(form, &options)
    })?;
    measure::change(&mut tx, &ctx, id, sent.version, &new).await?;
    saved(tx, &ctx, id).await
}

async fn saved(mut tx: Tx, ctx: &Ctx, id: MeasureId) -> Answer<Json<MeasureItem>> {
    let item = measure_item(measure::one(&mut tx, ctx, id).await?);
    tx.commit().await?;
    Ok(Json(item))
}

/// Adds a milestone to a measure.
#[utoipa::path(post, path = "/api/v1/roadmaps/measures/{measure}/milestones", tag = "roadmaps", request_body = Milestone,
    params(("measure" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Made), (status = 403, description = "You do not plan"), (status = 422, description = "What was sent is wrong")))]
async fn add_milestone(
    ctx: Ctx,
    Path(id): Path<String>,
    headers: HeaderMap,
    ApiJson(new): ApiJson<Milestone>,
) -> Answer<(StatusCode, Json<Made>)> {
    let made = async {
        let (mut tx, token) = begin(&ctx, &headers).await?;
        let of = measure::one(&mut tx, &ctx, read_id(&id)?).await?;
        let plan = plan::one(&mut tx, &ctx, of.plan).await?.kept.is;
        let new = read(form_of(&new), |f| typed::milestone(f, &plan, ctx.today()))?;
        let id = milestone::add(&mut tx, &ctx, of.kept.id, &new).await?;
        end(tx, &ctx, &token, format!("/roadmaps/milestones/{id}")).await
    };
    again(made.await)
}

/// Changes a milestone: says where it stands.
#[utoipa::path(put, path = "/api/v1/roadmaps/milestones/{milestone}", tag = "roadmaps", request_body = MilestoneSave, params(("milestone" = String, Path)),
    responses((status = 200, body = MeasureItem), (status = 403, description = "You do not plan"), (status = 409, description = "Somebody saved in between"), (status = 422, description = "What was sent is wrong")))]
async fn change_milestone(
    ctx: Ctx,
    Path(id): Path<String>,
    ApiJson(sent): ApiJson<MilestoneSave>,
) -> Answer<Json<MeasureItem>> {
    rules::need_planner(&ctx)?;
    let mut tx = ctx.write().await?;
    let (of, known) = milestone::one(&mut tx, &ctx, read_id(&id)?).await?;
    let m = measure::one(&mut tx, &ctx, of).await?;
    let plan = plan::one(&mut tx, &ctx, m.plan).await?.kept.is;
    let new = read(form_of(&sent.milestone), |f| {
        typed::milestone(f, &plan, ctx.today())
    })?;
    let place = (m.plan, of, &m.kept.is);
    milestone::change(&mut tx, &ctx, place, &known, sent.version, &new).await?;
    saved(tx, &ctx, of).await
}

/// Rates how far a measure was carried out in a year.
#[utoipa::path(put, path = "/api/v1/roadmaps/measures/{measure}/ratings", tag = "roadmaps", request_body = RatingSave, params(("measure" = String, Path)),
    responses((status = 200, body = MeasureItem), (status = 403, description = "You do not plan"), (status = 409, description = "Somebody saved in between"), (status = 422, description = "What was sent is wrong, or the year has not begun")))]
async fn rate(
    ctx: Ctx,
    Path(id): Path<String>,
    ApiJson(sent): ApiJson<RatingSave>,
) -> Answer<Json<MeasureItem>> {
    rules::need_planner(&ctx)?;
    let mut tx = ctx.write().await?;
    let m = measure::one(&mut tx, &ctx, read_id(&id)?).await?;
    let plan = plan::one(&mut tx, &ctx, m.plan).await?.kept.is;
    let year = sent.rating.year;
    rules::need_ratable(&plan, year, ctx.today())?;
    let new = read(form_of(&sent.rating), |form| typed::rating(form, year))?;
    rating::save(&mut tx, &ctx, &m, &new, sent.version).await?;
    saved(tx, &ctx, m.kept.id).await
}

/// What measures rest on, with the measures that cite it.
#[utoipa::path(get, path = "/api/v1/roadmaps/evidence", tag = "roadmaps", responses((status = 200, body = EvidenceItems)))]
async fn findings(ctx: Ctx) -> Answer<Json<EvidenceItems>> {
    let mut conn = ctx.read().await?;
    let all = evidence::list(&mut conn, &ctx).await?;
    let citations = evidence::citations(&mut conn, &ctx).await?;
    let items = all
        .into_iter()
        .map(|e| EvidenceItem {
            cited_by: citations
                .iter()
                .filter(|c| c.evidence == e.id)
                .map(|c| c.measure)
                .collect(),
            id: e.id,
            version: e.version,
            evidence: e.is,
        })
        .collect();
    Ok(Json(EvidenceItems { items }))
}

/// Adds a finding that measures can rest on.
#[utoipa::path(post, path = "/api/v1/roadmaps/evidence", tag = "roadmaps", request_body = Evidence,
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Made), (status = 403, description = "You do not plan"), (status = 422, description = "What was sent is wrong")))]
async fn add_finding(
    ctx: Ctx,
    headers: HeaderMap,
    ApiJson(new): ApiJson<Evidence>,
) -> Answer<(StatusCode, Json<Made>)> {
    let made = async {
        let (mut tx, token) = begin(&ctx, &headers).await?;
        let new = read(form_of(&new), typed::evidence)?;
        let id = evidence::save(&mut tx, &ctx, None, &new).await?;
        end(tx, &ctx, &token, format!("/roadmaps/evidence/{id}")).await
    };
    again(made.await)
}

/// Adds options that were weighed for a plan.
#[utoipa::path(post, path = "/api/v1/roadmaps/plans/{plan}/choices", tag = "roadmaps", request_body = Choice,
    params(("plan" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Made), (status = 403, description = "You do not plan"), (status = 422, description = "What was sent is wrong, or the plan is over")))]
async fn add_choice(
    ctx: Ctx,
    Path(id): Path<String>,
    headers: HeaderMap,
    ApiJson(new): ApiJson<Choice>,
) -> Answer<(StatusCode, Json<Made>)> {
    let made = async {
        let (mut tx, token) = begin(&ctx, &headers).await?;
        let of: PlanId = read_id(&id)?;
        let measures = choices::measures(&mut tx, &ctx, of).await?;
        let new = read(form_of_choice(&new), |form| typed::choice(form, &measures))?;
        let id = choice::save(&mut tx, &ctx, of, None, &new).await?;
        end(tx, &ctx, &token, format!("/roadmaps/choices/{id}")).await
    };
    again(made.await)
}
