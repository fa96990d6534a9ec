//! Every SQL statement of the domain.

pub mod activity;
pub mod claim;
pub mod contract;
pub mod deliverable;
pub mod source;

use engawa_kernel::{
    db::Row,
    error::{Error, Result},
    text::fiscal::FiscalYear,
};

use crate::model::Kept;

fn year(number: i64) -> Result<FiscalYear> {
    i32::try_from(number)
        .ok()
        .and_then(|year| FiscalYear::try_from(year).ok())
        .ok_or_else(|| Error::Internal(format!("{number} is no fiscal year")))
}

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
