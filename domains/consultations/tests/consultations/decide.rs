//! `/consultations/{room}/decide`

use engawa_kernel::{access::Role, db::sql, id::RoomId, testing::on_both};

use crate::browser::{Browser, count, version};

async fn decide(me: &Browser, room: RoomId, fields: &[(&str, &str)]) -> crate::browser::Answer {
    let path = format!("/consultations/{room}/decide");
    let seen = me.get(&path).await;
    let version = version(&seen.text);
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    me.post(&path, &all).await
}

#[test]
fn every_outcome_names_an_answer_a_body_or_a_reason() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let room = me.take_in(&[("words", "どこに行っても断られた")]).await;
        for (fields, missing) in [
            (vec![("state", "not_ours")], "選択肢"),
            (vec![("state", "received")], "選択肢"),
            (vec![("state", "became_case")], "選択肢"),
            (vec![("state", "answered")], "回答した内容"),
            (
                vec![("state", "handed_over"), ("accepted_body", "ハローワーク")],
                "受けた人",
            ),
            (
                vec![("state", "handed_over"), ("accepted_by", "架空")],
                "受けた機関",
            ),
            (vec![("state", "watching")], "次に確かめる日"),
            (
                vec![("state", "seeking_consent"), ("review_on", "R8.11.1")],
                "今日より後",
            ),
            (vec![("state", "withdrawn")], "中断・取下げの理由"),
            (vec![("state", "withdrawn"), ("closure", "other")], "事情"),
            (
                vec![
                    ("state", "answered"),
                    ("text", "あ"),
                    ("decided_on", "R8.12.1"),
                ],
                "判断した日",
            ),
        ] {
            let refused = decide(&me, room, &fields).await;
            assert_eq!(refused.status, 422, "{fields:?}");
            assert!(refused.has(missing), "{fields:?}");
        }
        let watched = decide(
            &me,
            room,
            &[
                ("state", "watching"),
                ("review_on", "R8.12.21"),
                ("text", "月に一度、訪ねる"),
                ("severity", "high"),
            ],
        )
        .await;
        assert_eq!(watched.status, 303, "{}", watched.text);
        let page = me.get(&format!("/consultations/{room}")).await;
        assert!(
            page.has("見守り")
                && page.has("月に一度、訪ねる")
                && page.has("令和8年12月21日")
                && page.has("高い")
        );
        let due = sql(
            "select count(*) as n from task where kind = 'consultation_review' and done_at is null",
        );
        assert_eq!(count(&town, due.clone()).await, 1);
        let done = decide(
            &me,
            room,
            &[
                ("state", "handed_over"),
                ("accepted_body", "ハローワーク"),
                ("accepted_by", "例示さん"),
            ],
        )
        .await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert_eq!(count(&town, due).await, 0, "the next look is no longer due");
        let past = me.get("/consultations?view=past").await;
        assert!(past.has("他機関につないだ"));
        assert!(!me.get("/consultations").await.has("相R8-00001"));
        Ok(())
    });
}

#[test]
fn a_correction_keeps_the_old_decision_and_says_why() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let room = me.take_in(&[("words", "あ")]).await;
        decide(
            &me,
            room,
            &[("state", "answered"), ("text", "窓口の時間を伝えた")],
        )
        .await;
        let without = decide(
            &me,
            room,
            &[("state", "watching"), ("review_on", "R8.12.1")],
        )
        .await;
        assert_eq!(without.status, 422);
        assert!(without.has("訂正の理由"));
        let with = decide(
            &me,
            room,
            &[
                ("state", "watching"),
                ("review_on", "R8.12.1"),
                ("correction_reason", "別の人と取り違えた"),
            ],
        )
        .await;
        assert_eq!(with.status, 303, "{}", with.text);
        let page = me.get(&format!("/consultations/{room}")).await;
        assert!(
            page.has("窓口の時間を伝えた") && page.has("訂正前") && page.has("別の人と取り違えた")
        );
        assert!(
            me.get("/consultations").await.has("相R8-00001"),
            "it is open again"
        );
        let triaged = sql("select count(*) as n from event where kind = 'consultation.triaged'");
        assert_eq!(
            count(&town, triaged).await,
            1,
            "a correction is not a second decision"
        );
        Ok(())
    });
}

#[test]
fn the_second_of_two_sees_both_decisions() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let colleague = Browser::of(
            &town,
            &town.staff("同僚 次郎", Role::Worker, town.desk).await?,
        );
        let room = me.take_in(&[("words", "あ")]).await;
        let path = format!("/consultations/{room}/decide");
        let seen = version(&me.get(&path).await.text);
        decide(
            &colleague,
            room,
            &[
                ("state", "watching"),
                ("review_on", "R8.12.1"),
                ("text", "同僚の考え"),
            ],
        )
        .await;
        let mine = [
            ("state", "answered"),
            ("text", "わたしの回答"),
            ("version", seen.as_str()),
        ];
        let both = me.post(&path, &mine).await;
        assert_eq!(both.status, 409);
        assert!(both.has("同僚の考え") && both.has("同僚 次郎") && both.has("わたしの回答"));
        let now = version(&both.text);
        let chosen = me
            .post(
                &path,
                &[
                    ("state", "answered"),
                    ("text", "わたしの回答"),
                    ("version", &now),
                ],
            )
            .await;
        assert_eq!(chosen.status, 303);
        Ok(())
    });
}

#[test]
fn a_chosen_outcome_shows_its_own_fields_and_folds_the_others() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let room = me.take_in(&[("words", "あ")]).await;
        let path = format!("/consultations/{room}/decide");
        let folded = |page: &str| page.find("<details class=\"details\" data-others").unwrap();
        let page = me.get(&format!("{path}?to=handed_over")).await.text;
        assert!(page.find("受けた機関").unwrap() < folded(&page));
        assert!(page.find("中断・取下げの理由").unwrap() > folded(&page));
        assert!(page.contains("data-for=\"seeking_consent watching\" data-by=\"state\""));
        // Nothing chosen yet: nothing is folded away.
        let page = me.get(&path).await;
        assert!(!page.has("data-others") && page.has("次に確かめる日"));
        Ok(())
    });
}

#[test]
fn clerks_take_in_but_do_not_decide() {
    on_both(|town| async move {
        let clerk = Browser::of(
            &town,
            &town.staff("受付 事務", Role::Clerk, town.desk).await?,
        );
        let room = clerk.take_in(&[("words", "あ")]).await;
        let page = clerk.get(&format!("/consultations/{room}")).await;
        assert_eq!(page.status, 200);
        assert!(!page.has("受理の判断"));
        assert_eq!(
            clerk
                .get(&format!("/consultations/{room}/decide"))
                .await
                .status,
            403
        );
        let refused = clerk
            .post(
                &format!("/consultations/{room}/decide"),
                &[("state", "answered"), ("text", "あ")],
            )
            .await;
        assert_eq!(refused.status, 403);
        // Nobody in particular has it: it waits for the desk.
        let worker = town.staff("架空 相談員", Role::Worker, town.desk).await?;
        let waiting = engawa_consultations::waiting(&mut worker.read().await?, &worker).await?;
        assert_eq!(waiting.len(), 1);
        assert!(waiting[0].owner_posting.is_none());
        Ok(())
    });
}

#[test]
fn times_run_from_notice_to_decision_to_first_contact() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let room = me
            .take_in(&[
                ("words", "あ"),
                ("who", "other"),
                ("received_on", "R8.11.18"),
                ("consulter_name", "例示 長女"),
            ])
            .await;
        let path = format!("/consultations/{room}/first-contact");
        let early = me.post(&path, &[("first_contact_on", "R8.11.17")]).await;
        assert_eq!(early.status, 422);
        assert_eq!(
            me.post(&path, &[("first_contact_on", "R8.11.20")])
                .await
                .status,
            303
        );
        let page = me.get(&format!("/consultations/{room}")).await;
        assert!(page.has("令和8年11月20日") && page.has("例示 長女"));
        let days = sql(
            "select count(*) as n from event where kind = 'consultation.first_contact' and data = '{\"days\":2}'",
        );
        assert_eq!(count(&town, days).await, 1);
        Ok(())
    });
}

#[test]
fn an_agency_always_gets_an_answer() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let room = me
            .take_in(&[
                ("words", "水道が止まる世帯"),
                ("who", "agency"),
                ("sender_body", "水道課"),
                ("sender_person", "例示 係長"),
                ("request_basis", "設置条例"),
                ("request_sign", "給水停止"),
                ("reply_due_on", "R8.11.28"),
            ])
            .await;
        let open = sql(
            "select count(*) as n from task where kind = 'consultation_reply' and done_at is null",
        );
        assert_eq!(count(&town, open.clone()).await, 1);
        let page = me.get(&format!("/consultations/{room}")).await;
        assert!(page.has("回答待ち") && page.has("水道課") && page.has("令和8年11月28日"));
        let path = format!("/consultations/{room}/reply");
        assert_eq!(me.post(&path, &[("reply", "")]).await.status, 422);
        assert_eq!(
            me.post(&path, &[("reply", "明日訪ねます")]).await.status,
            303
        );
        assert_eq!(count(&town, open).await, 0);
        assert_eq!(me.post(&path, &[("reply", "二度目")]).await.status, 409);
        assert!(
            me.get(&format!("/consultations/{room}"))
                .await
                .has("明日訪ねます")
        );
        Ok(())
    });
}
