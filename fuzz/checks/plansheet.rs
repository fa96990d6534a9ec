//! A plan sheet's text, or any other bytes in its place.

/// Reads `data` as a file and, where it is text already, as text: an answer or a refusal.
pub fn check(data: &[u8]) {
    if let Ok(text) = engawa_plansheet::decode(data) {
        let first = engawa_plansheet::parse(&text);
        assert_eq!(
            first,
            engawa_plansheet::parse(&text),
            "the same text, the same sheet"
        );
    }
}
