//! Cards and their lines.

use chrono::NaiveDate;
use engawa_kernel::{
    code_enum,
    id::{DeskId, PersonId, PostingId, StaffId},
    id_type,
};
use engawa_people::ConsentId;

id_type!(/// One card, in one version.
    CardId);

code_enum! {
    /// Where a card stands. What may follow what is [`super::rules::step`].
    pub enum CardState {
        /// The holder carries it.
        Issued = "issued", "使用中";
        /// A newer version took its place.
        Replaced = "replaced", "作り直し済み";
        /// The holder has lost it.
        Lost = "lost", "紛失";
        /// Given up without another.
        Ended = "ended", "使用終了";
    }
}

/// A card, as printed.
#[derive(Debug, Clone)]
pub struct Card {
    /// Its id.
    pub id: CardId,
    /// Who carries it.
    pub person: PersonId,
    /// 版, counted for each holder.
    pub number: i64,
    /// Where it stands.
    pub state: CardState,
    /// 発行日
    pub issued_on: NaiveDate,
    /// Who issued it.
    pub issued_by: StaffId,
    /// Since when it is in use no more.
    pub changed_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// Whom to call, in the holder's order.
    pub lines: Vec<Line>,
    /// For changing what one saw.
    pub version: i64,
}

/// Somebody on a card.
#[derive(Debug, Clone)]
pub struct Line {
    /// Somebody of the team …
    pub posting: Option<PostingId>,
    /// … at this desk, or the desk itself; none: somebody outside.
    pub desk: Option<DeskId>,
    /// 氏名; of a desk its name.
    pub name: String,
    /// 機関
    pub body: String,
    /// 電話
    pub phone: String,
    /// What the holder agreed to; none for the desk that issues the card.
    pub consent: Option<ConsentId>,
}

/// Somebody to put on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// Somebody of the team …
    pub posting: Option<PostingId>,
    /// … at this desk, or the desk itself; none: somebody outside.
    pub desk: Option<DeskId>,
    /// 氏名; of a desk its name.
    pub name: String,
    /// 機関
    pub body: String,
    /// 電話
    pub phone: String,
}

/// A card to issue.
#[derive(Debug, Clone)]
pub struct NewCard {
    /// For whom.
    pub person: PersonId,
    /// Whom to call.
    pub lines: Vec<NewLine>,
    /// Why the card in use is replaced; empty when there is none.
    pub reason: String,
    /// Said where somebody in the case is protected.
    pub deliberate: Deliberate,
}

/// That a card is issued although somebody in the case is protected (秘匿): it was looked at once
/// more, and, where the holder is the one, opened with a reason.
#[derive(Debug, Clone, Default)]
pub struct Deliberate {
    /// Read once more with the holder.
    pub checked: bool,
    /// Why, at least four characters; asked for of a protected holder only.
    pub reason: String,
}
