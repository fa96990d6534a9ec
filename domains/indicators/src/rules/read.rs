//! A target as people write it — 「100件以上」, 「約50」, 「2〜3回」, 「1→2か所」, 「+10%」, 「4/16地区」,
//! 「8×12」, 「減らす」 — read into its shape. What cannot be read keeps its words as 数値化しない:
//! every target can be entered.

use super::{
    formula,
    target::{Amount, Level, Per, Shape, Target},
};

/// The targets that a text holds: 「120 / 100 / 20」 are three. `counter` is 人, 件 …, also one for
/// each: 「件 / %」. Never empty.
#[must_use]
pub fn targets(text: &str, counter: &str) -> Vec<Target> {
    let counters: Vec<&str> = counter
        .split(" / ")
        .flat_map(|c| c.split(", "))
        .map(str::trim)
        .collect();
    let parts = parts(text);
    parts
        .iter()
        .enumerate()
        .map(|(place, part)| {
            let counter = counters.get(place).or(counters.last()).unwrap_or(&"");
            one(part, counter)
        })
        .collect()
}

fn parts(text: &str) -> Vec<&str> {
    let text = text.trim();
    for separator in [" / ", " ／ ", " & ", "＆", " and ", "、"] {
        if text.contains(separator) {
            return text.split(separator).flat_map(parts).collect();
        }
    }
    // 30/20/15 are three; 4/16 is one of its whole.
    let slashes: Vec<&str> = text.split('/').collect();
    if slashes.len() > 2 && slashes.iter().all(|s| Amount::read(s).is_some()) {
        return slashes;
    }
    match text.split_once(", ") {
        Some((a, b)) if Amount::read(a).is_some() && Amount::read(b).is_some() => vec![a, b],
        _ => vec![text],
    }
}

fn one(raw: &str, counter: &str) -> Target {
    let mut target = Target {
        shape: Shape::NoNumber,
        low: None,
        high: None,
        baseline: None,
        level: Level::Target,
        per: Per::Year,
        counter: counter.trim_matches(['–', '?']).trim().to_owned(),
        formula: String::new(),
        raw: raw.to_owned(),
    };
    let (body, aside) = without_aside(raw);
    let mut text = body.trim().to_owned();
    for month in ["/月", "／月", " per month"] {
        if let Some(rest) = text.strip_suffix(month) {
            text = rest.trim().to_owned();
            target.per = Per::Month;
        }
        if let Some(rest) = target.counter.strip_suffix(month) {
            target.counter = rest.to_owned();
            target.per = Per::Month;
        }
    }
    if let Some(rest) = text.strip_prefix("毎月") {
        text = rest.to_owned();
        target.per = Per::Month;
    }
    if ["ref", "現状", "実績"].iter().any(|w| aside.starts_with(w)) {
        target.baseline = numbers(&aside).first().copied();
    }
    understand(&mut target, &text);
    if target.counter.is_empty() {
        target.counter = counter_in(&text);
    }
    target
}

fn understand(target: &mut Target, text: &str) {
    let found = numbers(text);
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    let first = found.first().copied();
    let Some(first) = first else {
        target.shape = match text {
            _ if has(&["up", "増や", "増加", "向上"]) => Shape::Up,
            _ if has(&["down", "減ら", "減少"]) => Shape::Down,
            _ if has(&["exists", "仕組み", "あり", "設置"]) => Shape::Exists,
            _ => Shape::NoNumber,
        };
        return;
    };
    if has(&[":", "："]) || found.len() == 1 && has(&[" of "]) {
        return; // a moment; 「several of 8」
    }
    target.low = Some(first);
    if has(&["ref", "参考"]) {
        target.shape = Shape::Reference;
    } else if has(&["up from"]) {
        (target.shape, target.low, target.baseline) = (Shape::Up, None, Some(first));
    } else if let Some((total, parts)) = text.split_once('=').or_else(|| text.split_once('＝')) {
        // 50 = 15 + 35
        target.shape = bounded(total);
        target.formula = parts.trim().to_owned();
    } else if text.contains(['×', '*', '＊', '✕']) || text.trim_start_matches('+').contains(" + ")
    {
        product(target, text);
    } else if text.starts_with(['+', '＋']) || has(&["増"]) {
        target.shape = if has(&["%", "％"]) || target.counter == "%" {
            Shape::GrowthRate
        } else {
            Shape::Growth
        };
    } else if let (true, Some(second)) = (has(&["→", "から"]), found.get(1)) {
        target.shape = Shape::FromTo;
        target.high = Some(*second);
        target.baseline = target.baseline.or(Some(first));
    } else if let Some(second) = found.get(1) {
        pair(target, text, first, *second);
    } else {
        target.shape = bounded(text);
    }
}

/// Two numbers: a part and its whole, or a range.
fn pair(target: &mut Target, text: &str, first: Amount, second: Amount) {
    if text.contains("のうち") {
        // 98のうち90
        (target.shape, target.low, target.high) = (Shape::OutOf, Some(second), Some(first));
    } else if text.contains(" of ") || text.contains(['/', '／']) {
        (target.shape, target.high) = (Shape::OutOf, Some(second));
    } else if text.contains(['〜', '～', '–', '-', '~', '－']) && first <= second {
        (target.shape, target.high) = (Shape::Range, Some(second));
    } else {
        target.shape = bounded(text);
    }
}

fn product(target: &mut Target, text: &str) {
    target.formula = text
        .trim_matches(|c: char| matches!(c, '≥' | '>' | '~' | '約') || c.is_whitespace())
        .to_owned();
    target.shape = bounded(text);
    match formula::result(&target.formula) {
        Some((low, high)) => {
            target.low = Some(Amount::whole(low));
            if low != high {
                (target.shape, target.high) = (Shape::Range, Some(Amount::whole(high)));
            }
        }
        // 2 + 随時 + 2: not to be calculated; the words say it.
        None => (target.shape, target.low) = (Shape::NoNumber, None),
    }
}

fn bounded(text: &str) -> Shape {
    let text = text.trim();
    if text.starts_with(['≥', '≧', '>', '＞']) || text.contains("以上") || text.contains('超')
    {
        Shape::AtLeast
    } else if text.starts_with(['≤', '≦', '<', '＜'])
        || text.contains("以下")
        || text.contains("以内")
        || text.contains("未満")
    {
        Shape::AtMost
    } else if text.starts_with(['~', '〜', '約']) || text.contains("程度") || text.contains("ほど")
    {
        Shape::About
    } else {
        Shape::Value
    }
}

/// The text without what stands in brackets, and that.
fn without_aside(text: &str) -> (String, String) {
    let open = text.find(['(', '（']);
    let close = text.rfind([')', '）']);
    match (open, close) {
        (Some(open), Some(close)) if open < close => {
            let inner = text[open..close].trim_start_matches(['(', '（']);
            let end = close + text[close..].chars().next().map_or(0, char::len_utf8);
            (
                format!("{}{}", &text[..open], &text[end..]),
                inner.to_owned(),
            )
        }
        _ => (text.to_owned(), String::new()),
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９' | '.' | '．' | ',' | '，')
}

/// The numbers of a text, in order.
fn numbers(text: &str) -> Vec<Amount> {
    text.split(|c| !is_digit(c))
        .filter_map(|run| Amount::read(run.trim_matches([',', '.', '，', '．'])))
        .collect()
}

/// 「100件以上」: 件.
fn counter_in(text: &str) -> String {
    text.split(is_digit)
        .rfind(|rest| !rest.trim().is_empty())
        .map(|rest| {
            let end = [
                "以上", "以下", "以内", "未満", "程度", "ほど", "増", "を", "に", "へ",
            ]
            .iter()
            .filter_map(|w| rest.find(w))
            .min()
            .unwrap_or(rest.len());
            rest[..end].trim().to_owned()
        })
        .filter(|c| {
            c.chars().count() <= 4
                && c.chars()
                    .all(|c| c.is_alphabetic() || matches!(c, '%' | '％'))
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_understood() {
        for (text, counter, shown) in [
            ("100件以上", "", "100件以上"),
            ("≥20", "%", "20%以上"),
            ("~50", "件", "約50件"),
            ("約５０人", "", "約50人"),
            ("2–3", "回", "2〜3回"),
            ("1→2", "か所", "1か所から2か所へ"),
            ("+10", "%", "10%増"),
            ("+5", "か所", "5か所増"),
            ("4/16", "地区", "16地区のうち4地区"),
            ("5 of ~510", "法人", "510法人のうち5法人"),
            ("8 × 12", "回", "96回"),
            ("≥1 × 15", "地区", "15地区以上"),
            ("5 × 1–2", "回", "5〜10回"),
            ("50 = 15 + 35", "世帯", "50世帯"),
            ("10件/月", "", "10件／月"),
            ("20件以下", "", "20件以下"),
            ("down", "件", "減らす"),
            ("up from 53", "区市町村", "増やす"),
            ("exists", "–", "仕組みがある"),
            ("ref 18/25", "市町村", "参考 18市町村"),
            ("3.0", "点", "3点"),
            ("2 + 随時 + 2", "回", "数値化しない"),
            ("相互理解が深まる", "", "数値化しない"),
        ] {
            let read = targets(text, counter);
            assert_eq!(read.len(), 1, "{text}");
            assert_eq!(read[0].text(), shown, "{text}");
            assert_eq!(read[0].raw, text);
        }
    }

    #[test]
    fn several_in_one_cell() {
        let read = targets("120 / 100 / 20", "件");
        assert_eq!(
            read.iter().map(Target::text).collect::<Vec<_>>(),
            ["120件", "100件", "20件"]
        );
        let read = targets("5 & ≥100", "回, 人");
        assert_eq!(
            read.iter().map(Target::text).collect::<Vec<_>>(),
            ["5回", "100人以上"]
        );
        assert_eq!(targets("30/20/15/5/10", "件").len(), 5);
        let base = targets("60 (ref 17)", "件").remove(0);
        assert_eq!(base.baseline, Some(Amount::whole(17)));
    }
}
