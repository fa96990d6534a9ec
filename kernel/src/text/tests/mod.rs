mod birth;
mod codes;
mod dates;
mod names;

use chrono::NaiveDate;
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// The day on which the tests are set.
fn today() -> NaiveDate {
    day(2026, 4, 1)
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_i64..119_000).prop_map(|n| day(1873, 1, 1) + chrono::Duration::days(n))
}

#[test]
fn graphemes_are_counted_as_a_reader_counts() {
    let name = "葛\u{E0100}𠮷か\u{3099}";
    assert_eq!(super::grapheme_len(name), 3);
    assert_eq!(super::truncate_graphemes(name, 1), "葛\u{E0100}");
    assert_eq!(super::truncate_graphemes(name, 9), name);
    assert!(super::exceeds_graphemes(name, 2) && !super::exceeds_graphemes(name, 3));
}
