//! In the user's terms, on both databases; one module per page or promise.

mod addresses;
mod api;
mod candidates;
mod consents;
mod edit;
mod households;
mod incidents;
mod jobs;
mod lift;
mod merge;
mod person;
mod scene;
