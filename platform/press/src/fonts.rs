//! The embedded fonts: parsed once, in the order in which a character is looked for.

use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontVariations};
use typst::utils::LazyHash;

/// BIZ UD first, for its legibility; Noto Sans JP for JIS X 0213 and names like 𠮷; Noto Sans SC for
/// the rest of the unified ideographs and extension A. `templates/frame.typ` names them likewise.
static FILES: [&[u8]; 4] = [
    include_bytes!("../fonts/dist/BIZUDGothic-Regular.ttf"),
    include_bytes!("../fonts/dist/BIZUDGothic-Bold.ttf"),
    include_bytes!("../fonts/dist/NotoSansJP-Regular.ttf"),
    include_bytes!("../fonts/dist/NotoSansSC-Regular.ttf"),
];

/// The licences of the embedded fonts: name of the font, text of the SIL Open Font License. They
/// go where the binary goes; the application shows them with its other licences.
pub const LICENCES: [(&str, &str); 3] = [
    (
        "BIZ UDGothic",
        include_str!("../fonts/dist/BIZUDGothic-OFL.txt"),
    ),
    (
        "Noto Sans JP",
        include_str!("../fonts/dist/NotoSansJP-OFL.txt"),
    ),
    (
        "Noto Sans SC",
        include_str!("../fonts/dist/NotoSansSC-OFL.txt"),
    ),
];

/// The fonts, and the index by which Typst looks for them.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
}

/// The fonts, parsed at the first call.
pub(crate) fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| {
        let fonts: Vec<Font> = FILES
            .iter()
            .flat_map(|bytes| Font::iter(Bytes::new(*bytes)))
            .collect();
        Fonts {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
        }
    })
}

/// Whether an embedded font has this character. Variation selectors and other signs that only
/// steer the character before them count as printable: they need no shape of their own.
#[must_use]
pub fn is_printable(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        c if c.is_control() => false,
        // For private use: a shape here would be somebody else's 外字.
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => false,
        '\u{200B}'..='\u{200D}' => true,
        c if is_selector(c) => true,
        c => fonts()
            .fonts
            .iter()
            .any(|font| font.info().coverage.contains(u32::from(c))),
    }
}

/// Whether this is a variation selector: it picks a shape of the character before it (異体字).
pub(crate) const fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether the font that will print `base` has the shape that the selector picks.
pub(crate) fn has_variant(base: char, selector: char) -> bool {
    fonts()
        .fonts
        .iter()
        .find(|font| font.info().coverage.contains(u32::from(base)))
        .is_some_and(|font| {
            font.clone()
                .instantiate(
                    font.info().variant,
                    Abs::pt(10.0),
                    &FontVariations::default(),
                )
                .ttf()
                .glyph_variation_index(base, selector)
                .is_some()
        })
}
