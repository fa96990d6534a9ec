//! Bytes to text: the encodings that offices' files come in.

use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};

use crate::{MAX_BYTES, ParseError};

/// Text out of a file: UTF-8 with or without BOM, UTF-16 (either order), else Shift_JIS (cp932).
///
/// # Errors
/// [`ParseError::TooLarge`] above [`MAX_BYTES`], [`ParseError::NotText`] when no encoding fits.
pub fn decode(bytes: &[u8]) -> Result<String, ParseError> {
    if bytes.len() > MAX_BYTES {
        return Err(ParseError::TooLarge { bytes: bytes.len() });
    }
    let text = by_bom(bytes)
        .unwrap_or_else(|| without_bom(bytes))
        .ok_or(ParseError::NotText)?;
    if text.contains('\0') {
        return Err(ParseError::NotText);
    }
    Ok(text)
}

/// `None` without a BOM, `Some(None)` when the text behind the BOM is broken.
fn by_bom(bytes: &[u8]) -> Option<Option<String>> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return Some(std::str::from_utf8(rest).ok().map(str::to_owned));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return Some(strict(UTF_16LE, rest));
    }
    bytes
        .strip_prefix(b"\xFE\xFF")
        .map(|rest| strict(UTF_16BE, rest))
}

fn without_bom(bytes: &[u8]) -> Option<String> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
    {
        return Some(text.to_owned());
    }
    // UTF-16 without BOM: tabs and digits leave zero bytes on one side, a few kanji on the other.
    let (mut even, mut odd) = (0_usize, 0_usize);
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == 0) {
        *(if at % 2 == 0 { &mut even } else { &mut odd }) += 1;
    }
    match (even, odd) {
        (0, 0) => strict(SHIFT_JIS, bytes),
        (even, odd) if odd > even => strict(UTF_16LE, bytes),
        _ => strict(UTF_16BE, bytes),
    }
}

fn strict(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
}
