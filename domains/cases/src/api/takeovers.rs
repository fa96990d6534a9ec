//! 引き継ぎの確認 as JSON.

use axum::Json;
use chrono::NaiveDate;
use engawa_kernel::{
    context::{Ctx, Engine},
    id::{PostingId, RoomId},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Answer;
use crate::store::takeover;

/// The endpoints.
pub(super) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new().routes(routes!(takeovers))
}

/// A case taken over and not confirmed yet
#[derive(Serialize, ToSchema)]
struct TakeoverLine {
    room: RoomId,
    number: String,
    label: String,
    /// Who had it
    from: Option<PostingId>,
    handed_on: NaiveDate,
    /// Open tasks in it
    tasks: i64,
}

/// What waits for the user's 「引き継ぎました」.
#[derive(Serialize, ToSchema)]
struct TakeoverList {
    items: Vec<TakeoverLine>,
}

/// Cases that the user has taken over and not confirmed yet, oldest first.
#[utoipa::path(get, path = "/api/v1/cases/takeovers", tag = "cases", responses((status = 200, body = TakeoverList)))]
async fn takeovers(ctx: Ctx) -> Answer<Json<TakeoverList>> {
    let items = takeover::mine(&mut ctx.read().await?, &ctx)
        .await?
        .into_iter()
        .map(|t| TakeoverLine {
            room: t.room,
            number: t.number,
            label: t.label,
            from: t.from,
            handed_on: t.handed_on,
            tasks: t.tasks,
        })
        .collect();
    Ok(Json(TakeoverList { items }))
}
