//! Days as ledgers write them: 和暦 and 西暦 mixed, Excel's serial numbers, days without a year.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use engawa_kernel::text::{
    fiscal::FiscalYear,
    wareki::{Calendar, format_date, parse_date, parse_time},
};
use unicode_normalization::UnicodeNormalization;

use crate::model::RepairKind;

/// A day, and what had to be done to read it.
pub type Day = (NaiveDate, Option<RepairKind>);

/// Reads a day. `year`: the fiscal year of days that say none.
///
/// # Errors
/// The sentence for the user.
pub fn day(text: &str, today: NaiveDate, year: Option<FiscalYear>) -> Result<Day, String> {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    if let Some(day) = serial(&plain) {
        return Ok((day, Some(RepairKind::Serial)));
    }
    let iso = NaiveDate::parse_from_str(&plain, "%Y-%m-%d").ok();
    match parse_date(text, today) {
        Ok(day) => Ok((day, iso.is_none().then_some(RepairKind::Date))),
        Err(e) => match year.and_then(|y| without_year(&plain, y)) {
            Some(day) => Ok((day, Some(RepairKind::Year))),
            None => Err(e.to_string()),
        },
    }
}

/// A cell that holds a day, a time or both: `2026-04-01 13:30` is how a cell of Excel comes.
///
/// # Errors
/// The sentence for the user.
pub fn moment(
    text: &str,
    today: NaiveDate,
    year: Option<FiscalYear>,
) -> Result<(Day, Option<NaiveTime>), String> {
    let whole = day(text, today, year);
    if whole.is_ok() {
        return whole.map(|d| (d, None));
    }
    let text = text.trim();
    if let Some((first, rest)) = text.split_once(|c: char| c.is_whitespace())
        && let (Ok(day), Ok(time)) = (day(first, today, year), parse_time(rest.trim()))
    {
        return Ok((day, Some(time)));
    }
    whole.map(|d| (d, None))
}

/// 45383 → 2024-04-01, as Excel counts: days since 1899-12-30. Only numbers of five digits, so that
/// 1950 stays a year; they reach from 1927 to 2099.
fn serial(plain: &str) -> Option<NaiveDate> {
    let whole = plain.strip_suffix(".0").unwrap_or(plain);
    if whole.len() != 5 || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let days: u64 = whole
        .parse()
        .ok()
        .filter(|n| (10_000..=73_050).contains(n))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

/// 4/1, 4月1日, 6.4.1: the day in that fiscal year; a year of the era must be the right one.
fn without_year(plain: &str, year: FiscalYear) -> Option<NaiveDate> {
    let body = plain.split('(').next().unwrap_or(plain);
    let numbers: Vec<u32> = body
        .trim_end_matches('日')
        .split(['/', '.', '-', '月', '年'])
        .map(|n| n.parse().ok())
        .collect::<Option<_>>()?;
    let (short, month, day) = match numbers.as_slice() {
        [month, day] => (None, *month, *day),
        [short, month, day] => (Some(*short), *month, *day),
        _ => return None,
    };
    let western = if month >= 4 {
        year.year()
    } else {
        year.year() + 1
    };
    let found = NaiveDate::from_ymd_opt(western, month, day)?;
    // 令和6年 is 6, 2024 is 24; any other number speaks of another year.
    let reiwa = u32::try_from(found.year() - 2018).ok();
    let two = u32::try_from(found.year() % 100).ok();
    (short.is_none() || short == reiwa || short == two).then_some(found)
}

/// As repairs show a day.
#[must_use]
pub fn shown(day: NaiveDate) -> String {
    format!(
        "{}({})",
        format_date(day, Calendar::Japanese),
        day.format("%Y-%m-%d")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn every_way_that_ledgers_write_a_day() {
        let today = ymd(2026, 11, 21);
        let r6 = Some(FiscalYear::of(ymd(2024, 4, 1)));
        for (text, want, how) in [
            ("2024-04-01", ymd(2024, 4, 1), None),
            ("R6/4/1", ymd(2024, 4, 1), Some(RepairKind::Date)),
            ("令和６年４月１日", ymd(2024, 4, 1), Some(RepairKind::Date)),
            ("S25.3.4", ymd(1950, 3, 4), Some(RepairKind::Date)),
            ("2024/4/1", ymd(2024, 4, 1), Some(RepairKind::Date)),
            ("45383", ymd(2024, 4, 1), Some(RepairKind::Serial)),
            ("18326", ymd(1950, 3, 4), Some(RepairKind::Serial)),
            ("4/1", ymd(2024, 4, 1), Some(RepairKind::Year)),
            ("1月5日", ymd(2025, 1, 5), Some(RepairKind::Year)),
            ("6.4.1", ymd(2024, 4, 1), Some(RepairKind::Year)),
            ("7.1.5", ymd(2025, 1, 5), Some(RepairKind::Year)),
            ("24/4/1", ymd(2024, 4, 1), Some(RepairKind::Year)),
        ] {
            assert_eq!(day(text, today, r6), Ok((want, how)), "{text}");
        }
        assert!(day("4/1", today, None).is_err(), "no year is guessed");
        assert!(day("5.4.1", today, r6).is_err(), "another year than chosen");
        assert!(day("2/30", today, r6).is_err());
        let (found, time) = moment("2024-04-01 13:30", today, None).unwrap();
        assert_eq!(
            (found.0, time),
            (ymd(2024, 4, 1), NaiveTime::from_hms_opt(13, 30, 0))
        );
    }
}
