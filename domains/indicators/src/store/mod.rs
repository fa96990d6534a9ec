//! Every SQL statement of the domain.

pub mod actual;
pub mod carry;
pub mod closing;
pub mod count;
mod filter;
pub mod indicator;
mod parts;
pub mod records;
mod seen;
pub mod set;
pub mod settings;
