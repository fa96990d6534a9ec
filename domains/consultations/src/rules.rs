//! Decisions without I/O: what may become of a consultation, how urgent it is, whether it is compound.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{access::Duty, clock, code_enum, context::Ctx};

code_enum! {
    /// Where a consultation stands. There is no 「対象外」: each end names an answer, a body that
    /// accepted, a case, or a stated reason.
    pub enum State {
        /// 受付: waits for a decision.
        Received = "received", "判断待ち";
        /// 同意に向け継続
        SeekingConsent = "seeking_consent", "同意に向け継続";
        /// 見守り
        Watching = "watching", "見守り";
        /// 回答して終了
        Answered = "answered", "回答して終了";
        /// 他機関につないだ (and they accepted)
        HandedOver = "handed_over", "他機関につないだ";
        /// 受理してケースへ
        BecameCase = "became_case", "受理してケースへ";
        /// 中断・取下げ
        Withdrawn = "withdrawn", "中断・取下げ";
    }
}

impl State {
    /// Whether it is still somebody's move.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::SeekingConsent | Self::Watching)
    }
}

/// How one state follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A decision, or the next one.
    Decide,
    /// The last decision was wrong: it is kept, crossed out, with the reason.
    Correct,
}

/// Why a step is not possible; the sentence a user reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoStep {
    /// It is a case by now.
    IsCase,
    /// Nothing returns to the beginning.
    NotBack,
    /// It says the same as before.
    Same,
}

impl NoStep {
    /// What happened, what was kept, what to do.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::IsCase => {
                "この相談はケースになっているため、判断は変えていません。続きはケースの画面で記録してください。"
            }
            Self::NotBack => {
                "判断した相談を「受付」に戻すことはできません。判断が違っていたときは、正しい判断を選んで訂正してください。"
            }
            Self::Same => "前と同じ判断です。文だけを直すときは、訂正の理由を書いてください。",
        }
    }
}

/// The one table of what may follow what.
///
/// # Errors
/// The step is not possible.
pub const fn step(from: State, to: State) -> Result<Step, NoStep> {
    use State as S;
    match (from, to) {
        (S::BecameCase, _) => Err(NoStep::IsCase),
        (_, S::Received) => Err(NoStep::NotBack),
        // Open: watching again, or asking again, with the next day to look, is a new decision.
        (S::Received | S::SeekingConsent | S::Watching, _) => Ok(Step::Decide),
        // Closed: the decision may be corrected, also to say it in other words.
        (S::Answered | S::HandedOver | S::Withdrawn, _) => Ok(Step::Correct),
    }
}

/// The place in the queue: emergencies first, then as urgent as said. Codes that a municipality
/// added itself count as ordinary.
#[must_use]
pub fn urgency_rank(code: &str, emergency: bool) -> i64 {
    if emergency {
        return 0;
    }
    match code {
        URGENT => 1,
        "soon" => 2,
        "unknown" => 4,
        _ => 3,
    }
}

/// The code of 緊急.
pub const URGENT: &str = "emergency";
/// The code of 通常, the default.
pub const ORDINARY: &str = "normal";

/// Whole days since something was received, as the calendar on the wall counts them.
#[must_use]
pub fn days_waited(since: DateTime<Utc>, today: NaiveDate) -> i64 {
    (today - clock::local(since).date()).num_days().max(0)
}

/// The field (分野) of an issue. A code that a municipality added is a field of its own.
#[must_use]
pub fn field_of(code: &str) -> &str {
    match code {
        "illness" | "mental" | "dependence" | "suicidal" | "untreated" | "self_neglect" => "健康",
        "housing" | "eviction" | "hoarding" | "overgrown" | "many_animals" => "住まい",
        "income" | "rent_loan" | "tax_utility" | "debt" | "arrears" | "no_food" | "budgeting" => {
            "家計"
        }
        "job_search" | "workplace" => "仕事",
        "community_relation" | "isolation" | "neighbour_trouble" | "no_kin" => "地域",
        "shopping" | "transport" | "snow" => "暮らしの足",
        "family_relation" | "double_care" | "p8050" | "after_parents" => "家族",
        "child_rearing" | "marriage_birth" | "education" | "development" | "young_carer"
        | "school_absence" => "子ども",
        "care" | "dementia" | "dementia_alone" | "wandering" => "介護",
        "abuse_dv" | "dv" | "abuse_elderly" | "abuse_disabled" | "abuse_child" | "rights"
        | "consumer_harm" => "権利",
        other => other,
    }
}

/// Whether issues on two people or of two fields make it compound (複合課題). `issues` are
/// (code, subject; 0 for nobody in particular).
#[must_use]
pub fn is_compound(issues: &[(String, i64)]) -> bool {
    let Some((first_code, _)) = issues.first() else {
        return false;
    };
    let mut people: Vec<i64> = issues.iter().map(|i| i.1).filter(|s| *s > 0).collect();
    people.sort_unstable();
    people.dedup();
    people.len() > 1
        || issues
            .iter()
            .any(|(code, _)| field_of(code) != field_of(first_code))
}

/// Whether the actor may learn who gave a third-party notice: those who decide on notices, in the
/// notice's own room. Lay receivers and clerks never.
#[must_use]
pub fn may_see_reporter(ctx: &Ctx) -> bool {
    ctx.actor.may(Duty::Triage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_ours_is_no_outcome_and_nothing_returns_to_the_beginning() {
        for from in State::ALL {
            assert!(step(from, State::Received).is_err());
            assert_eq!(
                step(State::BecameCase, from).unwrap_err(),
                NoStep::IsCase,
                "a case goes on as a case"
            );
        }
        assert!(State::from_code("not_ours").is_none());
    }

    #[test]
    fn open_states_are_decided_and_closed_ones_corrected() {
        for from in State::ALL.into_iter().filter(|s| *s != State::BecameCase) {
            for to in State::ALL.into_iter().filter(|s| *s != State::Received) {
                let want = if from.is_open() {
                    Step::Decide
                } else {
                    Step::Correct
                };
                assert_eq!(step(from, to), Ok(want));
            }
        }
    }

    #[test]
    fn two_people_or_two_fields_are_compound() {
        let i = |code: &str, seq| (code.to_owned(), seq);
        assert!(!is_compound(&[]));
        assert!(!is_compound(&[i("debt", 0), i("income", 0)]));
        assert!(is_compound(&[i("debt", 0), i("care", 0)]));
        assert!(is_compound(&[i("debt", 1), i("debt", 2)]));
        assert!(!is_compound(&[i("debt", 1), i("debt", 0)]));
    }

    #[test]
    fn an_emergency_stands_on_top() {
        let mut codes = ["unknown", "normal", "soon", URGENT, "own_code"];
        codes.sort_by_key(|c| urgency_rank(c, false));
        assert_eq!(codes[0], URGENT);
        assert_eq!(codes[4], "unknown");
        assert!(urgency_rank("normal", true) < urgency_rank(URGENT, false));
    }
}
