//! Text before it is set. Nothing a person wrote disappears in silence: a character without a shape
//! becomes 〓 and is listed; a word without an end may break.

use serde_json::Value;
use unicode_normalization::char::compose;

use crate::{GETA, fonts::is_printable};

/// Letters in a row without a place to break, after which one is offered: an address of a web page
/// must not run out of its box.
const UNBROKEN: usize = 24;
/// The key of a picture's source, which is not text for the page.
const PICTURE: &str = "svg";

/// Makes every text in the data printable; returns the characters that have no shape, each once,
/// in the order of their first appearance.
pub(crate) fn settle(data: &mut Value) -> Vec<char> {
    let mut missing = Vec::new();
    walk(data, &mut missing);
    missing
}

fn walk(data: &mut Value, missing: &mut Vec<char>) {
    match data {
        Value::String(text) => *text = line(text, missing),
        Value::Array(values) => values.iter_mut().for_each(|value| walk(value, missing)),
        Value::Object(fields) => fields
            .iter_mut()
            .filter(|(key, _)| *key != PICTURE)
            .for_each(|(_, value)| walk(value, missing)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// One text; what is missing is added to the list. A voicing mark after its kana, as some systems
/// write が, becomes one character, which looks the same; a byte order mark is no text.
pub(crate) fn line(text: &str, missing: &mut Vec<char>) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for character in text.chars().filter(|c| *c != '\u{FEFF}') {
        if matches!(character, '\u{3099}' | '\u{309A}')
            && let Some(whole) = out.chars().next_back().and_then(|c| compose(c, character))
        {
            out.pop();
            out.push(whole);
            continue;
        }
        run = if breaks_nowhere(character) {
            run + 1
        } else {
            0
        };
        if run > UNBROKEN {
            out.push('\u{200B}');
            run = 1;
        }
        if is_printable(character) {
            out.push(character);
        } else {
            out.push(GETA);
            if !missing.contains(&character) {
                missing.push(character);
            }
        }
    }
    out
}

/// Roughly: what a line is not broken after. Japanese may break anywhere.
fn breaks_nowhere(character: char) -> bool {
    !character.is_whitespace() && u32::from(character) < 0x2000
}

/// As the note on the page names them: `U+1F600`.
pub(crate) fn code_points(missing: &[char]) -> Vec<String> {
    missing
        .iter()
        .map(|c| format!("U+{:04X}", u32::from(*c)))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_character_without_a_shape_becomes_geta_and_is_listed_once() {
        let mut data = json!({"a": ["髙﨑😀", {"b": "😀🏠"}], "svg": "😀", "n": 3});
        assert_eq!(settle(&mut data), ['😀', '🏠']);
        assert_eq!(data["a"][0], "髙﨑〓");
        assert_eq!(data["a"][1]["b"], "〓〓");
        assert_eq!(data["svg"], "😀");
    }

    #[test]
    fn names_of_the_registers_are_printable() {
        for name in [
            "𠮷田",
            "葛󠄀城",
            "髙橋",
            "﨑山",
            "渡邉",
            "渡邊",
            "祇園",
            "刘伟",
            "㈱",
            "①",
        ] {
            let mut missing = Vec::new();
            assert_eq!(line(name, &mut missing), name);
            assert!(missing.is_empty(), "{name}: {missing:?}");
        }
    }

    #[test]
    fn a_kana_with_its_mark_apart_is_one_character() {
        let mut missing = Vec::new();
        let said = line("\u{FEFF}か\u{3099}ハ\u{309A}", &mut missing);
        assert_eq!(said, "がパ");
        assert!(missing.is_empty());
    }

    #[test]
    fn private_use_and_control_characters_are_listed() {
        let mut missing = Vec::new();
        assert_eq!(line("山\u{E000}田\u{0007}", &mut missing), "山〓田〓");
        assert_eq!(code_points(&missing), ["U+E000", "U+0007"]);
    }

    #[test]
    fn a_word_without_an_end_may_break() {
        let mut missing = Vec::new();
        let said = line(&"a".repeat(100), &mut missing);
        assert_eq!(said.matches('\u{200B}').count(), 4);
        assert_eq!(said.replace('\u{200B}', ""), "a".repeat(100));
        assert!(missing.is_empty());
    }
}
