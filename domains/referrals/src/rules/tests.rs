use proptest::prelude::*;

use super::*;

fn day(d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, d).unwrap()
}

const DEADLINES: Deadlines = Deadlines {
    emergency: 1,
    soon: 3,
    normal: 7,
    own_move: 3,
};

/// An act with everything filled in.
pub(crate) fn filled(act: Act) -> Doing {
    Doing {
        note: "書いた".into(),
        return_reason: Some(crate::model::ReturnReason::NoCapacity),
        withdraw_reason: Some(crate::model::WithdrawReason::Other),
        outcome: Some(crate::model::Outcome::Continuing),
        resume_on: Some(day(28)),
        channel: Some(crate::model::Channel::Phone),
        answered_by: "受付 例示さん".into(),
        ..Doing::new(act)
    }
}

#[test]
fn every_state_that_goes_on_has_a_side_a_task_and_a_day() {
    for state in &State::ALL {
        let over = matches!(state, State::Closed | State::Withdrawn);
        assert_eq!(whose_move(*state).is_none(), over);
        for paper in [false, true] {
            assert_eq!(waiting_for(*state, paper).is_none(), over);
        }
        for act in &Act::ALL {
            let due = due(*state, DEADLINES, day(1), day(9), &filled(*act));
            assert_eq!(due.is_none(), over);
            // A doing with nothing filled in still leaves a day.
            let bare = super::due(*state, DEADLINES, day(1), day(9), &Doing::new(*act));
            assert_eq!(bare.is_none(), over);
        }
    }
}

#[test]
fn whoever_has_the_move_can_make_one() {
    for state in &State::ALL {
        for kind in &ReferralKind::ALL {
            match whose_move(*state) {
                Some(side) => assert!(!possible(*state, *kind, side).is_empty(), "{state:?}"),
                None => {
                    for side in &Side::ALL {
                        assert!(possible(*state, *kind, *side).is_empty(), "{state:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn returning_never_ends_the_loop() {
    for state in &State::ALL {
        for kind in &ReferralKind::ALL {
            if let Ok(to) = next(*state, Act::Return, *kind) {
                assert_eq!(whose_move(to), Some(Side::Sender));
            }
        }
    }
}

#[test]
fn a_transfer_is_taken_or_given_back() {
    assert_eq!(
        next(State::Received, Act::AdviseOnly, ReferralKind::Transfer),
        Err(Refusal::TransferNeedsAnswer)
    );
    for state in [State::Accepted, State::InProgress, State::OnHold] {
        for act in [Act::Return, Act::Withdraw] {
            assert_eq!(
                next(state, act, ReferralKind::Transfer),
                Err(Refusal::AlreadyMoved),
                "the lead has moved"
            );
        }
    }
    assert_eq!(
        allowed_level(KeyLevel::Sheet, ReferralKind::Transfer, true),
        KeyLevel::Write
    );
    for kind in &ReferralKind::ALL {
        assert_eq!(
            allowed_level(KeyLevel::Write, *kind, false),
            KeyLevel::Sheet,
            "one who did not agree keeps the record shut"
        );
    }
}

#[test]
fn what_is_missing_is_said() {
    let missing = |doing: &Doing, state| complete(doing, state, false, day(1));
    assert_eq!(
        missing(&Doing::new(Act::Return), State::Sent),
        Err(Refusal::NoReturnReason)
    );
    assert_eq!(
        missing(&Doing::new(Act::Withdraw), State::Sent),
        Err(Refusal::NoWithdrawReason)
    );
    assert_eq!(
        missing(&Doing::new(Act::Report), State::InProgress),
        Err(Refusal::NoOutcome)
    );
    assert_eq!(
        missing(&Doing::new(Act::Hold), State::InProgress),
        Err(Refusal::BadResumeDay)
    );
    assert_eq!(
        missing(&Doing::new(Act::Close), State::Returned),
        Err(Refusal::NoNote(Act::Close))
    );
    assert_eq!(missing(&Doing::new(Act::Close), State::Reported), Ok(()));
    assert_eq!(
        complete(&Doing::new(Act::Receive), State::Sent, true, day(1)),
        Err(Refusal::NoChannel),
        "paper: how and from whom the answer came"
    );
    for act in &Act::ALL {
        for state in &State::ALL {
            assert_eq!(complete(&filled(*act), *state, true, day(1)), Ok(()));
        }
    }
}

proptest! {
    /// Any path through the graph: until it is over, somebody has the move and a day.
    #[test]
    fn no_path_leaves_a_hand_over_without_an_owner_and_a_due_date(
        path in proptest::collection::vec(0_usize..13, 0..40),
        kind in 0_usize..5,
    ) {
        let kind = ReferralKind::ALL[kind];
        let mut state = State::Draft;
        for step in path {
            let act = Act::ALL[step];
            if let Ok(to) = next(state, act, kind) {
                state = to;
                let over = whose_move(state).is_none();
                prop_assert_eq!(due(state, DEADLINES, day(1), day(9), &Doing::new(act)).is_none(), over);
                prop_assert_eq!(over, possible(state, kind, Side::Sender).is_empty() && possible(state, kind, Side::Receiver).is_empty());
            }
        }
    }
}

#[test]
fn of_a_sheet_that_arrived_something_waits_until_it_is_over() {
    for state in State::ALL {
        let over = whose_move(state).is_none();
        assert_eq!(waiting_here(state).is_none(), over, "{state:?}");
        // The desk here never sends it, nor raises it again.
        for act in possible(state, ReferralKind::HandOver, Side::Sender) {
            let theirs = matches!(act, Act::Send | Act::RaiseAgain);
            assert_eq!(spoken_for_sender(act), !theirs);
        }
    }
}
