//! Tests in the user's terms, each on SQLite and PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

mod api;
mod beside;
mod browser;
mod ladder;
mod plans;
mod rungs;
mod together;
