//! 本人・世帯・同意・秘匿: persons, households, consent, protection.
//!
//! | what | where |
//! |---|---|
//! | records and enums | [`model`] |
//! | decisions without I/O | [`rules`] |
//! | SQL | `store/` |
//! | one file per page | `screens/` |
//! | how a page gets the key of a room | `door` |
//! | JSON | `api` |
//! | what the calendar does | [`jobs`] |
//!
//! A person is seen through a room that is about them; other domains pass that room's key.

mod api;
mod door;
pub mod figures;
pub mod jobs;
pub mod model;
mod panel;
pub mod rules;
mod screens;
mod store;
mod words;

use axum::Router;
use engawa_kernel::context::Engine;
use utoipa_axum::router::OpenApiRouter;

pub use jobs::{expire_consents, expire_protections};
pub use model::{
    Candidate, Consent, ConsentId, ConsentItem, ConsentMethod, ConsentState, Disclosure,
    HouseholdView, MemberId, MemberView, NameKind, NewConsent, NewDisclosure, NewHousehold,
    NewMember, NewName, NewPerson, NewProtection, PersonCard, Probe, ProtectionId, ProtectionKind,
    Sex,
};
pub use panel::household_panel;
pub use rules::label::named_after;
pub use store::{
    candidates::{candidates, existence_hint},
    cards::{cards, of_room},
    consent::{
        disclosures, record as record_consent, record_disclosure, withdraw as withdraw_consent,
    },
    household::{
        MAX_MEMBERS, create as create_household, household, link as link_household,
        of_room as households_of_room,
    },
    permission::{
        Permission, Recipient, Standing, permission, permitted_items, someone_protected,
        still_permits,
    },
    person::{add_to_room, create},
    protection::apply as apply_protection,
    unused::{drop_unused, leave_rooms},
};

/// The pages of this domain.
pub fn routes() -> Router<Engine> {
    screens::routes()
}

/// The JSON API.
pub fn api() -> OpenApiRouter<Engine> {
    api::api()
}
