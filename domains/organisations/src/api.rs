//! Lists as JSON: desks, bodies, areas and the words of a code list. A page is `limit` entries after
//! `cursor`; `next` is the cursor of the following page.

use axum::{
    Json,
    extract::{Path, Query as Asked},
};
use chrono::NaiveDate;
use engawa_kernel::{
    context::{Ctx, Engine},
    db::{Row, Sql, sql},
    error::{ApiError, Error, Result},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::codes::CodeList;

/// All of them.
pub(crate) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(desks))
        .routes(routes!(bodies))
        .routes(routes!(areas))
        .routes(routes!(code_list))
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
struct Page {
    /// Entries on a page, 1 to 500; 100 when not said.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of entries.
#[derive(Debug, Serialize, ToSchema)]
struct Listing<T> {
    items: Vec<T>,
    /// Cursor of the next page; none on the last.
    next: Option<String>,
}

/// 窓口
#[derive(Debug, Serialize, ToSchema)]
struct DeskItem {
    id: Uuid,
    code: String,
    name: String,
    nickname: String,
    body: Uuid,
    phone: String,
    /// Code of the list `contract_mode`.
    mode: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// 機関
#[derive(Debug, Serialize, ToSchema)]
struct BodyItem {
    id: Uuid,
    code: String,
    name: String,
    kana: String,
    /// Code of the list `body_kind`.
    kind: String,
    phone: String,
    valid_to: Option<NaiveDate>,
}

/// 圏域
#[derive(Debug, Serialize, ToSchema)]
struct AreaItem {
    id: Uuid,
    code: String,
    name: String,
    /// unknown, exact, about or range.
    population_kind: String,
    population_low: Option<i64>,
    population_high: Option<i64>,
    population_on: Option<NaiveDate>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// One choice of a code list.
#[derive(Debug, Serialize, ToSchema)]
struct CodeItem {
    code: String,
    label: String,
    /// What statistics count it as.
    canonical: String,
    hidden: bool,
}

async fn listing<T>(
    ctx: &Ctx,
    q: Sql,
    page: &Page,
    read: impl Fn(&Row) -> Result<T>,
) -> Result<Json<Listing<T>>> {
    let limit = page.limit.unwrap_or(100).clamp(1, 500);
    let mut conn = ctx.read().await?;
    let q = q
        .bind("m", ctx.municipality)
        .bind("after", page.cursor.clone().unwrap_or_default())
        .bind("limit", limit + 1);
    let rows = conn.rows(q).await?;
    let keep = usize::try_from(limit).unwrap_or(500);
    let more = rows.len() > keep;
    let rows = rows.get(..keep.min(rows.len())).unwrap_or_default();
    let next = match rows.last() {
        Some(last) if more => Some(last.get("code")?),
        _ => None,
    };
    let items = rows.iter().map(read).collect::<Result<_>>()?;
    Ok(Json(Listing { items, next }))
}

/// Desks by code.
#[utoipa::path(get, path = "/desks", tag = "organisations", params(Page), responses((status = 200, body = Listing<DeskItem>)))]
async fn desks(ctx: Ctx, Asked(page): Asked<Page>) -> Result<Json<Listing<DeskItem>>, ApiError> {
    let q = sql(
        "select * from organisations_desk where municipality_id = :m and code > :after order by code limit :limit",
    );
    Ok(listing(&ctx, q, &page, |r| {
        Ok(DeskItem {
            id: r.get("id")?,
            code: r.get("code")?,
            name: r.get("name")?,
            nickname: r.get("nickname")?,
            body: r.get("body_id")?,
            phone: r.get("phone")?,
            mode: r.get("mode")?,
            valid_from: r.get("valid_from")?,
            valid_to: r.opt("valid_to")?,
        })
    })
    .await?)
}

/// Bodies by code.
#[utoipa::path(get, path = "/bodies", tag = "organisations", params(Page), responses((status = 200, body = Listing<BodyItem>)))]
async fn bodies(ctx: Ctx, Asked(page): Asked<Page>) -> Result<Json<Listing<BodyItem>>, ApiError> {
    let q = sql(
        "select * from organisations_body where municipality_id = :m and code > :after order by code limit :limit",
    );
    Ok(listing(&ctx, q, &page, |r| {
        Ok(BodyItem {
            id: r.get("id")?,
            code: r.get("code")?,
            name: r.get("name")?,
            kana: r.get("kana")?,
            kind: r.get("kind")?,
            phone: r.get("phone")?,
            valid_to: r.opt("valid_to")?,
        })
    })
    .await?)
}

/// Areas by code.
#[utoipa::path(get, path = "/areas", tag = "organisations", params(Page), responses((status = 200, body = Listing<AreaItem>)))]
async fn areas(ctx: Ctx, Asked(page): Asked<Page>) -> Result<Json<Listing<AreaItem>>, ApiError> {
    let q = sql(
        "select * from organisations_area where municipality_id = :m and code > :after order by code limit :limit",
    );
    Ok(listing(&ctx, q, &page, |r| {
        Ok(AreaItem {
            id: r.get("id")?,
            code: r.get("code")?,
            name: r.get("name")?,
            population_kind: r.get("population_kind")?,
            population_low: r.opt("population_low")?,
            population_high: r.opt("population_high")?,
            population_on: r.opt("population_on")?,
            valid_from: r.get("valid_from")?,
            valid_to: r.opt("valid_to")?,
        })
    })
    .await?)
}

/// The words of one code list, hidden ones too.
#[utoipa::path(get, path = "/codes/{list}", tag = "organisations", params(Page, ("list" = String, Path, description = "channel, route, issue …")),
    responses((status = 200, body = Listing<CodeItem>), (status = 404, description = "no such list")))]
async fn code_list(
    ctx: Ctx,
    Path(list): Path<String>,
    Asked(page): Asked<Page>,
) -> Result<Json<Listing<CodeItem>>, ApiError> {
    let list = CodeList::from_code(&list).ok_or(Error::NotFound)?;
    let q = sql("select * from organisations_code where municipality_id = :m and list = :list and code > :after order by code limit :limit")
        .bind("list", list.as_code());
    Ok(listing(&ctx, q, &page, |r| {
        Ok(CodeItem {
            code: r.get("code")?,
            label: r.get("label")?,
            canonical: r.get("canonical")?,
            hidden: r.get("hidden")?,
        })
    })
    .await?)
}
