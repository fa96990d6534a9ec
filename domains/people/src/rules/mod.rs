//! Decisions without I/O.

pub mod consent;
pub mod label;
pub mod protection;
pub mod resident_number;
pub mod score;
