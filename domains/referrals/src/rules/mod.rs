//! Decisions without I/O: what may follow what, whose move it is, when it is due.
//!
//! | from | acts |
//! |---|---|
//! | 下書き | 送付 → 送付済み, 取下げ |
//! | 送付済み | 受領 → 受領, 引受, 差戻し, 助言, 取下げ |
//! | 受領 | 引受 → 引受, 差戻し → 差戻し, 助言 → 助言のみ, 取下げ |
//! | 引受 | 対応開始 → 対応中, 保留, 報告, 差戻し, 取下げ |
//! | 対応中 | 保留 → 保留, 報告 → 報告済み, 差戻し, 取下げ |
//! | 保留 | 再開 → 対応中, 報告, 差戻し, 取下げ |
//! | 差戻し | 出し直し → 完了 (a new sheet follows), 完了の確認 → 完了 |
//! | 助言のみ | 完了の確認 → 完了, 再依頼 → 受領 |
//! | 報告済み | 完了の確認 → 完了, 再依頼 → 対応中 |
//! | 完了, 取下げ | none |
//!
//! [`gravity`] maps this to the Task of HL7 Gravity SDOH Clinical Care.

pub mod code;
pub mod figures;
pub mod gravity;
pub mod layers;
pub mod sharing;

use chrono::{Days, NaiveDate};

use crate::model::{Act, Doing, KeyLevel, ReferralKind, Side, State, Urgency};

/// Why an act is refused; [`Refusal::sentence`] is what the user reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// This act does not follow that state.
    NotNow(Act, State),
    /// A transfer is taken or given back; advice does not answer it.
    TransferNeedsAnswer,
    /// The lead has moved; giving it back is a transfer of its own.
    AlreadyMoved,
    /// Raising again is done by writing the sheet that follows.
    OnlyByFollowing,
    /// It is the other side's act.
    NotYourSide(Side),
    /// An answer from outside without how it came and who gave it.
    NoChannel,
    /// A return without its reason.
    NoReturnReason,
    /// A withdrawal without its reason.
    NoWithdrawReason,
    /// A report without its outcome.
    NoOutcome,
    /// Words are missing.
    NoNote(Act),
    /// On hold until no day, or a past one.
    BadResumeDay,
    /// A due date that has passed.
    DueInThePast,
}

impl Refusal {
    /// What happened, what was kept, what to do next.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::NotNow(act, state) => format!(
                "このつなぐシートはいま「{}」なので、「{}」はできません。何も変えていません。画面を開き直して、いまの状態を確かめてください。",
                state.label(),
                act.label()
            ),
            Self::TransferNeedsAnswer => "主担当の移管には、引受か差戻しで答えてください。まだ何も記録していません。".into(),
            Self::AlreadyMoved => "主担当はすでに移っているため、差戻しや取下げはできません。戻すときは、ケースの「主担当を替える」か、新しい移管のシートを使ってください。何も変えていません。".into(),
            Self::OnlyByFollowing => "出し直しは、新しいつなぐシートを書いて送ったときに記録されます。シートのページの「相手や内容を直して出し直す」から始めてください。何も変えていません。".into(),
            Self::NotYourSide(side) => format!(
                "これは{}の窓口が行う操作です。何も変えていません。必要なときは、{}の窓口に連絡してください。",
                side.label(),
                side.label()
            ),
            Self::NoChannel => "返事がどう届いたか（電話・FAXなど）と、だれが答えたかを入力してください。まだ記録していません。".into(),
            Self::NoReturnReason => "差し戻す理由を選んでください。まだ差し戻していません。".into(),
            Self::NoWithdrawReason => "取り下げる理由を選んでください。まだ取り下げていません。".into(),
            Self::NoOutcome => "対応の結果（解決・継続・対応できなかった）を選んでください。まだ報告していません。".into(),
            Self::NoNote(Act::Accept) => "一部を引き受けるときは、引き受ける部分を書いてください。まだ記録していません。".into(),
            Self::NoNote(Act::Close) => "差戻しを完了にするときは、これからだれがどう対応するかを書いてください。まだ完了にしていません。".into(),
            Self::NoNote(act) => format!("「{}」の内容を書いてください。まだ記録していません。", act.label()),
            Self::BadResumeDay => "保留にするときは、再開する日（明日より後の日）を入力してください。まだ保留にしていません。".into(),
            Self::DueInThePast => "期日に、過ぎた日は入れられません。今日より後の日を入力してください。".into(),
        }
    }
}

/// What an act makes of a state. The whole graph is this one `match`.
///
/// # Errors
/// The act does not follow.
pub const fn next(state: State, act: Act, kind: ReferralKind) -> Result<State, Refusal> {
    use State as S;
    let moved = matches!(kind, ReferralKind::Transfer)
        && matches!(state, S::Accepted | S::InProgress | S::OnHold);
    match (state, act) {
        (_, Act::Return | Act::Withdraw) if moved => Err(Refusal::AlreadyMoved),
        (S::Draft, Act::Send) => Ok(S::Sent),
        (S::Sent, Act::Receive) => Ok(S::Received),
        (S::Sent | S::Received, Act::Accept) => Ok(S::Accepted),
        (S::Sent | S::Received, Act::AdviseOnly) => match kind {
            ReferralKind::Transfer => Err(Refusal::TransferNeedsAnswer),
            _ => Ok(S::AdviceOnly),
        },
        (S::Sent | S::Received | S::Accepted | S::InProgress | S::OnHold, Act::Return) => {
            Ok(S::Returned)
        }
        (S::Accepted, Act::Start) | (S::OnHold, Act::Resume) => Ok(S::InProgress),
        (S::Accepted | S::InProgress, Act::Hold) => Ok(S::OnHold),
        (S::Accepted | S::InProgress | S::OnHold, Act::Report) => Ok(S::Reported),
        (S::Reported, Act::AskAgain) => Ok(S::InProgress),
        (S::AdviceOnly, Act::AskAgain) => Ok(S::Received),
        (S::Reported | S::AdviceOnly | S::Returned, Act::Close) => Ok(S::Closed),
        (S::Returned, Act::RaiseAgain) => Ok(S::Closed),
        (
            S::Draft | S::Sent | S::Received | S::Accepted | S::InProgress | S::OnHold,
            Act::Withdraw,
        ) => Ok(S::Withdrawn),
        _ => Err(Refusal::NotNow(act, state)),
    }
}

/// Whose act it is.
#[must_use]
pub const fn side_of(act: Act) -> Side {
    match act {
        Act::Send | Act::AskAgain | Act::Close | Act::Withdraw | Act::RaiseAgain => Side::Sender,
        Act::Receive
        | Act::Accept
        | Act::Return
        | Act::AdviseOnly
        | Act::Start
        | Act::Hold
        | Act::Resume
        | Act::Report => Side::Receiver,
    }
}

/// Whose move it is; nobody's when the loop is closed.
#[must_use]
pub const fn whose_move(state: State) -> Option<Side> {
    match state {
        State::Draft | State::Returned | State::AdviceOnly | State::Reported => Some(Side::Sender),
        State::Sent | State::Received | State::Accepted | State::InProgress | State::OnHold => {
            Some(Side::Receiver)
        }
        State::Closed | State::Withdrawn => None,
    }
}

/// What the desk that received a sheet from another municipality may write down for the sender there.
#[must_use]
pub const fn spoken_for_sender(act: Act) -> bool {
    matches!(act, Act::AskAgain | Act::Close | Act::Withdraw)
}

/// As [`waiting_for`], of a sheet that arrived from another municipality.
#[must_use]
pub const fn waiting_here(state: State) -> Option<&'static str> {
    match state {
        State::Returned | State::AdviceOnly | State::Reported => {
            Some("つなぐシートの返事のファイルを相手の自治体に渡し、済んだら完了にする")
        }
        _ => waiting_for(state, false),
    }
}

/// What waits at whoever has the move; a task's title, so never a name.
#[must_use]
pub const fn waiting_for(state: State, paper: bool) -> Option<&'static str> {
    Some(match (state, paper) {
        (State::Draft, _) => "書きかけのつなぐシートを送るか、取り下げる",
        (State::Sent, true) => "外の機関につなぐシートが届いたか確かめ、返事を記録する",
        (State::Received, true) => "外の機関の返事を確かめ、記録する",
        (State::Accepted | State::InProgress, true) => "外の機関の対応の結果を確かめ、記録する",
        (State::Sent, false) => "届いたつなぐシートを受領する",
        (State::Received, false) => "つなぐシートに返事をする（引受・差戻し・助言）",
        (State::Accepted, false) => "引き受けたつなぐシートの対応を始める",
        (State::InProgress, false) => "つなぐシートの結果を報告する",
        (State::OnHold, _) => "保留にしたつなぐシートを再開する",
        (State::Returned, _) => "差し戻されたつなぐシートの次の手を決める",
        (State::AdviceOnly, _) => "つなぐシートへの助言を確かめて、完了にする",
        (State::Reported, _) => "つなぐシートの報告を確かめて、完了にする",
        (State::Closed | State::Withdrawn, _) => return None,
    })
}

/// Days until a move is due, as the municipality sets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Reply to an emergency.
    pub emergency: u64,
    /// Reply soon.
    pub soon: u64,
    /// Reply as usual.
    pub normal: u64,
    /// The sender's next move, and the receiver's first step after accepting.
    pub own_move: u64,
}

impl Deadlines {
    /// By when an answer is needed.
    #[must_use]
    pub fn reply(self, urgency: Urgency, from: NaiveDate) -> NaiveDate {
        after(
            from,
            match urgency {
                Urgency::Emergency => self.emergency,
                Urgency::Soon => self.soon,
                Urgency::Normal => self.normal,
            },
        )
    }
}

/// So many days later.
#[must_use]
pub fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// By when the next move is due. Every state but the last two has a day.
#[must_use]
pub fn due(
    state: State,
    days: Deadlines,
    today: NaiveDate,
    reply_due_on: NaiveDate,
    doing: &Doing,
) -> Option<NaiveDate> {
    let own = after(today, days.own_move);
    let working = after(today, days.normal.max(days.own_move));
    Some(match state {
        State::Closed | State::Withdrawn => return None,
        State::Sent => reply_due_on,
        // Taking it into one's hands does not move the day of the answer; being asked again does.
        State::Received if matches!(doing.act, Act::AskAgain) => doing.due_on.unwrap_or(own),
        State::Received => reply_due_on,
        State::OnHold => doing.resume_on.unwrap_or(own),
        State::InProgress => doing.due_on.unwrap_or(working),
        State::Draft | State::Accepted | State::Returned | State::AdviceOnly | State::Reported => {
            doing.due_on.unwrap_or(own)
        }
    })
}

/// Whether what was filled in is enough for the act.
///
/// # Errors
/// The first thing that is missing.
pub fn complete(doing: &Doing, state: State, paper: bool, today: NaiveDate) -> Result<(), Refusal> {
    if paper
        && matches!(side_of(doing.act), Side::Receiver)
        && (doing.channel.is_none() || doing.answered_by.trim().is_empty())
    {
        return Err(Refusal::NoChannel);
    }
    if doing.due_on.is_some_and(|d| d < today) {
        return Err(Refusal::DueInThePast);
    }
    let silent = doing.note.trim().is_empty();
    match doing.act {
        Act::Return if doing.return_reason.is_none() => Err(Refusal::NoReturnReason),
        Act::Withdraw if doing.withdraw_reason.is_none() => Err(Refusal::NoWithdrawReason),
        Act::Report if doing.outcome.is_none() => Err(Refusal::NoOutcome),
        Act::Hold if doing.resume_on.is_none_or(|d| d <= today) => Err(Refusal::BadResumeDay),
        Act::AdviseOnly | Act::Report | Act::AskAgain if silent => Err(Refusal::NoNote(doing.act)),
        Act::Accept if doing.part && silent => Err(Refusal::NoNote(Act::Accept)),
        Act::Close if state == State::Returned && silent => Err(Refusal::NoNote(Act::Close)),
        _ => Ok(()),
    }
}

/// What is possible now on a side, in the order of the buttons.
#[must_use]
pub fn possible(state: State, kind: ReferralKind, side: Side) -> Vec<Act> {
    const ORDER: [Act; 13] = [
        Act::Send,
        Act::Receive,
        Act::Accept,
        Act::Start,
        Act::Resume,
        Act::Report,
        Act::AdviseOnly,
        Act::Hold,
        Act::Return,
        Act::RaiseAgain,
        Act::Close,
        Act::AskAgain,
        Act::Withdraw,
    ];
    ORDER
        .into_iter()
        .filter(|act| side_of(*act) == side && next(state, *act, kind).is_ok())
        .collect()
}

/// What accepting may open: never the whole record when somebody in it did not agree.
#[must_use]
pub const fn allowed_level(wished: KeyLevel, kind: ReferralKind, everybody: bool) -> KeyLevel {
    match (kind, everybody) {
        (_, false) => KeyLevel::Sheet,
        (ReferralKind::Transfer, true) => KeyLevel::Write,
        (_, true) => wished,
    }
}

#[cfg(test)]
mod tests;
