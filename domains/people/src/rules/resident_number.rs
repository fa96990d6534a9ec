//! 宛名番号 is an opaque key. A 個人番号 (マイナンバー) must not be kept: consultation is no
//! 番号利用事務.

/// Characters at most.
pub const MAX: usize = 30;

/// The sentence for a number that is a 個人番号 by its check digit.
pub const REFUSAL: &str = "これは個人番号（マイナンバー）とみられるため、保存できません。相談支援では個人番号を扱えません。宛名番号を入れるか、空欄にしてください。";

/// Whether twelve digits carry the check digit of a 個人番号 (番号法施行令8条, 総務省令85号5条).
/// Full-width digits, blanks and hyphens are read as people write them.
#[must_use]
pub fn looks_like_my_number(text: &str) -> bool {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| !c.is_whitespace() && !"-‐－ー−".contains(*c))
        .map(|c| match c {
            '０'..='９' => Some(u32::from(c) - u32::from('０')),
            _ => c.to_digit(10),
        })
        .collect::<Option<_>>()
        .unwrap_or_default();
    let [body @ .., check] = digits.as_slice() else {
        return false;
    };
    if body.len() != 11 {
        return false;
    }
    let sum: u32 = body
        .iter()
        .rev()
        .zip(1_u32..)
        .map(|(digit, n)| digit * if n <= 6 { n + 1 } else { n - 5 })
        .sum();
    let expected = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    expected == *check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_my_number_is_known_by_its_check_digit() {
        // 12345678901 has the check digit 8.
        assert!(looks_like_my_number("123456789018"));
        assert!(looks_like_my_number("1234-5678-9018"));
        assert!(looks_like_my_number("１２３４　５６７８　９０１８"));
        assert!(!looks_like_my_number("123456789017"));
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for other in ["", "0012345678", "A12345678901", "1234567890123", "宛名"] {
            assert!(!looks_like_my_number(other), "{other}");
        }
    }
}
