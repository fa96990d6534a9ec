//! Two texts side by side: which sentences stand on one side only.

use std::collections::HashSet;

/// A piece of a text, and whether the other text lacks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The words with the sign that ends them.
    pub text: String,
    /// Whether it stands on this side only.
    pub only_here: bool,
}

/// How two fields stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Both blank.
    BothBlank,
    /// The same words.
    Same,
    /// Only here.
    OnlyHere,
    /// Only there.
    OnlyThere,
    /// Different words.
    Differs,
}

/// How the words of two fields stand to each other; white space does not count.
#[must_use]
pub fn relation(here: &str, there: &str) -> Relation {
    let (a, b) = (bare(here), bare(there));
    match (a.is_empty(), b.is_empty()) {
        (true, true) => Relation::BothBlank,
        (false, true) => Relation::OnlyHere,
        (true, false) => Relation::OnlyThere,
        (false, false) if a == b => Relation::Same,
        (false, false) => Relation::Differs,
    }
}

/// The sentences and list entries of `here`, each with whether `there` lacks it.
#[must_use]
pub fn pieces(here: &str, there: &str) -> Vec<Piece> {
    let known: HashSet<String> = sentences(there).into_iter().map(|s| bare(&s)).collect();
    let mut found: Vec<Piece> = Vec::new();
    for text in sentences(here) {
        let key = bare(&text);
        let only_here = !key.is_empty() && !known.contains(&key);
        match found.last_mut() {
            Some(last) if last.only_here == only_here => last.text.push_str(&text),
            _ => found.push(Piece { text, only_here }),
        }
    }
    found
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn sentences(text: &str) -> Vec<String> {
    text.split_inclusive(['。', '\n', '、', '・'])
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_marked() {
        let found = pieces(
            "集いを月1回開く。サロンを増やす。",
            "集いを月1回開く。サロンを減らす。",
        );
        assert_eq!(found.len(), 2);
        assert!(!found[0].only_here && found[1].only_here);
        assert_eq!(found[1].text, "サロンを増やす。");
        let whole: String = pieces("あ。い、う\nえ", "")
            .into_iter()
            .map(|p| p.text)
            .collect();
        assert_eq!(whole, "あ。い、う\nえ");
    }

    #[test]
    fn white_space_is_no_difference() {
        assert_eq!(relation("町内 全域", "町内全域\n"), Relation::Same);
        assert_eq!(relation("", " "), Relation::BothBlank);
        assert_eq!(relation("あ", ""), Relation::OnlyHere);
        assert_eq!(relation("", "あ"), Relation::OnlyThere);
        assert_eq!(relation("あ", "い"), Relation::Differs);
    }
}
