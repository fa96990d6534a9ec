//! Text as labels are compared: width, white space and punctuation do not count.

use unicode_normalization::char::decompose_compatible;

/// A folded beginning of a text, each character with where it ended in the original.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// The folded characters.
    pub(crate) chars: Vec<char>,
    /// For each folded character, the byte in the original behind it.
    ends: Vec<usize>,
    /// White space, punctuation or the end follows in the original.
    closed: Vec<bool>,
    /// The whole text was folded, nothing cut.
    pub(crate) whole: bool,
}

impl Folded {
    /// Folds at most `limit` characters of `text`.
    pub(crate) fn new(text: &str, limit: usize) -> Self {
        let mut out = Self {
            whole: true,
            ..Self::default()
        };
        for (at, c) in text.char_indices() {
            if is_ignored(c) {
                if let Some(closed) = out.closed.last_mut() {
                    *closed = true;
                }
                continue;
            }
            if out.chars.len() >= limit {
                out.whole = false;
                break;
            }
            let end = at + c.len_utf8();
            decompose_compatible(c, |part| {
                if !is_ignored(part) {
                    out.chars.push(part.to_ascii_lowercase());
                    out.ends.push(end);
                    out.closed.push(false);
                }
            });
        }
        if out.whole
            && let Some(closed) = out.closed.last_mut()
        {
            *closed = true;
        }
        out
    }

    /// The byte of the original behind the first `count` folded characters.
    pub(crate) fn end(&self, count: usize) -> usize {
        match count.checked_sub(1) {
            Some(last) => self.ends.get(last).copied().unwrap_or_default(),
            None => 0,
        }
    }

    /// White space, punctuation or the end of the text follows the first `count` characters.
    pub(crate) fn closed(&self, count: usize) -> bool {
        match count.checked_sub(1) {
            Some(last) => self.closed.get(last).copied().unwrap_or(true),
            None => true,
        }
    }
}

/// `text` folded whole.
pub(crate) fn fold(text: &str) -> Vec<char> {
    Folded::new(text, usize::MAX).chars
}

/// As [`fold`], as a string, to compare two values.
pub(crate) fn squeezed(text: &str) -> String {
    fold(text).into_iter().collect()
}

fn is_ignored(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '、' | ','
                | '，'
                | '､'
                | '・'
                | '･'
                | '「'
                | '」'
                | '｢'
                | '｣'
                | '『'
                | '』'
                | '"'
                | '“'
                | '”'
                | '*'
                | '※'
                | ':'
                | '：'
                | '.'
                | '．'
                | '|'
        )
}

/// The beginning of `text` nearest to `label`: how many edits apart, and how many characters long.
///
/// Among equally near beginnings the one that `closed` calls finished wins, else the shortest.
pub(crate) fn nearest_beginning(label: &[char], text: &Folded) -> (usize, usize) {
    let width = text.chars.len().min(label.len() + label.len() / 4 + 2);
    let mut row: Vec<usize> = (0..=width).collect();
    for (i, wanted) in label.iter().enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        let mut left = i + 1;
        for (cell, found) in row.iter_mut().skip(1).zip(&text.chars) {
            let above = *cell;
            let best = (diagonal + usize::from(wanted != found))
                .min(above + 1)
                .min(left + 1);
            diagonal = above;
            left = best;
            *cell = best;
        }
    }
    let least = row.iter().copied().min().unwrap_or(label.len());
    let ends = || {
        row.iter()
            .enumerate()
            .filter(|(_, distance)| **distance == least)
            .map(|(length, _)| length)
    };
    let length = ends()
        .find(|length| text.closed(*length))
        .or_else(|| ends().next())
        .unwrap_or_default();
    (least, length)
}
