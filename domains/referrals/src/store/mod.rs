//! Every SQL statement of this domain.

pub mod act;
pub mod figures;
mod index;
pub mod key;
pub mod layers;
pub mod list;
pub mod others;
pub mod send;
pub mod settings;
pub mod sheet;
pub mod slip;
pub mod steps;
mod turn;
