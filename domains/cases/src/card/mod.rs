//! 連携カード (HSE-10): a card for one person to carry, with the people who support them and whom to
//! call. It says nothing of where they live or what it is about.
//!
//! | file | holds |
//! |---|---|
//! | `model.rs` | cards and their lines |
//! | [`rules`] | the states as one `match`; who may read a card; no I/O |
//! | [`store`] | SQL: issuing with the holder's consent, losing, ending |
//! | [`paper`] | the card as printed |
//! | `panel.rs` | the card on the case's page, for those whom it lists |
//! | `screens/` | `/cases/{room}/cards` |

mod model;
mod panel;
pub mod paper;
pub mod rules;
pub(crate) mod screens;
pub mod store;

pub use model::{Card, CardId, CardState, Deliberate, Line, NewCard, NewLine};
pub(crate) use panel::panel;
