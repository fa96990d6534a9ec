//! Every SQL statement of sign-in.

pub(crate) mod account;
pub(crate) mod listing;
pub(crate) mod place;
pub(crate) mod recovery;
pub(crate) mod session;
pub(crate) mod throttle;
pub(crate) mod token;
