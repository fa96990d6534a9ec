//! The screens, one file per address.

mod columns;
mod index;
mod new;
mod refused;
mod repairs;
mod run;
mod show;
mod undo;

use axum::{
    Router,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use engawa_kernel::{
    access::Duty,
    context::{Ctx, Engine},
    error::{Error, Result},
    http,
};
use maud::{Markup, html};

use crate::{
    model::{Import, ImportId},
    store,
};

pub(crate) fn routes() -> Router<Engine> {
    Router::new()
        .route("/ledgers", get(index::get))
        .route("/ledgers/new", get(new::get).post(new::post))
        .route("/ledgers/{id}", get(show::get))
        .route(
            "/ledgers/{id}/columns",
            get(columns::get).post(columns::post),
        )
        .route("/ledgers/{id}/repairs", get(repairs::get))
        .route("/ledgers/{id}/errors.xlsx", get(refused::get))
        .route("/ledgers/{id}/run", post(run::post))
        .route("/ledgers/{id}/undo", get(undo::get).post(undo::post))
}

/// The import in an address, for whoever may import ledgers: one's own, or of one's desk.
async fn load(ctx: &Ctx, id: &str) -> Result<Import> {
    ctx.need(Duty::ImportLedger)?;
    let id: ImportId = http::id(id)?;
    store::get(&mut ctx.read().await?, ctx, id).await
}

/// The way back to the pages above.
fn trail(import: Option<&Import>) -> Markup {
    html! {
        nav aria-label="上の画面" {
            p {
                a href="/ledgers" { "台帳の取り込み" }
                @if let Some(i) = import { " › " a href={ "/ledgers/" (i.id) } { (i.file_name) } }
            }
        }
    }
}

/// A workbook as the browser saves it.
fn download(bytes: Vec<u8>, name: &str) -> Result<Response> {
    let mut escaped = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    let disposition = HeaderValue::try_from(format!("attachment; filename*=UTF-8''{escaped}"))
        .map_err(|e| Error::Internal(e.to_string()))?;
    let kind = HeaderValue::from_static(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    );
    let head = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((head, bytes).into_response())
}
