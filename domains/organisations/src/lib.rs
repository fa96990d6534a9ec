//! 圏域・機関・窓口・職員・配置 and the municipality's own words for all of it.
//!
//! | file | holds |
//! |---|---|
//! | `lookup.rs` | what other domains ask: desks, postings, names |
//! | [`codes`] | code lists with local words over canonical codes |
//! | `roles.rs` | 呼称 over canonical roles |
//! | `screens/` | one file per URL under `/organisations` |
//! | `api.rs` | lists as JSON |

pub mod codes;
mod lookup;
mod roles;

use axum::Router;
use engawa_kernel::{
    context::{Ctx, Engine},
    db::Tx,
    error::Result,
};
use utoipa_axum::router::OpenApiRouter;

pub use lookup::{
    DeskRef, PostingRef, desk, desk_names, desks, postings, postings_at_desk, staff_names,
    working_postings,
};

/// The screens.
pub fn routes() -> Router<Engine> {
    Router::new()
}

/// The JSON API.
pub fn api() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
}

/// Ships code lists and role words to a new municipality; what it has already stays.
///
/// # Errors
/// The database refuses.
pub async fn seed(tx: &mut Tx, ctx: &Ctx) -> Result<()> {
    codes::seed(tx, ctx).await?;
    roles::seed(tx, ctx).await
}
