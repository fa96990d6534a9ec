//! 実施計画: the municipality's plan sheet, year by year, on the national form; and what a sheet
//! proposes for the registers.
//!
//! | file | holds |
//! |---|---|
//! | [`form`] | the national form as one table: blocks, headings, fields; a read sheet as fields |
//! | [`model`] | sheets, versions, what a field holds |
//! | [`rules`] | what kind of answer a text is, who plans, when a version is approved |
//! | [`figure`], `diff.rs` | the figure in words; two texts side by side |
//! | [`sheets`] | making a sheet: empty, from last year's, from a read text |
//! | [`proposals`] | areas, bodies, desks, goals … found in a sheet, and taking them one by one |
//! | [`goals`], [`links`] | goals with their yearly look back; statutory programmes beside ours |
//! | [`results`] | last year's targets and actuals beside the goals of a sheet |
//! | [`figures`] | the register of basic and small-area figures, and a sheet beside it |
//! | [`files`] | 別紙・図・根拠資料: who may see and change them |
//! | [`store`] | every SQL statement |
//! | `screens` | one file per URL under `/programmes` |
//! | [`paper`], `screens/excel.rs` | the sheet on paper and as a workbook |
//! | `api` | the sheets as JSON |
//!
//! No case facts lie here. Planners (administrators and coordinators) write; everybody reads what is
//! approved.

mod api;
mod diff;
pub mod figure;
pub mod figures;
pub mod files;
pub mod form;
pub mod goals;
pub mod links;
pub mod model;
pub mod paper;
pub mod proposals;
pub mod results;
pub mod rules;
mod screens;
pub mod sheets;
pub mod store;

use axum::Router;
use engawa_kernel::{
    context::{Ctx, Engine},
    db::{Conn, Tx},
    error::Result,
};
use maud::Markup;

pub use store::upload::Brought;

/// The screens.
pub fn routes() -> Router<Engine> {
    screens::routes()
}

/// The JSON API.
pub fn api() -> utoipa_axum::router::OpenApiRouter<Engine> {
    api::routes()
}

/// Keeps a sheet and what it proposes until the first administrator looks: `engawa init
/// --plan-sheet`. Tells how many proposals wait.
///
/// # Errors
/// The database refuses.
pub async fn found_from(tx: &mut Tx, ctx: &Ctx, brought: &Brought) -> Result<usize> {
    let upload = store::upload::keep(tx, ctx, brought).await?;
    proposals::keep(tx, ctx, upload, &brought.parsed).await
}

/// For the first page of an administrator: the proposals that wait; nothing when none does.
///
/// # Errors
/// The database refuses.
pub async fn first_step(conn: &mut Conn, ctx: &Ctx) -> Result<Markup> {
    screens::first_step(conn, ctx).await
}
