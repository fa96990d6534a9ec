use encoding_rs::{EncoderResult, SHIFT_JIS};
use unicode_normalization::char::compose;

use crate::Cell;

/// What stands in for a character cp932 does not have.
const GETA: &str = "〓";

/// Encoding of a written CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8 with BOM: Excel opens it by double-click, and every name survives.
    #[default]
    Utf8Bom,
    /// cp932 (Windows-31J), for older systems.
    Cp932,
}

/// A character that cp932 could not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Row in the written file as Excel shows it (the header is row 1).
    pub row: usize,
    /// Header of the column, or its number when it has none.
    pub column: String,
    /// The character as it was, with its variation selector if it had one.
    pub character: String,
    /// What was written instead: 〓, or the nearest character.
    pub replaced_by: String,
}

/// Writes a CSV with CRLF line ends, and lists every character that had to be replaced.
///
/// Text that Excel would run as a formula gets a leading `'`. Characters that only differ by a
/// conversion table (〜 and ～, − and －) are exchanged silently; anything a reader could notice is
/// listed, nothing is dropped, and no numeric entity (`&#134071;`) is ever written.
pub fn write_csv(
    headers: &[String],
    rows: &[Vec<Cell>],
    encoding: Encoding,
) -> (Vec<u8>, Vec<Loss>) {
    let mut out = Output {
        bytes: Vec::new(),
        losses: Vec::new(),
        encoding,
    };
    if encoding == Encoding::Utf8Bom {
        out.bytes.extend_from_slice(b"\xEF\xBB\xBF");
    }
    let labels = headers
        .iter()
        .map(|header| Cell::text(header.as_str()))
        .collect();
    for (index, cells) in std::iter::once(&labels).chain(rows).enumerate() {
        out.line(index + 1, headers, cells);
    }
    (out.bytes, out.losses)
}

/// Would Excel take this for a formula? Full-width signs count: Japanese Excel accepts them.
pub(crate) fn starts_a_formula(text: &str) -> bool {
    text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '−',
    ])
}

struct Output {
    bytes: Vec<u8>,
    losses: Vec<Loss>,
    encoding: Encoding,
}

impl Output {
    fn line(&mut self, row: usize, headers: &[String], cells: &[Cell]) {
        // a single empty field would be a blank line, which readers skip
        if cells.len() == 1 && cells.iter().all(Cell::is_empty) {
            self.bytes.extend_from_slice(b"\"\"");
        }
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.bytes.push(b',');
            }
            let guard = matches!(cell, Cell::Text(text) if starts_a_formula(text));
            let text = format!("{}{}", if guard { "'" } else { "" }, cell.as_text());
            let quoted = text.contains(['"', ',', '\r', '\n', '\t']) || text.trim() != text;
            let text = if quoted {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text
            };
            match self.encoding {
                Encoding::Utf8Bom => self.bytes.extend_from_slice(text.as_bytes()),
                Encoding::Cp932 => {
                    let column = headers.get(index).filter(|header| !header.is_empty());
                    let column = column
                        .cloned()
                        .unwrap_or_else(|| format!("{}列目", index + 1));
                    self.cp932(row, &column, &text);
                }
            }
        }
        self.bytes.extend_from_slice(b"\r\n");
    }

    fn cp932(&mut self, row: usize, column: &str, text: &str) {
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let mut original = c.to_string();
            let mut written = c;
            while let Some(mark) = rest.next_if(|next| joins_the_character_before(*next)) {
                original.push(mark);
                // か + ゛ as macOS writes them is the が of cp932
                if let Some(whole) = compose(written, mark) {
                    written = whole;
                }
            }
            let lossy_marks = original.chars().skip(1).any(is_selector_or_stray)
                || (original.chars().count() > 1 && compose_all(&original) != Some(written));
            let (replacement, silent) = match stand_in(written) {
                Some((nearest, silent)) => (nearest.to_string(), silent),
                None => (written.to_string(), true),
            };
            let replaced_by = if self.encode(&replacement) {
                replacement
            } else {
                self.encode(GETA);
                GETA.to_owned()
            };
            if lossy_marks || !silent || replaced_by == GETA && original != GETA {
                let column = column.to_owned();
                self.losses.push(Loss {
                    row,
                    column,
                    character: original,
                    replaced_by,
                });
            }
        }
    }

    /// Appends one character if cp932 has it; nothing otherwise.
    fn encode(&mut self, character: &str) -> bool {
        let mut buffer = [0_u8; 16];
        let mut encoder = SHIFT_JIS.new_encoder();
        match encoder.encode_from_utf8_without_replacement(character, &mut buffer, true) {
            (EncoderResult::InputEmpty, _, written) => {
                self.bytes
                    .extend_from_slice(buffer.get(..written).unwrap_or_default());
                true
            }
            _ => false,
        }
    }
}

/// Combining marks, variation selectors (IVS) and joiners belong to the character before.
fn joins_the_character_before(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || is_selector_or_stray(c)
}

fn is_selector_or_stray(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{200B}'..='\u{200D}' | '\u{2060}')
}

/// The single character a sequence composes to, if it does so without remainder.
fn compose_all(sequence: &str) -> Option<char> {
    let mut chars = sequence.chars();
    let first = chars.next()?;
    chars.try_fold(first, compose)
}

/// The nearest cp932 character, and whether the change is only one of conversion tables.
fn stand_in(c: char) -> Option<(char, bool)> {
    Some(match c {
        '〜' => ('～', true),
        '−' => ('－', true),
        '‖' => ('∥', true),
        '¢' => ('￠', true),
        '£' => ('￡', true),
        '¬' => ('￢', true),
        // encoding_rs would write a backslash and a tilde
        '¥' => ('￥', true),
        '‾' => ('￣', true),
        '\u{A0}' => (' ', true),
        '¦' => ('￤', true),
        '—' => ('―', false),
        '–' | '‑' | '‒' => ('‐', false),
        '•' => ('・', false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cp932(text: &str) -> (String, Vec<(String, String)>) {
        let (bytes, losses) = write_csv(
            &["氏名".to_owned()],
            &[vec![Cell::text(text)]],
            Encoding::Cp932,
        );
        let (decoded, _, bad) = SHIFT_JIS.decode(&bytes);
        assert!(!bad && bytes.ends_with(b"\r\n"));
        let line = decoded
            .strip_prefix("氏名\r\n")
            .unwrap()
            .trim_end_matches("\r\n")
            .to_owned();
        let losses = losses.into_iter().map(|loss| {
            assert_eq!((loss.row, loss.column.as_str()), (2, "氏名"));
            (loss.character, loss.replaced_by)
        });
        (line, losses.collect())
    }

    fn pair(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn what_windows_has_survives() {
        for text in [
            "髙﨑①㈱Ⅲ栁德瀨",
            "ﾊﾝｶｸｶﾅ",
            "神福諸隆塚晴",
            "～－∥￥",
            "a\\b~c",
            "〓",
        ] {
            assert_eq!(cp932(text), (text.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn twins_of_the_conversion_tables_change_silently() {
        assert_eq!(
            cp932("10〜12 ‖ 1−2 ¥"),
            ("10～12 ∥ 1－2 ￥".to_owned(), vec![])
        );
        assert_eq!(cp932("か\u{3099}"), ("が".to_owned(), vec![]));
    }

    #[test]
    fn the_rest_is_replaced_and_listed() {
        assert_eq!(cp932("𠮷田"), ("〓田".to_owned(), vec![pair("𠮷", "〓")]));
        assert_eq!(cp932("a—b"), ("a―b".to_owned(), vec![pair("—", "―")]));
        assert_eq!(cp932("é"), ("〓".to_owned(), vec![pair("é", "〓")]));
        assert_eq!(
            cp932("e\u{301}"),
            ("〓".to_owned(), vec![pair("e\u{301}", "〓")])
        );
        let ivs = "葛\u{E0100}";
        assert_eq!(
            cp932(&format!("{ivs}城")),
            ("葛城".to_owned(), vec![pair(ivs, "葛")])
        );
        let (bytes, _) = write_csv(&[], &[vec![Cell::text("𠮷")]], Encoding::Cp932);
        assert!(!bytes.contains(&b'&') && !bytes.contains(&b'?'));
    }

    #[test]
    fn formulas_are_disarmed_but_numbers_are_not() {
        let cells = vec![
            Cell::text("=1+1"),
            Cell::Number(-5.0),
            Cell::text("＠x"),
            Cell::text("0012"),
        ];
        let (bytes, _) = write_csv(&["a".to_owned()], &[cells], Encoding::Utf8Bom);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "\u{FEFF}a\r\n'=1+1,-5,'＠x,0012\r\n"
        );
    }
}
