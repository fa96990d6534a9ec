//! Which field of the form a label means, where several blocks or halves print the same words.

use crate::labels::{Block, Label, Part};
use crate::scan::{Piece, Placed};

/// One field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Slot {
    pub(crate) block: Block,
    pub(crate) part: Part,
    pub(crate) label: Label,
}

/// The slot of every label in `pieces` (`None` for words), and whether a block's heading was missing.
pub(crate) fn resolve(pieces: &[Placed]) -> (Vec<Option<Slot>>, Vec<Block>) {
    let labels: Vec<(usize, Label)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(at, placed)| match placed.piece {
            Piece::Label { label, .. } => Some((at, label)),
            Piece::Words(_) => None,
        })
        .collect();
    let ahead = Ahead::new(&labels);
    let mut out = vec![None; pieces.len()];
    let mut unheaded = Vec::new();
    let mut walk = Walk::default();
    for (nth, (at, label)) in labels.iter().enumerate() {
        let slot = walk.step(*label, ahead.at(nth), &mut unheaded);
        if let Some(cell) = out.get_mut(*at) {
            *cell = Some(slot);
        }
    }
    (out, unheaded)
}

/// What comes behind each label.
#[derive(Clone, Copy, Default)]
struct Coming {
    /// The block of the next label that only one block has, before the next heading or ①.
    block: Option<Block>,
    /// The half of the next label that only one half has.
    part: Option<Part>,
}

struct Ahead(Vec<Coming>);

impl Ahead {
    fn new(labels: &[(usize, Label)]) -> Self {
        let mut out = vec![Coming::default(); labels.len()];
        let mut coming = Coming::default();
        for (nth, (_, label)) in labels.iter().enumerate().rev() {
            if let Some(cell) = out.get_mut(nth) {
                *cell = coming;
            }
            if label.opens().is_some() || *label == Label::Implementer {
                coming = Coming::default();
                continue;
            }
            coming.block = label.block().or(coming.block);
            if label.block().is_some() && !is_area(*label) && *label != Label::Linked {
                coming.part = label.part();
            }
        }
        Self(out)
    }

    fn at(&self, nth: usize) -> Coming {
        self.0.get(nth).copied().unwrap_or_default()
    }
}

fn is_area(label: Label) -> bool {
    matches!(
        label,
        Label::TargetArea | Label::AreaUnit | Label::Population
    )
}

struct Walk {
    block: Block,
    part: Part,
    meeting: Part,
    /// ①実施主体 was seen since the block began.
    implementer: bool,
    /// The heading of the half was the last label.
    fresh: bool,
    existing: usize,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            block: Block::Head,
            part: Part::A,
            meeting: Part::Whole,
            implementer: false,
            fresh: false,
            existing: 0,
        }
    }
}

impl Walk {
    fn step(&mut self, label: Label, coming: Coming, unheaded: &mut Vec<Block>) -> Slot {
        if let Some(block) = label.opens() {
            self.begin(block);
        } else if let Some(block) = label.block() {
            if block != self.block {
                self.begin(block);
                unheaded.push(block);
            }
        } else if label == Label::Implementer {
            if (self.implementer || self.block < Block::Community)
                && let Some(block) = coming.block.filter(|block| *block != self.block)
            {
                self.begin(block);
                unheaded.push(block);
            }
            self.implementer = true;
        }
        let part = match label {
            Label::TargetArea | Label::AreaUnit | Label::Population => {
                if !self.fresh
                    && let Some(part) = coming.part
                {
                    self.part = part;
                }
                self.part
            }
            Label::Linked => self.part,
            Label::Goal if self.block == Block::Community => self.part,
            Label::CaseHow => {
                self.meeting = Part::Case;
                Part::Case
            }
            Label::NetworkHow => {
                self.meeting = Part::Network;
                Part::Network
            }
            Label::Existing => self.existing(),
            _ => {
                self.part = label.part().unwrap_or(self.part);
                label.part().unwrap_or(Part::Whole)
            }
        };
        self.fresh = matches!(label, Label::PartA | Label::PartB) || (self.fresh && is_area(label));
        Slot {
            block: self.block,
            part,
            label,
        }
    }

    fn begin(&mut self, block: Block) {
        *self = Self {
            block,
            ..Self::default()
        };
    }

    /// （既存の会議の名称） belongs to the meeting printed before it, else the first is the cases'.
    fn existing(&mut self) -> Part {
        self.existing += 1;
        match self.meeting {
            Part::Whole if self.existing > 1 => Part::Network,
            Part::Whole => Part::Case,
            part => part,
        }
    }
}
