//! Files attached to sheets and to the look back on goals.

use axum::{
    Json,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use engawa_kernel::{
    context::{Ctx, Engine},
    db::Conn,
    error::{Error, Result},
    files::{self as stored, Attachment, AttachmentId, CAPTION, Class, Label, Media},
    form::Posted,
    http::{self, ApiJson},
    once,
    text::fiscal::FiscalYear,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answer, Asked, checked};
use crate::{
    files::{self, Change, Spot},
    form::Block,
    store::{goal, sheet},
};

pub(super) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(say, remove))
        .routes(routes!(evidence, prove))
        .routes(routes!(bytes))
}

/// An attached file.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanFile)]
struct Item {
    id: AttachmentId,
    /// 別紙1 is 1; none for the evidence of a goal.
    number: Option<usize>,
    /// The block of the sheet; none for the evidence of a goal.
    block: Option<Block>,
    /// The fiscal year that the evidence is about; none for a sheet's file.
    year: Option<String>,
    name: String,
    media: Media,
    bytes: i64,
    caption: String,
    class: Class,
    /// Whether it may be published.
    publish: bool,
    /// Send it back when you change or remove it.
    version: i64,
}

/// Attached files.
#[derive(Serialize, ToSchema)]
#[schema(as = PlanFiles)]
struct Items {
    items: Vec<Item>,
}

/// A file to be attached, as `multipart/form-data`.
#[derive(ToSchema)]
#[schema(as = PlanFileNew)]
#[allow(dead_code, reason = "documents the form, which is read field by field")]
struct Form {
    /// PDF, PNG, JPEG, xlsx, docx, CSV or text, 10 MB at most.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Of a sheet's file: the block it belongs to.
    block: Option<Block>,
    /// Of evidence: the fiscal year it is about; left out: this one.
    year: Option<i32>,
    caption: String,
    class: Class,
    /// `true` or `false`
    publish: bool,
}

/// Other words about a file.
#[derive(Deserialize, ToSchema)]
#[schema(as = PlanFileLabel)]
struct Words {
    caption: String,
    class: Class,
    publish: bool,
    /// As read.
    version: i64,
}

/// What is to be removed, as it was seen.
#[derive(Deserialize, ToSchema)]
#[schema(as = PlanFileSeen)]
struct Seen {
    /// As read.
    version: i64,
}

fn item(number: Option<usize>, file: &Attachment) -> Item {
    Item {
        id: file.id,
        number,
        block: number.map(|_| files::block(file)),
        year: number.is_none().then(|| file.place.clone()),
        name: file.name.clone(),
        media: file.media,
        bytes: file.size,
        caption: file.label.caption.clone(),
        class: file.label.class,
        publish: file.label.publish,
        version: file.version,
    }
}

/// What was posted as a file with its words.
fn posted(posted: &Posted) -> Result<(Label, Box<stored::Checked>)> {
    let file = posted
        .files
        .iter()
        .find(|f| f.field == "file")
        .ok_or_else(|| {
            Error::Invalid(
                "「file」にファイルを入れて、multipart/form-dataで送ってください。".into(),
            )
        })?;
    let class = posted.get("class").and_then(Class::from_code);
    let publish = match posted.get("publish") {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    let label = label(
        posted.get("caption").unwrap_or_default(),
        class.ok_or_else(|| Error::Invalid("「class」が正しくありません。".into()))?,
        publish
            .ok_or_else(|| Error::Invalid("「publish」はtrueかfalseで送ってください。".into()))?,
    )?;
    let file = stored::check(&file.file_name, &file.bytes).map_err(Error::Invalid)?;
    Ok((label, Box::new(file)))
}

fn label(caption: &str, class: Class, publish: bool) -> Result<Label> {
    let caption = checked("説明", caption, CAPTION)?;
    if caption.is_empty() {
        return Err(Error::Invalid("「説明」を入力してください。".into()));
    }
    Ok(Label {
        caption,
        class,
        publish,
    })
}

pub(super) fn key(headers: &HeaderMap) -> Result<&str> {
    let token = headers
        .get("idempotency-key")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if token.len() > 64 {
        return Err(Error::Invalid("Idempotency-Keyは64文字までです。".into()));
    }
    Ok(token)
}

async fn of_sheet(conn: &mut Conn, ctx: &Ctx, id: &str, number: Option<i64>) -> Result<Items> {
    let id = http::id(id)?;
    sheet::sheet(conn, ctx, id).await?;
    let version = sheet::version(conn, ctx, id, number).await?;
    let items = files::of_version(conn, ctx, version.id, false)
        .await?
        .iter()
        .map(|(number, file)| item(Some(*number), file))
        .collect();
    Ok(Items { items })
}

async fn of_goal(conn: &mut Conn, ctx: &Ctx, id: &str) -> Result<Items> {
    let known = goal::one(conn, ctx, http::id(id)?).await?;
    let items = files::of_goals(conn, ctx, std::slice::from_ref(&known))
        .await?
        .iter()
        .map(|file| item(None, file))
        .collect();
    Ok(Items { items })
}

/// Files of a sheet that you may see, in the order of the form.
#[utoipa::path(get, path = "/api/v1/programmes/sheets/{sheet}/files", tag = "programmes", operation_id = "plan_files", params(("sheet" = String, Path), Asked),
    responses((status = 200, body = Items), (status = 404, description = "No such sheet or version, or none that you may see")))]
async fn list(ctx: Ctx, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer<Json<Items>> {
    let mut conn = ctx.read().await?;
    Ok(Json(of_sheet(&mut conn, &ctx, &id, asked.number).await?))
}

/// Attaches a file to a block of the draft. The same `Idempotency-Key` twice attaches one.
#[utoipa::path(post, path = "/api/v1/programmes/sheets/{sheet}/files", tag = "programmes", operation_id = "plan_file_add",
    request_body(content = Form, content_type = "multipart/form-data"),
    params(("sheet" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "At most 64 characters")),
    responses((status = 200, body = Items), (status = 403, description = "You do not plan"), (status = 422, description = "The file is not taken, or the version is approved")))]
async fn add(
    ctx: Ctx,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Posted,
) -> Answer<Json<Items>> {
    crate::rules::need_planner(&ctx)?;
    let block = form
        .get("block")
        .and_then(Block::from_code)
        .ok_or_else(|| Error::Invalid("「block」が正しくありません。".into()))?;
    let (label, file) = posted(&form)?;
    let mut tx = ctx.write().await?;
    let known = sheet::sheet(&mut tx, &ctx, http::id(&id)?).await?;
    match once::claim(&mut tx, &ctx, key(&headers)?).await {
        Err(Error::AlreadyDone(_)) => {}
        done => {
            done?;
            files::change_sheet(&mut tx, &ctx, &known, block, &Change::Add(label, file)).await?;
            let items = of_sheet(&mut tx, &ctx, &id, None).await?;
            tx.commit().await?;
            return Ok(Json(items));
        }
    }
    Ok(Json(of_sheet(&mut tx, &ctx, &id, None).await?))
}

/// Where the planners' changes of a file go: its sheet's draft or its goal.
async fn change(ctx: &Ctx, id: &str, what: impl FnOnce(AttachmentId) -> Change) -> Result<()> {
    crate::rules::need_planner(ctx)?;
    let id = http::id(id)?;
    let mut tx = ctx.write().await?;
    let file = stored::one(&mut tx, ctx, id).await?;
    match files::spot(&file).ok_or(Error::NotFound)? {
        Spot::Block(version, block) => {
            let known = sheet::of_version(&mut tx, ctx, version).await?;
            files::change_sheet(&mut tx, ctx, &known, block, &what(id)).await?;
        }
        Spot::Year(goal, year) => {
            files::change_goal(&mut tx, ctx, goal, year, &what(id)).await?;
        }
    }
    tx.commit().await
}

/// Changes what is said about a file.
#[utoipa::path(put, path = "/api/v1/programmes/files/{file}", tag = "programmes", operation_id = "plan_file_say", request_body = Words,
    params(("file" = String, Path)),
    responses((status = 204), (status = 403, description = "You do not plan"), (status = 404, description = "No such file"), (status = 409, description = "Somebody changed it in between"), (status = 422, description = "The version is approved")))]
async fn say(ctx: Ctx, Path(id): Path<String>, ApiJson(w): ApiJson<Words>) -> Answer<StatusCode> {
    let label = label(&w.caption, w.class, w.publish)?;
    change(&ctx, &id, |id| Change::Say(id, label, w.version)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a file off. Versions that were approved with it keep it.
#[utoipa::path(delete, path = "/api/v1/programmes/files/{file}", tag = "programmes", operation_id = "plan_file_remove", request_body = Seen,
    params(("file" = String, Path)),
    responses((status = 204), (status = 403, description = "You do not plan"), (status = 404, description = "No such file"), (status = 409, description = "Somebody changed it in between"), (status = 422, description = "The version is approved")))]
async fn remove(ctx: Ctx, Path(id): Path<String>, ApiJson(s): ApiJson<Seen>) -> Answer<StatusCode> {
    change(&ctx, &id, |id| Change::Remove(id, s.version)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The file itself, as it was stored.
#[utoipa::path(get, path = "/api/v1/programmes/files/{file}", tag = "programmes", operation_id = "plan_file",
    params(("file" = String, Path)),
    responses((status = 200, description = "The bytes", content_type = "application/octet-stream"), (status = 404, description = "No such file, or none that you may see")))]
async fn bytes(ctx: Ctx, Path(id): Path<String>) -> Answer<Response> {
    Ok(stored::hand_out(&ctx, http::id(&id)?).await?)
}

/// The evidence of a goal that you may see, of all its years.
#[utoipa::path(get, path = "/api/v1/programmes/goals/{goal}/files", tag = "programmes", operation_id = "goal_files", params(("goal" = String, Path)),
    responses((status = 200, body = Items), (status = 404, description = "No such goal")))]
async fn evidence(ctx: Ctx, Path(id): Path<String>) -> Answer<Json<Items>> {
    Ok(Json(of_goal(&mut ctx.read().await?, &ctx, &id).await?))
}

/// Attaches evidence to a goal's look back on this fiscal year, or on `year`.
#[utoipa::path(post, path = "/api/v1/programmes/goals/{goal}/files", tag = "programmes", operation_id = "goal_file_add",
    request_body(content = Form, content_type = "multipart/form-data"), params(("goal" = String, Path)),
    responses((status = 200, body = Items), (status = 403, description = "You do not plan"), (status = 422, description = "The file is not taken")))]
async fn prove(ctx: Ctx, Path(id): Path<String>, form: Posted) -> Answer<Json<Items>> {
    crate::rules::need_planner(&ctx)?;
    let year = match form.get("year") {
        None => Some(FiscalYear::of(ctx.today())),
        Some(year) => year
            .parse()
            .ok()
            .and_then(|y: i32| FiscalYear::try_from(y).ok()),
    }
    .ok_or_else(|| Error::Invalid("「year」は、年度のはじまる西暦の年で送ってください。".into()))?;
    let (label, file) = posted(&form)?;
    let mut tx = ctx.write().await?;
    files::change_goal(
        &mut tx,
        &ctx,
        http::id(&id)?,
        year,
        &Change::Add(label, file),
    )
    .await?;
    let items = of_goal(&mut tx, &ctx, &id).await?;
    tx.commit().await?;
    Ok(Json(items))
}
