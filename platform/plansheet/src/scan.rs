//! The rows as one stream of labels and of the words between them.

use std::collections::BTreeMap;

use crate::fold::Folded;
use crate::labels::{Block, Label};
use crate::lines::Row;
use crate::recognise::{Hit, Place, Recogniser, is_bracketed_label, is_note};

/// A label or the words between two labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A label of the form.
    Label {
        label: Label,
        /// Printed as the form has it.
        exact: bool,
        /// Seen in the middle of a paragraph.
        inside: bool,
    },
    /// Words that somebody filled in.
    Words(String),
}

/// A piece and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) row: usize,
    pub(crate) column: usize,
    pub(crate) piece: Piece,
}

/// Splits every row into labels and words.
pub(crate) fn scan(rows: &[Row]) -> Vec<Placed> {
    let mut recogniser = Recogniser::new();
    let mut found = beginnings(rows, &mut recogniser);
    let mut seen: BTreeMap<Label, usize> = BTreeMap::new();
    for placed in &found {
        if let Piece::Label { label, .. } = placed.piece {
            *seen.entry(label).or_default() += 1;
        }
    }
    found = inside(found, &seen);
    found
}

/// Labels at the beginning of a paragraph or of a line in it.
fn beginnings(rows: &[Row], recogniser: &mut Recogniser) -> Vec<Placed> {
    let mut out = Vec::new();
    let mut block = Block::Head;
    let mut last = None;
    // folded characters of a cut label that the next row begins with
    let mut missing = 0;
    for (at, row) in rows.iter().enumerate() {
        let filled = row.cells.iter().filter(|cell| !cell.is_empty()).count();
        let labels = row
            .paragraphs()
            .filter(|(_, text)| is_bracketed_label(text, block))
            .count();
        let below = rows.get(at + 1).and_then(|row| row.paragraphs().next());
        let mut skip = std::mem::take(&mut missing);
        for (column, text) in row.paragraphs() {
            let mut rest = text;
            if skip > 0 {
                rest = rest
                    .get(Folded::new(rest, skip).end(skip)..)
                    .unwrap_or_default();
                skip = 0;
            }
            while !rest.is_empty() {
                rest = rest.trim_start();
                let line = rest.split_once('\n').map_or(rest, |(line, _)| line);
                let place = Place {
                    block,
                    alone: filled == 1 && column == 0,
                    first: row.cells.iter().take(column).all(Vec::is_empty),
                    beside_label: labels > 1
                        || matches!(last, Some(Label::PublicityHeading | Label::EarlyHeading)),
                };
                let next = below.filter(|(below, _)| *below == column);
                let hit = recogniser
                    .beginning(rest, place, next.map(|(_, text)| text))
                    .filter(|hit| rest.is_char_boundary(hit.end));
                let Some(hit) = hit else {
                    words(&mut out, at, column, line);
                    rest = rest.get(line.len()..).unwrap_or_default();
                    continue;
                };
                if let Some(opened) = hit.label.opens() {
                    block = opened;
                } else if let Some(own) = hit.label.block() {
                    block = own;
                }
                missing = missing.max(hit.missing);
                last = Some(hit.label);
                out.push(label(at, column, hit, false));
                rest = after_label(rest, hit.end);
            }
        }
    }
    out
}

/// Labels in the middle of a paragraph: only those that the form still owes.
fn inside(found: Vec<Placed>, seen: &BTreeMap<Label, usize>) -> Vec<Placed> {
    let mut out = Vec::with_capacity(found.len());
    let mut block = Block::Head;
    // the last label and its row
    let mut last: Option<(Label, usize)> = None;
    let owed = |label: Label| seen.get(&label).copied().unwrap_or_default() < label.times();
    for placed in found {
        let (row, column) = (placed.row, placed.column);
        let text = match placed.piece {
            Piece::Label { label, .. } => {
                block = label.opens().or(label.block()).unwrap_or(block);
                last = Some((label, row));
                out.push(placed);
                continue;
            }
            Piece::Words(text) => text,
        };
        let place = Place {
            block,
            alone: false,
            first: false,
            beside_label: false,
        };
        let mut from = 0;
        let mut at = 0;
        let mut after_space = true;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let bracket = matches!(c, '(' | '（' | '[' | '［' | '〔');
            if block >= Block::Vision && (bracket || (after_space && may_begin(c))) {
                let rest = text.get(at..).unwrap_or_default();
                let beside = |label: Label| {
                    after_space && last.is_some_and(|(l, r)| r == row && label.stands_beside(l))
                };
                let hit = Recogniser::inside(rest, place)
                    .filter(|hit| owed(hit.label) || beside(hit.label))
                    .filter(|hit| rest.is_char_boundary(hit.end));
                if let Some(hit) = hit {
                    words(
                        &mut out,
                        row,
                        column,
                        text.get(from..at).unwrap_or_default(),
                    );
                    out.push(label(row, column, hit, true));
                    last = Some((hit.label, row));
                    at += rest.len() - after_label(rest, hit.end).len();
                    from = at;
                    after_space = true;
                    continue;
                }
            }
            after_space = c.is_whitespace();
            at += c.len_utf8();
        }
        words(&mut out, row, column, text.get(from..).unwrap_or_default());
    }
    out
}

/// A label may begin with `c`.
fn may_begin(c: char) -> bool {
    ('①'..='⑳').contains(&c)
        || matches!(c, 'ア' | 'イ' | 'ウ' | 'エ' | 'オ' | '地' | '事' | '本')
        || c.is_ascii_digit()
}

/// What follows a label, without the colon some put behind it.
fn after_label(text: &str, end: usize) -> &str {
    text.get(end..)
        .unwrap_or_default()
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '」' | '*'))
}

fn label(row: usize, column: usize, hit: Hit, inside: bool) -> Placed {
    Placed {
        row,
        column,
        piece: Piece::Label {
            label: hit.label,
            exact: hit.exact,
            inside,
        },
    }
}

fn words(out: &mut Vec<Placed>, row: usize, column: usize, text: &str) {
    let text = text.trim();
    if !text.is_empty() && !is_note(text) {
        out.push(Placed {
            row,
            column,
            piece: Piece::Words(text.to_owned()),
        });
    }
}
