//! A sheet goes over, is acknowledged, taken on in part, reported and closed; or comes back.

use engawa_kernel::{access::{self, Act as Turn, RoomKind}, audit, testing::on_both};
use engawa_people::ConsentState;
use engawa_referrals::{
    model::{Act, Channel, Doing, Outcome, ReturnReason, State, To, WithdrawReason},
    store::steps,
};

use super::{Border, does, file_of, import, page, room_in};
use crate::scene::{act, consent, days_later, fetch, get, look, opens, post, sent};

#[test]
fn sent_received_taken_on_in_part_reported_and_closed() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (me, they) = (&b.s.me, &b.they);
        let (here, there) = b.arrived().await?;
        page(me, here).await.is(200).shows("相手の自治体の返事を待っています");

        // Over there it is an ordinary つなぐシート in the list, with what may be read and whom to call.
        get(they, "/referrals").await.is(200).shows("となり町").shows("見本 梅").shows("縁側市　");
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
        assert_eq!((sheet.state, sheet.turn_desk), (State::Received, b.town.desk));

        // Taken on in part: without a reason for the rest it is not written down.
        does(they, there, "accept", &[("part", "part"), ("taken", "0")])
            .await
            .is(422)
            .shows("引き受けないことの理由を書いてください");
        let part = [("part", "part"), ("taken", "0"), ("left_reason", "町内に配達がありません。")];
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
        let report = [("outcome", "solved"), ("note", "訪問しました。週1回伺います。"), ("linked", "1")];
        does(they, there, "report", &report).await.is(303);
        page(they, there).await.is(200).shows("返事を相手の自治体に渡すのを待っています");
        b.answered(there).await.is(200);
        let sheet = look(me, here).await?;
        assert_eq!((sheet.state, sheet.outcome, sheet.linked), (State::Reported, Some(Outcome::Solved), Some(true)));
        page(me, here).await.is(200).shows("週1回伺います");

        // Confirmed here, and over there by word of it.
        does(me, here, "close", &[]).await.is(303);
        let (status, notice) = fetch(me, &format!("/referrals/{here}/file?about=notice")).await;
        assert_eq!(status.as_u16(), 200);
        import(they, b.far.desk, &notice).await.is(200).shows("完了");
        assert_eq!(look(they, there).await?.state, State::Closed);
        let key = access::open(me, here, RoomKind::Referral, Turn::Read, "test").await?;
        let history = steps::all(&mut me.read().await?, &key).await?;
        let theirs = history.iter().filter(|s| s.channel == Some(Channel::File)).count();
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
        assert_eq!((sheet.state, sheet.turn_desk), (State::Returned, b.town.desk));
        assert!(sheet.due_on.is_some(), "the next move has a day");
        page(&b.s.me, here).await.is(200).shows("担当する地区ではない").shows("さらに東の町の窓口");
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
        b.answered(there).await.is(200).shows("前から記録されています");
        assert_eq!(look(&b.s.me, here).await?.state, State::Accepted);

        let (here, there) = b.arrived().await?;
        act(&b.they, there, Doing::new(Act::AdviseOnly).note("家計の相談は県の窓口へ。")).await?;
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
            import(&b.s.me, b.town.desk, file).await.is(200).shows("すでに取り込んであります").shows("何も変えていません");
        }
        let after = look(&b.s.me, here).await?;
        assert_eq!((after.state, after.version), (State::Accepted, before.version));

        // Reported over there, but taken back here in the meantime: the machine does not allow it.
        let report = Doing { outcome: Some(Outcome::Solved), ..Doing::new(Act::Report).note("済み") };
        act(&b.they, there, report).await?;
        let withdraw = Doing { withdraw_reason: Some(WithdrawReason::Solved), ..Doing::new(Act::Withdraw) };
        act(&b.s.me, here, withdraw).await?;
        let files = b.files_in().await?;
        b.answered(there).await.is(422).shows("何も変えていません");
        assert_eq!(look(&b.s.me, here).await?.state, State::Withdrawn);
        assert_eq!(b.files_in().await?, files, "a refused file is not noted as taken in");
        Ok(())
    });
}

#[test]
fn taken_back_with_word_of_it_and_no_file_any_more() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (here, there) = b.arrived().await?;
        let withdraw = Doing { withdraw_reason: Some(WithdrawReason::ConsentWithdrawn), ..Doing::new(Act::Withdraw) };
        act(&b.s.me, here, withdraw).await?;
        get(&b.s.me, &format!("/referrals/{here}/file")).await.is(422).shows("もう作れません");
        let (_, notice) = fetch(&b.s.me, &format!("/referrals/{here}/file?about=notice")).await;
        import(&b.they, b.far.desk, &notice).await.is(200).shows("取下げ");
        page(&b.they, there).await.is(200).shows("送り手の自治体が取り下げました").shows("見本 梅");
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

#[test]
fn each_download_is_an_export_in_the_log_and_neither_side_opens_the_others_records() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let (here, there) = b.arrived().await?;
        file_of(&b.s.me, here).await;
        let key = access::open(&b.s.me, here, RoomKind::Referral, Turn::Read, "test").await?;
        let log = audit::of_room(&mut b.s.me.read().await?, &key, None, 100).await?;
        let of = |action: &str| log.iter().filter(|l| l.action == action).count();
        assert_eq!((of("room.export"), of("referral.file_made")), (2, 2));
        page(&b.s.me, here).await.shows("やりとりしたファイル").shows("シートを作成");
        page(&b.they, there).await.shows("シートを取り込み");
        // Nobody of the one municipality has a key to anything of the other.
        assert!(!opens(&b.they, here, RoomKind::Referral).await);
        assert!(!opens(&b.they, b.s.case.room(), RoomKind::Case).await);
        assert!(!opens(&b.s.me, there, RoomKind::Referral).await);
        get(&b.they, &format!("/referrals/{here}/file")).await.is(404);
        // A desk beside the sender's has no file to make.
        get(&b.s.they, &format!("/referrals/{here}/file")).await.is(404);
        Ok(())
    });
}

#[test]
fn only_what_may_be_read_is_in_the_file() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let s = &b.s;
        // The son takes his consent back; the mother's stands.
        consent(&s.me, &s.case, s.son, ConsentState::Withdrawn, vec![], "となり町").await?;
        let mut content = b.content();
        content.words = "お母さんの足が悪い。".into();
        content.wishes = String::new();
        content.reason = String::new();
        let room = sent(&s.me, s.case.room(), &content, None).await?;
        let file = file_of(&s.me, room).await;
        let raw = String::from_utf8_lossy(&file).into_owned();
        for shut in ["見本", "縁側市", super::HERE, super::THERE, "足が悪い"] {
            assert!(!raw.contains(shut), "{shut} is readable without the key");
        }
        let said = serde_json::to_string(&b.read(&file))?;
        assert!(said.contains("見本 梅") && said.contains("お母さんの足が悪い。"));
        for absent in ["健太", "ひきこもり", "同意（", &s.case.room().to_string(), &room.to_string(), &s.me.actor.staff.to_string()] {
            assert!(!said.contains(absent), "{absent} is in the file");
        }
        // Consent to somebody else does not let anything go.
        let mut other = b.content();
        other.people = vec![s.son];
        assert!(sent(&s.me, s.case.room(), &other, None).await.is_err());
        Ok(())
    });
}

#[test]
fn a_protected_address_is_never_in_the_file() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let s = &b.s;
        let lead = b.town.staff("例示 係長", engawa_kernel::access::Role::Supervisor, b.town.desk).await?;
        let mut tx = s.me.write().await?;
        let new = engawa_people::NewPerson {
            names: vec![engawa_people::NewName {
                kind: engawa_people::NameKind::Common,
                text: "見本 咲".into(),
                kana: String::new(),
            }],
            address: Some("縁側市みどり町9丁目".into()),
            phones: vec!["00-0000-4649".into()],
            ..engawa_people::NewPerson::default()
        };
        let hidden = engawa_people::create(&mut tx, &s.me, &s.case, new).await?;
        tx.commit().await?;
        consent(&s.me, &s.case, hidden, ConsentState::Given, vec![], "となり町").await?;
        let mut tx = lead.write().await?;
        let protection = engawa_people::NewProtection {
            kind: engawa_people::ProtectionKind::ALL[0],
            starts_on: lead.today(),
            ends_on: lead.today() + chrono::Duration::days(300),
            hidden_from: vec![],
            document: String::new(),
            notes: String::new(),
        };
        engawa_people::apply_protection(&mut tx, &lead, &s.case, hidden, &protection).await?;
        tx.commit().await?;
        let mut content = b.content();
        content.people = vec![s.mother, s.son, hidden];
        let room = sent(&s.me, s.case.room(), &content, None).await?;
        let file = file_of(&s.me, room).await;
        let said = serde_json::to_string(&b.read(&file))?;
        assert!(said.contains("見本 咲"));
        for secret in ["みどり町", "4649"] {
            assert!(!said.contains(secret), "{secret} is in the file");
        }
        let came = import(&b.they, b.far.desk, &file).await;
        page(&b.they, room_in(&came)).await.is(200).shows("秘匿").hides("みどり町");
        Ok(())
    });
}

#[test]
fn a_sheet_is_written_to_a_peer_on_the_screen() {
    on_both(|town| async move {
        let b = Border::new(town).await?;
        let source = b.s.case.room().to_string();
        let to = format!("peer:{}", b.peer);
        get(&b.s.me, &format!("/referrals/new?room={source}")).await.is(200).shows("となり町に渡す").shows(&to);
        get(&b.s.me, &format!("/referrals/new?room={source}&to={to}")).await.is(200).shows("ファイルで渡します");
        let (mother, son) = (b.s.mother.to_string(), b.s.son.to_string());
        let fields = [
            ("room", source.as_str()),
            ("to", to.as_str()),
            ("kind", "hand_over"),
            ("person", mother.as_str()),
            ("person", son.as_str()),
            ("asked", "一度訪問してください。"),
            ("urgency", "normal"),
            ("basis", "consent"),
            ("key_level", "sheet"),
            ("do", "send"),
        ];
        let answer = post(&b.s.me, "/referrals/new", &fields).await;
        answer.is(303);
        page(&b.s.me, answer.location.rsplit('/').next().unwrap().parse().unwrap()).await.shows("シートのファイルを作る");
        // The lead does not move to another municipality.
        let mut lead = b.content();
        lead.kind = engawa_referrals::model::ReferralKind::Transfer;
        let why = sent(&b.s.me, b.s.case.room(), &lead, None).await.unwrap_err();
        assert!(why.to_string().contains("この自治体の中だけ"), "{why}");
        // A body of the same name without a file stays a body on paper.
        let mut paper = b.content();
        paper.to = To::Outside { name: "となり町".into(), contact: String::new(), peer: None };
        let room = sent(&b.s.me, b.s.case.room(), &paper, None).await?;
        get(&b.s.me, &format!("/referrals/{room}/file")).await.is(422).shows("ファイルで渡す自治体ではありません");
        Ok(())
    });
}
