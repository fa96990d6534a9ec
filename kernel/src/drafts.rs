//! 下書き: nothing typed is lost. The page saves the form as the person types; it comes back after a
//! crash, a time-out, on another device. Only the person who typed it sees it.

use axum::{
    Json, Router,
    body::Bytes,
    extract::Path,
    routing::{delete, put},
};
use serde_json::json;

use crate::{
    context::{Ctx, Engine},
    db::{Tx, sql},
    error::{ApiError, Error, Result},
    form::{Form, Posted},
};

/// Bytes of a draft's form at most.
pub const LIMIT: usize = 2_000_000;

/// `PUT /drafts/{key}` saves what the form holds now, `DELETE` throws it away.
pub fn routes() -> Router<Engine> {
    Router::new()
        .route("/drafts/{*key}", put(save))
        .route("/drafts/{*key}", delete(discard))
}

async fn save(
    ctx: Ctx,
    Path(key): Path<String>,
    body: Bytes,
) -> Result<Json<serde_json::Value>, ApiError> {
    if key.len() > 200 || body.len() > LIMIT {
        return Err(Error::TooLarge(LIMIT as u64).into());
    }
    let posted = Posted::parse_urlencoded(&body).map_err(|e| Error::Invalid(e.to_string()))?;
    let at = ctx.now();
    keep(&ctx, &key, &posted).await?;
    Ok(Json(
        json!({ "saved_at": crate::clock::local(at).format("%H:%M").to_string() }),
    ))
}

async fn discard(ctx: Ctx, Path(key): Path<String>) -> Result<Json<serde_json::Value>, ApiError> {
    let mut tx = ctx.write().await?;
    clear(&mut tx, &ctx, &key).await?;
    tx.commit_unaudited().await?;
    Ok(Json(json!({ "discarded": true })))
}

/// This user's draft of a form if there is one, else the form as given (prefilled or blank).
///
/// # Errors
/// The database refuses.
pub async fn restore(ctx: &Ctx, key: &str, form: Form) -> Result<Form> {
    let mut conn = ctx.read().await?;
    let row = conn
        .row(
            sql("select body, saved_at from draft where staff_id = :staff and key = :key")
                .bind("staff", ctx.actor.staff)
                .bind("key", key),
        )
        .await?;
    if let Some(row) = row {
        let saved = crate::clock::local(row.get("saved_at")?)
            .format("%m/%d %H:%M")
            .to_string();
        // A draft that cannot be read is left where it is, for an administrator to look at.
        if let Ok(posted) = Posted::from_json(&row.get::<String>("body")?) {
            return Ok(Form::from_draft(posted, key, saved));
        }
    }
    let mut form = form;
    form.draft_key = Some(key.to_owned());
    Ok(form)
}

/// Throws a draft away once its form is saved, in the same transaction.
///
/// # Errors
/// The database refuses.
pub async fn clear(tx: &mut Tx, ctx: &Ctx, key: &str) -> Result<()> {
    tx.exec(
        sql("delete from draft where staff_id = :staff and key = :key")
            .bind("staff", ctx.actor.staff)
            .bind("key", key),
    )
    .await?;
    Ok(())
}

/// Keeps what a form holds: as the person types, or when it was refused. A draft is one's own text,
/// not yet a record: the log has nothing to say of it.
///
/// # Errors
/// The database refuses.
pub async fn keep(ctx: &Ctx, key: &str, posted: &Posted) -> Result<()> {
    let mut tx = ctx.write().await?;
    tx.exec(
        sql("insert into draft (staff_id, key, body, saved_at) values (:staff, :key, :body, :now)
             on conflict (staff_id, key) do update set body = excluded.body, saved_at = excluded.saved_at")
            .bind("staff", ctx.actor.staff)
            .bind("key", key)
            .bind("body", posted.to_json())
            .bind("now", ctx.now()),
    )
    .await?;
    tx.commit_unaudited().await
}
