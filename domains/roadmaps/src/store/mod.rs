//! Every SQL statement of the domain.

pub mod change;
pub mod choice;
pub mod evidence;
pub mod ladder;
pub mod measure;
pub mod milestone;
pub mod next;
pub mod plan;
pub mod rating;
pub mod statement;

use engawa_kernel::{db::Row, error::Result};

use crate::model::Kept;

/// What all records have, beside what they say.
fn kept<I, T>(r: &Row, id: I, is: T) -> Result<Kept<I, T>> {
    Ok(Kept {
        id,
        is,
        version: r.get("version")?,
        saved_by: r.get("saved_by")?,
        saved_at: r.get("saved_at")?,
    })
}
