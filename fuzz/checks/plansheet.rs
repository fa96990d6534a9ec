//! A plan sheet's text, or any other bytes in its place.

/// Reads `data` as a file: an answer or a refusal.
pub fn check(data: &[u8]) {
    if let Ok(text) = engawa_plansheet::decode(data) {
        let _ = engawa_plansheet::parse(&text);
    }
}
