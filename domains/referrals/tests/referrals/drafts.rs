//! A sheet may lie and be gone on with; two who write it see both texts.

use engawa_kernel::{access::Role, testing::on_both};
use engawa_referrals::model::{Act, Doing, State, WithdrawReason};

use crate::scene::{Scene, act, get, look, post};

#[test]
fn a_draft_is_kept_gone_on_with_and_sent() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let (room, to) = (s.case.room().to_string(), format!("desk:{}", s.to));
        let (mother, son) = (s.mother.to_string(), s.son.to_string());
        let base = [
            ("kind", "hand_over"),
            ("person", mother.as_str()),
            ("person", son.as_str()),
            ("asked", "訪問してください。"),
            ("urgency", "normal"),
            ("basis", "consent"),
            ("key_level", "read"),
        ];
        let mut first = vec![
            ("room", room.as_str()),
            ("to", to.as_str()),
            ("do", "draft"),
        ];
        first.extend(base);
        let kept = post(&s.me, "/referrals/new", &first).await;
        kept.is(303);
        let at = kept.location.clone();
        let sheet: engawa_kernel::id::RoomId = at.rsplit('/').next().unwrap().parse().unwrap();
        let now = look(&s.me, sheet).await?;
        assert_eq!((now.state, now.turn_desk), (State::Draft, town.desk));
        assert!(now.due_on.is_some(), "even a draft has an owner and a day");
        get(&s.they, &at).await.is(403);
        get(&s.they, "/referrals").await.hides(&now.number);
        let edit = get(&s.me, &at).await;
        assert_eq!(edit.location, format!("{at}/edit"));
        get(&s.me, &edit.location)
            .await
            .is(200)
            .shows("訪問してください。");
        // A colleague saves in between.
        let colleague = town.staff("例示 二郎", Role::Worker, town.desk).await?;
        let mut theirs = vec![
            ("version", "1"),
            ("do", "draft"),
            ("wishes", "夕方は避ける"),
        ];
        theirs.extend(base);
        post(&colleague, &edit.location, &theirs).await.is(303);
        let mut mine = vec![("version", "1"), ("do", "send"), ("wishes", "午前だけ")];
        mine.extend(base);
        post(&s.me, &edit.location, &mine)
            .await
            .is(409)
            .shows("夕方は避ける")
            .shows("午前だけ");
        let mut again = vec![
            ("version", "2"),
            ("do", "send"),
            ("wishes", "午前だけ、夕方は避ける"),
        ];
        again.extend(base);
        post(&s.me, &edit.location, &again).await.is(303);
        assert_eq!(look(&s.they, sheet).await?.state, State::Sent);
        // Once sent, the text stands.
        post(&s.me, &edit.location, &again)
            .await
            .is(422)
            .shows("書き換えられません");
        Ok(())
    });
}

#[test]
fn a_draft_can_be_dropped() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let (mut tx, source) = engawa_kernel::access::open_for_write(
            &s.me,
            s.case.room(),
            engawa_kernel::access::RoomKind::Case,
            "test",
        )
        .await?;
        let key =
            engawa_referrals::store::sheet::begin(&mut tx, &s.me, &source, &s.content(), None)
                .await?;
        tx.commit().await?;
        get(&s.me, &format!("/referrals/{}?stay=1", key.room()))
            .await
            .is(200)
            .shows("取り下げる");
        act(
            &s.me,
            key.room(),
            Doing {
                withdraw_reason: Some(WithdrawReason::Solved),
                ..Doing::new(Act::Withdraw)
            },
        )
        .await?;
        assert_eq!(look(&s.me, key.room()).await?.state, State::Withdrawn);
        Ok(())
    });
}
