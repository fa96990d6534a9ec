//! From what is typed to keys and pieces, and why a text answers. No I/O.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::DocKind;
use crate::{
    error::{Error, Result},
    text::{
        exceeds_graphemes, kana,
        name::{self, NameMatch, Reason},
        phone,
    },
};

/// Characters of a search at most.
pub const MAX_QUERY: usize = 200;
/// Words of a search at most; all of them must be found in one text.
pub const MAX_TERMS: usize = 6;
/// Signs of the longest indexed piece of a short key.
const PIECE: usize = 4;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The words as typed.
    typed: Vec<String>,
    /// Keys to find in names and numbers.
    pub(super) short: Vec<String>,
    /// Keys to find in running text; empty when these words are not looked for there.
    pub(super) long: Vec<String>,
    /// Only digits were typed.
    digits: bool,
}

impl Query {
    /// Reads what was typed; blanks part words that must all be found.
    ///
    /// # Errors
    /// [`Error::Invalid`] above [`MAX_QUERY`] characters or [`MAX_TERMS`] words.
    pub fn parse(text: &str) -> Result<Self> {
        if exceeds_graphemes(text, MAX_QUERY) {
            return Err(Error::Invalid(format!(
                "検索の言葉は{MAX_QUERY}文字までです。短くして、もう一度検索してください。"
            )));
        }
        let typed: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if typed.len() > MAX_TERMS {
            return Err(Error::Invalid(format!(
                "空白で区切った言葉は{MAX_TERMS}個までです。減らして、もう一度検索してください。"
            )));
        }
        let digits = is_phone(text);
        let keys = |fold: fn(&str) -> String| {
            typed
                .iter()
                .map(|t| fold(t))
                .filter(|k| !k.is_empty())
                .collect::<Vec<_>>()
        };
        let short = if digits {
            vec![phone::digits(text)]
        } else {
            keys(name::search_key)
        };
        let mut long = keys(kana::text_key);
        // A single kana or letter stands in nearly every text.
        if long.iter().any(|k| long_terms(k).is_empty()) {
            long.clear();
        }
        Ok(Self {
            typed,
            short,
            long,
            digits,
        })
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.short.is_empty() && self.long.is_empty()
    }

    /// Pieces that a text's index entry must have all of.
    pub(super) fn pieces(&self, long: bool) -> Vec<String> {
        let all: BTreeSet<String> = if long {
            self.long.iter().flat_map(|k| long_terms(k)).collect()
        } else {
            self.short.iter().flat_map(|k| short_terms(k)).collect()
        };
        all.into_iter().collect()
    }

    /// Why a text that was found answers, and how close it is (0 is closest).
    pub(super) fn reason(&self, kind: DocKind, said: &str, key: &str) -> (u8, String) {
        match kind {
            DocKind::Phone => {
                let whole = self.short.iter().any(|k| k == key);
                (u8::from(!whole), "電話番号".into())
            }
            DocKind::Number => {
                let whole = self
                    .short
                    .iter()
                    .any(|k| key.split(' ').any(|part| part == k));
                let numbered = self
                    .short
                    .iter()
                    .all(|k| key.split(' ').take(PARTS_OF_NUMBER).any(|p| p.contains(k)));
                let why = if numbered {
                    "番号"
                } else {
                    "ケースの名前"
                };
                (u8::from(!whole), why.into())
            }
            DocKind::Words | DocKind::Contact => {
                let words: Vec<String> = self.typed.iter().map(|t| format!("「{t}」")).collect();
                (0, format!("言葉{}", words.join("")))
            }
            DocKind::Name => self.name_reason(said),
        }
    }

    fn name_reason(&self, said: &str) -> (u8, String) {
        let whole = self.typed.join(" ");
        if let Some(NameMatch { reason, .. }) = name::match_reason(&whole, &[said])
            && reason != Reason::Part
        {
            return (0, reason.to_string());
        }
        // Term by term: the family name alone may be the same sound, or a variant.
        let parts: Vec<&str> = std::iter::once(said)
            .chain(said.split_whitespace())
            .collect();
        let mut why: Vec<String> = Vec::new();
        let mut rank = 1;
        for term in &self.typed {
            let text = match name::match_reason(term, &parts) {
                Some(NameMatch {
                    reason: Reason::Part,
                    ..
                })
                | None => {
                    rank = 2;
                    Reason::Part.to_string()
                }
                Some(found) => found.reason.to_string(),
            };
            if !why.contains(&text) {
                why.push(text);
            }
        }
        (rank, why.join("、"))
    }

    /// Only digits and the signs between them were typed.
    #[must_use]
    pub const fn is_digits(&self) -> bool {
        self.digits
    }
}

fn is_phone(text: &str) -> bool {
    let line: String = text.nfkc().collect();
    line.chars().any(|c| c.is_ascii_digit())
        && line.chars().all(|c| {
            c.is_ascii_digit() || c.is_whitespace() || "+-()‐\u{2011}‒–—―ー−.・/".contains(c)
        })
}

/// 相R8-00123 is found whole, by any part, as 相R8-123 and as 123; what follows the number after a
/// blank is what the record is called, and is found as a name is.
pub(super) fn number_key(text: &str) -> String {
    let (number, label) = text.split_once(' ').unwrap_or((text, ""));
    std::iter::once(count_key(number))
        .chain(name::part_keys(label))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The parts of [`number_key`] that are the number.
const PARTS_OF_NUMBER: usize = 3;

fn count_key(number: &str) -> String {
    let line: String = number.nfkc().collect();
    let whole = name::search_key(&line);
    match line.rsplit_once(['-', '‐', '−']) {
        Some((series, count)) => {
            let count = name::search_key(count);
            let count = count.trim_start_matches('0');
            format!("{whole} {}{count} {count}", name::search_key(series))
        }
        None => whole,
    }
}

/// Pieces of one to four signs of each part of a short key, parted by blanks.
pub(super) fn short_grams(key: &str) -> String {
    let mut all = BTreeSet::new();
    for part in key.split(' ') {
        let signs: Vec<char> = part.chars().collect();
        for n in 1..=PIECE {
            all.extend(signs.windows(n).map(String::from_iter));
        }
    }
    all.into_iter().collect::<Vec<_>>().join(" ")
}

/// Pairs of signs and single kanji of a long key, parted by blanks.
pub(super) fn long_grams(key: &str) -> String {
    let mut all: BTreeSet<String> = name::key_bigrams(key).into_iter().collect();
    all.extend(key.chars().filter(|c| is_kanji(*c)).map(String::from));
    all.into_iter().collect::<Vec<_>>().join(" ")
}

fn short_terms(key: &str) -> Vec<String> {
    let signs: Vec<char> = key.chars().collect();
    if signs.len() <= PIECE {
        vec![key.to_owned()]
    } else {
        signs.windows(PIECE).map(String::from_iter).collect()
    }
}

fn long_terms(key: &str) -> Vec<String> {
    let mut signs = key.chars();
    match (signs.next(), signs.next()) {
        (Some(only), None) if !is_kanji(only) => Vec::new(),
        _ => name::key_bigrams(key),
    }
}

fn is_kanji(c: char) -> bool {
    !c.is_ascii() && !kana::is_kana(c) && c.is_alphabetic()
}
