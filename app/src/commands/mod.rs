//! One file per command.

pub mod audit;
pub mod demo;
pub mod init;
pub mod migrate;
pub mod plan_sheet;
pub mod serve;
pub mod user;
