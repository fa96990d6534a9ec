//! Which label, if any, a piece of text begins with.

use crate::fold::{Folded, nearest_beginning};
use crate::labels::{Block, Entry, Label, MEETING_NOTE, Style, TABLE};
use crate::ordinal::{Ordinal, is_close, is_open, ordinal};

/// Longest label plus room for damage, in characters.
const REACH: usize = 110;
/// Paragraphs of one sheet that may hold a damaged label; behind them (real sheets have some hundred)
/// only undamaged ones are recognised, so that garbage costs little.
const PARAGRAPHS: u32 = 10_000;
/// Costly comparisons of one sheet, for the same reason; real sheets need some thousand.
const COMPARISONS: u32 = 40_000;

/// A label found at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) label: Label,
    /// Bytes of the text that the label takes.
    pub(crate) end: usize,
    /// Printed as the form has it.
    pub(crate) exact: bool,
    /// Folded characters of the label that are still to come in the next row.
    pub(crate) missing: usize,
}

/// What the surroundings say about a text.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) block: Block,
    /// The text is the only cell of its row.
    pub(crate) alone: bool,
    /// The text stands in the first cell that is filled.
    pub(crate) first: bool,
    /// Another cell of the row holds a bracketed label of the form.
    pub(crate) beside_label: bool,
}

/// Recognises labels and keeps count of the effort.
pub(crate) struct Recogniser {
    paragraphs: u32,
    comparisons: u32,
}

impl Recogniser {
    pub(crate) fn new() -> Self {
        Self {
            paragraphs: PARAGRAPHS,
            comparisons: COMPARISONS,
        }
    }

    /// The label that `text` begins with. `next` is the text below, where a label that was cut by a
    /// page break goes on.
    pub(crate) fn beginning(
        &mut self,
        text: &str,
        place: Place,
        next: Option<&str>,
    ) -> Option<Hit> {
        if let Some(hit) = bracketed(text, place, true) {
            return Some(hit);
        }
        self.paragraphs = self.paragraphs.saturating_sub(1);
        let ordinal = ordinal(text);
        let mut best: Option<(usize, usize, Hit)> = None;
        for ordinal in [ordinal, Ordinal::default()] {
            let rest = text.get(ordinal.end..)?;
            let folded = Folded::new(rest, REACH);
            for entry in TABLE.iter().filter(|entry| entry.style != Style::Bracketed) {
                if !self.worth_a_look(entry, &folded, place) {
                    continue;
                }
                let Some((distance, hit)) = numbered(entry, &folded, ordinal, place, next) else {
                    continue;
                };
                let hit = Hit {
                    end: hit.end + ordinal.end,
                    ..hit
                };
                // nearest first, then the longer label
                let rank = (distance, usize::MAX - entry.folded.len());
                if best.is_none_or(|(d, l, _)| rank < (d, l)) {
                    best = Some((rank.0, rank.1, hit));
                }
            }
            if best.is_some() || !ordinal.there {
                break;
            }
        }
        best.map(|(_, _, hit)| with_note(text, hit))
    }

    /// The label that `text` begins with, exactly as the form prints it, number and all: for places
    /// in the middle of a paragraph, where prose may speak of the same things.
    pub(crate) fn inside(text: &str, place: Place) -> Option<Hit> {
        if let Some(hit) = bracketed(text, place, false) {
            return Some(with_note(text, hit));
        }
        let ordinal = ordinal(text);
        if !ordinal.there && text.starts_with(is_open) {
            return None;
        }
        let rest = text.get(ordinal.end..)?;
        let folded = Folded::new(rest, REACH);
        TABLE
            .iter()
            .filter(|entry| match entry.style {
                Style::Numbered => ordinal.there || entry.label == Label::Goal,
                Style::Plain => true,
                _ => false,
            })
            .filter(|entry| entry.block.is_none_or(|block| block == place.block))
            .filter(|entry| place.block >= Block::Vision && entry.fits(ordinal, place.block))
            .filter(|entry| folded.chars.starts_with(&entry.folded))
            .filter(|entry| folded.closed(entry.folded.len()))
            .max_by_key(|entry| entry.folded.len())
            .map(|entry| Hit {
                label: entry.label,
                end: ordinal.end + folded.end(entry.folded.len()),
                exact: true,
                missing: 0,
            })
    }

    /// Cheap tests before the costly comparison.
    fn worth_a_look(&mut self, entry: &Entry, folded: &Folded, place: Place) -> bool {
        let length = entry.folded.len();
        if entry.style == Style::Heading && !place.alone {
            return false;
        }
        if folded.chars.starts_with(&entry.folded) {
            return true;
        }
        if self.paragraphs == 0 || self.comparisons == 0 || length < 3 {
            return false;
        }
        // the same place or a shifted one must agree often enough
        let agree = |shift: usize| {
            entry
                .folded
                .iter()
                .skip(shift)
                .zip(&folded.chars)
                .filter(|(a, b)| a == b)
                .count()
        };
        let need = if length < 5 {
            1
        } else {
            (length / 4).clamp(2, 5)
        };
        let shifted = || {
            let text = folded.chars.iter().skip(1);
            entry
                .folded
                .iter()
                .zip(text)
                .filter(|(a, b)| a == b)
                .count()
        };
        let near = agree(0) >= need || agree(1) >= need || shifted() >= need;
        self.comparisons -= u32::from(near);
        near
    }
}

impl Entry {
    /// The numbers it has in the blocks that print it.
    fn numbers(&self) -> &'static [u32] {
        match self.label {
            Label::Implementer => &[1],
            Label::Name => &[2],
            Label::Need => &[3],
            Label::Content => &[4, 7],
            Label::Promoters => &[4],
            Label::Background | Label::MultiAgencyPlan => &[5],
            Label::Host => &[6],
            Label::Goal => &[5, 8],
            Label::CommunityPlan => &[9],
            _ => &[],
        }
    }

    /// The table has a shorter wording that is the beginning of this one.
    fn has_short_wording(&self) -> bool {
        TABLE.iter().any(|other| {
            other.label == self.label
                && other.folded.len() < self.folded.len()
                && self.folded.starts_with(&other.folded)
        })
    }

    /// その他 is three labels, told apart by number and block.
    fn fits(&self, ordinal: Ordinal, block: Block) -> bool {
        match self.label {
            Label::OtherOfMultiAgency => ordinal.there && block == Block::MultiAgency,
            Label::OtherOfA => {
                block == Block::Community
                    && match ordinal.kana {
                        Some('エ') => true,
                        Some('ウ') | None => false,
                        Some(_) => ordinal.bracketed,
                    }
            }
            Label::OtherOfCommunity => {
                block == Block::Community
                    && match ordinal.kana {
                        Some('ウ') => true,
                        Some('エ') | None => false,
                        Some(_) => !ordinal.bracketed,
                    }
            }
            _ => true,
        }
    }
}

/// `entry` at the start of `folded`, the text behind `ordinal`; with its distance in percent.
fn numbered(
    entry: &Entry,
    folded: &Folded,
    ordinal: Ordinal,
    place: Place,
    next: Option<&str>,
) -> Option<(usize, Hit)> {
    let length = entry.folded.len();
    if entry.style != Style::Heading {
        if place.block < Block::Vision || !entry.fits(ordinal, place.block) {
            return None;
        }
        let elsewhere = entry.block.is_some_and(|block| block != place.block);
        if elsewhere && (length < 9 || !folded.chars.starts_with(&entry.folded)) {
            return None;
        }
    }
    let (distance, end) = nearest_beginning(&entry.folded, folded);
    let whole = folded.whole && end == folded.chars.len();
    let mut hit = Hit {
        label: entry.label,
        end: folded.end(end),
        exact: distance == 0,
        missing: 0,
    };
    if entry.style == Style::Heading {
        return (whole && distance * 5 <= length && has_key(entry, folded, end, distance))
            .then_some((distance * 100 / length, hit));
    }
    if distance == 0 {
        let finished = folded.closed(end) || (ordinal.there && !particle(folded, end));
        let known = ordinal.there || length >= 7 || whole;
        return (finished && known).then_some((0, hit));
    }
    let lenient = whole && entry.style == Style::Plain && place.block == Block::Vision;
    let allowed = if lenient { length * 2 / 5 } else { length / 5 };
    let short = ordinal.there && whole && place.first && (3..5).contains(&length);
    let allowed = allowed.max(usize::from(length >= 5 || short));
    let sure = ordinal.there || whole || entry.style == Style::Plain;
    let named = entry.numbers().iter().any(|n| Some(*n) == ordinal.number)
        || has_key(entry, folded, end, distance);
    if distance <= allowed && sure && named && !particle(folded, end) {
        // `実施主体(託先)`: the damaged long wording rather than the short one and a rest
        let rank = if whole && distance <= 2 && entry.has_short_wording() {
            0
        } else {
            distance * 100 / length
        };
        return Some((rank, hit));
    }
    // cut by a page break: the rest stands at the start of the next row
    let cut = folded.chars.len();
    if folded.whole && cut >= 5 && cut + 2 <= length && entry.folded.starts_with(&folded.chars) {
        let rest = entry.folded.get(cut..)?;
        let below = Folded::new(next?, REACH);
        if below.chars.starts_with(rest) {
            hit.end = folded.end(cut);
            hit.missing = rest.len();
            return Some((1, hit));
        }
    }
    None
}

/// The words that tell `entry` from its neighbours are there, or next to nothing is damaged.
fn has_key(entry: &Entry, folded: &Folded, end: usize, distance: usize) -> bool {
    let length = entry.folded.len();
    let found: String = folded.chars.iter().take(end).collect();
    entry.keys.is_empty()
        || (length >= 6 && (distance <= 1 || distance * 8 <= length))
        || entry
            .keys
            .iter()
            .any(|key| found.contains(&crate::fold::squeezed(key)))
}

/// A particle glued behind the words: they are part of a sentence, not a label.
fn particle(folded: &Folded, end: usize) -> bool {
    !folded.closed(end)
        && folded.chars.get(end).is_some_and(|c| {
            matches!(
                c,
                'は' | 'を' | 'が' | 'の' | 'に' | 'と' | 'で' | 'も' | 'や' | 'へ'
            )
        })
}

/// A label in brackets, such as `(対象地域)`; or its bare words where they fill their cell.
fn bracketed(text: &str, place: Place, at_start: bool) -> Option<Hit> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let open = text.chars().next()?;
    let (inner, end) = if is_open(open) {
        let inside = text.get(open.len_utf8()..)?;
        let close = inside.char_indices().take(40).find(|(_, c)| is_close(*c))?;
        let end = open.len_utf8() + close.0 + close.1.len_utf8();
        (inside.get(..close.0)?, end)
    } else if at_start && (place.beside_label || (15..=90).contains(&text.len())) {
        // without brackets: the whole cell, or its first word in a row of labels
        let word = text
            .find(char::is_whitespace)
            .filter(|_| place.beside_label);
        let end = word.unwrap_or(text.len());
        (text.get(..end)?, end)
    } else {
        return None;
    };
    let bare = !is_open(open);
    let inner = Folded::new(inner, REACH);
    let mut best: Option<(usize, Hit)> = None;
    for entry in TABLE.iter().filter(|e| e.style == Style::Bracketed) {
        if entry.block.is_some_and(|block| block != place.block) {
            continue;
        }
        let length = entry.folded.len();
        let allowed = match length {
            _ if bare || !at_start => 0,
            0..=3 => 0,
            4..=5 => 1,
            _ => length * 3 / 10,
        };
        if length.abs_diff(inner.chars.len()) > allowed {
            continue;
        }
        let (distance, reached) = nearest_beginning(&entry.folded, &inner);
        let distance = distance + inner.chars.len() - reached;
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            let hit = Hit {
                label: entry.label,
                end,
                exact: distance == 0,
                missing: 0,
            };
            best = Some((distance, hit));
        }
    }
    best.map(|(_, hit)| with_note(text, hit))
}

/// `text` begins with a bracketed label of `block`: its row is one of labels.
pub(crate) fn is_bracketed_label(text: &str, block: Block) -> bool {
    let place = Place {
        block,
        alone: false,
        first: false,
        beside_label: true,
    };
    bracketed(text, place, true).is_some_and(|hit| hit.exact)
}

/// The meeting labels take the form's note along.
fn with_note(text: &str, hit: Hit) -> Hit {
    if !matches!(hit.label, Label::CaseHow | Label::NetworkHow) {
        return hit;
    }
    let Some(rest) = text.get(hit.end..) else {
        return hit;
    };
    let folded = Folded::new(rest, REACH);
    let (distance, end) = nearest_beginning(&MEETING_NOTE, &folded);
    if distance <= 3 {
        return Hit {
            end: hit.end + folded.end(end),
            ..hit
        };
    }
    hit
}

/// Whether `text` is nothing but the form's note to the meeting labels.
pub(crate) fn is_note(text: &str) -> bool {
    let folded = Folded::new(text, REACH);
    folded.whole && folded.chars == *MEETING_NOTE
}
