//! My open tasks as JSON.

use axum::Json;
use chrono::NaiveDate;
use engawa_kernel::{
    context::{Ctx, Engine},
    error::ApiError,
    id::{RoomId, TaskId},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::store::{self, Limits, MORE};

/// The endpoints.
pub fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new().routes(routes!(tasks))
}

/// やること
#[derive(Serialize, ToSchema)]
struct MyTask {
    id: TaskId,
    room: Option<RoomId>,
    /// The room's number.
    number: Option<String>,
    kind: String,
    title: String,
    due_on: Option<NaiveDate>,
    version: i64,
}

/// Open tasks.
#[derive(Serialize, ToSchema)]
struct MyTasks {
    items: Vec<MyTask>,
}

/// Open tasks of the user's postings, and of the user's desks that nobody has yet; soonest first, at
/// most 1,000.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "today", responses((status = 200, body = MyTasks)))]
async fn tasks(ctx: Ctx) -> Result<Json<MyTasks>, ApiError> {
    let mut conn = ctx.read().await?;
    let mut limits = Limits { of: [0; 5] };
    limits.of[0] = MORE;
    let mut page = store::page(&mut conn, &ctx, limits).await?;
    let rooms = engawa_cases::labels(&mut conn, &ctx, &page.rooms()).await?;
    page.keep_visible(|room| rooms.contains_key(&room));
    let items = page
        .mine
        .into_iter()
        .map(|t| MyTask {
            id: t.id,
            room: t.room,
            number: t.room.and_then(|r| Some(rooms.get(&r)?.number.clone())),
            kind: t.kind,
            title: t.title,
            due_on: t.due_on,
            version: t.version,
        })
        .collect();
    Ok(Json(MyTasks { items }))
}
