//! 町田's flow: an elderly desk hears of a son's withdrawal, hands that part over for certain, and the
//! receiver visits and reports.

use engawa_kernel::{access::RoomKind, db::sql, id::RoomId, testing::on_both};
use engawa_people::ConsentState;
use engawa_referrals::model::{Act, Doing, Outcome, ReferralKind, State};

use crate::scene::{Scene, act, get, look, opens, post};

fn fields<'a>(
    room: &'a str,
    to: &'a str,
    person: &'a str,
    wish: &'a str,
    once: &'a str,
) -> Vec<(&'a str, &'a str)> {
    vec![
        ("room", room),
        ("to", to),
        ("kind", "hand_over"),
        ("person", person),
        ("wishes", "電話は午前だけにしてほしい。"),
        ("words", "この先が心配です。"),
        ("reason", "介護の相談の中で話が出たため。"),
        ("asked", "一度訪問してください。"),
        ("urgency", "soon"),
        ("basis", "consent"),
        ("key_level", "read"),
        ("once", once),
        ("do", wish),
    ]
}

#[test]
fn a_receiver_is_found_by_what_it_does_and_where_and_an_old_card_says_so() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let area = crate::figures::area_of(&town, s.to, ("E", "東地区")).await?;
        let confirmed = s.me.today() - chrono::Duration::days(181);
        let mut tx = town.engine.db.write().await?;
        tx.exec(
            sql("update organisations_desk set confirmed_on = :on where id = :d")
                .bind("on", confirmed)
                .bind("d", s.to),
        )
        .await?;
        tx.commit_unaudited().await?;
        let at = format!("/referrals/new?room={}", s.case.room());
        get(&s.me, &format!("{at}&area={area}"))
            .await
            .is(200)
            .shows("東地域包括支援センター")
            .shows("古い")
            .hides("つばさ作業所");
        get(
            &s.me,
            &format!("{at}&area={}", engawa_kernel::id::AreaId::new()),
        )
        .await
        .is(200)
        .hides("00-0000-0009");
        Ok(())
    });
}

#[test]
fn handed_over_for_certain_visited_and_reported() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let (room, to) = (s.case.room().to_string(), format!("desk:{}", s.to));
        let son = s.son.to_string();
        // Step one: desks with what one needs to choose.
        get(&s.me, &format!("/referrals/new?room={room}"))
            .await
            .is(200)
            .shows("東地域包括支援センター")
            .shows("平日9時から17時")
            .shows("00-0000-0009")
            .shows("地域包括支援センター")
            .shows("未確認")
            .shows("紙・FAX")
            .hides("くらし相談窓口");
        get(
            &s.me,
            &format!("/referrals/new?room={room}&function=elderly_centre"),
        )
        .await
        .shows("東地域包括支援センター")
        .hides("つばさ作業所");
        // Step two: prefilled; the preview shows exactly what is read, with the reasons.
        get(&s.me, &format!("/referrals/new?room={room}&to={to}"))
            .await
            .is(200)
            .shows("見本 健太")
            .shows("空欄なら緊急度で決まります");
        let once = crate::scene::token();
        let mut all = fields(&room, &to, &son, "preview", &once);
        let mother = s.mother.to_string();
        all.push(("person", &mother));
        post(&s.me, "/referrals/new", &all)
            .await
            .is(200)
            .shows("相手に見える内容")
            .shows("同意（R8.11.21から）")
            .shows("本人の情報ではない");
        // Sent, once; a double click makes one sheet.
        all.retain(|(n, _)| *n != "do");
        all.push(("do", "send"));
        let sent = post(&s.me, "/referrals/new", &all).await;
        sent.is(303);
        let again = post(&s.me, "/referrals/new", &all).await;
        assert_eq!(
            sent.location, again.location,
            "a double click makes one sheet"
        );
        let at = sent.location.clone();
        let sheet: RoomId = at.rsplit('/').next().unwrap().parse().unwrap();
        // Reply date by urgency; the receiver's move, with a day.
        let now = look(&s.me, sheet).await?;
        assert_eq!(now.state, State::Sent);
        assert_eq!(now.due_on, Some(s.me.today() + chrono::Duration::days(3)));
        assert_eq!(now.turn_desk, s.to);
        assert_eq!(now.lines[0].section, "配慮", "wishes stay on top");
        // The receiver: a task without names, a notice, the sheet; not the case.
        let tasks = engawa_kernel::tasks::open_in_room(
            &mut s.they.read().await?,
            &engawa_kernel::access::open(
                &s.they,
                sheet,
                RoomKind::Referral,
                engawa_kernel::access::Act::Read,
                "test",
            )
            .await?,
        )
        .await?;
        assert_eq!(tasks.len(), 1);
        assert!(!tasks[0].title.contains("見本") && tasks[0].desk == s.to);
        get(&s.they, "/referrals")
            .await
            .shows("見本 梅")
            .shows("ほか1人")
            .shows("受け手の対応待ち");
        assert!(look(&s.me, sheet).await?.opened_at.is_none());
        get(&s.they, &at)
            .await
            .is(200)
            .shows("電話は午前だけ")
            .shows("受領する")
            .hides("渡せる理由")
            .hides("見本さんの世帯");
        assert!(
            look(&s.me, sheet).await?.opened_at.is_some(),
            "the first look is written down"
        );
        assert!(
            !s.opens_case().await,
            "a receiver cannot open the case before accepting"
        );
        let does = |name: &'static str, more: Vec<(&'static str, &'static str)>| {
            let (they, at) = (s.they.clone(), at.clone());
            async move {
                let version = look(&they, at.rsplit('/').next().unwrap().parse().unwrap())
                    .await
                    .unwrap()
                    .version
                    .to_string();
                let mut fields = vec![("act", name), ("version", version.as_str())];
                fields.extend(more);
                post(&they, &format!("{at}/act"), &fields).await
            }
        };
        does("receive", vec![]).await.is(303);
        does("accept", vec![("part", "part")])
            .await
            .is(422)
            .shows("引き受ける部分");
        does(
            "accept",
            vec![("part", "part"), ("note", "息子さんの就労の相談")],
        )
        .await
        .is(303);
        assert!(s.opens_case().await, "accepting cuts the key");
        does("start", vec![]).await.is(303);
        does("report", vec![("note", "訪問した。")])
            .await
            .is(422)
            .shows("対応の結果");
        does(
            "report",
            vec![
                ("outcome", "continuing"),
                ("note", "訪問して本人と話せた。"),
                ("linked", "1"),
            ],
        )
        .await
        .is(303);
        let now = look(&s.me, sheet).await?;
        assert_eq!(
            (now.state, now.outcome, now.linked),
            (State::Reported, Some(Outcome::Continuing), Some(true))
        );
        assert_eq!(now.turn_desk, town.desk, "it is the sender's move now");
        get(&s.me, &at)
            .await
            .shows("訪問して本人と話せた")
            .shows("確かめて完了にする")
            .shows("送り手（")
            .shows("受け手からの報告");
        act(&s.me, sheet, Doing::new(Act::Close)).await?;
        assert!(!s.opens_case().await, "closing takes the key back");
        get(&s.they, &at)
            .await
            .is(200)
            .shows("電話は午前だけ")
            .shows("完了");
        get(&s.me, &format!("{at}/print"))
            .await
            .is(200)
            .shows("取扱注意")
            .hides("渡せる理由");
        Ok(())
    });
}

#[test]
fn closing_with_a_seat_keeps_the_receiver_in_the_team() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let sheet = s.sent().await?;
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        let report = Doing {
            outcome: Some(Outcome::Continuing),
            ..Doing::new(Act::Report).note("続けて関わる")
        };
        act(&s.they, sheet, report).await?;
        act(
            &s.me,
            sheet,
            Doing {
                keep_seat: true,
                ..Doing::new(Act::Close)
            },
        )
        .await?;
        assert!(s.opens_case().await);
        let team = engawa_cases::store::team::all(&mut s.me.read().await?, &s.case).await?;
        assert!(
            team.iter()
                .any(|m| m.desk == Some(s.to) && m.until_on.is_none())
        );
        Ok(())
    });
}

#[test]
fn a_transfer_moves_the_lead_and_keeps_the_former_one() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let mut content = s.content();
        content.kind = ReferralKind::Transfer;
        let sheet = s.sent_as(&content).await?;
        assert!(
            act(&s.they, sheet, Doing::new(Act::AdviseOnly).note("助言"))
                .await
                .is_err()
        );
        act(&s.they, sheet, Doing::new(Act::Accept)).await?;
        let key = engawa_kernel::access::open(
            &s.they,
            s.case.room(),
            RoomKind::Case,
            engawa_kernel::access::Act::Write,
            "test",
        )
        .await?;
        assert_eq!(key.owner_desk(), s.to);
        assert_eq!(key.owner_posting(), Some(s.they.actor.posting()?.id));
        assert!(
            opens(&s.me, s.case.room(), RoomKind::Case).await,
            "the former lead stays in the team"
        );
        Ok(())
    });
}

#[test]
fn advice_without_anybody_named_needs_no_consent() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        let mut content = s.content();
        content.kind = ReferralKind::Advice;
        content.people = vec![];
        content.issues = vec![];
        let sheet = s.sent_as(&content).await?;
        let lines = look(&s.they, sheet).await?.lines;
        assert!(lines.iter().all(|l| !l.text.contains("見本")));
        act(
            &s.they,
            sheet,
            Doing::new(Act::AdviseOnly).note("こう考えてはどうでしょう。"),
        )
        .await?;
        assert_eq!(look(&s.me, sheet).await?.turn_desk, town.desk);
        act(&s.me, sheet, Doing::new(Act::Close)).await?;
        Ok(())
    });
}

#[test]
fn a_case_that_nobody_agreed_to_share_goes_nowhere() {
    on_both(|town| async move {
        let s = Scene::new(&town).await?;
        s.consent(s.son, ConsentState::Refused).await?;
        let (room, to, son) = (
            s.case.room().to_string(),
            format!("desk:{}", s.to),
            s.son.to_string(),
        );
        post(
            &s.me,
            "/referrals/new",
            &fields(&room, &to, &son, "send", ""),
        )
        .await
        .is(422)
        .shows("載せられる人がいません");
        let kept =
            s.me.read()
                .await?
                .count(engawa_kernel::db::sql(
                    "select count(*) as n from referrals_sheet",
                ))
                .await?;
        assert_eq!(kept, 0);
        Ok(())
    });
}
