//! The ledger and the contracts as JSON, over the same rules and store as the screens.

mod contracts;
mod sources;

use engawa_kernel::{
    context::{Ctx, Engine},
    error::{ApiError, Error, Result},
    text::{exceeds_graphemes, fiscal::FiscalYear},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

type Answered<T> = Result<T, ApiError>;

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<Engine> {
    sources::routes().merge(contracts::routes())
}

#[derive(Deserialize, IntoParams)]
pub(super) struct Asked {
    /// Fiscal year, as the western year in which it begins; without it, this one.
    pub(super) year: Option<i32>,
}

pub(super) fn asked(ctx: &Ctx, year: Option<i32>) -> Result<FiscalYear> {
    year.map_or_else(|| Ok(FiscalYear::of(ctx.today())), fiscal_year)
}

pub(super) fn fiscal_year(year: i32) -> Result<FiscalYear> {
    FiscalYear::try_from(year).map_err(|e| Error::Invalid(e.to_string()))
}

pub(super) fn checked(name: &str, text: &str, max: usize) -> Result<String> {
    if exceeds_graphemes(text, max) {
        return Err(Error::Invalid(format!("「{name}」は{max}文字までです。")));
    }
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
    {
        return Err(Error::Invalid(format!(
            "「{name}」に、使えない制御文字が入っています。"
        )));
    }
    Ok(text.trim().to_owned())
}

pub(super) fn in_range(name: &str, value: Option<i64>, from: i64) -> Result<Option<i64>> {
    match value {
        Some(v) if !(from..=999_999_999_999).contains(&v) => Err(Error::Invalid(format!(
            "「{name}」は{from}から999999999999までの整数です。分からないときは送りません。"
        ))),
        other => Ok(other),
    }
}

/// Where something was saved.
#[derive(Serialize, ToSchema)]
pub(super) struct FundingSaved {
    pub(super) location: String,
}
