//! In the user's terms, on both databases; one module per page or promise.

// Helpers of tests stop a test as tests do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

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
mod relationships;
mod scene;
mod search;
