//! The log of a room as JSON.

use axum::{
    Json,
    extract::{Path, Query},
};
use chrono::{DateTime, Utc};
use engawa_kernel::{
    audit,
    context::{Ctx, Engine},
    error::{ApiError, Error},
    id::StaffId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::screens::open;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new().routes(routes!(log))
}

#[derive(Deserialize, IntoParams)]
struct Asked {
    /// The `next` of the page before.
    after: Option<String>,
}

/// One act.
#[derive(Serialize, ToSchema)]
struct LogLine {
    id: Uuid,
    at: DateTime<Utc>,
    /// None for the system itself.
    staff: Option<StaffId>,
    action: String,
}

/// A page of the log, newest first.
#[derive(Serialize, ToSchema)]
struct LogPage {
    items: Vec<LogLine>,
    next: Option<String>,
}

const PAGE: i64 = 100;

/// Who has seen, written, printed, exported or been refused this room.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/log", tag = "rooms", params(("room" = String, Path), Asked),
    responses((status = 200, body = LogPage)))]
async fn log(
    ctx: Ctx,
    Path(room): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<LogPage>, ApiError> {
    let room = room.parse().map_err(|_| Error::NotFound)?;
    let before = match asked.after.as_deref() {
        None => None,
        Some(text) => Some(Uuid::try_parse(text).map_err(|_| Error::NotFound)?),
    };
    let key = open(&ctx, room, "api log").await?;
    let lines = audit::of_room(&mut ctx.read().await?, &key, before, PAGE).await?;
    let next = (lines.len() as i64 == PAGE)
        .then(|| lines.last().map(|l| l.id.to_string()))
        .flatten();
    let items = lines
        .into_iter()
        .map(|l| LogLine {
            id: l.id,
            at: l.at,
            staff: l.staff,
            action: l.action,
        })
        .collect();
    Ok(Json(LogPage { items, next }))
}
