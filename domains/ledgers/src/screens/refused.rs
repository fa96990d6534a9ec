//! `/ledgers/{id}/errors.xlsx`: the refused rows, to be mended and sent again.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    error::{Error, Result},
};
use serde_json::json;

use super::{download, load};
use crate::{book::MAX_ROWS, store};

pub(super) async fn get(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let import = load(&ctx, &id).await?;
    let mut conn = ctx.read().await?;
    let book = store::book(&mut conn, import.id).await?;
    let all = i64::try_from(MAX_ROWS).unwrap_or(i64::MAX);
    let refused = store::refused(&mut conn, import.id, all).await?;
    drop(conn);
    let n = refused.len();
    let errors: Vec<_> = refused
        .into_iter()
        .flat_map(|(place, _, faults)| {
            faults
                .into_iter()
                .map(move |f| (place, f.column, f.message))
        })
        .collect();
    let bytes = tokio::task::spawn_blocking(move || book.refused(&errors))
        .await
        .map_err(|e| Error::Internal(e.to_string()))?
        .map_err(|e| Error::Invalid(e.to_string()))?;
    let mut tx = ctx.write().await?;
    audit::append(
        &mut tx,
        &ctx,
        Entry::new("ledger.refused_rows").detail(json!({ "import": import.id, "rows": n })),
    )
    .await?;
    tx.commit().await?;
    let stem = import.file_name.rsplit_once('.');
    let stem = stem.map_or(import.file_name.as_str(), |(stem, _)| stem);
    download(bytes, &format!("{stem}_取り込めなかった行.xlsx"))
}
