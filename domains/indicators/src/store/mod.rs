//! Every SQL statement of the domain.

pub mod actual;
pub mod carry;
pub mod closing;
pub mod count;
pub mod filter;
pub mod indicator;
pub(crate) mod parts;
pub mod records;
mod seen;
pub mod set;
pub mod settings;
