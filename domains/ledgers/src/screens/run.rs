//! `/ledgers/{id}/run`: begins, or goes on with, taking the rows in. The work goes on when the page
//! is left.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    context::Ctx,
    error::Result,
    http::{self, see_other},
};

use crate::run;

pub(super) async fn post(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let id = http::id(&id)?;
    let import = run::start(&ctx, id).await?;
    tokio::spawn(async move {
        // What stopped it is logged and kept with the import.
        let _ = run::go(&ctx, &import).await;
    });
    Ok(see_other(&format!("/ledgers/{id}")))
}
