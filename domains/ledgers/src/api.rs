//! `/api/v1/ledgers`: the imports and how far they have come.

use axum::{Json, extract::Path};
use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::Duty,
    context::{Ctx, Engine},
    error::ApiError,
    http,
    id::DeskId,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    model::{Counts, Import, ImportId, State},
    store,
};

pub(crate) fn router() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get_one))
}

/// An import of a ledger.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerImport)]
struct ImportBody {
    id: ImportId,
    file_name: String,
    state: State,
    /// The desk that the consultations belong to.
    desk: Option<DeskId>,
    /// Rows in the file.
    rows: i64,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    undone_at: Option<DateTime<Utc>>,
}

impl ImportBody {
    fn of(i: Import) -> Self {
        Self {
            id: i.id,
            file_name: i.file_name,
            state: i.state,
            desk: i.desk,
            rows: i.line_count,
            created_at: i.created_at,
            finished_at: i.finished_at,
            undone_at: i.undone_at,
        }
    }
}

/// Imports, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerImports)]
struct ListBody {
    items: Vec<ImportBody>,
}

/// An import and what became of its rows.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerImportDetail)]
struct DetailBody {
    import: ImportBody,
    counts: Counts,
}

/// The imports of the user and of the user's desks.
#[utoipa::path(get, path = "/api/v1/ledgers", tag = "ledgers",
    responses((status = 200, body = ListBody), (status = 403, description = "the role imports no ledgers")))]
async fn list(ctx: Ctx) -> Result<Json<ListBody>, ApiError> {
    ctx.need(Duty::ImportLedger)?;
    let items = store::list(&mut ctx.read().await?, &ctx).await?;
    Ok(Json(ListBody {
        items: items.into_iter().map(ImportBody::of).collect(),
    }))
}

/// One import: how far it has come.
#[utoipa::path(get, path = "/api/v1/ledgers/{id}", params(("id" = String, Path)), tag = "ledgers",
    responses((status = 200, body = DetailBody), (status = 404, description = "no such import of the user's desks")))]
async fn get_one(ctx: Ctx, Path(id): Path<String>) -> Result<Json<DetailBody>, ApiError> {
    ctx.need(Duty::ImportLedger)?;
    let id: ImportId = http::id(&id)?;
    let mut conn = ctx.read().await?;
    let import = store::get(&mut conn, &ctx, id).await?;
    let counts = store::counts(&mut conn, id).await?;
    Ok(Json(DetailBody {
        import: ImportBody::of(import),
        counts,
    }))
}
