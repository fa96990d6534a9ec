//! 年度: the year in which a municipality counts, numbers and reports, 1 April to 31 March.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::wareki::{Era, ymd};
use crate::db::{FromColumn, ToColumn, Value};

/// A fiscal year, named by the western year in which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct FiscalYear(i32);

/// 1 January 1873, the first day that can be written, lies in the year before.
const FIRST_YEAR: i32 = 1872;
const LAST_YEAR: i32 = 2199;

/// A number that is no fiscal year this system can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}年度は扱えません。1872年度から2199年度までで指定してください。")]
pub struct FiscalYearError(i32);

impl FiscalYear {
    /// The fiscal year in which a day lies. Days outside the range that can be written count
    /// to the first or last year.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        let year = if day.month() >= 4 {
            day.year()
        } else {
            day.year() - 1
        };
        Self(year.clamp(FIRST_YEAR, LAST_YEAR))
    }

    /// The western year in which it begins.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0
    }

    /// 令和8年度. The year 2019 is 令和元年度, as the government named it: the era is that of
    /// 1 May, so that one which changed in the first month counts.
    #[must_use]
    pub fn label(self) -> String {
        match self.era() {
            Some((era, 1)) => format!("{}元年度", era.kanji()),
            Some((era, year)) => format!("{}{year}年度", era.kanji()),
            None => format!("{}年度", self.0),
        }
    }

    /// R8, as in 相R8-00123.
    #[must_use]
    pub fn short(self) -> String {
        match self.era() {
            Some((era, year)) => format!("{}{year}", era.letter()),
            None => self.0.to_string(),
        }
    }

    /// 1 April.
    #[must_use]
    pub const fn first_day(self) -> NaiveDate {
        ymd(self.0, 4, 1)
    }

    /// 31 March of the next year.
    #[must_use]
    pub const fn last_day(self) -> NaiveDate {
        ymd(self.0 + 1, 3, 31)
    }

    /// Years to choose from, oldest first, as (code, word): from some before that of a day to some
    /// after it.
    #[must_use]
    pub fn choices(day: NaiveDate, back: i32, ahead: i32) -> Vec<(String, String)> {
        let year = Self::of(day).0;
        (year - back..=year + ahead)
            .filter_map(|year| Self::try_from(year).ok())
            .map(|year| (year.0.to_string(), year.label()))
            .collect()
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        (self.first_day()..=self.last_day()).contains(&day)
    }

    fn era(self) -> Option<(Era, i32)> {
        Era::of(ymd(self.0, 5, 1))
    }
}

impl TryFrom<i32> for FiscalYear {
    type Error = FiscalYearError;
    fn try_from(year: i32) -> Result<Self, FiscalYearError> {
        if (FIRST_YEAR..=LAST_YEAR).contains(&year) {
            Ok(Self(year))
        } else {
            Err(FiscalYearError(year))
        }
    }
}

/// As addresses and choices name it: `2026`.
impl std::str::FromStr for FiscalYear {
    type Err = FiscalYearError;
    fn from_str(text: &str) -> Result<Self, FiscalYearError> {
        // What is no number is no year either.
        Self::try_from(text.parse::<i32>().unwrap_or_default())
    }
}

/// Stored as the western year in which it begins.
impl ToColumn for FiscalYear {
    const NULL: Value = Value::Int(None);
    fn to_value(self) -> Value {
        Value::Int(Some(self.0.into()))
    }
}

impl FromColumn for FiscalYear {
    type Raw = i64;
    fn from_raw(raw: i64) -> Result<Self, String> {
        let year = i32::try_from(raw).map_err(|e| e.to_string())?;
        Self::try_from(year).map_err(|e| e.to_string())
    }
}

impl From<FiscalYear> for i32 {
    fn from(year: FiscalYear) -> Self {
        year.0
    }
}

impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label())
    }
}
