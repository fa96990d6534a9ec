//! QR codes as vector pictures.

use engawa_kernel::error::{Error, Result};
use qrcode::{EcLevel, QrCode, render::svg};

/// A QR code as SVG source, black on white with the quiet zone around it. Error correction Q: it
/// survives a FAX. A secret does not belong into it: who holds the paper would hold both.
///
/// # Errors
/// The text is too long (about 1,600 bytes).
pub fn qr_svg(text: &str) -> Result<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q)
        .map_err(|_| Error::Invalid("二次元コードに入れる文字が長すぎます。".into()))?;
    Ok(code
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_picture_and_a_novel_is_refused() {
        assert!(
            qr_svg("https://engawa.example.jp/reply?code=ABCD2345J")
                .is_ok_and(|svg| svg.contains("<svg"))
        );
        assert!(matches!(
            qr_svg(&"あ".repeat(1_000)),
            Err(Error::Invalid(_))
        ));
    }
}
