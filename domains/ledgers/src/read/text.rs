//! Names, kana and telephone numbers as old files write them.

use unicode_normalization::UnicodeNormalization;

/// ﾔﾏﾀﾞ ﾀﾛｳ → ヤマダ タロウ. Nothing but half-width kana is touched: names are kept as typed.
#[must_use]
pub fn wide_kana(text: &str) -> String {
    let half = |c: char| matches!(c, '｡'..='ﾟ');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(half) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let end = tail.find(|c| !half(c)).unwrap_or(tail.len());
        let (kana, after) = tail.split_at(end);
        // A mark without its kana would become a combining sign.
        match kana.chars().next() {
            Some(first @ ('ﾞ' | 'ﾟ')) => {
                out.push(if first == 'ﾞ' { '゛' } else { '゜' });
                out.extend(kana[first.len_utf8()..].nfkc());
            }
            _ => out.extend(kana.nfkc()),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// 9012345678 → 09012345678: a number that Excel took for one. Only where the digits that are left
/// make a telephone number with the 0.
#[must_use]
pub fn with_zero(phone: &str) -> Option<String> {
    let digits = phone.trim();
    let whole = digits.bytes().all(|b| b.is_ascii_digit());
    let mobile = digits.len() == 10 && matches!(digits.get(..2), Some("50" | "70" | "80" | "90"));
    let fixed = digits.len() == 9 && !digits.starts_with('0');
    (whole && (mobile || fixed)).then(|| format!("0{digits}"))
}

/// For comparing words: width, case and blanks do not matter.
#[must_use]
pub fn folded(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_width_kana_become_wide_and_nothing_else_changes() {
        assert_eq!(wide_kana("ﾔﾏﾀﾞ ﾀﾛｳ"), "ヤマダ タロウ");
        assert_eq!(
            wide_kana("髙橋(ﾊﾟｰﾄ)１２Ａ葛\u{e0100}"),
            "髙橋(パート)１２Ａ葛\u{e0100}"
        );
        assert_eq!(wide_kana("亜ﾞ"), "亜゛");
    }

    #[test]
    fn the_zero_that_excel_lost() {
        assert_eq!(with_zero("9012345678").as_deref(), Some("09012345678"));
        assert_eq!(with_zero("312345678").as_deref(), Some("0312345678"));
        assert_eq!(with_zero("03-1234-5678"), None);
        assert_eq!(with_zero("1234567"), None);
        assert_eq!(with_zero("0312345678"), None);
    }
}
