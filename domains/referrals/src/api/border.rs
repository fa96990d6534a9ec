//! Files to and from other municipalities.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use engawa_kernel::{
    access::Duty,
    context::{Ctx, Engine},
    http,
    id::{PeerId, RoomId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Answer;
use crate::{
    model::State,
    screens::file,
    store::{
        export::{self, What},
        import, peers,
    },
};

pub(super) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(list_peers))
        .routes(routes!(import_file))
        .routes(routes!(make_file))
}

/// A municipality that takes a file.
#[derive(Serialize, ToSchema)]
struct PeerLine {
    id: PeerId,
    /// As consents must name it.
    name: String,
    /// 全国地方公共団体コード
    code: String,
    /// Last day of the agreement.
    to_on: Option<NaiveDate>,
}

/// Those that a sheet can go to today.
#[derive(Serialize, ToSchema)]
struct PeerList {
    items: Vec<PeerLine>,
}

/// Municipalities that a sheet can go to today.
#[utoipa::path(get, path = "/api/v1/referrals/peers", tag = "referrals", responses((status = 200, body = PeerList)))]
async fn list_peers(ctx: Ctx) -> Answer<Json<PeerList>> {
    ctx.need(Duty::WorkCase)?;
    let peers = peers::in_force(&mut ctx.read().await?, &ctx).await?;
    Ok(Json(PeerList {
        items: peers
            .into_iter()
            .map(|p| PeerLine {
                id: p.id,
                name: p.name,
                code: p.card.code,
                to_on: p.to_on,
            })
            .collect(),
    }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Desk {
    /// Id of the desk where a new sheet goes.
    desk: Option<String>,
}

/// What a file became.
#[derive(Serialize, ToSchema)]
struct Imported {
    /// The sheet here.
    id: RoomId,
    number: String,
    /// Missing of a sheet that was here before.
    state: Option<State>,
    /// It was here already; nothing was changed.
    again: bool,
}

/// Takes a file of another municipality in: a new sheet, or what was done with one. The same file twice
/// changes nothing.
#[utoipa::path(post, path = "/api/v1/referrals/import", tag = "referrals", params(Desk),
    request_body(content = String, content_type = "application/octet-stream", description = "The file, as it is"),
    responses((status = 200, body = Imported), (status = 422, description = "Not taken in; the sentence says why and what to do")))]
async fn import_file(ctx: Ctx, Query(to): Query<Desk>, body: Bytes) -> Answer<Json<Imported>> {
    let came = import::import(&ctx, &body, to.desk.and_then(|d| d.parse().ok())).await?;
    Ok(Json(Imported {
        id: came.room,
        number: came.number,
        state: came.state,
        again: came.again,
    }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct About {
    /// `notice`: what the sender did later, instead of the sheet.
    about: Option<String>,
}

/// Makes the sealed file of a sheet, or of the answer to one that arrived. Logged as an export.
#[utoipa::path(post, path = "/api/v1/referrals/{room}/file", tag = "referrals", params(("room" = String, Path), About),
    responses((status = 200, description = "The file, as it is", content_type = "application/octet-stream", body = String), (status = 404, description = "No such sheet, or no key"), (status = 422, description = "There is no file to make")))]
async fn make_file(
    ctx: Ctx,
    Path(room): Path<String>,
    Query(about): Query<About>,
) -> Answer<(StatusCode, Response)> {
    let room: RoomId = http::id(&room)?;
    let what = match about.about.as_deref() {
        Some("notice") => What::Notice,
        _ => What::Main,
    };
    let made = export::download(&ctx, room, what).await?;
    Ok((StatusCode::OK, file::answer(made)))
}
