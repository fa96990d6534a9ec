//! From a row of cells to an [`Entry`]: what was repaired on the way, and what cannot be read. No I/O.

mod cells;
pub mod days;
pub mod text;
pub mod words;

use chrono::NaiveDate;
use engawa_kernel::text::fiscal::FiscalYear;
use engawa_organisations::codes::{CodeList, Labels};

use crate::{
    book::{Book, BookRow},
    fields,
    model::{Choice, Entry, Fault, Repair, RepairKind},
};
use cells::Cells;
use words::End;

/// What a row became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The row as understood; none when there is a fault.
    pub entry: Option<Entry>,
    /// What was repaired, in the order of the columns.
    pub repairs: Vec<Repair>,
    /// Why it cannot be taken in.
    pub faults: Vec<Fault>,
}

/// Reads every row of a ledger.
pub struct Reader<'a> {
    book: &'a Book,
    choice: &'a Choice,
    labels: &'a Labels,
    today: NaiveDate,
    year: Option<FiscalYear>,
    /// The day of the row above, for rows that leave it empty; never from another sheet.
    day_above: Option<(usize, String)>,
}

impl<'a> Reader<'a> {
    /// Begins at the first row.
    #[must_use]
    pub fn new(book: &'a Book, choice: &'a Choice, labels: &'a Labels, today: NaiveDate) -> Self {
        let april = |year| NaiveDate::from_ymd_opt(year, 4, 1);
        Self {
            book,
            choice,
            labels,
            today,
            year: choice.year.and_then(april).map(FiscalYear::of),
            day_above: None,
        }
    }

    /// Reads the next row; rows must come in their order.
    pub fn row(&mut self, row: &BookRow) -> Reading {
        let mut at = Cells {
            book: self.book,
            choice: self.choice,
            row,
            repairs: Vec::new(),
            faults: Vec::new(),
        };
        at.note_dittos_and_signs();
        let entry = self.read(&mut at);
        Reading {
            entry: entry.filter(|_| at.faults.is_empty()),
            repairs: at.repairs,
            faults: at.faults,
        }
    }

    fn read(&mut self, at: &mut Cells<'_>) -> Option<Entry> {
        if !at.get(fields::PROTECTION).is_empty()
            && words::end(at.get(fields::PROTECTION)) != Some(End::No)
            && !matches!(at.get(fields::PROTECTION), "無" | "なし" | "無し")
        {
            at.fault(
                fields::PROTECTION,
                "のある方は、台帳からは取り込みません。相談受付の画面から受け付け、秘匿を設定してください。".into(),
            );
        }
        let received = self.received(at);
        let day = received.map_or(self.today, |(day, _)| day);
        let time = received.and_then(|(_, time)| time).or_else(|| at.time());
        let mut notes = Vec::new();
        let (name, kana) = at.names();
        let birth = at.birth(day, self.today);
        let sex = at.sex();
        let phone = at.phone(fields::PHONE, 100);
        let contact = at.phone(fields::CONTACT, 200);
        let mut consulter = at.kana(fields::CONSULTER, 100);
        let relation = at.text(fields::RELATION, 100);
        if consulter == name || text::folded(&consulter) == "本人" {
            consulter.clear();
        }
        let own =
            consulter.is_empty() && (relation.is_empty() || text::folded(&relation) == "本人");
        let issues = at.issues(self.labels, &mut notes);
        let default = if own { "self" } else { "family" };
        let route = at.coded(
            self.labels,
            (fields::ROUTE, CodeList::Route),
            default,
            &mut notes,
        );
        let channel = (fields::CHANNEL, CodeList::Channel);
        let channel = at.coded(self.labels, channel, "phone", &mut notes);
        let urgency = (fields::URGENCY, CodeList::Urgency);
        let urgency = at.coded(self.labels, urgency, "normal", &mut notes);
        let answer = at.text(fields::ANSWER, 5_000);
        let closed = self.closed(at, day, &mut notes);
        let said = at.words(&name, &answer);
        for (key, label) in [
            (fields::STAFF, "台帳の担当"),
            (fields::NUMBER, "台帳の整理番号"),
        ] {
            let text = at.text(key, 200);
            if !text.is_empty() {
                notes.push(format!("{label}: {text}"));
            }
        }
        let own_notes = at.text(fields::NOTES, 4_000);
        notes.extend(Some(own_notes).filter(|n| !n.is_empty()));
        Some(Entry {
            received: received?.0,
            time,
            name,
            kana,
            birth,
            sex,
            address: at.text(fields::ADDRESS, 300),
            phone,
            consulter,
            relation: if own { String::new() } else { relation },
            contact,
            words: said,
            issues,
            route,
            channel,
            urgency,
            answer,
            closed,
            notes: notes.join("\n"),
        })
    }

    /// The day it was said: of this row, or of the row above where it is left empty.
    fn received(&mut self, at: &mut Cells<'_>) -> Option<(NaiveDate, Option<chrono::NaiveTime>)> {
        let mut text = at.get(fields::RECEIVED).to_owned();
        if text.is_empty() {
            match &self.day_above {
                Some((sheet, above)) if *sheet == at.row.sheet => {
                    text.clone_from(above);
                    at.repair(fields::RECEIVED, "", text.clone(), RepairKind::Above);
                }
                _ => {
                    at.fault(
                        fields::RECEIVED,
                        "がありません。日付を入れてください。".into(),
                    );
                    return None;
                }
            }
        }
        match days::moment(&text, self.today, self.year) {
            Ok(((day, _), _)) if day > self.today => {
                at.fault(
                    fields::RECEIVED,
                    format!("「{text}」は先の日付です。年を確かめてください。"),
                );
                None
            }
            Ok(((day, how), time)) => {
                if let Some(how) = how {
                    at.repair(fields::RECEIVED, &text, days::shown(day), how);
                }
                self.day_above = Some((at.row.sheet, text));
                Some((day, time))
            }
            Err(e) => {
                at.fault(fields::RECEIVED, e);
                None
            }
        }
    }

    /// The day it ended; the day it was said where only a mark stands.
    fn closed(
        &self,
        at: &mut Cells<'_>,
        received: NaiveDate,
        notes: &mut Vec<String>,
    ) -> Option<NaiveDate> {
        let text = at.get(fields::CLOSED).to_owned();
        let blank = || self.choice.blank_is_closed.then_some(received);
        if text.is_empty() {
            return blank();
        }
        match words::end(&text) {
            Some(End::Yes) => return Some(received),
            Some(End::No) => return None,
            None => {}
        }
        match days::moment(&text, self.today, self.year) {
            Ok(((day, how), _)) if day >= received && day <= self.today => {
                if let Some(how) = how {
                    at.repair(fields::CLOSED, &text, days::shown(day), how);
                }
                Some(day)
            }
            Ok(((day, _), _)) => {
                at.fault(
                    fields::CLOSED,
                    format!(
                        "の日付({})が、受付日より前か、先の日付です。",
                        days::shown(day)
                    ),
                );
                None
            }
            Err(_) => {
                at.repair(fields::CLOSED, &text, "備考".into(), RepairKind::Notes);
                notes.push(format!("台帳の終結欄: {text}"));
                blank()
            }
        }
    }
}
