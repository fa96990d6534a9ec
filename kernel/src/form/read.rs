//! The readers: from what was typed to a typed value, or to a message that helps.
//!
//! A reader trims the ends (ordinary and ideographic spaces, line ends) and turns CRLF into LF;
//! it never normalises the rest: a name is stored as it was typed.

use std::fmt::Display;
use std::ops::RangeInclusive;

use unicode_segmentation::UnicodeSegmentation;

use super::Form;

/// Ends the messages about a field: nothing typed was lost.
const KEPT: &str = "入力はこの画面に残っています。";

impl Form {
    /// A text of at most `max` characters as people count them (graphemes: 「神󠄀」 is one).
    /// Control characters other than line ends and tabs are refused.
    pub fn text(&mut self, name: &str, label: &str, max: usize, required: bool) -> String {
        let text = self.value(name).replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim();
        if text.is_empty() {
            if required {
                self.error(name, label, format!("「{label}」を入力してください。"));
            }
            return String::new();
        }
        if let Some((place, found)) = text
            .graphemes(true)
            .enumerate()
            .find_map(|(place, g)| Some((place, g.chars().find(|c| is_refused(*c))?)))
        {
            let message = format!(
                "「{label}」の{}文字目に、目に見えない制御文字（U+{:04X}）が入っています。その前後を消して入れ直してください。{KEPT}",
                grouped(place + 1),
                u32::from(found),
            );
            self.error(name, label, message);
            return String::new();
        }
        // The byte length bounds the count, so short texts are not counted twice.
        if text.len() > max {
            let count = text.graphemes(true).count();
            if count > max {
                let message = format!(
                    "「{label}」は{}文字までです（いま{}文字）。{KEPT}",
                    grouped(max),
                    grouped(count),
                );
                self.error(name, label, message);
                return String::new();
            }
            // A grapheme may carry any number of marks; no real text needs this many.
            if text.chars().count() > max.saturating_mul(8).saturating_add(64) {
                let message = format!("「{label}」に、重ねた記号が多すぎる文字があります。{KEPT}");
                self.error(name, label, message);
                return String::new();
            }
        }
        text.to_owned()
    }

    /// As [`Form::text`], for a field that may stay empty.
    pub fn opt_text(&mut self, name: &str, label: &str, max: usize) -> Option<String> {
        Some(self.text(name, label, max, false)).filter(|text| !text.is_empty())
    }

    /// The code of one choice out of `options` (code, label).
    pub fn choice(
        &mut self,
        name: &str,
        label: &str,
        options: &[(&str, &str)],
        required: bool,
    ) -> Option<String> {
        let given = self.value(name).trim().to_owned();
        if given.is_empty() {
            if required {
                self.error(name, label, format!("「{label}」を選んでください。"));
            }
            return None;
        }
        if options.iter().any(|(code, _)| *code == given) {
            return Some(given);
        }
        self.error(name, label, unknown_choice(label));
        None
    }

    /// The codes ticked, each once, in the order of `options`.
    pub fn choices(
        &mut self,
        name: &str,
        label: &str,
        options: &[(&str, &str)],
        required: bool,
    ) -> Vec<String> {
        let given: Vec<String> = self
            .values(name)
            .into_iter()
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect();
        if given.is_empty() && required {
            let message = format!("「{label}」を一つ以上選んでください。");
            self.error(name, label, message);
        }
        if given
            .iter()
            .any(|value| !options.iter().any(|(code, _)| code == value))
        {
            self.error(name, label, unknown_choice(label));
        }
        options
            .iter()
            .filter(|(code, _)| given.iter().any(|value| value == code))
            .map(|(code, _)| (*code).to_owned())
            .collect()
    }

    /// A whole number. Full-width digits and thousands separators are understood.
    pub fn integer(
        &mut self,
        name: &str,
        label: &str,
        range: RangeInclusive<i64>,
        required: bool,
    ) -> Option<i64> {
        let digits: String = self
            .value(name)
            .trim()
            .chars()
            .filter(|c| !matches!(c, ',' | '，'))
            .map(half_width)
            .collect();
        if digits.is_empty() {
            if required {
                self.error(name, label, format!("「{label}」を入力してください。"));
            }
            return None;
        }
        match digits.parse::<i64>() {
            Ok(number) if range.contains(&number) => Some(number),
            _ => {
                let message = format!(
                    "「{label}」は{}から{}までの整数で入力してください。{KEPT}",
                    range.start(),
                    range.end(),
                );
                self.error(name, label, message);
                None
            }
        }
    }

    /// Whether the box was ticked.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.values(name)
            .iter()
            .any(|value| !value.is_empty() && *value != "0")
    }

    /// Anything with its own reader: dates, birth dates, ids. The error's `Display` is the part of
    /// the sentence after 「label」: and must speak to the user.
    pub fn parsed<T, E: Display>(
        &mut self,
        name: &str,
        label: &str,
        required: bool,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.value(name).trim().to_owned();
        if text.is_empty() {
            if required {
                self.error(name, label, format!("「{label}」を入力してください。"));
            }
            return None;
        }
        match read(&text) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.error(name, label, format!("「{label}」: {reason}"));
                None
            }
        }
    }
}

fn is_refused(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => {
            char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
        }
        '－' | '−' | 'ー' => '-',
        other => other,
    }
}

fn unknown_choice(label: &str) -> String {
    format!("「{label}」に、この画面にない選択肢が送られました。選び直してください。{KEPT}")
}

/// 23511 as 「23,511」.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
