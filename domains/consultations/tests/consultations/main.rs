//! Behaviour of `/consultations` in the user's terms, each test on both engines.
// The clippy.toml allowance covers test functions, not the helpers beside them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod api;
mod assign;
mod browser;
mod decide;
mod edit;
mod emergency;
mod export;
mod link;
mod new;
mod notice;
mod protected;
mod slip;
