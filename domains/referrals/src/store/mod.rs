//! Every SQL statement of this domain.

pub mod act;
mod answer;
mod arrive;
pub mod export;
pub mod figures;
pub mod import;
mod index;
pub mod key;
pub mod layers;
pub mod list;
pub mod others;
pub mod peers;
pub mod send;
pub mod settings;
pub mod sheet;
pub mod slip;
pub mod steps;
mod turn;
