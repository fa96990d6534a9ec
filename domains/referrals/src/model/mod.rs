//! What a つなぐシート is.

mod codes;

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    access::Basis,
    id::{DeskId, PeerId, PersonId, PostingId, RoomId, StaffId},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use codes::{
    Act, Answer, Channel, KeyLevel, Outcome, ReferralKind, ReturnReason, Side, State, Urgency,
    WithdrawReason,
};

/// To whom a sheet goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// A desk of this municipality's directory, and somebody in particular there for sealed records.
    Desk(DeskId, Option<PostingId>),
    /// A body outside, by name, and how to reach it.
    Outside {
        /// Its name, as consents name it.
        name: String,
        /// Telephone, FAX, address.
        contact: String,
        /// A municipality with an Engawa of its own: the sheet goes there as a sealed file.
        peer: Option<PeerId>,
    },
}

/// What the sender writes.
#[derive(Debug, Clone)]
pub struct Content {
    /// What is asked for.
    pub kind: ReferralKind,
    /// To whom.
    pub to: To,
    /// Whom it is about.
    pub people: Vec<PersonId>,
    /// Worries: code of the list `Issue`, and whose; the household's without a person.
    pub issues: Vec<(String, Option<PersonId>)>,
    /// 配慮を希望されること
    pub wishes: String,
    /// 相談したいこと
    pub words: String,
    /// 紹介する理由
    pub reason: String,
    /// お願いしたいこと
    pub asked: String,
    /// How soon.
    pub urgency: Urgency,
    /// 返事の期日
    pub reply_due_on: NaiveDate,
    /// What accepting opens.
    pub key_level: KeyLevel,
    /// Why it may be passed on.
    pub basis: Basis,
    /// In words, when it is not consent.
    pub basis_reason: String,
}

impl Content {
    /// Free text, with the name of its field: it may speak of anybody.
    #[must_use]
    pub fn texts(&self) -> [(&'static str, &str); 4] {
        [
            ("配慮を希望されること", &self.wishes),
            ("相談したいこと", &self.words),
            ("紹介する理由", &self.reason),
            ("お願いしたいこと", &self.asked),
        ]
    }
}

/// Where a sheet came from that arrived in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The municipality.
    pub peer: PeerId,
    /// 「となり町　くらし窓口　例示 一郎」
    pub from: String,
    /// What was asked, one by one.
    pub asked: Vec<String>,
}

/// One line of what the receiver reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Line {
    /// Its heading: 配慮, 本人・家族 …
    pub section: String,
    /// What it is: 氏名, 住所 …
    pub label: String,
    /// What it says; empty when withheld.
    pub text: String,
    /// Withheld of a protected person: shown as 秘匿.
    pub hidden: bool,
    /// Why it may be passed on.
    pub why: String,
}

/// A sheet as stored.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The envelope's room.
    pub room: RoomId,
    /// つR8-00012
    pub number: String,
    /// The case or consultation that it comes from.
    pub source: RoomId,
    /// Where it stands.
    pub state: State,
    /// The returned sheet that it raises again.
    pub follows: Option<RoomId>,
    /// From which desk.
    pub from_desk: DeskId,
    /// By whom there.
    pub from_posting: Option<PostingId>,
    /// By whom.
    pub from_staff: StaffId,
    /// Nobody at the receiver uses this Engawa.
    pub paper: bool,
    /// It came from another municipality; then `from_desk` is the desk that received it here and
    /// speaks for the sender, and `source` the sheet's own room.
    pub arrived: Option<Arrived>,
    /// What both ends of a sheet over the border call it.
    pub thread: Option<Uuid>,
    /// The newest step of the other end that was taken in.
    pub peer_place: i64,
    /// What the sender wrote; people and issues are read only for drafts.
    pub content: Content,
    /// What the receiver reads.
    pub lines: Vec<Line>,
    /// Whose move it is: the desk.
    pub turn_desk: DeskId,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Since when.
    pub move_since: DateTime<Utc>,
    /// How far the overdue move has been told upwards.
    pub layer: i64,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// The receiver's first look.
    pub opened_at: Option<DateTime<Utc>>,
    /// Accepted, returned or advised.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was closed or withdrawn.
    pub closed_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// つながりを確かめた
    pub linked: Option<bool>,
    /// Why it came back.
    pub return_reason: Option<ReturnReason>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// For saving on top of what one saw.
    pub version: i64,
}

impl Sheet {
    /// The municipality that it goes to as a file.
    #[must_use]
    pub const fn to_peer(&self) -> Option<PeerId> {
        match &self.content.to {
            To::Outside { peer, .. } => *peer,
            To::Desk(..) => None,
        }
    }
    /// The receiving desk, when it is one of the directory.
    #[must_use]
    pub const fn to_desk(&self) -> Option<DeskId> {
        match &self.content.to {
            To::Desk(desk, _) => Some(*desk),
            To::Outside { .. } => None,
        }
    }
}

/// One line of the history.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its id.
    pub id: Uuid,
    /// 1, 2, 3 …
    pub place: i64,
    /// What was done; none: by the calendar ([`Step::word`] says what).
    pub act: Option<Act>,
    /// `escalate` or `key_ended`, when nobody acted.
    pub event: String,
    /// Where it stood from then on.
    pub state: State,
    /// Whose move it was from then on.
    pub turn_desk: Option<DeskId>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub staff: StaffId,
    /// At which desk.
    pub desk: Option<DeskId>,
    /// On which side.
    pub side: Side,
    /// How an answer from outside came.
    pub channel: Option<Channel>,
    /// Who answered there.
    pub answered_by: String,
    /// A code: of a return, a withdrawal, an outcome.
    pub reason: String,
    /// In words.
    pub note: String,
    /// Instead of us: whom, what.
    pub proposal: String,
    /// Codes and numbers: only a part, until when, how many people.
    pub detail: serde_json::Value,
}

impl Step {
    /// As the history says it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match (self.act, self.event.as_str()) {
            (Some(act), _) => act.label(),
            (None, "key_ended") => "閲覧権の終了",
            (None, "drafted") => "下書き",
            (None, _) => "期限の知らせ",
        }
    }
    /// The coded reason in words; empty without one.
    #[must_use]
    pub fn reason_label(&self) -> &'static str {
        match self.act {
            Some(Act::Return) => ReturnReason::from_code(&self.reason).map_or("", |r| r.label()),
            Some(Act::Withdraw) => {
                WithdrawReason::from_code(&self.reason).map_or("", |r| r.label())
            }
            Some(Act::Report) => Outcome::from_code(&self.reason).map_or("", |r| r.label()),
            _ => "",
        }
    }
}

/// What somebody does with a sheet.
#[derive(Debug, Clone)]
pub struct Doing {
    /// The act.
    pub act: Act,
    /// In words: what was taken on, the advice, the result, what to do again.
    pub note: String,
    /// Why it comes back.
    pub return_reason: Option<ReturnReason>,
    /// Instead of us.
    pub proposal: String,
    /// Why it is taken back.
    pub withdraw_reason: Option<WithdrawReason>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// つながりを確かめた
    pub linked: bool,
    /// Only a part is taken on; the note says which.
    pub part: bool,
    /// Until when it waits.
    pub resume_on: Option<NaiveDate>,
    /// By when the next move is due, when the actor says so.
    pub due_on: Option<NaiveDate>,
    /// The receiver stays in the team after closing.
    pub keep_seat: bool,
    /// How an answer from outside came.
    pub channel: Option<Channel>,
    /// Who answered there.
    pub answered_by: String,
    /// Sending: the sender has read the texts once more ([`crate::rules::sharing::CHECK`]).
    pub text_checked: bool,
}

impl Doing {
    /// An act with nothing more said.
    #[must_use]
    pub const fn new(act: Act) -> Self {
        Self {
            act,
            note: String::new(),
            return_reason: None,
            proposal: String::new(),
            withdraw_reason: None,
            outcome: None,
            linked: false,
            part: false,
            resume_on: None,
            due_on: None,
            keep_seat: false,
            channel: None,
            answered_by: String::new(),
            text_checked: false,
        }
    }
    /// With words.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}
