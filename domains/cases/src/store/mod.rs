//! Every SQL statement of this domain. What lies in a room is read and written with its `RoomKey`.

pub mod case;
pub mod closure;
pub mod contact;
pub mod correct;
pub mod handover;
pub mod index;
pub mod issue;
pub mod list;
mod owner;
pub mod takeover;
pub mod tasks;
pub mod team;
