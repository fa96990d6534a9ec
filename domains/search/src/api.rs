//! `/api/v1/search`: the same search as JSON, with exactly the caller's keys.

use axum::{Json, extract::Query};
use chrono::{DateTime, Utc};
use engawa_kernel::{
    context::{Ctx, Engine},
    error::ApiError,
    id::RoomId,
    search,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{SHOWN, note::note};

/// The endpoint.
pub fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new().routes(routes!(find))
}

#[derive(Debug, Deserialize, IntoParams)]
struct Wanted {
    /// Name, kana, telephone digits, number or words; at most 200 characters. Blanks part words
    /// that must all be found.
    #[serde(default)]
    q: String,
}

/// Something found.
#[derive(Debug, Serialize, ToSchema)]
struct HitJson {
    room: RoomId,
    /// `consultation` or `case`
    room_kind: &'static str,
    /// 相R8-00123
    number: String,
    /// `name`, `phone`, `number`, `words` or `contact`
    kind: &'static str,
    /// The record that it stands in.
    source: String,
    /// What a hit shows; nothing protected.
    shown: String,
    /// Why it was found, in Japanese.
    reason: String,
    at: DateTime<Utc>,
}

/// Finds people, numbers and words in the rooms that the caller has a key to.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(Wanted),
    responses((status = 200, body = Vec<HitJson>), (status = 422)))]
async fn find(ctx: Ctx, Query(wanted): Query<Wanted>) -> Result<Json<Vec<HitJson>>, ApiError> {
    let hits = search::find(&ctx, &wanted.q, SHOWN).await?;
    note(&ctx, &wanted.q, &hits).await?;
    Ok(Json(
        hits.into_iter()
            .map(|h| HitJson {
                room: h.room,
                room_kind: h.room_kind.as_code(),
                number: h.number,
                kind: h.kind.as_code(),
                source: h.source.to_string(),
                shown: h.shown,
                reason: h.reason,
                at: h.at,
            })
            .collect(),
    ))
}
