//! How a sheet reads as a Task of the HL7 Gravity SDOH Clinical Care guide (Referral Task Status),
//! so that nothing which that closed loop can say is lost here. See
//! `docs/decisions/0006-referral-states.md`.

use crate::model::{Outcome, ReturnReason, State, WithdrawReason};

/// Status of a FHIR Task, as far as the guide uses it; `Received` belongs to its first edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TaskStatus {
    /// Not yet ready to be acted upon.
    Draft,
    /// Action is sought.
    Requested,
    /// Claimed, being considered.
    Received,
    /// Agreed, not begun.
    Accepted,
    /// Decided not to, before any action.
    Rejected,
    /// Begun.
    InProgress,
    /// Paused.
    OnHold,
    /// Not completed, by either side.
    Cancelled,
    /// Done.
    Completed,
    /// Attempted, could not be done.
    Failed,
    /// Should never have existed.
    EnteredInError,
}

impl TaskStatus {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::Requested,
        Self::Received,
        Self::Accepted,
        Self::Rejected,
        Self::InProgress,
        Self::OnHold,
        Self::Cancelled,
        Self::Completed,
        Self::Failed,
        Self::EnteredInError,
    ];
}

/// What besides the state decides the status.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// Of the report.
    pub outcome: Option<Outcome>,
    /// Why it came back, if it did.
    pub returned: Option<ReturnReason>,
    /// Whether it had been accepted before it came back.
    pub begun: bool,
    /// Why it was taken back.
    pub withdrawn: Option<WithdrawReason>,
}

/// The status of a sheet.
#[must_use]
pub const fn status(state: State, facts: Facts) -> TaskStatus {
    use TaskStatus as T;
    match state {
        State::Draft => T::Draft,
        State::Sent => T::Requested,
        State::Received => T::Received,
        State::Accepted => T::Accepted,
        State::InProgress => T::InProgress,
        State::OnHold => T::OnHold,
        State::Returned => declined(facts),
        // Advice is what was asked for, or all that could be given: the work is done.
        State::AdviceOnly => T::Completed,
        State::Reported | State::Closed => match (facts.outcome, facts.returned) {
            (Some(Outcome::Failed), _) => T::Failed,
            (Some(_), _) | (None, None) => T::Completed,
            (None, Some(_)) => declined(facts),
        },
        State::Withdrawn => match facts.withdrawn {
            Some(WithdrawReason::SentByMistake) => T::EnteredInError,
            _ => T::Cancelled,
        },
    }
}

const fn declined(facts: Facts) -> TaskStatus {
    if facts.begun {
        TaskStatus::Cancelled
    } else {
        TaskStatus::Rejected
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashSet, VecDeque};

    use super::*;
    use crate::{
        model::{Act, ReferralKind},
        rules::next,
    };

    /// The arrows of the guide's state diagram, and those through `received` of its first edition.
    const ARROWS: [(TaskStatus, TaskStatus); 26] = {
        use TaskStatus as T;
        [
            (T::Draft, T::EnteredInError),
            (T::Draft, T::Requested),
            (T::Requested, T::Accepted),
            (T::Requested, T::Rejected),
            (T::Requested, T::Received),
            (T::Requested, T::Cancelled),
            (T::Requested, T::EnteredInError),
            (T::Received, T::Accepted),
            (T::Received, T::Rejected),
            (T::Received, T::Cancelled),
            (T::Accepted, T::InProgress),
            (T::Accepted, T::OnHold),
            (T::Accepted, T::Cancelled),
            (T::Accepted, T::Completed),
            (T::Accepted, T::Failed),
            (T::InProgress, T::OnHold),
            (T::InProgress, T::Cancelled),
            (T::InProgress, T::Completed),
            (T::InProgress, T::Failed),
            (T::OnHold, T::InProgress),
            (T::OnHold, T::Cancelled),
            (T::OnHold, T::Completed),
            (T::OnHold, T::Failed),
            // Going on after all: here a new sheet follows the old one.
            (T::Cancelled, T::InProgress),
            (T::Rejected, T::Requested),
            (T::Completed, T::InProgress),
        ]
    };

    /// A sheet in the test: its state and what decides its status.
    type At = (State, Option<Outcome>, bool, bool, bool);

    fn reads(at: At) -> TaskStatus {
        let (state, outcome, returned, begun, mistake) = at;
        status(
            state,
            Facts {
                outcome,
                returned: returned.then_some(ReturnReason::Other),
                begun,
                withdrawn: Some(if mistake {
                    WithdrawReason::SentByMistake
                } else {
                    WithdrawReason::Other
                }),
            },
        )
    }

    /// One act further, with every choice that the act leaves; raising again begins a new sheet.
    fn further(at: At) -> Vec<At> {
        let (state, outcome, returned, begun, mistake) = at;
        let mut found = Vec::new();
        for act in &Act::ALL {
            let Ok(to) = next(state, *act, ReferralKind::HandOver) else {
                continue;
            };
            match act {
                Act::RaiseAgain => {
                    found.push((to, outcome, returned, begun, mistake));
                    found.push((State::Draft, None, false, false, false));
                }
                Act::Report => {
                    for o in &Outcome::ALL {
                        found.push((to, Some(*o), returned, begun, mistake));
                    }
                }
                Act::Withdraw => {
                    found.push((to, outcome, returned, begun, true));
                    found.push((to, outcome, returned, begun, false));
                }
                Act::Return => found.push((to, None, true, begun, mistake)),
                Act::Accept => found.push((to, None, false, true, mistake)),
                _ => found.push((to, outcome, returned, begun, mistake)),
            }
        }
        found
    }

    fn reachable(from: &[At]) -> HashSet<At> {
        let mut seen: HashSet<At> = from.iter().copied().collect();
        let mut queue: VecDeque<At> = from.iter().copied().collect();
        while let Some(at) = queue.pop_front() {
            for to in further(at) {
                if seen.insert(to) {
                    queue.push_back(to);
                }
            }
        }
        seen
    }

    #[test]
    fn every_status_of_the_guide_is_reached() {
        let all = reachable(&[(State::Draft, None, false, false, false)]);
        for status in TaskStatus::ALL {
            assert!(all.iter().any(|at| reads(*at) == status), "{status:?}");
        }
    }

    #[test]
    fn every_arrow_of_the_guide_can_be_walked() {
        let all = reachable(&[(State::Draft, None, false, false, false)]);
        for (from, to) in ARROWS {
            let starts: Vec<At> = all
                .iter()
                .copied()
                .filter(|at| reads(*at) == from)
                .collect();
            let ends = reachable(&starts);
            assert!(ends.iter().any(|at| reads(*at) == to), "{from:?} → {to:?}");
        }
    }

    #[test]
    fn nothing_in_the_middle_is_a_dead_end() {
        let all = reachable(&[(State::Draft, None, false, false, false)]);
        for at in &all {
            let ends = matches!(at.0, State::Closed | State::Withdrawn);
            assert_eq!(further(*at).is_empty(), ends, "{at:?}");
            assert!(
                reachable(&[*at])
                    .iter()
                    .any(|to| matches!(to.0, State::Closed | State::Withdrawn))
            );
        }
    }
}
