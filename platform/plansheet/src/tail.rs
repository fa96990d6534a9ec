//! Where the form ends and its attachments begin.

use std::collections::{BTreeMap, BTreeSet};

use crate::form::is_finished;
use crate::labels::{Block, Label};
use crate::lines::Row;
use crate::resolve::Slot;
use crate::scan::{Piece, Placed};

/// What a row behind a blank line is, below the last label of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Still the last field.
    GoesOn,
    /// Something behind the form.
    Attachment,
}

/// The rows that hold the last label of a block: the form's last where it is printed, else the last
/// that was found.
pub(crate) fn final_rows(pieces: &[Placed], slots: &[Option<Slot>]) -> BTreeSet<usize> {
    let mut last: BTreeMap<Block, (bool, usize)> = BTreeMap::new();
    for (placed, slot) in pieces.iter().zip(slots) {
        let Some(slot) = slot.filter(|slot| slot.block >= Block::Community) else {
            continue;
        };
        let Piece::Label { inside, .. } = placed.piece else {
            continue;
        };
        let closes = !inside
            && matches!(
                (slot.block, slot.label),
                (Block::Community, Label::MultiAgencyPlan)
                    | (Block::MultiAgency, Label::CommunityPlan)
                    | (Block::Prefectural, Label::Goal)
            );
        let entry = last.entry(slot.block).or_insert((closes, placed.row));
        if closes || !entry.0 {
            *entry = (closes, placed.row);
        }
    }
    last.into_values().map(|(_, row)| row).collect()
}

/// What row `at`, which stands behind a blank line, is; `value` is what the last field holds so far.
pub(crate) fn ending(rows: &[Row], label_row: usize, at: usize, value: &str) -> Ending {
    let (Some(row), Some(label)) = (rows.get(at), rows.get(label_row)) else {
        return Ending::Attachment;
    };
    if row.is_blank() {
        return Ending::GoesOn;
    }
    let text = row.text();
    let sentence = is_sentence(&text);
    let in_table = label.tabbed || !label.gap || rows.get(label_row + 1).is_some_and(|r| !r.gap);
    if value.is_empty() {
        let answered = rows.get(label_row + 1).is_some_and(|row| !row.gap) && at > label_row + 1;
        return match (in_table, answered) {
            // the cell is there and blank
            (true, true) => Ending::Attachment,
            // cut between label and answer by a page break
            (true, false) if sentence || (row.tabbed && row.cells.len() == label.cells.len()) => {
                Ending::GoesOn
            }
            (true, false) => Ending::Attachment,
            (false, _) => Ending::GoesOn,
        };
    }
    let cut = !is_finished(value) && value.chars().nth(30).is_some();
    if cut && sentence {
        return Ending::GoesOn;
    }
    if !in_table && sentence && !row.tabbed {
        return Ending::GoesOn;
    }
    Ending::Attachment
}

/// Prose rather than the words of a diagram.
fn is_sentence(text: &str) -> bool {
    let text = text.trim_end();
    text.chars().nth(19).is_some() && text.ends_with(['。', '．'])
}
