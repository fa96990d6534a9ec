//! /cases/{room}, /cases/{room}/contacts/…: writing, correcting, deleting a 支援経過.

use crate::common::{VISIT, case, contact, get, person, post, post_json, with};
use axum::http::StatusCode;
use engawa_cases::store;
use engawa_kernel::{
    access::{self, NewGrant, Role, Source},
    db::sql,
    testing::on_both,
};

#[test]
fn a_visit_to_several_people_is_one_event_and_shown_on_top() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let mother = person(&me, &key, "見本 花子").await?.to_string();
        let son = person(&me, &key, "見本 太郎").await?.to_string();
        let at = format!("/cases/{}", key.room());
        let sent = with(
            &VISIT,
            &[
                ("subject", &mother),
                ("next_on", "R8.12.1"),
                ("once", "abcdefghijklmnop"),
            ],
        );
        let sent = [sent, vec![("subject", son.as_str())]].concat();
        let saved = post(&me, &format!("{at}/contacts"), &sent).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        assert!(saved.location.starts_with(&at));
        // A double click makes one record.
        let again = post(&me, &format!("{at}/contacts"), &sent).await;
        assert_eq!(again.location, saved.location);
        let page = get(&me, &at).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.body.matches("玄関先で話を聞いた。").count(), 1);
        for part in [
            "見本 花子、見本 太郎",
            "訪問",
            "40分",
            "例示 一郎",
            "次回の連絡・訪問",
        ] {
            assert!(page.body.contains(part), "{part} in {}", page.body);
        }
        let events = me.read().await?.rows(
            sql("select happened_on, data from event where room_id = :r and kind = 'contact.made'").bind("r", key.room()),
        ).await?;
        assert_eq!(events.len(), 1);
        assert_eq!(
            events[0]
                .get::<chrono::NaiveDate>("happened_on")?
                .to_string(),
            "2026-11-20"
        );
        assert!(events[0].get::<String>("data")?.contains("\"subjects\":2"));
        Ok(())
    });
}

#[test]
fn the_form_is_ready_for_a_visit_today_with_the_only_person() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let at = format!("/cases/{}", key.room());
        let only = person(&me, &key, "見本 花子").await?;
        let ticked = format!("value=\"{only}\" checked");
        assert!(get(&me, &at).await.body.contains(&ticked));
        person(&me, &key, "見本 太郎").await?;
        let page = get(&me, &at).await.body;
        assert!(!page.contains(&ticked), "of several, one is asked who");
        assert!(page.contains("一緒に会った・話した人すべて"));
        let places = ["日付", "時刻", "対応方法", "所要時間(分)"]
            .map(|label| page.find(&format!("<span class=\"label-text\">{label}</span>")));
        assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
        Ok(())
    });
}

/// Otherwise an empty form would read the whole case, and no log would know.
#[test]
fn what_a_refused_form_shows_is_written_down_as_read() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        post(&me, &format!("/cases/{}/contacts", key.room()), &VISIT).await;
        let read = || async {
            let lines = sql(
                "select count(*) as n from audit_entry where room_id = :r and action = 'room.read'",
            );
            me.read().await?.count(lines.bind("r", key.room())).await
        };
        let before = read().await?;
        for path in ["contacts", "tasks", "team"] {
            let at = format!("/cases/{}/{path}", key.room());
            let answer = post(&me, &at, &[]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        assert_eq!(read().await?, before + 3);
        Ok(())
    });
}

#[test]
fn a_form_with_mistakes_comes_back_whole() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let path = format!("/cases/{}/contacts", key.room());
        let long = "あ".repeat(20_001);
        for (more, part) in [
            (vec![("text", long.as_str())], "20,000文字まで"),
            (vec![("on", "R9.1.1")], "先の日"),
            (vec![("at", "25:00")], "時刻"),
            (vec![("kind", "telepathy")], "対応方法"),
            (vec![("minutes", "-5")], "所要時間"),
        ] {
            let answer = post(&me, &path, &with(&VISIT, &more)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{more:?}");
            assert!(answer.body.contains(part), "{part}");
            assert!(answer.body.contains("40") && answer.body.contains("まだ保存していません"));
        }
        // Somebody of another room cannot be whom it was with.
        let other = case(&me).await?;
        let stranger = person(&me, &other, "架空 次郎").await?.to_string();
        let answer = post(&me, &path, &with(&VISIT, &[("subject", &stranger)])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            store::contact::timeline(&mut me.read().await?, &key, None, 50)
                .await?
                .0
                .is_empty()
        );
        Ok(())
    });
}

#[test]
fn without_a_key_there_is_a_refusal_or_nothing() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let outside = town
            .staff("例示 二郎", Role::Worker, town.other_desk)
            .await?;
        let clerk = town.staff("例示 三郎", Role::Clerk, town.desk).await?;
        let key = case(&me).await?;
        let mut tx = me.write().await?;
        let id = store::contact::add(&mut tx, &me, &key, contact(&me, "秘密の内容")).await?;
        tx.commit().await?;
        let at = format!("/cases/{}", key.room());
        for end in [
            "", "/team", "/tasks", "/issues", "/print", "/owner", "/edit", "/close", "/reopen",
        ] {
            let path = format!("{at}{end}");
            let refused = get(&outside, &path).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
            assert!(refused.body.contains("くらし相談窓口") && !refused.body.contains("秘密"));
            assert_eq!(
                get(&clerk, &path).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        assert_eq!(
            get(&outside, &format!("{at}/contacts/{id}")).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            get(&outside, &format!("/api/v1{at}")).await.status,
            StatusCode::FORBIDDEN
        );
        for path in [
            "/cases/x",
            "/cases/00000000-0000-0000-0000-000000000000",
            "/api/v1/cases/x",
        ] {
            assert_eq!(get(&me, path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        // A contact of one room is not read through another.
        let other = case(&me).await?;
        let through = format!("/cases/{}/contacts/{id}", other.room());
        assert_eq!(get(&me, &through).await.status, StatusCode::NOT_FOUND);
        // Reading does not let write.
        let mut tx = me.write().await?;
        let posting = outside.actor.posting()?.id;
        access::cut(
            &mut tx,
            &me,
            key.room(),
            NewGrant::duty(posting, Source::Consent).read_only(),
        )
        .await?;
        tx.commit().await?;
        assert_eq!(get(&outside, &at).await.status, StatusCode::OK);
        let answer = post(&outside, &format!("{at}/contacts"), &VISIT).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        Ok(())
    });
}

#[test]
fn a_correction_keeps_the_old_text_with_reason() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let colleague = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let mut tx = me.write().await?;
        let id = store::contact::add(&mut tx, &me, &key, contact(&me, "長女は東町にいる")).await?;
        tx.commit().await?;
        let path = format!("/cases/{}/contacts/{id}", key.room());
        let fix = [
            ("text", "長女は市内にいる"),
            ("reason", "場所を書かないため"),
            ("version", "1"),
        ];
        assert_eq!(
            get(&me, &format!("{path}/edit")).await.status,
            StatusCode::OK
        );
        let saved = post(&me, &format!("{path}/edit"), &with(&VISIT, &fix)).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let history = get(&me, &path).await.body;
        for part in [
            "<del>",
            "長女は東町にいる",
            "<ins>",
            "長女は市内にいる",
            "場所を書かないため",
        ] {
            assert!(history.contains(part), "{part}");
        }
        let page = get(&me, &format!("/cases/{}", key.room())).await.body;
        assert!(page.contains("訂正の履歴") && !page.contains("東町"));
        // A colleague who began before sees both texts and chooses; nothing is lost.
        let late = [
            ("text", "長女は施設にいる"),
            ("reason", "訪問で確かめた"),
            ("version", "1"),
        ];
        let answer = post(&colleague, &format!("{path}/edit"), &with(&VISIT, &late)).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        for part in [
            "長女は施設にいる",
            "長女は市内にいる",
            "例示 一郎",
            "訪問で確かめた",
        ] {
            assert!(answer.body.contains(part), "{part}");
        }
        let chosen = [
            ("resolve.text", "mine"),
            ("mine.text", "長女は施設にいる"),
            ("theirs.text", "長女は市内にいる"),
            ("reason", "訪問で確かめた"),
            ("version", "2"),
        ];
        let answer = post(&colleague, &format!("{path}/edit"), &with(&VISIT, &chosen)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let mut conn = me.read().await?;
        assert_eq!(
            store::contact::one(&mut conn, &key, id).await?.body,
            "長女は施設にいる"
        );
        assert_eq!(
            store::correct::revisions(&mut conn, &key, id).await?.len(),
            2
        );
        Ok(())
    });
}

#[test]
fn a_deleted_contact_is_a_dated_state() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let mut tx = me.write().await?;
        let id = store::contact::add(&mut tx, &me, &key, contact(&me, "別の世帯のこと")).await?;
        tx.commit().await?;
        let path = format!("/cases/{}/contacts/{id}", key.room());
        let unsaid = post(&me, &format!("{path}/delete"), &[("version", "1")]).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = post(
            &me,
            &format!("{path}/delete"),
            &[("version", "1"), ("reason", "世帯の取り違え")],
        )
        .await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let page = get(&me, &format!("/cases/{}", key.room())).await.body;
        assert!(page.contains("世帯の取り違え") && !page.contains("別の世帯のこと"));
        assert!(get(&me, &path).await.body.contains("別の世帯のこと"));
        let json = get(&me, &format!("/api/v1/cases/{}/contacts", key.room()))
            .await
            .body;
        assert!(json.contains("\"deleted\":true") && !json.contains("別の世帯のこと"));
        let mut conn = me.read().await?;
        let found = conn
            .count(sql("select count(*) as n from search_doc where source_id = :s").bind("s", id))
            .await?;
        assert_eq!(found, 0);
        Ok(())
    });
}

#[test]
fn a_long_timeline_is_paged_and_nothing_is_missing() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let mut tx = me.write().await?;
        for n in 0..120 {
            // All at the same minute: the page border must not lose or repeat any.
            store::contact::add(&mut tx, &me, &key, contact(&me, &format!("記録{n:03}。"))).await?;
        }
        tx.commit().await?;
        let mut path = format!("/cases/{}", key.room());
        let mut seen = Vec::new();
        loop {
            let page = get(&me, &path).await.body;
            let now: Vec<String> = page
                .match_indices("記録")
                .filter_map(|(at, _)| page[at..].split('。').next().map(str::to_owned))
                .filter(|t| t.len() == 9)
                .collect();
            assert!(now.len() <= 50);
            seen.extend(now);
            let Some((_, rest)) = page.split_once("?before=") else {
                break;
            };
            let before = rest.split(['#', '"']).next().unwrap();
            path = format!("/cases/{}?before={before}", key.room());
        }
        let expected: Vec<String> = (0..120).rev().map(|n| format!("記録{n:03}")).collect();
        assert_eq!(seen, expected);
        Ok(())
    });
}

#[test]
fn the_same_idempotency_key_makes_one_record() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let path = format!("/api/v1/cases/{}/contacts", key.room());
        let json = r#"{"kind":"phone","text":"電話で安否を確かめた","minutes":5}"#;
        let first = post_json(&me, &path, "abc-1", json).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        assert_eq!(post_json(&me, &path, "abc-1", json).await.body, first.body);
        assert_eq!(
            store::contact::timeline(&mut me.read().await?, &key, None, 50)
                .await?
                .0
                .len(),
            1
        );
        let bad = post_json(&me, &path, "abc-2", r#"{"kind":"x","text":"a"}"#).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Years that no calendar or database holds are refused, not stored and not reckoned with.
        for (n, when) in [
            r#""at":"+262142-12-31T23:59:59Z""#,
            r#""at":"-9999-01-01T00:00:00Z""#,
            r#""next_on":"+100000-01-01""#,
        ]
        .into_iter()
        .enumerate()
        {
            let json = format!(r#"{{"kind":"phone","text":"電話",{when}}}"#);
            let bad = post_json(&me, &path, &format!("far-{n}"), &json).await;
            assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{when}");
        }
        let id = engawa_kernel::id::new_uuid();
        let page = format!("/cases/{}?before=-8000000000000000000.{id}", key.room());
        assert_eq!(get(&me, &page).await.status, StatusCode::OK);
        Ok(())
    });
}
