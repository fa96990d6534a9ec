//! Text as Japanese officers write it: dates in eras, half-known births, names in many
//! spellings, municipality codes. Nothing here reads a clock, a file or a database, so every
//! function is exact under test, and every reader takes text of any length without harm.
//!
//! - [`wareki`]: dates and times in and out, 和暦 and 西暦
//! - [`birth`]: a birth date that may be half known
//! - [`fiscal`]: 年度, April to March
//! - [`name`]: search keys and why a name was found (built on [`kana`] and [`variants`])
//! - [`phone`]: the digits of a telephone number
//! - [`municipality`][]: 全国地方公共団体コード

pub mod birth;
mod birth_read;
pub mod fiscal;
pub mod kana;
pub mod municipality;
pub mod name;
pub mod phone;
pub mod variants;
mod variants_table;
pub mod wareki;
mod wareki_read;

#[cfg(test)]
mod tests;

use unicode_segmentation::UnicodeSegmentation;

/// How many characters a reader would count. `葛` with a variation selector, `𠮷` and `が`
/// written in two parts are one each, so a limit told to the user is the limit that holds.
#[must_use]
pub fn grapheme_len(text: &str) -> usize {
    text.graphemes(true).count()
}

/// Whether `text` has more than `max` characters as a reader counts them. Stops counting at
/// the limit, so a 10 MB paste costs no more than a long one.
#[must_use]
pub fn exceeds_graphemes(text: &str, max: usize) -> bool {
    text.len() > max && text.graphemes(true).nth(max).is_some()
}

/// The first `max` characters as a reader counts them; never cuts a character in two.
#[must_use]
pub fn truncate_graphemes(text: &str, max: usize) -> &str {
    match text.grapheme_indices(true).nth(max) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    }
}
