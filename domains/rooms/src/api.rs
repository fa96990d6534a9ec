//! Keys and log of a room as JSON, over the same store; only for those with a key.

use axum::{
    Json,
    extract::{Path, Query},
};
use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{self, Act},
    context::{Ctx, Engine},
    error::{ApiError, Error},
    http,
    id::{GrantId, RoomId, StaffId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    panel::Holders,
    rules::{is_valid, may_name_lay},
    store, words,
};

/// The endpoints.
pub fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(keys))
        .routes(routes!(log))
}

/// 閲覧権
#[derive(Debug, Serialize, ToSchema)]
struct KeyJson {
    id: GrantId,
    /// Who holds it, in words.
    holder: String,
    /// `read` or `write`
    level: String,
    /// Why it is lawful.
    basis: String,
    /// What cut it.
    source: String,
    reason: String,
    valid_from: DateTime<Utc>,
    valid_until: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    /// Whether it opens now.
    valid: bool,
}

async fn opened(ctx: &Ctx, id: &str) -> Result<access::RoomKey, Error> {
    let room: RoomId = http::id(id)?;
    let about = {
        let mut conn = ctx.read().await?;
        store::about(&mut conn, ctx, room).await?
    };
    access::open(ctx, room, about.kind, Act::Read, "api").await
}

/// Every key of a room, past ones too.
#[utoipa::path(get, path = "/api/v1/rooms/{id}/keys", tag = "rooms",
    params(("id" = String, Path, description = "room")),
    responses((status = 200, body = Vec<KeyJson>), (status = 403), (status = 404)))]
async fn keys(ctx: Ctx, Path(id): Path<String>) -> Result<Json<Vec<KeyJson>>, ApiError> {
    let key = opened(&ctx, &id).await?;
    let mut conn = ctx.read().await?;
    let grants = access::grants_of(&mut conn, key.room()).await?;
    let holders = Holders::of(&mut conn, &ctx, &grants).await?;
    Ok(Json(
        grants
            .into_iter()
            .map(|g| KeyJson {
                id: g.id,
                holder: holders.name(&g),
                level: g.level.as_code().to_owned(),
                basis: g.basis.as_code().to_owned(),
                source: g.source.as_code().to_owned(),
                valid: is_valid(&g, ctx.now()),
                reason: g.reason,
                valid_from: g.valid_from,
                valid_until: g.valid_until,
                revoked_at: g.revoked_at,
            })
            .collect(),
    ))
}

#[derive(Debug, Deserialize, IntoParams)]
struct Wanted {
    /// Id of the last line of the page before.
    before: Option<String>,
}

/// 利用の記録の一行
#[derive(Debug, Serialize, ToSchema)]
struct LineJson {
    id: Uuid,
    at: DateTime<Utc>,
    /// None: the system, or a lay receiver whom you may not know.
    staff: Option<StaffId>,
    /// e.g. `room.read`
    action: String,
    /// The action in Japanese.
    label: &'static str,
}

/// Who has seen, written, printed, exported or found a room, or was refused; newest first, 100 at a
/// time.
#[utoipa::path(get, path = "/api/v1/rooms/{id}/log", tag = "rooms",
    params(("id" = String, Path, description = "room"), Wanted),
    responses((status = 200, body = Vec<LineJson>), (status = 403), (status = 404)))]
async fn log(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<LineJson>>, ApiError> {
    let key = opened(&ctx, &id).await?;
    let before = wanted.before.and_then(|b| b.parse().ok());
    let mut conn = ctx.read().await?;
    let lines = store::log(&mut conn, &key, None, before, 100).await?;
    let ids: Vec<StaffId> = lines.iter().filter_map(|l| l.staff).collect();
    let lay = store::lay_receivers(&mut conn, &ids).await?;
    let named = |s: &StaffId| !lay.contains(s) || may_name_lay(&ctx.actor, *s);
    Ok(Json(
        lines
            .into_iter()
            .map(|l| LineJson {
                id: l.id,
                at: l.at,
                staff: l.staff.filter(named),
                label: words::action(&l.action),
                action: l.action,
            })
            .collect(),
    ))
}
