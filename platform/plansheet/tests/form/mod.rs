//! An invented sheet of the form. 青波県みなも町 does not exist.

// every test file takes what it needs
#![allow(dead_code)]

/// The form, filled in; each test damages it in its own way.
pub const SHEET: &str = include_str!("sheet.txt");

/// The sheet with every `from` replaced; fails when there is none, so that no test tests nothing.
pub fn with(from: &str, to: &str) -> String {
    assert!(SHEET.contains(from), "{from} is not in the sheet");
    SHEET.replace(from, to)
}

/// Reads a text that must be a sheet.
pub fn read(text: &str) -> engawa_plansheet::PlanSheet {
    engawa_plansheet::parse(text).unwrap()
}

/// What is read without warnings and quotes, to compare two readings.
pub fn bare(text: &str) -> engawa_plansheet::PlanSheet {
    let mut sheet = read(text);
    sheet.warnings.clear();
    sheet.quotes.clear();
    sheet
}

/// Whether a warning of this field says `words`.
pub fn warned(sheet: &engawa_plansheet::PlanSheet, path: &str, words: &str) -> bool {
    let start = format!("{path}: ");
    sheet
        .warnings
        .iter()
        .any(|warning| warning.starts_with(&start) && warning.contains(words))
}
