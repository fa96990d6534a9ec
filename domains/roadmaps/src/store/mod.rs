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

use engawa_kernel::{
    db::Row,
    error::{Error, Result},
    text::fiscal::FiscalYear,
};

use crate::model::Kept;

/// A fiscal year of a row.
fn year(r: &Row, column: &str) -> Result<FiscalYear> {
    year_of(r.get(column)?)
}

fn year_of(n: i64) -> Result<FiscalYear> {
    i32::try_from(n)
        .ok()
        .and_then(|n| FiscalYear::try_from(n).ok())
        .ok_or_else(|| Error::Internal(format!("{n} is no fiscal year")))
}

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
