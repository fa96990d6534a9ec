//! The forms of the house.

pub(crate) mod cover;
pub(crate) mod packet;
pub(crate) mod reply;
pub(crate) mod sheet;
