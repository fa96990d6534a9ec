//! The numbers that stand in front of labels, damaged ones too.

/// The number in front of a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ordinal {
    /// Bytes it takes.
    pub(crate) end: usize,
    /// ア…オ, if that is what it is.
    pub(crate) kana: Option<char>,
    /// ①…⑳ or 1…, if that is what it is.
    pub(crate) number: Option<u32>,
    pub(crate) bracketed: bool,
    pub(crate) there: bool,
}

/// The number in front of a label: `③`, `3.`, `1-2.`, `(ア)`, `ア`; white space inside does not count.
pub(crate) fn ordinal(text: &str) -> Ordinal {
    let head: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(_, c)| !c.is_whitespace())
        .take(8)
        .map(|(at, c)| (at + c.len_utf8(), c))
        .collect();
    let at = |nth: usize| head.get(nth).copied();
    let Some((end, first)) = at(0) else {
        return Ordinal::default();
    };
    let there = Ordinal {
        end,
        there: true,
        ..Ordinal::default()
    };
    if let Some(number) = circled(first) {
        return Ordinal {
            number: Some(number),
            ..there
        };
    }
    if is_open(first) {
        return in_brackets(there, at(1), at(2), at(3));
    }
    if let Some(kana) = kana(first) {
        let end = match at(1) {
            Some((behind, c)) if matches!(c, '.' | '．' | '、') || is_close(c) => behind,
            _ => end,
        };
        return Ordinal {
            end,
            kana: Some(kana),
            ..there
        };
    }
    let part = |c: char| {
        digit(c).is_some() || is_close(c) || matches!(c, '-' | '－' | 'ー' | '‐' | '.' | '．')
    };
    match (
        digit(first),
        head.iter().take_while(|(_, c)| part(*c)).last(),
    ) {
        (Some(number), Some((end, _))) if *end < text.len() => Ordinal {
            end: *end,
            number: Some(number),
            ..there
        },
        _ => Ordinal::default(),
    }
}

/// `(ア)`, also with its end or its letter lost.
fn in_brackets(
    there: Ordinal,
    second: Option<(usize, char)>,
    third: Option<(usize, char)>,
    fourth: Option<(usize, char)>,
) -> Ordinal {
    let there = Ordinal {
        bracketed: true,
        ..there
    };
    match (second, third) {
        (Some((end, c)), _) if is_close(c) => Ordinal { end, ..there },
        (Some((_, c)), Some((end, close))) if is_close(close) => Ordinal {
            end,
            kana: kana(c),
            number: digit(c),
            ..there
        },
        (Some((_, tens)), Some((_, ones))) if digit(tens).is_some() && digit(ones).is_some() => {
            match fourth {
                Some((end, close)) if is_close(close) => Ordinal { end, ..there },
                _ => Ordinal::default(),
            }
        }
        (Some((end, c)), _) if kana(c).is_some() => Ordinal {
            end,
            kana: kana(c),
            ..there
        },
        _ => Ordinal::default(),
    }
}

pub(crate) fn is_open(c: char) -> bool {
    matches!(c, '(' | '（' | '[' | '［' | '〔' | '【')
}

pub(crate) fn is_close(c: char) -> bool {
    matches!(c, ')' | '）' | ']' | '］' | '〕' | '】')
}

fn digit(c: char) -> Option<u32> {
    match c {
        '０'..='９' => Some(c as u32 - '０' as u32),
        c => c.to_digit(10),
    }
}

fn circled(c: char) -> Option<u32> {
    let from = match c {
        '①'..='⑳' => '①',
        '⑴'..='⒇' => '⑴',
        '❶'..='❿' => '❶',
        _ => return None,
    };
    Some(c as u32 - from as u32 + 1)
}

fn kana(c: char) -> Option<char> {
    Some(match c {
        'ア' | 'ｱ' => 'ア',
        'イ' | 'ｲ' => 'イ',
        'ウ' | 'ｳ' => 'ウ',
        'エ' | 'ｴ' | '工' => 'エ',
        'オ' | 'ｵ' => 'オ',
        _ => return None,
    })
}
