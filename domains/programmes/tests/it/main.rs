//! Tests in the user's terms, each on SQLite and PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

mod api;
mod browser;
mod evidence;
mod figures;
mod files;
mod funding;
mod goals;
mod printing;
mod real_sheets;
mod results;
mod setup;
mod sheets;
mod upload;
