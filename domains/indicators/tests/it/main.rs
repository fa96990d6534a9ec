//! Tests in the user's terms, each on SQLite and PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod columns;
mod counting;
mod naive;
mod outside;
mod promises;
mod screens;
mod support;
mod visitor;
