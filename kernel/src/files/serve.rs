//! `GET /files/{id}`: a file for who may see it, written down before it goes.

use axum::{
    Router,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{Attachment, AttachmentId, store};
use crate::{
    audit::{self, Entry},
    context::{Ctx, Engine},
    error::{Error, Result},
};

/// `GET /files/{id}`
pub fn routes() -> Router<Engine> {
    Router::new().route("/files/{file}", get(get_file))
}

async fn get_file(ctx: Ctx, Path(file): Path<String>) -> Result<Response> {
    hand_out(&ctx, file.parse().map_err(|_| Error::NotFound)?).await
}

/// A file, if the domain of its owner lets the actor see it.
///
/// # Errors
/// [`Error::NotFound`] when there is none, it was taken off, it is another municipality's, or no
/// domain knows its owner; else the domain's refusal.
pub async fn hand_out(ctx: &Ctx, id: AttachmentId) -> Result<Response> {
    let mut conn = ctx.read().await?;
    let file = store::one(&mut conn, ctx, id).await?;
    let kind = ctx
        .engine
        .owner_kind(&file.owner_kind)
        .ok_or(Error::NotFound)?;
    (kind.may_see)(&mut conn, ctx, &file).await?;
    let bytes = store::bytes(&mut conn, file.file).await?;
    drop(conn);
    let mut tx = ctx.write().await?;
    let detail = json!({ "attachment": id, "owner": file.owner_kind, "of": file.owner_id });
    audit::append(&mut tx, ctx, Entry::new("file.handed_out").detail(detail)).await?;
    tx.commit().await?;
    answer(&file, bytes)
}

/// Pictures may be looked at in the browser, everything else is saved. Whatever the bytes are, the
/// browser takes them for what they were found to be, and runs nothing in them.
fn answer(file: &Attachment, bytes: Vec<u8>) -> Result<Response> {
    let how = if file.media.is_picture() {
        "inline"
    } else {
        "attachment"
    };
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    let disposition = HeaderValue::try_from(format!("{how}; filename*=UTF-8''{name}"))
        .map_err(|e| Error::Internal(e.to_string()))?;
    let fixed = HeaderValue::from_static;
    let headers = [
        (header::CONTENT_TYPE, fixed(file.media.mime())),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            fixed("default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'none'"),
        ),
        (header::CACHE_CONTROL, fixed("no-store")),
    ];
    Ok((headers, bytes).into_response())
}
