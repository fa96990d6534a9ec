//! Figures in words: digits of any width, thousands, 万, units; dates are no figures.

use unicode_normalization::UnicodeNormalization;

/// What a figure counts, by the sign behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Person,
    Household,
    Percent,
    Permille,
    SquareKm,
    School,
    /// Some other word.
    Other,
    /// None printed.
    Bare,
}

/// A figure as printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) value: f64,
    pub(crate) unit: Unit,
    /// Written with 万, so probably rounded, or with a doubtful separator.
    pub(crate) doubtful: bool,
}

/// Most figures looked at in one field.
const MOST: usize = 200;

/// The figures of `text` from left to right, without those of dates.
pub(crate) fn figures(text: &str) -> Vec<Figure> {
    let chars: Vec<char> = text.nfkc().take(4_000).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if !c.is_ascii_digit() {
            at += 1;
            continue;
        }
        let before = at
            .checked_sub(1)
            .and_then(|before| chars.get(before))
            .copied();
        let (figure, end) = number(&chars, at);
        at = end;
        if let Some(end) = date(&chars, before, end) {
            at = end;
            continue;
        }
        let (unit, end) = unit(&chars, at);
        at = end;
        out.push(Figure { unit, ..figure });
        if out.len() >= MOST {
            break;
        }
    }
    out
}

/// The figure that begins at `at`, and where it ends.
fn number(chars: &[char], mut at: usize) -> (Figure, usize) {
    let mut digits = String::new();
    let mut doubtful = false;
    let mut decimals = false;
    while let Some(c) = chars.get(at) {
        if c.is_ascii_digit() {
            if digits.len() < 18 {
                digits.push(*c);
            }
            at += 1;
            continue;
        }
        if matches!(c, ',' | '、' | '，') && !decimals {
            let space = usize::from(chars.get(at + 1) == Some(&' '));
            if digits_at(chars, at + 1 + space) == 3 {
                at += 1 + space;
                continue;
            }
        }
        if *c == '.' && !decimals && digits_at(chars, at + 1) > 0 {
            digits.push('.');
            decimals = true;
            at += 1;
            continue;
        }
        break;
    }
    let mut value: f64 = digits.parse().unwrap_or_default();
    if chars.get(at) == Some(&'万') {
        value *= 10_000.0;
        doubtful = true;
        at += 1;
        if digits_at(chars, at) > 0 {
            let (rest, end) = number(chars, at);
            value += rest.value;
            at = end;
        }
    }
    let figure = Figure {
        value,
        unit: Unit::Bare,
        doubtful,
    };
    (figure, at)
}

fn digits_at(chars: &[char], at: usize) -> usize {
    chars
        .iter()
        .skip(at)
        .take(18)
        .take_while(|c| c.is_ascii_digit())
        .count()
}

/// Where the date ends that the figure just read begins, if it begins one.
fn date(chars: &[char], before: Option<char>, end: usize) -> Option<usize> {
    let era = matches!(before, Some('H' | 'R' | 'S' | 'h' | 'r' | '成' | '和'));
    let next = chars.get(end).copied();
    if !era && !matches!(next, Some('年' | '月')) {
        return None;
    }
    let mut at = end;
    while let Some(c) = chars.get(at) {
        let part = c.is_ascii_digit()
            || matches!(c, '年' | '月' | '日' | '度' | '末' | '.' | '/' | ' ' | '-');
        if !part {
            break;
        }
        at += 1;
    }
    Some(at)
}

/// The unit behind a figure, brackets and spaces aside.
fn unit(chars: &[char], from: usize) -> (Unit, usize) {
    let mut at = from;
    while matches!(chars.get(at), Some(' ' | '(' | '.' | '　')) && at < from + 4 {
        at += 1;
    }
    let Some(first) = chars.get(at).copied() else {
        return (Unit::Bare, from);
    };
    let second = chars
        .iter()
        .skip(at + 1)
        .find(|c| **c != ' ')
        .copied()
        .unwrap_or(' ');
    match (first, second) {
        ('%', _) => (Unit::Percent, at + 1),
        ('‰', _) => (Unit::Permille, at + 1),
        ('人' | '名', _) => (Unit::Person, at + 1),
        ('世', '帯') => (Unit::Household, at + 2),
        ('校', _) => (Unit::School, at + 1),
        ('k' | 'K', 'm' | 'M') => {
            let mut end = at + 1;
            while matches!(
                chars.get(end),
                Some('m' | 'M' | ' ' | '2' | '²' | '^' | ')')
            ) {
                end += 1;
            }
            (Unit::SquareKm, end)
        }
        ('平', '方') => (Unit::SquareKm, at + 2),
        (c, _) if c.is_alphabetic() => (Unit::Other, at),
        _ => (Unit::Bare, from),
    }
}
