//! Tests in the user's terms.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;
mod contract_report;
mod pages;
mod plan_sheet;
