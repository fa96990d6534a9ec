//! Decisions about cards without I/O.

use engawa_kernel::id::{DeskId, PostingId};

use super::model::{CardState, Line, NewLine};

/// Lines that a card has room for.
pub const MOST_LINES: usize = 6;

/// What is ticked where somebody in the case is protected.
pub const CHECK: &str = "カードを落としても秘匿の人の居場所が分からないことを、本人と確かめました";

/// An act on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A newer version takes its place.
    Replace,
    /// 紛失の届け
    Lose,
    /// 使用をやめる
    End,
}

impl Act {
    /// From the form.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "lose" => Some(Self::Lose),
            "end" => Some(Self::End),
            _ => None,
        }
    }
}

/// What a card is after an act. The only place where states follow each other.
///
/// # Errors
/// The card is in use no more: what it is, and what to do.
pub fn step(now: CardState, act: Act) -> Result<CardState, String> {
    match (now, act) {
        (CardState::Issued, Act::Replace) => Ok(CardState::Replaced),
        (CardState::Issued, Act::Lose) => Ok(CardState::Lost),
        (CardState::Issued, Act::End) => Ok(CardState::Ended),
        (CardState::Replaced | CardState::Lost | CardState::Ended, _) => Err(format!(
            "このカードは「{}」のため、変えられません。新しいカードが要るときは「連携カードを作る」から発行してください。",
            now.label()
        )),
    }
}

/// Why these lines make no card; none when they do.
#[must_use]
pub fn problem(lines: &[NewLine]) -> Option<String> {
    if lines.is_empty() {
        return Some("カードに載せる人・窓口を一つ以上選んでください。".into());
    }
    if lines.len() > MOST_LINES {
        return Some(format!(
            "カードに載せられるのは{MOST_LINES}人までです。いま{}人が選ばれています。",
            lines.len()
        ));
    }
    let silent = lines.iter().find(|l| l.phone.trim().is_empty())?;
    Some(format!(
        "「{}」の電話番号がありません。窓口の電話を「機関・職員」に登録するか、「チームの外の人」の欄に電話と一緒に書いてください。",
        silent.name
    ))
}

/// Whether a line speaks of somebody who holds these postings and sits at these desks.
#[must_use]
pub fn lists(line: &Line, postings: &[PostingId], desks: &[DeskId]) -> bool {
    match (line.posting, line.desk) {
        (Some(posting), _) => postings.contains(&posting),
        (None, Some(desk)) => desks.contains(&desk),
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(phone: &str) -> NewLine {
        NewLine {
            posting: None,
            desk: None,
            name: "民生委員 見本".into(),
            body: String::new(),
            phone: phone.into(),
        }
    }

    #[test]
    fn only_a_card_in_use_changes() {
        for now in CardState::ALL {
            for act in [Act::Replace, Act::Lose, Act::End] {
                assert_eq!(step(now, act).is_ok(), now == CardState::Issued);
            }
        }
    }

    #[test]
    fn a_card_needs_somebody_to_call() {
        assert!(problem(&[]).is_some());
        assert!(problem(&[line(" ")]).is_some());
        assert!(problem(&[line("00-0000-0001")]).is_none());
        assert!(problem(&vec![line("00-0000-0001"); MOST_LINES + 1]).is_some());
    }
}
