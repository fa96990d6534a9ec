//! A sheet goes over, is acknowledged, taken on in part, reported and closed; or comes back.

use engawa_kernel::{
    access::{self, Act as Turn, RoomKind},
    testing::on_both,
};
use engawa_referrals::{
    model::{Act, Channel, Doing, Outcome, ReturnReason, State, WithdrawReason},
    store::steps,
};

use super::{Border, browser::fetch, does, file_of, import, page};
use crate::scene::{act, days_later, get, look, sent};

#[test]
fn sent_received_taken_on_in_part_reported_and_closed() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (me, they) = (&b.s.me, &b.they);
        let (here, there) = b.arrived().await?;
        page(me, here)
            .await
            .is(200)
            .shows("相手の自治体の返事を待っています");

        // Over there it is an ordinary つなぐシート in the list, with what may be read and whom to call.
        get(they, "/referrals")
            .await
            .is(200)
            .shows("となり町")
            .shows("見本 梅")
            .shows("縁側市　");
        page(they, there)
            .await
            .is(200)
            .shows("縁側市　")
            .shows("例示 一郎")
            .shows("一度訪問してください。")
            .shows("00-0000-0009")
            .shows("受取りのファイルを作る")
            .hides("もとの記録を開く")
            .hides("出し直し");
        assert_eq!(look(they, there).await?.state, State::Received);

        // The acknowledgement: the sender knows that it arrived.
        b.answered(there).await.is(200).shows("受領");
        let sheet = look(me, here).await?;
        assert_eq!(
            (sheet.state, sheet.turn_desk),
            (State::Received, b.town.desk)
        );

        // Taken on in part: without a reason for the rest it is not written down.
        does(they, there, "accept", &[("part", "part"), ("taken", "0")])
            .await
            .is(422)
            .shows("引き受けないことの理由を書いてください");
        let part = [
            ("part", "part"),
            ("taken", "0"),
            ("left_reason", "町内に配達がありません。"),
        ];
        does(they, there, "accept", &part).await.is(303);
        b.answered(there).await.is(200).shows("記録しました");
        assert_eq!(look(me, here).await?.state, State::Accepted);
        page(me, here)
            .await
            .is(200)
            .shows("引き受けること: 一度訪問してください。")
            .shows("引き受けないこと: 食料の支援につないでください。")
            .shows("町内に配達がありません。")
            .shows("相手の自治体のファイル")
            .shows("見本 花子");

        // Begun and reported; the two steps come in one file.
        does(they, there, "start", &[]).await.is(303);
        let report = [
            ("outcome", "solved"),
            ("note", "訪問しました。週1回伺います。"),
            ("linked", "1"),
        ];
        does(they, there, "report", &report).await.is(303);
        page(they, there)
            .await
            .is(200)
            .shows("返事を相手の自治体に渡すのを待っています");
        b.answered(there).await.is(200);
        let sheet = look(me, here).await?;
        assert_eq!(
            (sheet.state, sheet.outcome, sheet.linked),
            (State::Reported, Some(Outcome::Solved), Some(true))
        );
        page(me, here).await.is(200).shows("週1回伺います");

        // Confirmed here, and over there by word of it.
        does(me, here, "close", &[]).await.is(303);
        let (status, notice) = fetch(me, &format!("/referrals/{here}/file?about=notice")).await;
        assert_eq!(status.as_u16(), 200);
        import(they, b.far.desk, &notice)
            .await
            .is(200)
            .shows("完了");
        assert_eq!(look(they, there).await?.state, State::Closed);
        let key = access::open(me, here, RoomKind::Referral, Turn::Read, "test").await?;
        let history = steps::all(&mut me.read().await?, &key).await?;
        let theirs = history
            .iter()
            .filter(|s| s.channel == Some(Channel::File))
            .count();
        assert_eq!(theirs, 4, "received, accepted, begun, reported");
        Ok(())
    });
}

#[test]
fn a_returned_sheet_comes_back_to_an_owner_with_reason_and_proposal() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (here, there) = b.arrived().await?;
        let back = Doing {
            return_reason: Some(ReturnReason::OutOfArea),
            proposal: "さらに東の町の窓口".into(),
            ..Doing::new(Act::Return)
        };
        act(&b.they, there, back).await?;
        b.answered(there).await.is(200);
        let sheet = look(&b.s.me, here).await?;
        assert_eq!(
            (sheet.state, sheet.turn_desk),
            (State::Returned, b.town.desk)
        );
        assert!(sheet.due_on.is_some(), "the next move has a day");
        page(&b.s.me, here)
            .await
            .is(200)
            .shows("担当する地区ではない")
            .shows("さらに東の町の窓口");
        // It goes out anew, and the one over there ends with word of it.
        sent(&b.s.me, b.s.case.room(), &b.content(), Some(here)).await?;
        assert_eq!(look(&b.s.me, here).await?.state, State::Closed);
        let (_, notice) = fetch(&b.s.me, &format!("/referrals/{here}/file?about=notice")).await;
        import(&b.they, b.far.desk, &notice).await.is(200);
        assert_eq!(look(&b.they, there).await?.state, State::Closed);
        Ok(())
    });
}

#[test]
fn advice_and_what_was_said_by_telephone_meet_the_file_without_a_clash() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (here, there) = b.arrived().await?;
        act(&b.they, there, Doing::new(Act::Accept)).await?;
        // They called before the file came.
        let called = Doing {
            channel: Some(Channel::Phone),
            answered_by: "見本 花子".into(),
            ..Doing::new(Act::Accept)
        };
        act(&b.s.me, here, called).await?;
        b.answered(there)
            .await
            .is(200)
            .shows("前から記録されています");
        assert_eq!(look(&b.s.me, here).await?.state, State::Accepted);

        let (here, there) = b.arrived().await?;
        act(
            &b.they,
            there,
            Doing::new(Act::AdviseOnly).note("家計の相談は県の窓口へ。"),
        )
        .await?;
        b.answered(there).await.is(200);
        assert_eq!(look(&b.s.me, here).await?.state, State::AdviceOnly);
        page(&b.s.me, here).await.shows("家計の相談は県の窓口へ。");
        Ok(())
    });
}

#[test]
fn a_replayed_an_older_and_a_disordered_answer_change_nothing_and_say_so() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (here, there) = b.arrived().await?;
        let acknowledged = file_of(&b.they, there).await;
        act(&b.they, there, Doing::new(Act::Accept)).await?;
        let accepted = file_of(&b.they, there).await;
        import(&b.s.me, b.town.desk, &accepted).await.is(200);
        let before = look(&b.s.me, here).await?;
        for file in [&accepted, &acknowledged] {
            import(&b.s.me, b.town.desk, file)
                .await
                .is(200)
                .shows("すでに取り込んであります")
                .shows("何も変えていません");
        }
        let after = look(&b.s.me, here).await?;
        assert_eq!(
            (after.state, after.version),
            (State::Accepted, before.version)
        );

        // Reported over there, but taken back here in the meantime: the machine does not allow it.
        let report = Doing {
            outcome: Some(Outcome::Solved),
            ..Doing::new(Act::Report).note("済み")
        };
        act(&b.they, there, report).await?;
        let withdraw = Doing {
            withdraw_reason: Some(WithdrawReason::Solved),
            ..Doing::new(Act::Withdraw)
        };
        act(&b.s.me, here, withdraw).await?;
        let files = b.files_in().await?;
        b.answered(there).await.is(422).shows("何も変えていません");
        assert_eq!(look(&b.s.me, here).await?.state, State::Withdrawn);
        assert_eq!(
            b.files_in().await?,
            files,
            "a refused file is not noted as taken in"
        );
        Ok(())
    });
}

#[test]
fn taken_back_with_word_of_it_and_no_file_any_more() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (here, there) = b.arrived().await?;
        let withdraw = Doing {
            withdraw_reason: Some(WithdrawReason::ConsentWithdrawn),
            ..Doing::new(Act::Withdraw)
        };
        act(&b.s.me, here, withdraw).await?;
        get(&b.s.me, &format!("/referrals/{here}/file"))
            .await
            .is(422)
            .shows("もう作れません");
        let (_, notice) = fetch(&b.s.me, &format!("/referrals/{here}/file?about=notice")).await;
        import(&b.they, b.far.desk, &notice)
            .await
            .is(200)
            .shows("取下げ");
        page(&b.they, there)
            .await
            .is(200)
            .shows("送り手の自治体が取り下げました")
            .shows("見本 梅");
        Ok(())
    });
}

#[test]
fn the_clock_runs_on_both_sides() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (here, there) = b.arrived().await?;
        days_later(&b.town, 9);
        engawa_referrals::remind(&b.town.engine).await?;
        for (ctx, room) in [(&b.s.me, here), (&b.they, there)] {
            assert!(look(ctx, room).await?.layer > 0, "told upwards");
            page(ctx, room).await.shows("期限超過");
        }
        Ok(())
    });
}
