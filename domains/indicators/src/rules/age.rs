//! Age bands, as national returns cut them. The band is a number so that it sorts as it reads.

use chrono::{Months, NaiveDate};

/// (code, label, youngest age)
pub const BANDS: [(&str, &str, u32); 9] = [
    ("1", "17歳以下", 0),
    ("2", "18〜29歳", 18),
    ("3", "30代", 30),
    ("4", "40代", 40),
    ("5", "50代", 50),
    ("6", "60〜64歳", 60),
    ("7", "65〜74歳", 65),
    ("8", "75〜84歳", 75),
    ("9", "85歳以上", 85),
];

/// Names of the parameters that hold the bounds.
pub(crate) const BOUNDS: [&str; 8] = ["a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9"];

/// Whoever was born after the n-th of these days is younger than the n-th bound on that day.
#[must_use]
pub fn bounds(on: NaiveDate) -> [NaiveDate; 8] {
    let mut bounds = [on; 8];
    for (bound, (_, _, age)) in bounds.iter_mut().zip(&BANDS[1..]) {
        *bound = on.checked_sub_months(Months::new(age * 12)).unwrap_or(on);
    }
    bounds
}

/// The same in Rust; the statement is tested against it.
#[must_use]
pub fn band(birth: Option<NaiveDate>, on: NaiveDate) -> i64 {
    let Some(birth) = birth else { return 0 };
    bounds(on)
        .iter()
        .zip(1..)
        .find(|(bound, _)| birth > **bound)
        .map_or(9, |(_, band)| band)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_is_the_first_day_of_the_new_age() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
        let on = day(2026, 3, 31).unwrap_or_default();
        assert_eq!(band(day(2008, 3, 31), on), 2);
        assert_eq!(band(day(2008, 4, 1), on), 1);
        assert_eq!(band(day(1961, 3, 31), on), 7);
        assert_eq!(band(day(1900, 1, 1), on), 9);
        assert_eq!(band(None, on), 0);
    }
}
