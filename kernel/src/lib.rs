//! What every domain of Engawa uses, and that knows no domain itself.
//!
//! | module | holds |
//! |---|---|
//! | [`context`] | `Ctx`: who acts, for what, when, and the way to the database |
//! | [`access`] | the keys (`AccessGrant`): `visible` as SQL, `open`/`decide` in Rust |
//! | [`protected`] | `Protected<T>`: what may cost a life |
//! | [`audit`] | the Merkle log: append in the caller's transaction, seal, verify |
//! | [`db`], [`migrate`] | two engines behind one API; forward-only migrations |
//! | [`text`] | 和暦, names and their search keys, municipality codes |
//! | [`form`], [`page`], [`components`], [`assets`] | forms and accessible pages |
//! | [`http`], [`error`], [`saved`] | the way of a request, refusals in Japanese, what was saved |
//! | [`files`] | what is attached to records: stored, checked, handed out |
//! | [`drafts`], [`once`], [`tasks`], [`notices`], [`number`], [`search`] | shared services |

pub mod access;
pub mod assets;
pub mod audit;
pub mod clock;
pub mod components;
pub mod context;
pub mod db;
pub mod drafts;
pub mod error;
pub mod event;
pub mod files;
pub mod form;
pub mod http;
pub mod id;
pub mod kept;
pub mod migrate;
pub mod notices;
pub mod number;
pub mod once;
pub mod page;
pub mod paper;
pub mod protected;
pub mod saved;
pub mod search;
pub mod settings;
pub mod source;
pub mod tasks;
#[cfg(feature = "testing")]
pub mod testing;
pub mod text;
