//! The walk over the form: every word to the field whose label it stands under or beside.

use std::collections::{BTreeMap, BTreeSet};

use crate::labels::{Block, Label, Part};
use crate::lines::Row;
use crate::resolve::{Slot, resolve};
use crate::scan::{Piece, Placed, scan};
use crate::tail::{Ending, ending, final_rows};

/// What one printing of a label is followed by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Occurrence {
    pub(crate) text: String,
    /// The how-manieth label of the sheet it is.
    pub(crate) nth: usize,
    /// The words stood under a heading, their own label was missing.
    pub(crate) loose: bool,
    /// Row and column that the last words came from.
    last: Option<(usize, usize)>,
}

/// Everything found in a sheet, field by field, before copies are compared.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) values: BTreeMap<Slot, Vec<Occurrence>>,
    pub(crate) attachments: Vec<String>,
    /// Blocks that began without their heading.
    pub(crate) unheaded: Vec<Block>,
    /// Fields whose words were placed by guess.
    pub(crate) guessed: BTreeSet<Slot>,
    /// Blocks with some answer in them.
    pub(crate) answered: BTreeSet<Block>,
    /// How many labels were seen.
    labels: usize,
    /// The first row below 1-1.
    pub(crate) profile_end: usize,
    /// The first row of 1-1, or of what follows the names.
    pub(crate) profile_start: usize,
}

/// A label that words may still come to.
#[derive(Clone, Copy, Debug)]
struct Open {
    column: usize,
    slot: Slot,
}

struct Walk<'a> {
    rows: &'a [Row],
    out: Reading,
    open: Vec<Open>,
    /// The row of the labels in `open`.
    label_row: usize,
    /// Some row was given to `open` since.
    fed: bool,
    /// Rows of words under イ 開催方法 without labels of their own.
    meetings: usize,
    tail: bool,
}

/// Reads blocks 1-2 to 5 of `rows`.
pub(crate) fn walk(rows: &[Row]) -> Reading {
    let pieces = scan(rows);
    let (slots, unheaded) = resolve(&pieces);
    let last = final_rows(&pieces, &slots);
    let mut walk = Walk {
        rows,
        out: Reading {
            unheaded,
            profile_end: rows.len(),
            ..Reading::default()
        },
        open: Vec::new(),
        label_row: 0,
        fed: false,
        meetings: 0,
        tail: false,
    };
    let mut from = 0;
    for (at, row) in rows.iter().enumerate() {
        let count = pieces
            .iter()
            .skip(from)
            .take_while(|placed| placed.row == at)
            .count();
        let range = from..from + count;
        from += count;
        let (Some(pieces), Some(slots)) = (pieces.get(range.clone()), slots.get(range)) else {
            continue;
        };
        if walk.tail && !walk.leaves_tail(pieces, slots) {
            if !row.is_blank() {
                walk.out.attachments.push(row.text());
            }
            continue;
        }
        walk.tail = false;
        if slots.iter().any(Option::is_some) {
            walk.labels(at, pieces, slots);
        } else {
            walk.words(at, pieces, last.contains(&walk.label_row));
        }
    }
    walk.out
}

impl Walk<'_> {
    /// A row with labels: what stands before the first goes on above, the rest belongs to them.
    fn labels(&mut self, at: usize, pieces: &[Placed], slots: &[Option<Slot>]) {
        let mut group: Vec<Open> = Vec::new();
        for (placed, slot) in pieces.iter().zip(slots) {
            match (&placed.piece, slot) {
                (Piece::Label { .. }, Some(slot)) => {
                    self.out.labels += 1;
                    let nth = self.out.labels;
                    self.note_profile(at, slot.label);
                    self.meetings = 0;
                    self.out.values.entry(*slot).or_default().push(Occurrence {
                        nth,
                        ..Occurrence::default()
                    });
                    group.push(Open {
                        column: placed.column,
                        slot: *slot,
                    });
                }
                (Piece::Words(text), _) => match group.last() {
                    Some(open) if open.slot.label.has_field() => {
                        self.put(open.slot, at, placed.column, text);
                    }
                    Some(open) => {
                        let open = *open;
                        self.loose(open.slot, at, &[(placed.column, text.as_str())]);
                    }
                    None => self.distribute(at, &[(placed.column, text.as_str())]),
                },
                _ => {}
            }
        }
        self.open = group;
        self.label_row = at;
        self.fed = false;
    }

    /// A row without labels.
    fn words(&mut self, at: usize, pieces: &[Placed], is_last: bool) {
        let words: Vec<(usize, &str)> = pieces
            .iter()
            .filter_map(|placed| match &placed.piece {
                Piece::Words(text) => Some((placed.column, text.as_str())),
                Piece::Label { .. } => None,
            })
            .collect();
        let row = self.rows.get(at);
        if is_last && row.is_some_and(|row| row.gap) {
            let text = self.open.last().map_or("", |open| self.text(open.slot));
            match ending(self.rows, self.label_row, at, text) {
                Ending::GoesOn => {}
                Ending::Attachment => {
                    self.tail = true;
                    if let Some(row) = row.filter(|row| !row.is_blank()) {
                        self.out.attachments.push(row.text());
                    }
                    return;
                }
            }
        }
        self.distribute(at, &words);
        self.fed = true;
    }

    /// Gives the cells of a row to the labels above: in order where their numbers agree, else by column.
    fn distribute(&mut self, at: usize, words: &[(usize, &str)]) {
        let fields: Vec<Open> = self
            .open
            .iter()
            .filter(|open| open.slot.label.has_field())
            .copied()
            .collect();
        let Some(last) = fields.last().copied() else {
            if let Some(open) = self.open.last().copied() {
                self.loose(open.slot, at, words);
            }
            return;
        };
        let mut columns: Vec<usize> = words.iter().map(|(column, _)| *column).collect();
        columns.dedup();
        if let [(column, text)] = words
            && fields.len() > 1
            && fields.iter().all(|open| open.column == *column)
        {
            self.split(at, *column, text, &fields);
            return;
        }
        let shift = self.broken_cell(at);
        let tabbed = self.rows.get(at).is_some_and(|row| row.tabbed);
        let was_tabbed = self.rows.get(self.label_row).is_some_and(|row| row.tabbed);
        for (column, text) in words {
            let slot = if fields.len() == 1 {
                last.slot
            } else if shift == 0 && columns.len() == fields.len() {
                let nth = columns.iter().position(|c| c == column).unwrap_or_default();
                fields.get(nth).map_or(last.slot, |open| open.slot)
            } else if !tabbed && was_tabbed {
                // a line that lost its cells: below blank labels the first, else the last begun
                let begun = fields.iter().rev().find(|f| !self.text(f.slot).is_empty());
                let slot = begun.or(fields.first()).map_or(last.slot, |open| open.slot);
                self.out.guessed.insert(slot);
                slot
            } else {
                fields
                    .iter()
                    .rev()
                    .find(|open| open.column <= *column + shift)
                    .or(fields.first())
                    .map_or(last.slot, |open| open.slot)
            };
            self.put(slot, at, *column, text);
        }
    }

    /// By how many columns row `at` is shifted because a line break inside a cell cut its table row
    /// in two: the halves together have as many cells as the row of the labels.
    fn broken_cell(&self, at: usize) -> usize {
        let cells = |at: usize| self.rows.get(at).map_or(0, |row| row.cells.len());
        let Some(above) = at.checked_sub(1).filter(|above| *above > self.label_row) else {
            return 0;
        };
        let (first, second, whole) = (cells(above), cells(at), cells(self.label_row));
        let gap = self.rows.get(at).is_none_or(|row| row.gap);
        let halves = first > 1 && second > 1 && first < whole && second < whole;
        if !gap && halves && first + second == whole + 1 {
            first - 1
        } else {
            0
        }
    }

    /// One line below labels that share one cell: its words are theirs in order where their number
    /// agrees, else all the first's; either way a guess.
    fn split(&mut self, at: usize, column: usize, text: &str, fields: &[Open]) {
        let mut words: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            // a unit or a remark belongs to the word in front of it
            let belongs =
                word.starts_with(['(', '（', '～', '~']) || matches!(word, "人" | "名" | "等");
            match words.last_mut().filter(|_| belongs) {
                Some(last) => {
                    last.push(' ');
                    last.push_str(word);
                }
                None => words.push(word.to_owned()),
            }
        }
        let blank = fields.iter().all(|open| self.text(open.slot).is_empty());
        if blank && words.len() == fields.len() {
            for (open, word) in fields.iter().zip(words) {
                self.out.guessed.insert(open.slot);
                self.put(open.slot, at, column, &word);
            }
            return;
        }
        let begun = fields.iter().rev().find(|f| !self.text(f.slot).is_empty());
        if let Some(open) = begun.or(fields.first()) {
            self.out.guessed.insert(open.slot);
            self.put(open.slot, at, column, text);
        }
    }

    /// Words under a heading whose own labels are missing.
    fn loose(&mut self, heading: Slot, at: usize, words: &[(usize, &str)]) {
        let mut columns: Vec<usize> = words.iter().map(|(column, _)| *column).collect();
        columns.dedup();
        let fields = default_fields(heading, self.meetings);
        if heading.label == Label::Meetings {
            self.meetings += 1;
        }
        for (column, text) in words {
            let nth = columns.iter().position(|c| c == column).unwrap_or_default();
            let Some((label, part)) = fields.get(nth).or(fields.last()) else {
                continue;
            };
            let slot = Slot {
                block: heading.block,
                part: *part,
                label: *label,
            };
            let list = self.out.values.entry(slot).or_default();
            let nth = self.out.labels;
            if !list.last().is_some_and(|o| o.loose && o.nth == nth) {
                list.push(Occurrence {
                    nth,
                    loose: true,
                    ..Occurrence::default()
                });
            }
            self.put(slot, at, *column, text);
        }
    }

    /// Adds words to the last printing of a label.
    fn put(&mut self, slot: Slot, at: usize, column: usize, text: &str) {
        let gap = self.rows.get(at).is_some_and(|row| row.gap);
        let Some(found) = self.out.values.get_mut(&slot).and_then(|l| l.last_mut()) else {
            return;
        };
        match found.last {
            None => {}
            Some((row, from)) if row == at && from != column => found.text.push(' '),
            // a sentence cut by a page break
            Some((row, _)) if row != at && gap && !is_finished(&found.text) => {}
            Some(_) => found.text.push('\n'),
        }
        self.out.answered.insert(slot.block);
        found.text.push_str(text);
        found.last = Some((at, column));
    }

    /// What the last printing of a label is followed by so far.
    fn text(&self, slot: Slot) -> &str {
        let list = self.out.values.get(&slot);
        list.and_then(|list| list.last())
            .map_or("", |found| found.text.as_str())
    }

    /// Behind the form, only a block that is still missing leads back into it.
    fn leaves_tail(&self, pieces: &[Placed], slots: &[Option<Slot>]) -> bool {
        pieces.iter().zip(slots).any(|(placed, slot)| {
            let (Piece::Label { exact, inside, .. }, Some(slot)) = (&placed.piece, slot) else {
                return false;
            };
            let known = self.out.answered.contains(&slot.block);
            let named = slot.label.opens().is_some() || slot.label.block().is_some();
            !known && !inside && named && (*exact || slot.label.opens().is_some())
        })
    }

    fn note_profile(&mut self, at: usize, label: Label) {
        match label {
            Label::ProfileHeading if at < self.out.profile_end => {
                self.out.profile_start = at + 1;
            }
            Label::ProfileHeading => {}
            _ => self.out.profile_end = self.out.profile_end.min(at),
        }
    }
}

/// A sentence or a list that ends here.
pub(crate) fn is_finished(text: &str) -> bool {
    text.trim_end().ends_with([
        '。', '．', '.', '）', ')', '」', '』', '】', '！', '？', '>', '＞', '〉', '》',
    ])
}

/// The fields under a heading, in the order of their cells.
fn default_fields(heading: Slot, rows: usize) -> Vec<(Label, Part)> {
    use Label as L;
    let of = |part: Part, labels: &[Label]| labels.iter().map(|label| (*label, part)).collect();
    match heading.label {
        L::PartA => of(Part::A, &[L::TargetArea, L::AreaUnit, L::Population]),
        L::PartB => of(Part::B, &[L::TargetArea, L::AreaUnit, L::Population]),
        L::SupportHeading => of(Part::A, &[L::SupportTarget, L::SupportContent]),
        L::BaseHeading => of(Part::A, &[L::BasePlace, L::BaseOperator]),
        L::TrainingHeading => of(Part::A, &[L::TrainingTarget, L::TrainingContent]),
        L::DeskHeading => of(Part::B, &[L::DeskPlace, L::DeskReceiver]),
        L::PublicityHeading => of(Part::B, &[L::PublicityHow]),
        L::EarlyHeading => of(Part::B, &[L::EarlyHow]),
        L::BackupHeading => of(Part::B, &[L::BackupContent, L::BackupBy]),
        L::Meetings if rows == 0 => of(Part::Case, &[L::CaseHow, L::Existing]),
        L::Meetings => of(Part::Network, &[L::NetworkHow, L::Existing]),
        L::SpecialistHeading => of(
            Part::Whole,
            &[
                L::SpecialistTarget,
                L::SpecialistSystem,
                L::SpecialistProcess,
            ],
        ),
        L::MunicipalHeading => of(Part::Whole, &[L::MunicipalTarget, L::MunicipalContent]),
        _ => Vec::new(),
    }
}
