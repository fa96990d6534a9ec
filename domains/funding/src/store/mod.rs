//! Every SQL statement of the domain.

pub mod activity;
pub mod claim;
pub mod contract;
pub mod deliverable;
pub mod source;

use engawa_kernel::{db::Row, error::Result};

use crate::model::Kept;

fn kept<I, T>(r: &Row, it: T) -> Result<Kept<I, T>>
where
    I: engawa_kernel::db::FromColumn,
{
    Ok(Kept {
        id: r.get("id")?,
        it,
        version: r.get("version")?,
        saved_by: r.get("saved_by")?,
        saved_at: r.get("saved_at")?,
    })
}
