//! What fails in other systems, by name.

use engawa_kernel::{
    access::{self, Role, RoomKind},
    db::sql,
    error::Error,
    testing::on_both,
};
use engawa_people::ConsentState;
use engawa_referrals::{
    model::{Act, Doing, ReturnReason, State, WithdrawReason},
    store::{act as acts, sheet},
};

use crate::scene::{Scene, act, consent, get, look, opens, person, sent};

#[test]
fn an_open_hand_over_that_i_may_not_see_does_not_block_mine_and_tells_me_whom_to_ask() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        s.sent().await?;
        // A third desk has a case of its own about the same person.
        let third = engawa_kernel::id::DeskId::new();
        let mut tx = s.me.write().await?;
        tx.exec(
            sql("insert into desk_contact (desk_id, contact) values (:d, '西の窓口 00-0000-0003')")
                .bind("d", third),
        )
        .await?;
        tx.commit_unaudited().await?;
        let other = town.staff("例示 四郎", Role::Worker, third).await?;
        let theirs = crate::scene::case(&other).await?;
        let mut tx = other.write().await?;
        access::link_person(&mut tx, &other, &theirs, s.son).await?;
        tx.commit().await?;
        let page = get(&other, &format!("/referrals/new?room={}", theirs.room())).await;
        page.is(200)
            .shows("ほかの窓口がつないでいる最中です")
            .shows("くらし相談窓口 00-0000-0001")
            .hides("つR8");
        consent(&other, &theirs, s.son, ConsentState::Given, vec![s.to], "").await?;
        let mut content = s.content();
        content.people = vec![s.son];
        content.issues = vec![];
        let second = sent(&other, theirs.room(), &content, None).await?;
        assert_eq!(
            look(&other, second).await?.state,
            State::Sent,
            "mine goes out all the same"
        );
        // Of a protected person not even the desk is named.
        let mut tx = s.me.write().await?;
        access::set_protected(&mut tx, &s.me, s.son, true).await?;
        tx.commit().await?;
        get(&other, &format!("/referrals/new?room={}", theirs.room()))
            .await
            .is(200)
            .hides("00-0000-0001");
        Ok(())
    });
}

#[test]
fn a_returned_one_can_be_raised_again_with_its_history() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let first = s.sent().await?;
        let back = Doing {
            return_reason: Some(ReturnReason::NoCapacity),
            proposal: "西の窓口なら今週うごけます".into(),
            ..Doing::new(Act::Return)
        };
        act(&s.they, first, back).await?;
        let now = look(&s.me, first).await?;
        assert_eq!(
            (now.state, now.turn_desk),
            (State::Returned, town.desk),
            "returning never ends the loop"
        );
        assert!(now.due_on.is_some());
        get(&s.me, &format!("/referrals/{first}"))
            .await
            .shows("差し戻されました")
            .shows("いまは手が足りない")
            .shows("西の窓口なら")
            .shows("出し直す");
        get(&s.me, "/referrals?view=returned")
            .await
            .shows(&now.number);
        let href = format!(
            "/referrals/new?room={}&follows={first}&to=desk:{}",
            s.case.room(),
            s.to
        );
        get(&s.me, &href)
            .await
            .is(200)
            .shows("一度訪問してください。")
            .shows("出し直します");
        let second = sent(&s.me, s.case.room(), &s.content(), Some(first)).await?;
        assert_eq!(look(&s.me, first).await?.state, State::Closed);
        get(&s.me, &format!("/referrals/{second}"))
            .await
            .shows("前後のつなぐシート")
            .shows(&now.number)
            .shows("いまは手が足りない");
        Ok(())
    });
}

#[test]
fn a_receiver_cannot_open_the_case_without_the_senders_act_or_break_glass() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        assert!(!s.opens_case().await);
        let mut content = s.content();
        content.key_level = engawa_referrals::model::KeyLevel::Sheet;
        let sheet = s.sent_as(&content).await?;
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        assert!(!s.opens_case().await, "the sender allowed the sheet only");
        // The receiver cannot do the sender's acts, nor send in the sender's name.
        for doing in [
            Doing::new(Act::Close),
            Doing {
                withdraw_reason: Some(WithdrawReason::Other),
                ..Doing::new(Act::Withdraw)
            },
        ] {
            assert!(matches!(
                act(&s.they, sheet, doing).await,
                Err(Error::Forbidden(_))
            ));
        }
        let mut tx = s.they.write().await?;
        access::break_glass(
            &mut tx,
            &s.they,
            s.case.room(),
            "life",
            "応答がなく命の危険",
        )
        .await?;
        tx.commit().await?;
        assert!(s.opens_case().await, "an emergency opens, and is told");
        Ok(())
    });
}

#[test]
fn access_can_be_taken_back_when_the_receiving_user_has_left() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let sheet = s.sent().await?;
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        let colleague = town
            .staff("例示 五郎", Role::Worker, town.other_desk)
            .await?;
        assert!(opens(&colleague, s.case.room(), RoomKind::Case).await);
        let mut tx = s.me.write().await?;
        tx.exec(
            sql("update posting set valid_to = '2026-11-20' where id = :p")
                .bind("p", s.they.actor.posting()?.id),
        )
        .await?;
        tx.exec(
            sql("update staff set left_on = '2026-11-20' where id = :s")
                .bind("s", s.they.actor.staff),
        )
        .await?;
        tx.commit_unaudited().await?;
        let back = Doing {
            withdraw_reason: Some(WithdrawReason::Other),
            ..Doing::new(Act::Withdraw)
        };
        act(&s.me, sheet, back).await?;
        assert!(!opens(&colleague, s.case.room(), RoomKind::Case).await);
        assert!(!s.opens_case().await);
        Ok(())
    });
}

#[test]
fn a_queued_act_of_someone_whose_key_has_gone_does_not_execute() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let sheet = s.sent().await?;
        // The page is open, the form is filled in; then the posting ends.
        let version = look(&s.they, sheet).await?.version.to_string();
        let mut tx = s.me.write().await?;
        tx.exec(
            sql("update posting set valid_to = '2026-11-20' where id = :p")
                .bind("p", s.they.actor.posting()?.id),
        )
        .await?;
        tx.commit_unaudited().await?;
        let answer = crate::scene::post(
            &s.they,
            &format!("/referrals/{sheet}/act"),
            &[("act", "accept"), ("version", &version)],
        )
        .await;
        assert!(
            [403, 404].contains(&answer.status.as_u16()),
            "{}",
            answer.status
        );
        assert_eq!(look(&s.me, sheet).await?.state, State::Sent);
        assert!(!s.opens_case().await);
        Ok(())
    });
}

#[test]
fn a_sheet_withdrawn_before_it_was_opened_is_not_the_receivers_any_more() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let mistake = || Doing {
            withdraw_reason: Some(WithdrawReason::SentByMistake),
            ..Doing::new(Act::Withdraw)
        };
        let unopened = s.sent().await?;
        act(&s.me, unopened, mistake()).await?;
        get(&s.they, &format!("/referrals/{unopened}"))
            .await
            .is(403)
            .hides("見本");
        assert!(opens(&s.me, unopened, RoomKind::Referral).await);
        let opened = s.sent().await?;
        get(&s.they, &format!("/referrals/{opened}")).await.is(200);
        act(&s.me, opened, mistake()).await?;
        get(&s.they, &format!("/referrals/{opened}"))
            .await
            .is(200)
            .shows("取り下げられました");
        Ok(())
    });
}

#[test]
fn two_who_act_at_once_the_second_is_told() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let sheet = s.sent().await?;
        let version = look(&s.they, sheet).await?.version;
        act(&s.they, sheet, Doing::new(Act::Receive)).await?;
        let (mut tx, key) =
            access::open_for_write(&s.they, sheet, RoomKind::Referral, "test").await?;
        let late = acts::act(&mut tx, &s.they, &key, &Doing::new(Act::Accept), version).await;
        assert!(matches!(late, Err(Error::Changed)));
        Ok(())
    });
}

#[test]
fn a_sealed_case_goes_to_one_person_not_to_a_desk() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let mut tx = s.me.write().await?;
        access::seal(&mut tx, &s.me, &s.case, "abuse").await?;
        tx.commit().await?;
        let Err(Error::Invalid(why)) = s.sent().await else {
            panic!("it was sent to a desk")
        };
        assert!(why.contains("一人選んで"), "{why}");
        let mut content = s.content();
        content.to = engawa_referrals::model::To::Desk(s.to, Some(s.they.actor.posting()?.id));
        let sheet = s.sent_as(&content).await?;
        let colleague = town
            .staff("例示 五郎", Role::Worker, town.other_desk)
            .await?;
        assert!(!opens(&colleague, sheet, RoomKind::Referral).await);
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        assert!(s.opens_case().await);
        assert!(!opens(&colleague, s.case.room(), RoomKind::Case).await);
        get(&colleague, &format!("/referrals/{sheet}"))
            .await
            .is(404);
        Ok(())
    });
}

#[test]
fn nobody_sends_to_their_own_desk() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let mut content = s.content();
        content.to = engawa_referrals::model::To::Desk(town.desk, None);
        assert!(matches!(s.sent_as(&content).await, Err(Error::Invalid(_))));
        // Somebody without a key to the case cannot write one about it.
        let stranger = town
            .staff("例示 六郎", Role::Worker, town.other_desk)
            .await?;
        let path = format!("/referrals/new?room={}", s.case.room());
        get(&stranger, &path).await.is(403).shows("くらし相談窓口");
        let someone = person(&s.me, &s.case, "仮名 次郎").await?;
        assert!(
            sheet::kind_of(
                &mut s.me.read().await?,
                &s.me,
                engawa_kernel::id::RoomId(someone.0)
            )
            .await
            .is_err()
        );
        Ok(())
    });
}
