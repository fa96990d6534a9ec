//! One file per command.

pub mod audit;
pub mod demo;
pub mod init;
pub mod migrate;
pub mod serve;
pub mod user;
