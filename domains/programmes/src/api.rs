//! The sheets as JSON, over the same rules and store as the screens.

mod figures;
mod files;

use axum::{
    Json,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
};
use chrono::{DateTime, NaiveDate, Utc};
use engawa_indicators::report::Reader;
use engawa_kernel::{
    context::{Ctx, Engine},
    db::Conn,
    error::{ApiError, Error, Result},
    http::{self, ApiJson},
    once,
    text::{exceeds_graphemes, fiscal::FiscalYear},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    form::{Block, Field},
    model::{
        BlockInput, BlockState, FieldState, FieldValue, MadeFrom, Origin, SheetId, VersionState,
    },
    results::{self, Results},
    rules, sheets,
    store::{sheet, write},
};

type Answer<T> = Result<T, ApiError>;

/// Characters of a field at most.
const LONGEST: usize = 20_000;

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(one))
        .routes(routes!(save))
        .routes(routes!(approve))
        .merge(figures::routes())
        .merge(files::routes())
}

/// A sheet in the list.
#[derive(Serialize, ToSchema)]
struct SheetItem {
    id: SheetId,
    /// Whose.
    origin: Origin,
    /// Fiscal year, as the western year in which it begins.
    year: i32,
    name: String,
    /// Its newest version that you may see.
    number: i64,
    state: VersionState,
    /// Its newest approved version.
    approved: Option<i64>,
}

/// Sheets.
#[derive(Serialize, ToSchema)]
struct SheetItems {
    items: Vec<SheetItem>,
}

/// A field.
#[derive(Serialize, Deserialize, ToSchema)]
struct FieldBody {
    field: Field,
    text: String,
    /// Left out: it follows from the text.
    state: Option<FieldState>,
    /// The figure in the text, plain digits; ignored when sent.
    #[serde(default)]
    number: String,
    /// Its unit as written; ignored when sent.
    #[serde(default)]
    unit: String,
    as_of: Option<NaiveDate>,
    #[serde(default)]
    note: String,
    /// What the reader of a file doubted. A field that is sent counts as looked at.
    #[serde(default)]
    doubt: String,
}

/// A block with its fields.
#[derive(Serialize, ToSchema)]
struct BlockBody {
    block: Block,
    state: BlockState,
    start: String,
    note: String,
    /// Send it back when you save.
    version: i64,
    fields: Vec<FieldBody>,
}

/// A version of a sheet.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanSheetDetail)]
struct SheetDetail {
    id: SheetId,
    origin: Origin,
    year: i32,
    name: String,
    number: i64,
    state: VersionState,
    written_at: DateTime<Utc>,
    approved_at: Option<DateTime<Utc>>,
    /// Send it back when you approve.
    version: i64,
    /// In the form's order.
    blocks: Vec<BlockBody>,
    /// Last year's targets and actuals, as you may see them; counted anew while the sheet is a draft,
    /// kept when it is approved.
    results: Option<Results>,
}

/// A sheet to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = PlanSheetNew)]
struct NewBody {
    /// Fiscal year, as the western year in which it begins.
    year: i32,
    /// `empty` or `copy`
    from: MadeFrom,
}

/// Where something was made.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanSheetMade)]
struct Made {
    location: String,
}

/// A block to be saved.
#[derive(Deserialize, ToSchema)]
struct BlockSave {
    state: Option<BlockState>,
    #[serde(default)]
    start: String,
    #[serde(default)]
    note: String,
    /// Fields left out stay as they are.
    fields: Vec<FieldBody>,
    /// The version of the block that you saw.
    version: i64,
}

/// The version to be approved.
#[derive(Deserialize, ToSchema)]
struct Approval {
    number: i64,
    /// As read.
    version: i64,
}

#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Another than the newest.
    number: Option<i64>,
}

/// Sheets that you may read: planners drafts too, others what is approved.
#[utoipa::path(get, path = "/api/v1/programmes/sheets", tag = "programmes", responses((status = 200, body = SheetItems)))]
async fn list(ctx: Ctx) -> Answer<Json<SheetItems>> {
    let items = sheet::list(&mut ctx.read().await?, &ctx)
        .await?
        .into_iter()
        .map(|l| SheetItem {
            id: l.sheet.id,
            origin: l.sheet.origin,
            year: l.sheet.year.year(),
            name: l.sheet.name,
            number: l.version.number,
            state: l.version.state,
            approved: l.approved,
        })
        .collect();
    Ok(Json(SheetItems { items }))
}

/// Makes this municipality's sheet of a year. The same `Idempotency-Key` twice makes one.
#[utoipa::path(post, path = "/api/v1/programmes/sheets", tag = "programmes", request_body = NewBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 201, body = Made), (status = 403, description = "You do not plan"), (status = 422, description = "There is one already, or nothing to copy")))]
async fn create(
    ctx: Ctx,
    headers: HeaderMap,
    ApiJson(new): ApiJson<NewBody>,
) -> Answer<(StatusCode, Json<Made>)> {
    rules::need_planner(&ctx)?;
    let year = FiscalYear::try_from(new.year).map_err(|e| Error::Invalid(e.to_string()))?;
    if new.from == MadeFrom::Upload {
        return Err(Error::Invalid("読み取りからは、画面で作ってください。".into()).into());
    }
    let token = headers
        .get("idempotency-key")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if token.len() > 64 {
        return Err(Error::Invalid("Idempotency-Keyは64文字までです。".into()).into());
    }
    let mut tx = ctx.write().await?;
    match once::claim(&mut tx, &ctx, token).await {
        Err(Error::AlreadyDone(location)) => {
            return Ok((StatusCode::CREATED, Json(Made { location })));
        }
        done => done?,
    }
    let id = sheets::make(&mut tx, &ctx, year, new.from).await?;
    let location = format!("/programmes/{id}");
    once::lead_to(&mut tx, &ctx, token, &location).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(Made { location })))
}

/// A sheet, field by field.
#[utoipa::path(get, path = "/api/v1/programmes/sheets/{sheet}", tag = "programmes", params(("sheet" = String, Path), Asked),
    responses((status = 200, body = SheetDetail), (status = 404, description = "No such sheet or version, or none that you may see")))]
async fn one(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer<Json<SheetDetail>> {
    let mut conn = ctx.read().await?;
    let shown = detail(&mut conn, &ctx, http::id(&id)?, asked.number).await?;
    Ok(Json(shown))
}

async fn detail(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SheetId,
    number: Option<i64>,
) -> Result<SheetDetail> {
    let (sheet, version, content) = sheet::shown(conn, ctx, id, number).await?;
    let reader = Reader::of(conn, ctx).await?;
    let results = results::load(conn, ctx, &sheet, &version, &reader).await?;
    let blocks = Block::ALL
        .into_iter()
        .filter_map(|block| {
            let record = content.blocks.get(&block)?;
            Some(BlockBody {
                block,
                state: record.state,
                start: record.start.clone(),
                note: record.note.clone(),
                version: record.version,
                fields: block
                    .fields()
                    .filter_map(|field| Some((field, content.fields.get(&field)?)))
                    .map(|(field, value)| body(field, value))
                    .collect(),
            })
        })
        .collect();
    Ok(SheetDetail {
        id: sheet.id,
        origin: sheet.origin,
        year: sheet.year.year(),
        name: sheet.name,
        number: version.number,
        state: version.state,
        written_at: version.written_at,
        approved_at: version.approved.map(|(_, at)| at),
        version: version.version,
        blocks,
        results,
    })
}

fn body(field: Field, value: &FieldValue) -> FieldBody {
    FieldBody {
        field,
        text: value.text.clone(),
        state: Some(value.state),
        number: value.number.clone(),
        unit: value.unit.clone(),
        as_of: value.as_of,
        note: value.note.clone(),
        doubt: value.doubt.clone(),
    }
}

fn checked(name: &str, text: &str, max: usize) -> Result<String> {
    if exceeds_graphemes(text, max) {
        return Err(Error::Invalid(format!("「{name}」は{max}文字までです。")));
    }
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
    {
        return Err(Error::Invalid(format!(
            "「{name}」に、使えない制御文字が入っています。"
        )));
    }
    Ok(text.trim().to_owned())
}

/// Saves a block. On an approved sheet this makes the next version.
#[utoipa::path(put, path = "/api/v1/programmes/sheets/{sheet}/blocks/{block}", tag = "programmes", request_body = BlockSave,
    params(("sheet" = String, Path), ("block" = String, Path, description = "The number printed on the form: 0, 1-1, 1-2, 2, 3, 4, 5, 9")),
    responses((status = 200, body = SheetDetail), (status = 403, description = "You do not plan"), (status = 409, description = "Somebody saved the block in between"), (status = 422, description = "What was sent is wrong")))]
async fn save(
    ctx: Ctx,
    Path((id, block)): Path<(String, String)>,
    ApiJson(input): ApiJson<BlockSave>,
) -> Answer<Json<SheetDetail>> {
    rules::need_planner(&ctx)?;
    let id = http::id(&id)?;
    let block = Block::from_code(&block).ok_or(Error::NotFound)?;
    let mut tx = ctx.write().await?;
    let known = sheet::sheet(&mut tx, &ctx, id).await?;
    let newest = sheet::newest(&mut tx, id).await?;
    let before = sheet::content(&mut tx, newest.id).await?;
    let mut fields = Vec::new();
    for sent in input.fields {
        let text = checked(sent.field.label(), &sent.text, LONGEST)?;
        let mut value = FieldValue::written(sent.field, &text);
        if let Some(state) = sent.state {
            value.state = state;
        }
        value.as_of = sent.as_of;
        value.note = checked("注・出典", &sent.note, 500)?;
        value.raw = before
            .fields
            .get(&sent.field)
            .map(|b| b.raw.clone())
            .unwrap_or_default();
        fields.push((sent.field, value));
    }
    let state = input
        .state
        .or_else(|| before.blocks.get(&block).map(|b| b.state))
        .unwrap_or(BlockState::Absent);
    let input_block = BlockInput {
        state,
        start: checked("開始の時期", &input.start, 100)?,
        note: checked("覚え書き", &input.note, 2000)?,
        fields,
    };
    write::save_block(&mut tx, &ctx, &known, block, &input_block, input.version).await?;
    let shown = detail(&mut tx, &ctx, id, None).await?;
    tx.commit().await?;
    Ok(Json(shown))
}

/// Approves the newest version; somebody else than its last writer.
#[utoipa::path(post, path = "/api/v1/programmes/sheets/{sheet}/approve", tag = "programmes", request_body = Approval,
    params(("sheet" = String, Path)),
    responses((status = 200, body = SheetDetail), (status = 403, description = "You do not plan, or wrote it last"), (status = 409, description = "Somebody saved in between"), (status = 422, description = "It is approved, or readings are unconfirmed")))]
async fn approve(
    ctx: Ctx,
    Path(id): Path<String>,
    ApiJson(input): ApiJson<Approval>,
) -> Answer<Json<SheetDetail>> {
    rules::need_planner(&ctx)?;
    let id = http::id(&id)?;
    let mut tx = ctx.write().await?;
    let known = sheet::sheet(&mut tx, &ctx, id).await?;
    write::approve(&mut tx, &ctx, &known, input.number, input.version).await?;
    let shown = detail(&mut tx, &ctx, id, None).await?;
    tx.commit().await?;
    Ok(Json(shown))
}
