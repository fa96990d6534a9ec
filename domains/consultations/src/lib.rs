//! 相談受付: anyone is taken in, nobody is 「対象外」. One event of receiving — who came, about whom,
//! the words as said — and what becomes of it.
//!
//! | file | holds |
//! |---|---|
//! | [`model`] | the records |
//! | [`rules`] | what may follow what, urgency, compound problems; no I/O |
//! | `store/` | every SQL statement |
//! | `screens/` | one file per URL under `/consultations` |
//! | `api.rs` | `/api/v1/consultations` |
//!
//! Who gave a third-party notice lies apart (`consultations_reporter`) and is read by one function,
//! for the notice's own page. Nothing of this crate hands it to another domain.

mod api;
pub mod figures;
pub mod model;
pub mod rules;
mod screens;
mod store;

use axum::Router;
use engawa_kernel::context::Engine;
use utoipa_axum::router::OpenApiRouter;

pub use model::{
    ConsultationCard, Consulter, Dropped, IssueLine, NewConsultation, SubjectHeard, WaitingLine,
    WhoCame,
};
pub use rules::State;
pub use store::{
    PastEnd, PastSaved, became_case, card, of_case, subjects, take_back, take_in, take_in_past,
    waiting,
};

/// The screens.
pub fn routes() -> Router<Engine> {
    screens::routes()
}

/// The JSON API.
pub fn api() -> OpenApiRouter<Engine> {
    api::router()
}
