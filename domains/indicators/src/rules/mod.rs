//! Decisions without I/O.

pub mod age;
pub mod formula;
pub mod nested;
pub mod pace;
pub mod read;
pub mod said;
pub mod suggest;
pub mod suppress;
pub mod target;
