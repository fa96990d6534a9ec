//! A file that calls itself a つなぐシート from another municipality: as uploaded, as it stands inside
//! the seal, as bare JSON, and as a public card.

use std::sync::OnceLock;

use engawa_referrals::border::{card::Card, file, keys::Keys, payload::Payload};

/// Reads `data` in every place where a stranger's bytes are read. What is read can be written and
/// read again as the same.
pub fn check(data: &[u8]) {
    static OURS: OnceLock<Option<Keys>> = OnceLock::new();
    if let Some(keys) = OURS.get_or_init(|| Keys::random().ok()) {
        assert!(file::open(keys, data).is_err(), "sealed for nobody we know");
    }
    let _ = file::inside(data);
    let framed = [b"engawa-tsunagu/1\n".as_slice(), &[0; 64], data].concat();
    let _ = file::inside(&framed);
    if let Ok(read) = Payload::read(data) {
        let again = serde_json::to_vec(&read).map(|json| Payload::read(&json));
        assert!(matches!(again, Ok(Ok(same)) if same == read));
    }
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(card) = Card::parse(text)
    {
        assert!(Card::parse(&card.text()).is_ok_and(|c| c.fingerprint() == card.fingerprint()));
    }
}
