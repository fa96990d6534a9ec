//! A name in any script and width, with 異体字, combining marks and whatever else Unicode allows.

use engawa_kernel::text::name::search_key;

/// Makes the search key of `data`: the same text must always give the same key.
pub fn check(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        assert_eq!(search_key(text), search_key(text));
    }
}
