//! Behaviour of `/ledgers` in the user's terms, each test on both engines.
// The clippy.toml allowance covers test functions, not the helpers beside them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod browser;
mod preview;
mod rights;
mod run;
mod undo;
