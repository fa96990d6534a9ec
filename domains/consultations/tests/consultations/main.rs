//! Behaviour of `/consultations` in the user's terms, each test on both engines.

mod api;
mod assign;
mod browser;
mod decide;
mod edit;
mod emergency;
mod link;
mod new;
mod notice;
mod slip;
