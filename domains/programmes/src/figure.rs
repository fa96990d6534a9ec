//! The figure in a field's words: digits of any width, thousands, 万, decimals; the unit as written.

use unicode_normalization::UnicodeNormalization as _;

/// A figure as written; nothing is converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Plain digits: 54321, 28.4.
    pub number: String,
    /// What stands behind it: 人, %, ‰; empty when nothing does.
    pub unit: String,
}

/// Longest unit looked for, in characters.
const LONGEST_UNIT: usize = 4;
/// More digits are no figure of a plan.
const MOST_DIGITS: usize = 15;

/// The first figure of a text.
#[must_use]
pub fn first(text: &str) -> Option<Figure> {
    all(text).into_iter().next()
}

/// The figures of a text from left to right; dates and ordinals in circles are none.
#[must_use]
pub fn all(text: &str) -> Vec<Figure> {
    spans(text).into_iter().map(|(figure, ..)| figure).collect()
}

/// Figures with where each begins and ends (with its unit), counted in characters of [`folded`].
pub(crate) fn spans(text: &str) -> Vec<(Figure, usize, usize)> {
    let chars = folded(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !digit(&chars, at) {
            at += 1;
            continue;
        }
        let start = at;
        let (number, end) = number(&chars, at);
        let (unit, after) = unit(&chars, end);
        at = after.max(end);
        let dated = matches!(unit.as_str(), "年" | "年度" | "月" | "日")
            || before(&chars, start).is_some_and(|c| matches!(c, '和' | '成' | '第' | 'R' | 'H'));
        if !dated {
            found.push((Figure { number, unit }, start, at));
        }
    }
    found
}

/// The words around the figure that a goal aims at, with what they say of it: 「約30人」, 「2～3回」,
/// 「100件以上」, 「10件/月」. None where no figure has a unit.
#[must_use]
pub fn aim(text: &str) -> Option<(Figure, String)> {
    let chars = folded(text);
    let all = spans(text);
    let (place, (figure, start, end)) = all
        .iter()
        .enumerate()
        .rfind(|(_, (figure, ..))| !figure.unit.is_empty())?;
    let said = |from: usize, to: usize| -> String {
        chars.get(from..to).unwrap_or_default().iter().collect()
    };
    let mut from = *start;
    // 2～3回, 7→9か所: the figure before is the other end.
    let other = place.checked_sub(1).and_then(|n| all.get(n));
    if let Some((_, begin, over)) = other {
        let between = said(*over, from);
        if matches!(between.trim(), "~" | "～" | "〜" | "-" | "–" | "→" | "から") {
            from = *begin;
        }
    }
    let head = said(0, from);
    let head = head.trim_end();
    let mut words = said(from, *end);
    for word in ["約", "おおむね", "概ね"] {
        if head.ends_with(word) {
            words = format!("約{words}");
        }
    }
    let tail = said(*end, chars.len());
    let tail = tail.trim_start_matches([' ', ')']);
    for word in ["以上", "以下", "以内", "未満", "程度", "増", "減"] {
        if tail.starts_with(word) {
            words.push_str(word);
        }
    }
    let monthly = head.ends_with('月') && !head.ends_with("か月") && !head.ends_with("ヶ月");
    if monthly || ["/月", "／月"].iter().any(|w| tail.starts_with(w)) {
        words.push_str("/月");
    }
    Some((figure.clone(), words))
}

/// Half-width digits and signs, one character for each of the text wherever that is possible.
pub(crate) fn folded(text: &str) -> Vec<char> {
    text.chars()
        .take(20_000)
        .map(|c| match c {
            // ① and its kind number a list; they are no figures.
            '①'..='⑳' => c,
            _ => std::iter::once(c).nfkc().next().unwrap_or(c),
        })
        .collect()
}

fn before(chars: &[char], at: usize) -> Option<char> {
    at.checked_sub(1).and_then(|n| chars.get(n)).copied()
}

fn digit(chars: &[char], at: usize) -> bool {
    chars.get(at).is_some_and(char::is_ascii_digit)
}

fn three_digits(chars: &[char], at: usize) -> bool {
    (at..at + 3).all(|n| digit(chars, n)) && !digit(chars, at + 3)
}

fn number(chars: &[char], mut at: usize) -> (String, usize) {
    let mut digits = String::new();
    let mut decimals = false;
    while let Some(c) = chars.get(at) {
        match c {
            '0'..='9' if digits.len() < MOST_DIGITS => digits.push(*c),
            '0'..='9' => {}
            ',' if !decimals && three_digits(chars, at + 1) => {}
            ',' if !decimals && chars.get(at + 1) == Some(&' ') && three_digits(chars, at + 2) => {
                at += 1;
            }
            '.' if !decimals && digit(chars, at + 1) => {
                decimals = true;
                digits.push('.');
            }
            _ => break,
        }
        at += 1;
    }
    if chars.get(at) == Some(&'万') && !decimals {
        let (rest, end) = number(chars, at + 1);
        let thousands: u64 = digits.parse().unwrap_or_default();
        let rest: u64 = rest.parse().unwrap_or_default();
        return (
            thousands
                .saturating_mul(10_000)
                .saturating_add(rest)
                .to_string(),
            end.max(at + 1),
        );
    }
    (digits, at)
}

/// Units that plans count in, longest first.
const UNITS: &[&str] = &[
    "か所",
    "カ所",
    "ヶ所",
    "ケ所",
    "ヵ所",
    "箇所",
    "世帯",
    "団体",
    "サロン",
    "地区",
    "圏域",
    "法人",
    "機関",
    "年度",
    "km2",
    "か月",
    "カ月",
    "ヶ月",
    "時間",
    "講座",
    "ケース",
    "事業",
    "市町村",
    "人",
    "名",
    "件",
    "回",
    "校",
    "社",
    "%",
    "‰",
    "割",
    "組",
    "班",
    "台",
    "店",
    "枚",
    "円",
    "トン",
    "年",
    "月",
    "日",
    "区",
    "歳",
    "点",
    "種",
    "冊",
    "家",
];

fn unit(chars: &[char], end: usize) -> (String, usize) {
    let mut at = end;
    while matches!(chars.get(at), Some(' ' | '(')) && at < end + 2 {
        at += 1;
    }
    let next: String = chars.iter().skip(at).take(LONGEST_UNIT).collect();
    UNITS
        .iter()
        .find(|unit| next.starts_with(**unit))
        .map_or((String::new(), end), |unit| {
            ((*unit).to_owned(), at + unit.chars().count())
        })
}

/// Digits in groups of three, decimals as they are.
#[must_use]
pub fn grouped(number: &str) -> String {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let mut shown = String::new();
    for (n, c) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) && c.is_ascii_digit() {
            shown.push(',');
        }
        shown.push(c);
    }
    if !decimals.is_empty() {
        shown.push('.');
        shown.push_str(decimals);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        all(text).into_iter().map(|f| (f.number, f.unit)).collect()
    }

    #[test]
    fn figures_as_officers_write_them() {
        let one = |text: &str| {
            let figure = first(text).unwrap();
            format!("{}|{}", figure.number, figure.unit)
        };
        assert_eq!(one("５４，３２１（人）"), "54321|人");
        assert_eq!(one("54, 772 人"), "54772|人");
        assert_eq!(one("約1万2000人"), "12000|人");
        assert_eq!(one("28.4 (%)"), "28.4|%");
        assert_eq!(one("3.5人"), "3.5|人");
        assert_eq!(one("39.0."), "39.0|");
        assert_eq!(one("１ヶ所"), "1|ヶ所");
        assert_eq!(first("なし"), None);
        assert_eq!(first("①参加者を増やす"), None);
        assert_eq!(first(""), None);
    }

    #[test]
    fn the_aim_keeps_what_is_said_of_its_figure() {
        for (goal, aim) in [
            ("相談件数 120件", "120件"),
            ("複合課題の相談を100件以上受ける", "100件以上"),
            ("ケース検討（約 30 人）", "約30 人"),
            ("部会を年2～3回", "2~3回"),
            ("拠点を7→9か所に", "7→9か所"),
            ("協力員増員（30人増）", "30人増"),
            ("推進会議 月1回", "1回/月"),
            ("窓口の開催 4回/月", "4回/月"),
        ] {
            let found = super::aim(goal).map(|(_, words)| words);
            assert_eq!(found.as_deref(), Some(aim), "{goal}");
        }
        assert_eq!(super::aim("顔の見える関係をつくる"), None);
    }

    #[test]
    fn dates_and_ordinals_are_no_figures() {
        assert_eq!(read("令和8年度に第2層で30人"), [("30".into(), "人".into())]);
        assert_eq!(read("4月1日から年12回"), [("12".into(), "回".into())]);
    }

    #[test]
    fn thousands_are_shown_in_groups() {
        assert_eq!(grouped("1234567"), "1,234,567");
        assert_eq!(grouped("123"), "123");
        assert_eq!(grouped("1234.50"), "1,234.50");
        assert_eq!(grouped(""), "");
    }
}
