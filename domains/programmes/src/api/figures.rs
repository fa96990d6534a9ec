//! The register of figures.

use axum::{
    Json,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
};
use chrono::NaiveDate;
use engawa_kernel::{
    context::{Ctx, Engine},
    db::Tx,
    error::{Error, Result},
    http::{self, ApiJson},
    id::AreaId,
    once,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, checked, files::key};
use crate::{
    figures::{Figure, FigureId, Kept, Sure, rules},
    store::figures,
};

pub(super) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(update, remove))
}

/// A figure.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = RegisteredFigureBody)]
struct Body {
    /// 人口, 高齢化率 …
    kind: String,
    /// Left out: the whole municipality.
    area: Option<AreaId>,
    /// 時点; after today: a forecast.
    as_of: NaiveDate,
    sure: Sure,
    /// Plain digits; empty when nobody knows.
    #[serde(default)]
    number: String,
    /// As written, never converted.
    #[serde(default)]
    unit: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    note: String,
}

/// A registered figure.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisteredFigure)]
struct Item {
    id: FigureId,
    #[serde(flatten)]
    figure: Body,
    /// What is probably wrong with it.
    doubt: Option<String>,
    /// Send it back when you save.
    version: i64,
}

/// Figures of one kind, newest day first.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisteredFigures)]
struct Items {
    items: Vec<Item>,
}

/// A figure on top of what was read.
#[derive(Deserialize, ToSchema)]
#[schema(as = RegisteredFigureSave)]
struct Save {
    #[serde(flatten)]
    figure: Body,
    /// As read.
    version: i64,
}

/// What is taken back, as it was seen.
#[derive(Deserialize, ToSchema)]
#[schema(as = RegisteredFigureSeen)]
struct Seen {
    /// As read.
    version: i64,
}

/// Which figure was made.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisteredFigureMade)]
struct Made {
    location: String,
}

#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Left out: 人口.
    kind: Option<String>,
}

fn item(kept: Kept) -> Item {
    let doubt = rules::doubt(&kept.figure);
    let f = kept.figure;
    Item {
        id: kept.id,
        doubt,
        version: kept.version,
        figure: Body {
            kind: f.kind,
            area: f.area,
            as_of: f.as_of,
            sure: f.sure,
            number: f.number,
            unit: f.unit,
            source: f.source,
            note: f.note,
        },
    }
}

async fn figure(tx: &mut Tx, ctx: &Ctx, body: Body) -> Result<Figure> {
    let kind = checked("種類", &body.kind, 40)?;
    if kind.is_empty() {
        return Err(Error::Invalid("「種類」を入力してください。".into()));
    }
    if let Some(area) = body.area {
        let known = engawa_organisations::figures::area_names(tx, ctx).await?;
        if !known.iter().any(|(id, _)| *id == area) {
            return Err(Error::Invalid(
                "「区域」は圏域に登録されていません。".into(),
            ));
        }
    }
    let (sure, number, unit) =
        rules::read(&kind, &body.number, &body.unit, Some(body.sure)).map_err(Error::Invalid)?;
    let figure = Figure {
        kind,
        area: body.area,
        as_of: body.as_of,
        sure,
        number,
        unit: checked("単位", &unit, 20)?,
        source: checked("出典", &body.source, 200)?,
        note: checked("注", &body.note, 500)?,
    };
    rules::check(&figure, ctx.today()).map_err(Error::Invalid)?;
    Ok(figure)
}

/// Figures of one kind, of the whole municipality and its areas.
#[utoipa::path(get, path = "/api/v1/programmes/figures", tag = "programmes", operation_id = "figures", params(Asked), responses((status = 200, body = Items)))]
async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Answer<Json<Items>> {
    let kind = asked.kind.as_deref().unwrap_or("人口");
    let all = figures::of_kind(&mut ctx.read().await?, &ctx, kind).await?;
    let items = all.into_iter().map(item).collect();
    Ok(Json(Items { items }))
}

/// Registers a figure. The same `Idempotency-Key` twice makes one.
#[utoipa::path(post, path = "/api/v1/programmes/figures", tag = "programmes", operation_id = "figure_create", request_body = Body,
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Made), (status = 403, description = "You do not plan"), (status = 422, description = "What was sent is wrong")))]
async fn create(
    ctx: Ctx,
    headers: HeaderMap,
    ApiJson(body): ApiJson<Body>,
) -> Answer<(StatusCode, Json<Made>)> {
    crate::rules::need_planner(&ctx)?;
    let token = key(&headers)?;
    let mut tx = ctx.write().await?;
    match once::claim(&mut tx, &ctx, token).await {
        Err(Error::AlreadyDone(location)) => {
            return Ok((StatusCode::CREATED, Json(Made { location })));
        }
        done => done?,
    }
    let figure = figure(&mut tx, &ctx, body).await?;
    let id = figures::save(&mut tx, &ctx, None, &figure).await?;
    let location = format!("/programmes/figures/{id}");
    once::lead_to(&mut tx, &ctx, token, &location).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(Made { location })))
}

/// Saves a figure anew.
#[utoipa::path(put, path = "/api/v1/programmes/figures/{figure}", tag = "programmes", operation_id = "figure_update", request_body = Save,
    params(("figure" = String, Path)),
    responses((status = 204), (status = 403, description = "You do not plan"), (status = 409, description = "Somebody saved it in between"), (status = 422, description = "What was sent is wrong")))]
async fn update(ctx: Ctx, Path(id): Path<String>, ApiJson(s): ApiJson<Save>) -> Answer<StatusCode> {
    crate::rules::need_planner(&ctx)?;
    let id = http::id(&id)?;
    let mut tx = ctx.write().await?;
    figures::one(&mut tx, &ctx, id).await?;
    let figure = figure(&mut tx, &ctx, s.figure).await?;
    figures::save(&mut tx, &ctx, Some((id, s.version)), &figure).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a figure back; it stays stored with its date.
#[utoipa::path(delete, path = "/api/v1/programmes/figures/{figure}", tag = "programmes", operation_id = "figure_remove", request_body = Seen,
    params(("figure" = String, Path)),
    responses((status = 204), (status = 403, description = "You do not plan"), (status = 409, description = "Somebody saved it in between")))]
async fn remove(ctx: Ctx, Path(id): Path<String>, ApiJson(s): ApiJson<Seen>) -> Answer<StatusCode> {
    crate::rules::need_planner(&ctx)?;
    let id = http::id(&id)?;
    let mut tx = ctx.write().await?;
    figures::one(&mut tx, &ctx, id).await?;
    figures::remove(&mut tx, &ctx, id, s.version).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
