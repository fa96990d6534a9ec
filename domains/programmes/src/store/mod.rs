//! Every SQL statement of this domain.

pub mod change;
pub mod figures;
pub mod goal;
pub mod link;
pub mod proposal;
pub mod sheet;
pub mod upload;
pub mod write;
