//! Finding a name however it is typed, and telling why it was found. A name is stored exactly
//! as written; everything here makes keys beside it.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::{kana, variants};

/// The search key of a name: kana by sound ([`kana::name_key`]), kanji by their common form,
/// without blanks and signs. The key of a key is the key.
#[must_use]
pub fn search_key(name: &str) -> String {
    kana::name_key(name)
}

/// All keys under which a name should be indexed: the whole, and each part between blanks or
/// ・ (family name, given name). Without the parts, 小野 オサム would not be found by オサム,
/// because オノオサム sounds オノーサム.
#[must_use]
pub fn part_keys(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| c.is_whitespace() || "・･=＝,，、".contains(c));
    let mut keys = vec![search_key(name)];
    for key in parts.map(search_key) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.retain(|key| !key.is_empty());
    keys
}

/// The pairs of neighbouring signs of a running text, over [`kana::text_key`]; a text of one
/// sign gives that sign. Repeats are kept: drop them or count them as the index needs.
#[must_use]
pub fn bigrams(text: &str) -> Vec<String> {
    key_bigrams(&kana::text_key(text))
}

/// The same over a key that is already folded, such as [`search_key`].
#[must_use]
pub fn key_bigrams(key: &str) -> Vec<String> {
    let after = key.chars().skip(1);
    let pairs: Vec<String> = key
        .chars()
        .zip(after)
        .map(|(a, b)| String::from_iter([a, b]))
        .collect();
    if pairs.is_empty() && !key.is_empty() {
        vec![key.to_owned()]
    } else {
        pairs
    }
}

/// Why a stored name answers to what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The same signs, blanks aside.
    Exact,
    /// The same sound: ﾀｶﾊｼ and タカハシ, オーノ and おおの.
    Kana,
    /// The same but for these kanji, as (typed, stored).
    Variant(Vec<(char, char)>),
    /// What was typed is a part of the name.
    Part,
}

impl Reason {
    const fn rank(&self) -> u8 {
        match self {
            Self::Exact => 0,
            Self::Kana => 1,
            Self::Variant(_) => 2,
            Self::Part => 3,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.write_str("同じ表記"),
            Self::Kana => f.write_str("読みが同じ"),
            Self::Variant(pairs) => {
                f.write_str("異体字")?;
                for (at, (typed, stored)) in pairs.iter().enumerate() {
                    write!(f, "{}{typed}→{stored}", if at == 0 { "（" } else { "、" })?;
                }
                if pairs.is_empty() {
                    Ok(())
                } else {
                    f.write_str("）")
                }
            }
            Self::Part => f.write_str("一部が同じ"),
        }
    }
}

/// A stored name that answers, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameMatch {
    /// Which of the stored names, by its place.
    pub index: usize,
    /// Why.
    pub reason: Reason,
}

/// The best answer among a person's stored names (本名, カナ, 旧姓, 通称 …), the closest first;
/// none where no name answers.
#[must_use]
pub fn match_reason<S: AsRef<str>>(typed: &str, stored: &[S]) -> Option<NameMatch> {
    let key = search_key(typed);
    if key.is_empty() {
        return None;
    }
    stored
        .iter()
        .enumerate()
        .filter_map(|(index, name)| {
            let reason = reason_for(typed, &key, name.as_ref())?;
            Some(NameMatch { index, reason })
        })
        .min_by_key(|found| found.reason.rank())
}

fn reason_for(typed: &str, key: &str, stored: &str) -> Option<Reason> {
    let stored_keys = part_keys(stored);
    if stored_keys.first()? == key {
        let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        // A reading typed as it is stored is still a reading: the name shown is written otherwise.
        if bare(typed) == bare(stored) && stored.chars().any(is_kanji) {
            return Some(Reason::Exact);
        }
        let pairs = kanji_differences(typed, stored);
        return Some(if pairs.is_empty() {
            Reason::Kana
        } else {
            Reason::Variant(pairs)
        });
    }
    stored_keys
        .iter()
        .any(|part| part.contains(key))
        .then_some(Reason::Part)
}

/// The kanji in which two names of one key differ. Kanji keep their order in the key whatever
/// the kana around them do, so the two rows of kanji lie side by side.
fn kanji_differences(typed: &str, stored: &str) -> Vec<(char, char)> {
    let kanji = |text: &str| {
        let signs: Vec<char> = text.chars().filter(|&c| is_kanji(c)).collect();
        signs
    };
    let mut pairs = Vec::new();
    for (a, b) in kanji(typed).into_iter().zip(kanji(stored)) {
        let one = |c: char| c.nfkc().next().unwrap_or(c);
        let alike = variants::fold(one(a)) == variants::fold(one(b));
        if a != b && alike && !pairs.contains(&(a, b)) {
            pairs.push((a, b));
        }
    }
    pairs
}

const fn is_kanji(c: char) -> bool {
    matches!(c, '㐀'..='䶿' | '一'..='鿿' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
