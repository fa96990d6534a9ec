//! In the user's terms, each on both engines; one module per page or promise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod api;
mod border;
mod consent;
mod drafts;
mod figures;
mod flow;
mod free_text;
mod live;
mod machine;
mod outside;
mod peers;
mod remind;
mod scene;
