//! Text before it is set. Nothing a person wrote disappears in silence: a character without a shape
//! becomes 〓 and is listed; a word without an end may break.

use serde_json::Value;
use unicode_normalization::char::compose;

use crate::{
    GETA,
    fonts::{has_variant, is_printable, is_selector},
};

/// Letters in a row without a place to break, after which one is offered: an address of a web page
/// must not run out of its box.
const UNBROKEN: usize = 24;
/// The key of a picture's source, which is not text for the page.
const PICTURE: &str = "svg";

/// What could not be printed as it is written.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    /// Characters without a shape, each once, in the order of their first appearance: 〓.
    pub(crate) missing: Vec<char>,
    /// Characters whose variant has no shape, with their selector: printed in the common shape.
    pub(crate) plain: Vec<String>,
}

impl Losses {
    fn miss(&mut self, character: char) {
        if !self.missing.contains(&character) {
            self.missing.push(character);
        }
    }

    fn flatten(&mut self, base: char, selector: char) {
        let variant = String::from_iter([base, selector]);
        if !self.plain.contains(&variant) {
            self.plain.push(variant);
        }
    }

    /// These, and then those of another part.
    pub(crate) fn add(&mut self, other: Self) {
        other.missing.into_iter().for_each(|c| self.miss(c));
        for variant in other.plain {
            if !self.plain.contains(&variant) {
                self.plain.push(variant);
            }
        }
    }

    /// As the note on the page names them: `U+1F600`.
    pub(crate) fn code_points(&self) -> Vec<String> {
        self.missing.iter().copied().map(code_point).collect()
    }

    /// As the note on the page names them: the common shape, and `U+9089 U+E0107`.
    pub(crate) fn variants(&self) -> Vec<String> {
        let name = |variant: &String| {
            let points: Vec<String> = variant.chars().map(code_point).collect();
            let base: String = variant.chars().take(1).collect();
            format!("{base}（{}）", points.join(" "))
        };
        self.plain.iter().map(name).collect()
    }
}

fn code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// Makes every text in the data printable; returns what was lost by that.
pub(crate) fn settle(data: &mut Value) -> Losses {
    let mut losses = Losses::default();
    walk(data, &mut losses);
    losses
}

fn walk(data: &mut Value, losses: &mut Losses) {
    match data {
        Value::String(text) => *text = line(text, losses),
        Value::Array(values) => values.iter_mut().for_each(|value| walk(value, losses)),
        Value::Object(fields) => fields
            .iter_mut()
            .filter(|(key, _)| *key != PICTURE)
            .for_each(|(_, value)| walk(value, losses)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// One text; what is lost is added to the list. A voicing mark after its kana, as some systems
/// write が, becomes one character, which looks the same; a byte order mark is no text.
pub(crate) fn line(text: &str, losses: &mut Losses) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for character in text.chars().filter(|c| *c != '\u{FEFF}') {
        let before = out.chars().next_back();
        if matches!(character, '\u{3099}' | '\u{309A}')
            && let Some(whole) = before.and_then(|c| compose(c, character))
        {
            out.pop();
            out.push(whole);
            continue;
        }
        if is_selector(character)
            && let Some(base) = before
            && base != GETA
            && !has_variant(base, character)
        {
            losses.flatten(base, character);
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
            losses.miss(character);
        }
    }
    out
}

/// Roughly: what a line is not broken after. Japanese may break anywhere.
fn breaks_nowhere(character: char) -> bool {
    !character.is_whitespace() && u32::from(character) < 0x2000
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_character_without_a_shape_becomes_geta_and_is_listed_once() {
        let mut data = json!({"a": ["髙﨑😀", {"b": "😀🏠"}], "svg": "😀", "n": 3});
        assert_eq!(settle(&mut data).missing, ['😀', '🏠']);
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
            let mut losses = Losses::default();
            assert_eq!(line(name, &mut losses), name);
            assert!(losses.missing.is_empty(), "{name}: {losses:?}");
            assert!(losses.plain.is_empty(), "{name}: {losses:?}");
        }
    }

    #[test]
    fn a_kana_with_its_mark_apart_is_one_character() {
        let mut losses = Losses::default();
        let said = line("\u{FEFF}か\u{3099}ハ\u{309A}", &mut losses);
        assert_eq!(said, "がパ");
        assert!(losses.missing.is_empty());
    }

    #[test]
    fn a_variant_without_a_shape_keeps_its_selector_and_is_listed() {
        let mut losses = Losses::default();
        let name = "山\u{E01EF}田";
        assert_eq!(line(name, &mut losses), name);
        assert!(losses.missing.is_empty());
        assert_eq!(losses.variants(), ["山（U+5C71 U+E01EF）"]);
    }

    #[test]
    fn private_use_and_control_characters_are_listed() {
        let mut losses = Losses::default();
        assert_eq!(line("山\u{E000}田\u{0007}", &mut losses), "山〓田〓");
        assert_eq!(losses.code_points(), ["U+E000", "U+0007"]);
    }

    #[test]
    fn a_word_without_an_end_may_break() {
        let mut losses = Losses::default();
        let said = line(&"a".repeat(100), &mut losses);
        assert_eq!(said.matches('\u{200B}').count(), 4);
        assert_eq!(said.replace('\u{200B}', ""), "a".repeat(100));
        assert!(losses.missing.is_empty());
    }
}
