//! Tests in the user's terms, each on SQLite and PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod both_texts;
mod cards;
mod close;
mod common;
mod contacts;
mod handover;
mod new;
mod takeover;
mod team;
mod year_change;
