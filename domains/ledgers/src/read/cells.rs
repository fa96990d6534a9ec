//! The cells of a row, one reader for each field.

use chrono::NaiveDate;
use engawa_kernel::text::{birth::BirthDate, grapheme_len};
use engawa_organisations::codes::{CodeList, Labels};
use engawa_people::Sex;

use super::{days, text, words};
use crate::{
    book::{Book, BookRow, odd_signs},
    fields::{self, field},
    model::{Choice, Fault, Repair, RepairKind},
};

/// The cells of one row, and what was found out about them.
pub(super) struct Cells<'a> {
    pub(super) book: &'a Book,
    pub(super) choice: &'a Choice,
    pub(super) row: &'a BookRow,
    pub(super) repairs: Vec<Repair>,
    pub(super) faults: Vec<Fault>,
}

impl Cells<'_> {
    pub(super) fn get(&self, key: &str) -> &str {
        let column = self.choice.columns.get(key);
        column
            .and_then(|c| self.row.cells.get(*c))
            .map_or("", |t| t.trim())
    }

    /// What the file calls the column of a field.
    fn column(&self, key: &str) -> String {
        let header = self.choice.columns.get(key);
        header
            .and_then(|c| self.book.headers.get(*c))
            .filter(|h| !h.is_empty())
            .cloned()
            .unwrap_or_else(|| field(key).map_or(key, |f| f.label).to_owned())
    }

    pub(super) fn repair(&mut self, key: &str, before: &str, after: String, kind: RepairKind) {
        self.repairs.push(Repair {
            column: self.column(key),
            before: before.to_owned(),
            after,
            kind,
        });
    }

    pub(super) fn fault(&mut self, key: &str, message: String) {
        self.faults.push(Fault {
            column: Some(self.column(key)),
            message,
        });
    }

    pub(super) fn note_dittos_and_signs(&mut self) {
        for (key, column) in &self.choice.columns {
            let Some(cell) = self.row.cells.get(*column) else {
                continue;
            };
            let label = self.column(key);
            if self.row.ditto.contains(column) {
                self.repairs.push(Repair {
                    column: label.clone(),
                    before: "〃".into(),
                    after: cell.clone(),
                    kind: RepairKind::Above,
                });
            }
            let odd = odd_signs(cell);
            if !odd.is_empty() {
                let codes: Vec<String> = odd
                    .iter()
                    .map(|c| format!("U+{:04X}", u32::from(*c)))
                    .collect();
                self.repairs.push(Repair {
                    column: label,
                    before: cell.clone(),
                    after: codes.join(" "),
                    kind: RepairKind::Sign,
                });
            }
        }
    }

    /// A text within its limit; control signs become blanks.
    pub(super) fn text(&mut self, key: &str, max: usize) -> String {
        let text: String = self
            .get(key)
            .chars()
            .map(|c| match c {
                '\n' | '\t' => c,
                c if c.is_control() => ' ',
                c => c,
            })
            .collect();
        let long = grapheme_len(&text);
        if long > max {
            self.fault(
                key,
                format!("は{max}文字までです(いま{long}文字)。短くするか、行を分けてください。"),
            );
            return String::new();
        }
        text
    }

    pub(super) fn kana(&mut self, key: &str, max: usize) -> String {
        let typed = self.text(key, max);
        let wide = text::wide_kana(&typed);
        if wide != typed {
            self.repair(key, &typed, wide.clone(), RepairKind::Kana);
        }
        wide
    }

    pub(super) fn names(&mut self) -> (String, String) {
        (self.kana(fields::NAME, 100), self.kana(fields::KANA, 100))
    }

    pub(super) fn phone(&mut self, key: &str, max: usize) -> String {
        let typed = self.text(key, max);
        match text::with_zero(&typed) {
            Some(whole) => {
                self.repair(key, &typed, whole.clone(), RepairKind::Zero);
                whole
            }
            None => typed,
        }
    }

    pub(super) fn time(&mut self) -> Option<chrono::NaiveTime> {
        let typed = self.get(fields::TIME).to_owned();
        // A cell of Excel that holds a time alone comes with the day zero of its calendar.
        let plain = typed.rsplit(' ').next().unwrap_or_default();
        engawa_kernel::text::wareki::parse_time(plain).ok()
    }

    pub(super) fn birth(&mut self, day: NaiveDate, today: NaiveDate) -> BirthDate {
        let typed = self.get(fields::BIRTH).to_owned();
        if typed.is_empty() {
            let age = self.get(fields::AGE).to_owned();
            let bare = text::folded(&age);
            let bare = bare.trim_end_matches(".0");
            let text = if !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit()) {
                format!("{bare}歳")
            } else {
                age.clone()
            };
            return match BirthDate::parse(&text, day) {
                Ok(birth) => birth,
                Err(e) => {
                    self.fault(fields::AGE, e.to_string());
                    BirthDate::Unknown
                }
            };
        }
        if let Ok((birth, how)) = days::day(&typed, today, None) {
            if birth > day {
                self.fault(
                    fields::BIRTH,
                    format!("「{typed}」が受付日より後になっています。"),
                );
            } else if let Some(how) = how {
                self.repair(fields::BIRTH, &typed, days::shown(birth), how);
            }
            return BirthDate::Exact(birth);
        }
        match BirthDate::parse(&typed, day) {
            Ok(birth) => birth,
            Err(e) => {
                self.fault(fields::BIRTH, e.to_string());
                BirthDate::Unknown
            }
        }
    }

    pub(super) fn sex(&mut self) -> Sex {
        let typed = self.get(fields::SEX).to_owned();
        if let (Some(sex), "1" | "2") = (words::sex(&typed), typed.as_str()) {
            self.repair(fields::SEX, &typed, sex.label().into(), RepairKind::Code);
        }
        words::sex(&typed).unwrap_or_else(|| {
            self.fault(
                fields::SEX,
                format!("「{typed}」は読めません。男・女・その他・不明のどれかにしてください。"),
            );
            Sex::Unknown
        })
    }

    pub(super) fn coded(
        &mut self,
        labels: &Labels,
        (key, list): (&str, CodeList),
        default: &str,
        notes: &mut Vec<String>,
    ) -> String {
        let typed = self.text(key, 200);
        if let Some((code, exact)) = words::code(labels, list, &typed) {
            if !exact {
                let word = labels.label(list, &code).to_owned();
                self.repair(key, &typed, word, RepairKind::Code);
            }
            return code;
        }
        let options = labels.options(list);
        let code = options
            .iter()
            .find(|(c, _)| *c == default)
            .or(options.first())
            .map_or(default, |(c, _)| *c)
            .to_owned();
        if !typed.is_empty() {
            notes.push(format!("台帳の{}: {typed}", self.column(key)));
            let after = format!("備考(選択肢は「{}」)", labels.label(list, &code));
            self.repair(key, &typed, after, RepairKind::Notes);
        }
        code
    }

    pub(super) fn issues(&mut self, labels: &Labels, notes: &mut Vec<String>) -> Vec<String> {
        let typed = self.text(fields::ISSUE, 1_000);
        let mut found: Vec<String> = Vec::new();
        // The whole cell first: words of the lists have ・ and 、 in them.
        let whole = words::code(labels, CodeList::Issue, &typed).filter(|(_, exact)| *exact);
        if let Some((code, _)) = whole {
            return vec![code];
        }
        for part in words::parts(&typed) {
            match words::code(labels, CodeList::Issue, part) {
                Some((code, exact)) => {
                    if !exact {
                        let word = labels.label(CodeList::Issue, &code).to_owned();
                        self.repair(fields::ISSUE, part, word, RepairKind::Code);
                    }
                    if !found.contains(&code) {
                        found.push(code);
                    }
                }
                None => {
                    self.repair(fields::ISSUE, part, "備考".into(), RepairKind::Notes);
                    notes.push(format!("台帳の{}: {part}", self.column(fields::ISSUE)));
                }
            }
        }
        found
    }

    /// The words said; a row must say something of its own.
    pub(super) fn words(&mut self, name: &str, answer: &str) -> String {
        let said = self.text(fields::WORDS, 20_000);
        if !said.is_empty() {
            return said;
        }
        if name.is_empty() && answer.is_empty() && self.get(fields::ISSUE).is_empty() {
            self.faults.push(Fault {
                column: None,
                message:
                    "氏名も相談内容もありません。要らない行なら消し、要る行なら書き足してください。"
                        .into(),
            });
        } else {
            let after = "(台帳に相談内容の記載なし)";
            self.repair(fields::WORDS, "", after.into(), RepairKind::Filled);
        }
        "(台帳に相談内容の記載なし)".into()
    }
}
