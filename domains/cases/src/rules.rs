//! Decisions without I/O: what may follow what, and when an act is refused.

use chrono::NaiveDate;
use engawa_kernel::id::{DeskId, PostingId};

use crate::model::{Member, Stage};

/// An act on a case's stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Move to another stage while open.
    Move(Stage),
    /// 終結
    Close,
    /// 再開
    Reopen,
}

/// Why an act is refused; [`Refusal::sentence`] is what the user reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The case is closed.
    AlreadyClosed,
    /// The case is open.
    NotClosed,
    /// Closing and re-opening have their own screens.
    OwnScreen,
    /// The owner leaves and nobody follows.
    NoSuccessor,
    /// A sealed room has no desk key: somebody in particular must own it.
    SealedNeedsPerson,
    /// A sealed room opens to people, not to whole desks.
    SealedNeedsPosting,
    /// Someone must stay in contact after closing.
    NoLaterLead,
    /// No day for the next check and no reason why there is none.
    NoNextCheck,
    /// Issues without an end state.
    OpenIssues(usize),
    /// A day before the case began, or a day to come.
    BadDay,
}

impl Refusal {
    /// What happened, what was kept, what to do next.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::AlreadyClosed => "このケースは終結しています。記録は残っています。続けて支援するときは、先に「再開する」から再開してください。".into(),
            Self::NotClosed => "このケースは終結していないため、再開は必要ありません。そのまま記録を続けられます。".into(),
            Self::OwnScreen => "終結と再開は、それぞれ専用の画面で記録してください。段階は変えていません。".into(),
            Self::NoSuccessor => "主担当がいなくなるため、チームから外していません。先に「主担当を替える」で次の主担当を決めてください。".into(),
            Self::SealedNeedsPerson => "限定記録のケースでは、窓口ではなく職員を主担当にしてください。主担当は変えていません。".into(),
            Self::SealedNeedsPosting => "限定記録のケースのチームには、窓口全体ではなく職員を一人ずつ加えてください。まだ加えていません。".into(),
            Self::NoLaterLead => "「後の主担当」を入力してください。終結したあとも連絡を続ける人・機関を必ず決めます。".into(),
            Self::NoNextCheck => "「次の確認日」を入力するか、予定しない理由を書いてください。".into(),
            Self::OpenIssues(n) => format!("終わりの状態が決まっていない課題が{n}件あります。課題ごとに終わりの状態を選んでから終結してください。"),
            Self::BadDay => "日付は、支援を始めた日から今日までの間で入力してください。".into(),
        }
    }
}

/// What a case is after an act. The only place where stages follow each other.
///
/// # Errors
/// The act does not fit the stage.
pub const fn step(now: Stage, act: Act) -> Result<Stage, Refusal> {
    use Stage as S;
    match (now, act) {
        (S::Closed, Act::Reopen) => Ok(S::Support),
        (_, Act::Reopen) => Err(Refusal::NotClosed),
        (S::Closed, Act::Move(_) | Act::Close) => Err(Refusal::AlreadyClosed),
        (_, Act::Move(S::Closed)) => Err(Refusal::OwnScreen),
        (_, Act::Move(to)) => Ok(to),
        (S::Accepted | S::Assessment | S::Support | S::Alongside | S::Watch, Act::Close) => {
            Ok(S::Closed)
        }
    }
}

/// What a closing says.
#[derive(Debug, Clone)]
pub struct Closing {
    /// 終結日
    pub closed_on: NaiveDate,
    /// Code of the list `ClosureReason`.
    pub reason: String,
    /// 見られた変化
    pub changes: String,
    /// 後の主担当
    pub later_lead: String,
    /// 次の確認日
    pub next_check_on: Option<NaiveDate>,
    /// Why there is none.
    pub no_check_reason: String,
    /// チームを解散し、閲覧権を返す
    pub dissolve_team: bool,
}

/// Whether a case may be closed like this.
///
/// # Errors
/// The first rule that is broken.
pub fn may_close(
    stage: Stage,
    opened_on: NaiveDate,
    today: NaiveDate,
    closing: &Closing,
    open_issues: usize,
) -> Result<(), Refusal> {
    step(stage, Act::Close)?;
    if closing.closed_on < opened_on || closing.closed_on > today {
        return Err(Refusal::BadDay);
    }
    if open_issues > 0 {
        return Err(Refusal::OpenIssues(open_issues));
    }
    if closing.later_lead.trim().is_empty() {
        return Err(Refusal::NoLaterLead);
    }
    if closing.next_check_on.is_none() && closing.no_check_reason.trim().is_empty() {
        return Err(Refusal::NoNextCheck);
    }
    Ok(())
}

/// Whether a member may leave the team on their own.
///
/// # Errors
/// It is the owner, and nobody follows.
pub const fn may_end(member: &Member) -> Result<(), Refusal> {
    if member.is_owner {
        Err(Refusal::NoSuccessor)
    } else {
        Ok(())
    }
}

/// Whether these may own a case.
///
/// # Errors
/// A sealed case and no person.
pub const fn may_own(
    sealed: bool,
    _desk: DeskId,
    posting: Option<PostingId>,
) -> Result<(), Refusal> {
    if sealed && posting.is_none() {
        Err(Refusal::SealedNeedsPerson)
    } else {
        Ok(())
    }
}

/// 一人で抱えている: nobody in the team besides the owner.
#[must_use]
pub fn is_lone(team: &[Member]) -> bool {
    !team.iter().any(|m| m.until_on.is_none() && !m.is_owner)
}

/// What counts how when a household comes back; shown where the choice is made.
pub const RETURN_RULE: &str = "同じケースを再開すると「再開」1件として数え、新規のケースには数えません(前の終結の件数はそのまま残ります)。新しいケースとして始めると「新規」1件として数え、前のケースとのつながりを残します。どちらでも、今回の相談は新しい相談受付1件として数えます。";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_case_is_only_reopened() {
        for stage in Stage::ALL {
            let closed = stage == Stage::Closed;
            assert_eq!(step(stage, Act::Reopen).is_ok(), closed);
            assert_eq!(step(stage, Act::Close).is_ok(), !closed);
            assert_eq!(step(stage, Act::Move(Stage::Watch)).is_ok(), !closed);
            assert!(step(stage, Act::Move(Stage::Closed)).is_err());
        }
    }

    #[test]
    fn closing_names_who_stays_and_when_to_look_again() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 4, d).unwrap();
        let whole = Closing {
            closed_on: day(10),
            reason: "goal".into(),
            changes: String::new(),
            later_lead: "民生委員 例示さん".into(),
            next_check_on: Some(day(30)),
            no_check_reason: String::new(),
            dissolve_team: true,
        };
        let judge = |c: &Closing, issues| may_close(Stage::Support, day(1), day(20), c, issues);
        assert_eq!(judge(&whole, 0), Ok(()));
        assert_eq!(judge(&whole, 2), Err(Refusal::OpenIssues(2)));
        let nobody = Closing {
            later_lead: "　".into(),
            ..whole.clone()
        };
        assert_eq!(judge(&nobody, 0), Err(Refusal::NoLaterLead));
        let never = Closing {
            next_check_on: None,
            ..whole.clone()
        };
        assert_eq!(judge(&never, 0), Err(Refusal::NoNextCheck));
        let said = Closing {
            no_check_reason: "死亡のため".into(),
            ..never
        };
        assert_eq!(judge(&said, 0), Ok(()));
        let tomorrow = Closing {
            closed_on: day(21),
            ..whole
        };
        assert_eq!(judge(&tomorrow, 0), Err(Refusal::BadDay));
    }
}
