//! Random paths through the store: a hand-over is never without an owner and a day.

use engawa_kernel::{db::sql, error::Error, testing::on_both};
use engawa_referrals::{
    model::{Act, Doing, Outcome, ReferralKind, ReturnReason, Side, State, WithdrawReason},
    rules,
    store::steps,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::scene::{Scene, act, look};

fn filled(act: Act, today: chrono::NaiveDate) -> Doing {
    Doing {
        return_reason: Some(ReturnReason::OutOfScope),
        withdraw_reason: Some(WithdrawReason::Other),
        outcome: Some(Outcome::Continuing),
        resume_on: Some(today + chrono::Duration::days(5)),
        ..Doing::new(act).note("書いた")
    }
}

#[test]
fn no_path_through_the_graph_leaves_a_hand_over_without_an_owner_and_a_due_date() {
    let mut runner = TestRunner::deterministic();
    let histories: Vec<(usize, Vec<(usize, bool)>)> = (0..6)
        .map(|_| {
            (
                0_usize..5,
                proptest::collection::vec((0_usize..13, any::<bool>()), 14),
            )
                .new_tree(&mut runner)
                .unwrap()
                .current()
        })
        .collect();
    on_both(|town| {
        let histories = histories.clone();
        async move {
            for (kind, path) in histories {
                let s = Scene::agreed_again(&town).await?;
                let mut content = s.content();
                content.kind = ReferralKind::ALL[kind];
                let room = s.sent_as(&content).await?;
                for (n, other) in path {
                    // Any act, by its own side or by the wrong one.
                    let wanted = Act::ALL[n];
                    let right = rules::side_of(wanted) == Side::Sender;
                    let who = if right == other { &s.they } else { &s.me };
                    let before = look(&s.me, room).await?;
                    match act(who, room, filled(wanted, s.me.today())).await {
                        Ok(state) => {
                            assert_eq!(rules::next(before.state, wanted, content.kind), Ok(state))
                        }
                        // Withdrawn before it was opened: the receiver has no key any more.
                        Err(Error::Invalid(_) | Error::Forbidden(_) | Error::Refused(_)) => {
                            assert_eq!(
                                look(&s.me, room).await?.version,
                                before.version,
                                "a refused act changes nothing"
                            );
                        }
                        Err(e) => return Err(e),
                    }
                    whole(&s, room).await?;
                }
            }
            Ok(())
        }
    });
}

async fn whole(s: &Scene, room: engawa_kernel::id::RoomId) -> engawa_kernel::error::Result<()> {
    let now = look(&s.me, room).await?;
    let tasks = s.me.read().await?.rows(
        sql("select desk_id, due_on from task where source_id = :r and done_at is null and kind = 'referral'").bind("r", room),
    ).await?;
    match rules::whose_move(now.state) {
        Some(side) => {
            let desk = if side == Side::Sender {
                now.from_desk
            } else {
                s.to
            };
            assert_eq!(now.turn_desk, desk, "{:?}", now.state);
            assert!(now.due_on.is_some(), "{:?} has no day", now.state);
            assert_eq!(tasks.len(), 1, "{:?}: one task for the move", now.state);
            assert_eq!(tasks[0].get::<engawa_kernel::id::DeskId>("desk_id")?, desk);
            assert_eq!(tasks[0].opt::<chrono::NaiveDate>("due_on")?, now.due_on);
        }
        None => {
            assert!(now.due_on.is_none() && tasks.is_empty());
            assert!(
                !s.opens_case().await || now.content.kind == ReferralKind::Transfer,
                "the key came back"
            );
        }
    }
    // The key to the case stands only while the receiver is at work.
    let working = matches!(
        now.state,
        State::Accepted | State::InProgress | State::OnHold | State::Reported
    );
    if !working && now.content.kind != ReferralKind::Transfer {
        assert!(!s.opens_case().await, "{:?}", now.state);
    }
    let key = engawa_kernel::access::open(
        &s.me,
        room,
        engawa_kernel::access::RoomKind::Referral,
        engawa_kernel::access::Act::Read,
        "test",
    )
    .await?;
    let history = steps::all(&mut s.me.read().await?, &key).await?;
    let last = history.last().unwrap();
    assert_eq!((last.state, last.due_on), (now.state, now.due_on));
    assert_eq!(
        last.turn_desk.is_none(),
        rules::whose_move(now.state).is_none()
    );
    Ok(())
}
