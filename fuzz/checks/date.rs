//! A date as an officer types it: 昭和63年5月1日, S63.5.1, 1988/5/1, or nonsense.

use chrono::NaiveDate;
use engawa_kernel::text::wareki::parse_date;

/// Parses `data` as a typed date. Today is fixed, so that a find can be repeated on any day.
pub fn check(data: &[u8]) {
    let today = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap_or_default();
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = parse_date(text, today);
    }
}
