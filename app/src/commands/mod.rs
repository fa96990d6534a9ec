//! One file per command.

pub mod audit;
pub mod demo;
pub mod export;
pub mod init;
pub mod migrate;
pub mod plan_sheet;
pub mod restore;
pub mod serve;
pub mod user;
