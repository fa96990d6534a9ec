//! Pictures that people attached. One that cannot be read does not keep the rest from being printed:
//! a box that says so stands in its place.

use typst::{
    foundations::Bytes,
    visualize::{ExchangeFormat, RasterImage},
};

const UNREADABLE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="600" height="120"><rect x="1" y="1" width="598" height="118" fill="none" stroke="black" stroke-width="2"/><text x="300" y="66" font-family="BIZ UDGothic" font-size="20" text-anchor="middle">この画像は壊れていて、印刷できませんでした</text></svg>"#;

/// The picture, or the box. Asks the very code that will draw it.
pub(crate) fn readable(picture: &bytes::Bytes) -> Bytes {
    let bytes = Bytes::new(picture.clone());
    let read = ExchangeFormat::detect(&bytes)
        .is_some_and(|format| RasterImage::plain(bytes.clone(), format).is_ok());
    if read {
        bytes
    } else {
        Bytes::from_string(UNREADABLE)
    }
}
