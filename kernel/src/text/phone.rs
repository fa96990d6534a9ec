//! Telephone numbers: stored as typed, found by their digits.

use unicode_normalization::UnicodeNormalization;

/// The digits of a telephone number for search and comparison: full-width digits, any signs
/// between, `+81` for the leading 0, and what follows 内線 left away.
#[must_use]
pub fn digits(text: &str) -> String {
    let line: String = text.nfkc().collect();
    let line = line
        .split_once("内線")
        .map_or(line.as_str(), |(number, _)| number);
    let all: String = line.chars().filter(char::is_ascii_digit).collect();
    let abroad = line.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '+');
    match all.strip_prefix("81") {
        // +81 (0)3-… keeps the one zero that is written.
        Some(rest) if abroad.starts_with('+') => format!("0{}", rest.trim_start_matches('0')),
        _ => all,
    }
}
