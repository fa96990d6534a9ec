//! /today: what waits for me, what I wait for, what is overdue, what changed, notices.
#![allow(clippy::unwrap_used)]

mod common;
mod notices;
mod tasks;
