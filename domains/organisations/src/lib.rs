//! 圏域・機関・窓口・職員・配置 and the municipality's own words for all of it.
//!
//! | file | holds |
//! |---|---|
//! | `lookup.rs`, `desk_card.rs` | what other domains ask: desks, postings, names; a desk's card |
//! | [`codes`] | code lists with local words over canonical codes |
//! | `registers/` | one file per kind of record: its fields, how it is read, checked and stored |
//! | `field.rs`, `choices.rs`, `read.rs`, `draw.rs` | one list of fields serves form, page, sheet and comparison |
//! | `intake.rs` | taking a sheet in, through the same reader as the form |
//! | `list_file.rs` | any list as a file, for the lists of all domains |
//! | `entering.rs` | a record that another domain proposes and a person has confirmed |
//! | `handover.rs` | 4月の引き継ぎ: postings end, rooms move |
//! | `roles.rs` | the shipped words for roles |
//! | `screens/` | one file per URL under `/organisations` |
//! | `api.rs` | lists as JSON |
//!
//! To add a field: a column in a migration, a [`field::Field`] in its register, and the column in
//! that register's `fetch` and `save`.

mod api;
mod choices;
pub mod codes;
mod desk_card;
mod draw;
mod entering;
mod field;
pub mod figures;
mod first_steps;
mod founding;
mod handover;
mod intake;
mod list_file;
mod lookup;
mod read;
mod registers;
mod roles;
mod screens;

use axum::{
    Router,
    routing::{get, post},
};
use engawa_kernel::{
    audit::{self, Entry},
    context::{Ctx, Engine},
    db::Tx,
    error::Result,
};
use utoipa_axum::router::OpenApiRouter;

pub use desk_card::{AreaRef, DeskCard, areas_above, confirm_desk, desk_cards};
pub use entering::{Entered, Kept, enter, named_bodies};
pub use first_steps::first_steps;
pub use founding::{add_first_staff, found_own_body};
pub use handover::settle;
pub use list_file::{ListFile, ask_for_list, send_list};
pub use lookup::{
    DeskRef, PostingRef, Seat, bodies, desk, desk_names, desks, postings, postings_at_desk, seats,
    staff_names, working_postings,
};

/// The screens.
pub fn routes() -> Router<Engine> {
    use screens::{april, codes, edit, export, import, index, list, settings, show};
    Router::new()
        .route("/organisations", get(index::get))
        .route("/organisations/april", get(april::get).post(april::post))
        .route("/organisations/april/{id}/cancel", post(april::cancel))
        .route(
            "/organisations/settings",
            get(settings::get).post(settings::post),
        )
        .route("/organisations/import", get(import::get).post(import::post))
        .route(
            "/organisations/import/{id}",
            get(import::preview).post(import::take),
        )
        .route(
            "/organisations/import/{id}/errors.xlsx",
            get(import::refused),
        )
        .route("/organisations/export", get(export::index))
        .route("/organisations/export/{register}", get(export::file))
        .route("/organisations/codes", get(codes::index))
        .route("/organisations/codes/{list}", get(codes::one))
        .route(
            "/organisations/codes/{list}/new",
            get(codes::new).post(codes::create),
        )
        .route("/organisations/codes/{list}/{id}", get(codes::code))
        .route(
            "/organisations/codes/{list}/{id}/edit",
            get(codes::edit).post(codes::update),
        )
        .route("/organisations/{register}", get(list::get))
        .route(
            "/organisations/{register}/new",
            get(edit::new).post(edit::create),
        )
        .route(
            "/organisations/desks/{id}/confirm",
            post(show::confirm_desk),
        )
        .route("/organisations/{register}/{id}", get(show::get))
        .route(
            "/organisations/{register}/{id}/edit",
            get(edit::edit).post(edit::update),
        )
}

/// The JSON API, to be nested under `/api/v1`.
pub fn api() -> OpenApiRouter<Engine> {
    api::routes()
}

/// Ships code lists and role words to a new municipality; what it has already stays. Run it again
/// after an update: new codes are added, local words are kept.
///
/// # Errors
/// The database refuses.
pub async fn seed(tx: &mut Tx, ctx: &Ctx) -> Result<()> {
    codes::seed(tx, ctx).await?;
    roles::seed(tx, ctx).await?;
    audit::append(tx, ctx, Entry::new("organisations.seed")).await
}
