//! How a target came about: 「10 × 6 × 2」, 「15 + 35」, 「5 × 1〜2」. Read and compared with the stated
//! number; what does not fit is warned of and never mended.

use super::target::Amount;

/// Lowest and highest result.
pub type Bounds = (i64, i64);

/// The result of a formula of whole numbers with × and +, where a factor may be a range. None: it is
/// no formula.
#[must_use]
pub fn result(text: &str) -> Option<Bounds> {
    let text: String = text
        .chars()
        .filter_map(|c| match c {
            '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0),
            'x' | 'X' | '*' | '＊' | '✕' => Some('×'),
            '＋' => Some('+'),
            '~' | '～' | '–' | '―' | '-' | '－' => Some('〜'),
            ',' | '，' => None,
            '0'..='9' | '×' | '+' | '〜' | '.' => Some(c),
            // Units and spaces between the numbers: 8回×12か月.
            _ => None,
        })
        .collect();
    let mut sum: Bounds = (0, 0);
    for term in text.split('+') {
        let mut product: Bounds = (1, 1);
        for factor in term.split('×') {
            let (low, high) = match factor.split_once('〜') {
                Some((low, high)) => (low.parse().ok()?, high.parse().ok()?),
                None => {
                    let n: i64 = factor.parse().ok()?;
                    (n, n)
                }
            };
            product = (product.0.checked_mul(low)?, product.1.checked_mul(high)?);
        }
        sum = (sum.0.checked_add(product.0)?, sum.1.checked_add(product.1)?);
    }
    (text.contains(['×', '+'])).then_some(sum)
}

/// The sentence when a formula does not give the stated number.
#[must_use]
pub fn warning(formula: &str, stated: Option<Amount>) -> Option<String> {
    let stated = stated?;
    let (low, high) = result(formula)?;
    if (Amount::whole(low)..=Amount::whole(high)).contains(&stated) {
        return None;
    }
    let (low, high) = (Amount::whole(low), Amount::whole(high));
    let gives = if low == high {
        low.to_string()
    } else {
        format!("{low}〜{high}")
    };
    Some(format!(
        "算定根拠「{formula}」の計算は{gives}で、目標の{stated}と一致しません。どちらも書かれたまま残しています。"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_sums_and_ranges() {
        assert_eq!(result("10 × 6 × 2"), Some((120, 120)));
        assert_eq!(result("８回×12か月"), Some((96, 96)));
        assert_eq!(result("15 + 35"), Some((50, 50)));
        assert_eq!(result("5 × 1〜2"), Some((5, 10)));
        assert_eq!(result("2×30+5"), Some((65, 65)));
        assert_eq!(result("96"), None);
        assert_eq!(result("× ×"), None);
        assert_eq!(result("999999999999 × 999999999999"), None);
    }

    #[test]
    fn what_does_not_add_up_is_said() {
        assert_eq!(warning("10 × 6 × 2", Some(Amount::whole(120))), None);
        // 遠野市: 7 × 3 is not 20.
        let said = warning("7 × 3", Some(Amount::whole(20))).unwrap_or_default();
        assert!(said.contains("21") && said.contains("20"), "{said}");
        assert_eq!(warning("随時", Some(Amount::whole(20))), None);
    }
}
