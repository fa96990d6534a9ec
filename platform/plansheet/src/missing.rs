//! Labels that the form prints and the sheet does not have.

use std::collections::BTreeSet;

use crate::form::Reading;
use crate::labels::{Block, Label, Part, Style, TABLE};
use crate::warnings::Warnings;

/// What a block shares with others.
const SHARED: [Label; 4] = [Label::Implementer, Label::Name, Label::Need, Label::Goal];

/// Warns of every label missing in a block that is there: its field is blank for want of a row, or
/// its words stand in the field above.
pub(crate) fn check(reading: &Reading, warnings: &mut Warnings) {
    for (block, path) in [
        (Block::Vision, "vision"),
        (Block::Community, "community_strengthening"),
        (Block::MultiAgency, "multi_agency"),
        (Block::Prefectural, "prefectural"),
    ] {
        let found: BTreeSet<(Part, Label)> = reading
            .values
            .iter()
            .filter(|(slot, list)| slot.block == block && list.iter().any(|o| !o.loose))
            .map(|(slot, _)| (slot.part, slot.label))
            .collect();
        let fields = found.iter().filter(|(_, label)| label.opens().is_none());
        if fields.count() == 0 {
            continue;
        }
        let mut missing: Vec<String> = expected(block)
            .into_iter()
            .filter(|field| !found.contains(field))
            .map(|(part, label)| format!("「{}{}」", prefix(part, label), label.words()))
            .collect();
        missing.dedup();
        if !missing.is_empty() {
            warnings.add(
                path,
                format!(
                    "様式にある見出し{}が見つかりません。その欄は空欄か、前の欄に混じっています。",
                    missing.concat()
                ),
            );
        }
    }
}

fn prefix(part: Part, label: Label) -> &'static str {
    match part {
        _ if label.times() == 1 => "",
        Part::Whole => "",
        Part::A => "ア ",
        Part::B => "イ ",
        Part::Case => "個別事例の検討 ",
        Part::Network => "ネットワーク構築 ",
    }
}

/// The fields of a block.
fn expected(block: Block) -> Vec<(Part, Label)> {
    let mut out: Vec<(Part, Label)> = Vec::new();
    let own = TABLE.iter().filter(|entry| entry.block == Some(block));
    for entry in own.filter(|entry| entry.style != Style::Heading) {
        let label = entry.label;
        match label {
            Label::TargetArea | Label::AreaUnit | Label::Population | Label::Linked => {
                out.extend([(Part::A, label), (Part::B, label)]);
            }
            Label::Existing => out.extend([(Part::Case, label), (Part::Network, label)]),
            Label::CaseHow => out.push((Part::Case, label)),
            Label::NetworkHow => out.push((Part::Network, label)),
            _ if label.has_field() => out.push((label.part().unwrap_or(Part::Whole), label)),
            _ => {}
        }
    }
    match block {
        Block::Community => {
            out.extend(SHARED.iter().take(3).map(|label| (Part::Whole, *label)));
            out.extend([(Part::A, Label::Goal), (Part::B, Label::Goal)]);
        }
        Block::MultiAgency | Block::Prefectural => {
            out.extend(SHARED.iter().map(|label| (Part::Whole, *label)));
        }
        _ => {}
    }
    out.sort_unstable();
    out.dedup();
    out
}
