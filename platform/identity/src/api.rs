//! `GET /api/v1/me`: whose token this is, and what it may do. Accounts of staff: `accounts.rs`.

mod accounts;

use axum::Json;
use engawa_kernel::{
    context::{Ctx, Engine, Via},
    error::ApiError,
    id::{BodyId, DeskId, MunicipalityId, PostingId, StaffId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The signed-in person.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// 職員
    pub staff: StaffId,
    /// 氏名
    pub name: String,
    /// 自治体
    pub municipality: MunicipalityId,
    /// Its name.
    pub municipality_name: String,
    /// 研修用
    pub training: bool,
    /// How the request was recognised: `session` or `token`.
    pub via: String,
    /// 配置 of today; the first is the main one.
    pub postings: Vec<MyPosting>,
}

/// One posting of today.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct MyPosting {
    /// 配置
    pub id: PostingId,
    /// 機関
    pub body: BodyId,
    /// 窓口
    pub desk: Option<DeskId>,
    /// Canonical role: `admin`, `coordinator`, `supervisor`, `worker`, `clerk`, `entry`, `auditor`,
    /// `no_case`.
    pub role: String,
    /// The role in the municipality's own words.
    pub role_label: String,
    /// 機関と窓口の名称
    pub place: String,
}

/// Whose session or token this is.
#[utoipa::path(get, path = "/api/v1/me", tag = "identity",
    responses((status = 200, description = "ログイン中の職員と本日の配置", body = Me),
              (status = 401, description = "ログインしていない、またはトークンが使えない")))]
async fn me(ctx: Result<Ctx, engawa_kernel::error::Error>) -> Result<Json<Me>, ApiError> {
    let ctx = ctx?;
    let via = match ctx.via {
        Via::Session { .. } => "session",
        Via::Token => "token",
        Via::System => "system",
    };
    Ok(Json(Me {
        staff: ctx.actor.staff,
        name: ctx.actor.name,
        municipality: ctx.municipality,
        municipality_name: ctx.municipality_name,
        training: ctx.training,
        via: via.into(),
        postings: ctx
            .actor
            .postings
            .into_iter()
            .map(|p| MyPosting {
                id: p.id,
                body: p.body,
                desk: p.desk,
                role: p.role.as_code().into(),
                role_label: p.role_label,
                place: p.place,
            })
            .collect(),
    }))
}

/// The routes with their documentation.
pub(crate) fn router() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .merge(accounts::router())
}
