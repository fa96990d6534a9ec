//! The bodies of the API: what is sent and what is answered.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    access::Basis,
    context::Ctx,
    error::Error,
    id::{DeskId, PeerId, PersonId, RoomId, StaffId},
    text::exceeds_graphemes,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    model::{
        Act, Channel, Content, KeyLevel, Line, Outcome, ReferralKind, ReturnReason, Sheet, State,
        Step, To, Urgency, WithdrawReason,
    },
    rules::gravity::TaskStatus,
};

/// A line of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct SheetLine {
    pub(super) id: RoomId,
    pub(super) number: String,
    pub(super) kind: ReferralKind,
    pub(super) state: State,
    pub(super) from_desk: DeskId,
    pub(super) to_desk: Option<DeskId>,
    pub(super) to_name: Option<String>,
    pub(super) paper: bool,
    /// Whose move it is; missing when the loop is closed.
    pub(super) turn_desk: Option<DeskId>,
    pub(super) due_on: Option<NaiveDate>,
    pub(super) move_since: DateTime<Utc>,
    pub(super) reply_due_on: NaiveDate,
    pub(super) sent_at: Option<DateTime<Utc>>,
    pub(super) outcome: Option<Outcome>,
    pub(super) return_reason: Option<ReturnReason>,
    pub(super) version: i64,
}

impl SheetLine {
    pub(super) fn of(s: &Sheet) -> Self {
        Self {
            id: s.room,
            number: s.number.clone(),
            kind: s.content.kind,
            state: s.state,
            from_desk: s.from_desk,
            to_desk: s.to_desk(),
            to_name: match &s.content.to {
                To::Desk(..) => None,
                To::Outside { name, .. } => Some(name.clone()),
            },
            paper: s.paper,
            turn_desk: crate::rules::whose_move(s.state).map(|_| s.turn_desk),
            due_on: s.due_on,
            move_since: s.move_since,
            reply_due_on: s.content.reply_due_on,
            sent_at: s.sent_at,
            outcome: s.outcome,
            return_reason: s.return_reason,
            version: s.version,
        }
    }
}

/// A page of sheets.
#[derive(Serialize, ToSchema)]
pub(super) struct SheetList {
    pub(super) items: Vec<SheetLine>,
}

/// A line of the history.
#[derive(Serialize, ToSchema)]
pub(super) struct StepLine {
    /// Missing when the calendar did it.
    pub(super) act: Option<Act>,
    pub(super) state: State,
    pub(super) at: DateTime<Utc>,
    pub(super) staff: StaffId,
    pub(super) desk: Option<DeskId>,
    pub(super) turn_desk: Option<DeskId>,
    pub(super) due_on: Option<NaiveDate>,
    pub(super) channel: Option<Channel>,
    pub(super) answered_by: String,
    pub(super) reason: String,
    pub(super) note: String,
    pub(super) proposal: String,
}

impl From<Step> for StepLine {
    fn from(s: Step) -> Self {
        Self {
            act: s.act,
            state: s.state,
            at: s.at,
            staff: s.staff,
            desk: s.desk,
            turn_desk: s.turn_desk,
            due_on: s.due_on,
            channel: s.channel,
            answered_by: s.answered_by,
            reason: s.reason,
            note: s.note,
            proposal: s.proposal,
        }
    }
}

/// A line of what the receiver reads; the reason only for the sender.
#[derive(Serialize, ToSchema)]
pub(super) struct ReadLine {
    pub(super) section: String,
    pub(super) label: String,
    /// 秘匿 when withheld.
    pub(super) text: String,
    pub(super) why: Option<String>,
}

pub(super) fn read_line(l: &Line, reasons: bool) -> ReadLine {
    ReadLine {
        section: l.section.clone(),
        label: l.label.clone(),
        text: if l.hidden {
            "秘匿".into()
        } else {
            l.text.clone()
        },
        why: reasons.then(|| l.why.clone()),
    }
}

/// A sheet with what was sent and what happened.
#[derive(Serialize, ToSchema)]
pub(super) struct SheetDetail {
    #[serde(flatten)]
    pub(super) sheet: SheetLine,
    /// As a Task of HL7 Gravity SDOH Clinical Care.
    pub(super) task_status: TaskStatus,
    /// The case or consultation behind it, for the sender.
    pub(super) source: Option<RoomId>,
    pub(super) lines: Vec<ReadLine>,
    pub(super) history: Vec<StepLine>,
    /// What the user can do now.
    pub(super) possible: Vec<Act>,
}

/// A worry of somebody, or of the household.
#[derive(Deserialize, ToSchema)]
pub(super) struct IssueInput {
    /// Code of the list `issue`.
    pub(super) code: String,
    pub(super) person: Option<PersonId>,
}

/// A sheet to write and send.
#[derive(Deserialize, ToSchema)]
pub(super) struct SheetInput {
    /// The case or consultation that it comes from.
    pub(super) source: RoomId,
    pub(super) kind: ReferralKind,
    /// The receiving desk …
    pub(super) to_desk: Option<DeskId>,
    /// … and somebody in particular there, for sealed records …
    pub(super) to_posting: Option<engawa_kernel::id::PostingId>,
    /// … or a body outside.
    pub(super) to_name: Option<String>,
    pub(super) to_contact: Option<String>,
    /// … or a municipality that takes a file (`/api/v1/referrals/peers`).
    pub(super) to_peer: Option<PeerId>,
    #[serde(default)]
    pub(super) people: Vec<PersonId>,
    #[serde(default)]
    pub(super) issues: Vec<IssueInput>,
    #[serde(default)]
    pub(super) wishes: String,
    #[serde(default)]
    pub(super) words: String,
    #[serde(default)]
    pub(super) reason: String,
    pub(super) asked: String,
    pub(super) urgency: Urgency,
    /// By urgency when left out.
    pub(super) reply_due_on: Option<NaiveDate>,
    /// sheet, read (default) or write
    pub(super) key_level: Option<KeyLevel>,
    /// consent (default), support_meeting or emergency
    pub(super) basis: Option<String>,
    #[serde(default)]
    pub(super) basis_reason: String,
    /// The returned sheet that this one raises again.
    pub(super) follows: Option<RoomId>,
    /// The sender has read the texts once more: nothing in them shows who is not in the sheet, or
    /// where somebody protected is. Needed when not everybody in the record may be spoken of.
    #[serde(default)]
    pub(super) text_checked: bool,
    /// Kept as a draft instead of being sent.
    #[serde(default)]
    pub(super) draft: bool,
}

/// Where the sheet is.
#[derive(Serialize, ToSchema)]
pub(super) struct Written {
    /// Its page.
    pub(super) location: String,
}

pub(super) fn content(
    ctx: &Ctx,
    input: SheetInput,
    peer: Option<To>,
    days: crate::rules::Deadlines,
) -> Result<Content, Error> {
    let refuse = |why: &str| Error::Invalid(why.into());
    let to = match (input.to_desk, input.to_name, peer) {
        (Some(desk), None, None) => To::Desk(desk, input.to_posting),
        (None, None, Some(peer)) => peer,
        (None, Some(name), None) if !name.trim().is_empty() => To::Outside {
            name: name.trim().to_owned(),
            contact: input.to_contact.unwrap_or_default(),
            peer: None,
        },
        _ => {
            return Err(refuse(
                "「to_desk」「to_name」「to_peer」のどれか一つを入れてください。",
            ));
        }
    };
    if let To::Outside { name, contact, .. } = &to
        && (exceeds_graphemes(name, 100) || exceeds_graphemes(contact, 200))
    {
        return Err(refuse(
            "「to_name」は100文字、「to_contact」は200文字までです。",
        ));
    }
    for (name, text, max) in [
        ("wishes", &input.wishes, 2000),
        ("words", &input.words, 4000),
        ("reason", &input.reason, 2000),
        ("asked", &input.asked, 2000),
        ("basis_reason", &input.basis_reason, 300),
    ] {
        if exceeds_graphemes(text, max) {
            return Err(Error::Invalid(format!("「{name}」は{max}文字までです。")));
        }
    }
    if input.asked.trim().is_empty() {
        return Err(refuse("「asked」(お願いしたいこと)を入れてください。"));
    }
    if input.people.len() > 200 || input.issues.len() > 200 {
        return Err(refuse("「people」と「issues」は200件までです。"));
    }
    let basis = match input.basis.as_deref().unwrap_or("consent") {
        "consent" => Basis::Consent,
        "support_meeting" => Basis::SupportMeeting,
        "emergency" => Basis::Emergency,
        _ => {
            return Err(refuse(
                "「basis」は consent、support_meeting、emergency のどれかです。",
            ));
        }
    };
    let reply_due_on = input
        .reply_due_on
        .unwrap_or_else(|| days.reply(input.urgency, ctx.today()));
    if reply_due_on < ctx.today() {
        return Err(refuse(
            "「reply_due_on」(返事の期日)が過ぎた日になっています。",
        ));
    }
    Ok(Content {
        kind: input.kind,
        to,
        people: input.people,
        issues: input
            .issues
            .into_iter()
            .map(|i| (i.code, i.person))
            .collect(),
        wishes: input.wishes,
        words: input.words,
        reason: input.reason,
        asked: input.asked,
        urgency: input.urgency,
        reply_due_on,
        key_level: input.key_level.unwrap_or(KeyLevel::Read),
        basis,
        basis_reason: input.basis_reason,
    })
}

/// Something done with a sheet.
#[derive(Deserialize, ToSchema)]
pub(super) struct ActInput {
    pub(super) act: Act,
    /// The version that one saw.
    pub(super) version: i64,
    #[serde(default)]
    pub(super) note: String,
    pub(super) return_reason: Option<ReturnReason>,
    #[serde(default)]
    pub(super) proposal: String,
    pub(super) withdraw_reason: Option<WithdrawReason>,
    pub(super) outcome: Option<Outcome>,
    #[serde(default)]
    pub(super) linked: bool,
    #[serde(default)]
    pub(super) part: bool,
    pub(super) resume_on: Option<NaiveDate>,
    pub(super) due_on: Option<NaiveDate>,
    #[serde(default)]
    pub(super) keep_seat: bool,
    pub(super) channel: Option<Channel>,
    #[serde(default)]
    pub(super) answered_by: String,
    /// With `send`: as in [`SheetInput`].
    #[serde(default)]
    pub(super) text_checked: bool,
}

/// Where the sheet stands now.
#[derive(Serialize, ToSchema)]
pub(super) struct Moved {
    pub(super) state: State,
    pub(super) version: i64,
}
