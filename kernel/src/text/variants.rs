//! 異体字: kanji that are one name written two ways. Folded for search only; a name is stored
//! and shown as its bearer writes it.

use super::variants_table::TABLE;

/// The common form of a kanji (髙 to 高, 邉 to 辺), or the sign itself.
#[must_use]
pub fn fold(c: char) -> char {
    match TABLE.binary_search_by_key(&c, |(variant, _)| *variant) {
        Ok(at) => TABLE.get(at).map_or(c, |(_, common)| *common),
        Err(_) => c,
    }
}

/// Whether two kanji are variants of one; false for a sign and itself.
#[must_use]
pub fn are_variants(a: char, b: char) -> bool {
    a != b && fold(a) == fold(b)
}
