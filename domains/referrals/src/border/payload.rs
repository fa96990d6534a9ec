//! What a file says. Unknown fields are passed over, so that a newer Engawa can say more; an unknown
//! `version` is refused, because it may mean something else.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::{
    Act, Line, Outcome, ReferralKind, ReturnReason, State, Urgency, WithdrawReason,
};

/// [`Payload::format`]
pub const FORMAT: &str = "engawa-tsunagu";
/// The newest version that this program reads and the one that it writes.
pub const VERSION: u32 = 1;
/// Days until a file is too old to be taken in: whoever finds a lost one later gets nothing into
/// the other system, and a newer one is downloaded in a minute.
pub const GOOD_DAYS: u64 = 30;
/// Lines, steps and asked things at most.
const MANY: usize = 2_000;
/// Characters of one text at most.
const LONG: usize = 20_000;

/// The whole of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// Always [`FORMAT`].
    pub format: String,
    /// [`VERSION`]
    pub version: u32,
    /// Of this file; the same id is taken in once.
    pub id: Uuid,
    /// What both ends call the sheet.
    pub thread: Uuid,
    /// When the file was made.
    pub made_at: DateTime<Utc>,
    /// The last day on which it may be taken in.
    pub good_until: NaiveDate,
    /// Who made it.
    pub from: Party,
    /// For whom.
    pub to: Party,
    /// The sheet, or what was done with it.
    #[serde(flatten)]
    pub body: Body,
}

/// A municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// 全国地方公共団体コード
    pub code: String,
    /// Its name, for people; never used to find it.
    pub name: String,
}

/// What is in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    /// A sheet on its way to the receiver.
    Sheet(Box<SentSheet>),
    /// The receiver's acts so far: acknowledged, accepted, returned, reported …
    Answer(Told),
    /// The sender's later acts so far: asked again, confirmed, withdrawn.
    Notice(Told),
}

impl Body {
    /// As stored and named.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Sheet(_) => "sheet",
            Self::Answer(_) => "answer",
            Self::Notice(_) => "notice",
        }
    }
}

/// Somebody to call back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// 窓口
    pub desk: String,
    /// 担当者
    #[serde(default)]
    pub person: String,
    /// 電話
    #[serde(default)]
    pub phone: String,
}

impl Contact {
    /// 「くらし相談窓口　例示 一郎」
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}　{}", self.desk, self.person).trim().to_owned()
    }
}

/// A sheet as its receiver reads it: the frozen lines, and nothing besides of the record behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentSheet {
    /// The sender's number of it, for the telephone.
    pub number: String,
    /// What is asked for.
    pub request: ReferralKind,
    /// How soon.
    pub urgency: Urgency,
    /// 返事の期日
    pub reply_due_on: NaiveDate,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// Whom to call.
    pub sender: Contact,
    /// 渡してよい根拠, in words.
    pub basis: String,
    /// What is asked, one by one, so that a part can be accepted.
    pub asked: Vec<String>,
    /// What may be read.
    pub lines: Vec<SentLine>,
}

/// A line; why it may be passed on stays with the sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLine {
    /// Its heading.
    pub section: String,
    /// What it is.
    pub label: String,
    /// What it says; empty when withheld.
    #[serde(default)]
    pub text: String,
    /// 秘匿
    #[serde(default)]
    pub hidden: bool,
}

impl From<&Line> for SentLine {
    fn from(l: &Line) -> Self {
        Self {
            section: l.section.clone(),
            label: l.label.clone(),
            text: if l.hidden {
                String::new()
            } else {
                l.text.clone()
            },
            hidden: l.hidden,
        }
    }
}

/// Acts of one side. Every file carries all of them, so that a lost one is made good by the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// That side's number of the sheet.
    pub number: String,
    /// Whom to call.
    pub by: Contact,
    /// Oldest first.
    pub steps: Vec<ToldStep>,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldStep {
    /// Its place in that side's history: what was taken in before is known by it.
    pub place: i64,
    /// What was done.
    pub act: Act,
    /// Where the sheet stood there from then on.
    pub state: State,
    /// When.
    pub at: DateTime<Utc>,
    /// In words.
    #[serde(default)]
    pub note: String,
    /// Instead of us: whom, what.
    #[serde(default)]
    pub proposal: String,
    /// Why it comes back.
    #[serde(default)]
    pub return_reason: Option<ReturnReason>,
    /// Why it is taken back.
    #[serde(default)]
    pub withdraw_reason: Option<WithdrawReason>,
    /// What came of it.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// つながりを確かめた
    #[serde(default)]
    pub linked: bool,
    /// Only a part was accepted.
    #[serde(default)]
    pub part: bool,
    /// Until when it waits.
    #[serde(default)]
    pub resume_on: Option<NaiveDate>,
}

/// Why the text inside is no payload of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Not JSON, or not of this format.
    NotOurs,
    /// Of a version that this program does not know.
    Newer(u32),
    /// Ours, but it says what no Engawa says.
    Senseless,
}

impl Payload {
    /// Reads it, and refuses what no Engawa would have written.
    ///
    /// # Errors
    /// [`Unread`]
    pub fn read(json: &[u8]) -> Result<Self, Unread> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let head: Head = serde_json::from_slice(json).map_err(|_| Unread::NotOurs)?;
        if head.format != FORMAT {
            return Err(Unread::NotOurs);
        }
        if head.version != VERSION {
            return Err(Unread::Newer(head.version));
        }
        let read: Self = serde_json::from_slice(json).map_err(|_| Unread::Senseless)?;
        if read.makes_sense() {
            Ok(read)
        } else {
            Err(Unread::Senseless)
        }
    }

    fn makes_sense(&self) -> bool {
        let short = |t: &str| t.chars().count() <= LONG;
        let named = |t: &str| !t.trim().is_empty() && t.chars().count() <= 200;
        let parties = named(&self.from.code) && named(&self.to.code) && short(&self.from.name);
        parties
            && match &self.body {
                Body::Sheet(s) => {
                    // Who leads a case cannot move to another municipality's Engawa.
                    s.request != ReferralKind::Transfer
                        && named(&s.number)
                        && s.asked.len() <= MANY
                        && s.asked.iter().all(|a| short(a))
                        && !s.lines.is_empty()
                        && s.lines.len() <= MANY
                        && s.lines.iter().all(|l| {
                            named(&l.section)
                                && named(&l.label)
                                && short(&l.text)
                                && (!l.hidden || l.text.is_empty())
                        })
                        && [&s.sender.desk, &s.sender.person, &s.sender.phone, &s.basis]
                            .iter()
                            .all(|t| short(t))
                }
                Body::Answer(t) | Body::Notice(t) => {
                    named(&t.number)
                        && !t.steps.is_empty()
                        && t.steps.len() <= MANY
                        && t.steps
                            .windows(2)
                            .all(|w| matches!(w, [a, b] if a.place < b.place))
                        && t.steps
                            .iter()
                            .all(|s| s.place > 0 && short(&s.note) && short(&s.proposal))
                        && [&t.by.desk, &t.by.person, &t.by.phone]
                            .iter()
                            .all(|t| short(t))
                }
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed(name: &str) -> String {
        let file = format!(
            "{}/../../fuzz/corpus/border/{name}",
            env!("CARGO_MANIFEST_DIR")
        );
        std::fs::read_to_string(file).unwrap()
    }

    #[test]
    fn what_a_newer_engawa_adds_is_passed_over_and_what_it_changes_is_refused() {
        let sheet = Payload::read(seed("sheet.json").as_bytes()).unwrap();
        assert!(matches!(&sheet.body, Body::Sheet(s) if s.asked.len() == 2 && s.lines[1].hidden));
        let answer = Payload::read(seed("answer.json").as_bytes()).unwrap();
        assert!(matches!(&answer.body, Body::Answer(t) if t.steps.len() == 2));
        let newer = Payload::read(seed("newer.json").as_bytes());
        assert_eq!(newer.unwrap_err(), Unread::Newer(2));
    }

    #[test]
    fn what_no_engawa_writes_is_refused() {
        let (sheet, answer) = (seed("sheet.json"), seed("answer.json"));
        for (text, from, to) in [
            (&sheet, "\"hand_over\"", "\"transfer\""),
            (
                &sheet,
                "\"hidden\":true",
                "\"hidden\":true,\"text\":\"みどり町9丁目\"",
            ),
            (&sheet, "\"つR8-00001\"", "\" \""),
            (&sheet, "\"normal\"", "\"some day\""),
            (&answer, "\"place\":2", "\"place\":3"),
            (&answer, "\"place\":2", "\"place\":-2"),
            (&answer, "\"131016\"", "\"\""),
            (&answer, "\"answer\"", "\"something\""),
        ] {
            assert!(text.contains(from), "{from}");
            let bent = text.replacen(from, to, 1);
            assert_eq!(
                Payload::read(bent.as_bytes()).unwrap_err(),
                Unread::Senseless,
                "{to}"
            );
        }
        assert_eq!(Payload::read(b"[]").unwrap_err(), Unread::NotOurs);
        assert_eq!(Payload::read(b"").unwrap_err(), Unread::NotOurs);
    }
}
