//! /cases/{room}/close, /reopen, /issues, /tasks, /edit, /print and the lists.

use crate::common::{VISIT, case, contact, get, person, post, with};
use axum::http::StatusCode;
use chrono::Duration;
use engawa_cases::store;
use engawa_kernel::{
    access::{self, Role},
    db::sql,
    testing::{noon, on_both},
};

const CLOSING: [(&str, &str); 8] = [
    ("version", "1"),
    ("closed_on", "今日"),
    ("reason", "achieved"),
    ("changes", "食事がとれるようになった"),
    ("later_lead", "民生委員 例示さん"),
    ("next_check_on", "R9.2.1"),
    ("no_check_reason", ""),
    ("dissolve", "1"),
];

#[test]
fn closing_names_who_stays_and_a_return_is_counted_as_a_return() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let boss = town.staff("例示 係長", Role::Supervisor, town.desk).await?;
        let key = case(&me).await?;
        let at = format!("/cases/{}", key.room());
        let mut tx = me.write().await?;
        let id = store::contact::add(&mut tx, &me, &key, contact(&me, "最初の訪問")).await?;
        tx.commit().await?;
        let issue = [("code", "housing"), ("opened_on", "今日")];
        let codes = engawa_organisations::codes::CodeList::Issue.shipped();
        let issue = [("code", codes[0].0), issue[1]];
        assert_eq!(
            post(&me, &format!("{at}/issues"), &issue).await.status,
            StatusCode::SEE_OTHER
        );
        let open = post(&me, &format!("{at}/close"), &CLOSING).await;
        assert_eq!(open.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(open.body.contains("課題が1件") && open.body.contains("食事がとれるようになった"));
        let issue = store::issue::all(&mut me.read().await?, &key)
            .await?
            .remove(0);
        let ended = post(
            &me,
            &format!("{at}/issues/{}", issue.id),
            &[("version", "1"), ("end", "solved"), ("ended_on", "今日")],
        )
        .await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.body);
        for (without, part) in [
            ("later_lead", "後の主担当"),
            ("next_check_on", "次の確認日"),
            ("reason", "終結の理由"),
        ] {
            let answer = post(
                &me,
                &format!("{at}/close"),
                &with(&CLOSING, &[(without, "")]),
            )
            .await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{without}");
            assert!(answer.body.contains(part));
        }
        let closed = post(&me, &format!("{at}/close"), &CLOSING).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
        let page = get(&me, &at).await.body;
        for part in ["終結", "民生委員 例示さん", "終結後の確認", "再開する"] {
            assert!(page.contains(part), "{part}");
        }
        // A correction in a closed case needs an approver, who is told.
        let edit = format!("{at}/contacts/{id}/edit");
        let fix = [("reason", "日付の誤り"), ("version", "1")];
        let alone = post(&me, &edit, &with(&VISIT, &fix)).await;
        assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(alone.body.contains("承認者"));
        let approver = boss.actor.posting()?.id.to_string();
        let both = with(&VISIT, &[fix[0], fix[1], ("approver", &approver)]);
        assert_eq!(post(&me, &edit, &both).await.status, StatusCode::SEE_OTHER);
        let told = me.read().await?.count(sql("select count(*) as n from notice where staff_id = :s and kind = 'correction_approved'").bind("s", boss.actor.staff)).await?;
        assert_eq!(told, 1);
        // Back after eight months.
        town.engine.clock.set(noon() + Duration::days(240));
        assert!(
            get(&me, &format!("{at}/reopen"))
                .await
                .body
                .contains("新規のケースには数えません")
        );
        let version = store::case::card(&mut me.read().await?, &key)
            .await?
            .version
            .to_string();
        let again = post(
            &me,
            &format!("{at}/reopen"),
            &[
                ("version", &version),
                ("on", "今日"),
                ("reason", "再び食事がとれない"),
            ],
        )
        .await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
        let page = get(&me, &at).await.body;
        assert!(
            page.contains("再び食事がとれない")
                && page.contains("終結する")
                && page.contains("民生委員 例示さん")
        );
        let count = |kind: &'static str| {
            let q = sql("select count(*) as n from event where room_id = :r and kind = :k")
                .bind("r", key.room())
                .bind("k", kind);
            let me = me.clone();
            async move { me.read().await?.count(q).await }
        };
        assert_eq!(
            (
                count("case.opened").await?,
                count("case.closed").await?,
                count("case.reopened").await?
            ),
            (1, 1, 1)
        );
        Ok(())
    });
}

#[test]
fn tasks_go_to_those_who_have_a_key() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let outside = town
            .staff("例示 二郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&me).await?;
        let at = format!("/cases/{}", key.room());
        let mine = format!("posting:{}", me.actor.posting()?.id);
        let theirs = format!("posting:{}", outside.actor.posting()?.id);
        let refused = post(
            &me,
            &format!("{at}/tasks"),
            &[("title", "診断書を頼む"), ("who", &theirs)],
        )
        .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("診断書を頼む"));
        let added = post(
            &me,
            &format!("{at}/tasks"),
            &[
                ("title", "診断書を頼む"),
                ("who", &mine),
                ("due_on", "R8.11.1"),
            ],
        )
        .await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
        assert!(get(&me, &at).await.body.contains("期限超過"));
        let task = engawa_kernel::tasks::open_in_room(&mut me.read().await?, &key)
            .await?
            .remove(0);
        let one = format!("{at}/tasks/{}", task.id);
        let desk = format!("desk:{}", town.desk);
        assert_eq!(
            post(
                &me,
                &format!("{one}/assign"),
                &[("version", "1"), ("who", &desk), ("due_on", "R8.12.1")]
            )
            .await
            .status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            post(
                &me,
                &format!("{one}/done"),
                &[("version", "1"), ("done", "1")]
            )
            .await
            .status,
            StatusCode::CONFLICT
        );
        assert_eq!(
            post(
                &me,
                &format!("{one}/done"),
                &[("version", "2"), ("done", "1")]
            )
            .await
            .status,
            StatusCode::SEE_OTHER
        );
        assert!(
            get(&me, &format!("{at}/tasks"))
                .await
                .body
                .contains("まだ済んでいない")
        );
        assert_eq!(
            post(
                &me,
                &format!("{one}/done"),
                &[("version", "3"), ("done", "0")]
            )
            .await
            .status,
            StatusCode::SEE_OTHER
        );
        // A task of another case is not finished through this one.
        let other = case(&me).await?;
        let through = format!("/cases/{}/tasks/{}/done", other.room(), task.id);
        assert_eq!(
            post(&me, &through, &[("version", "4"), ("done", "1")])
                .await
                .status,
            StatusCode::NOT_FOUND
        );
        Ok(())
    });
}

#[test]
fn two_who_edit_the_head_both_see_both() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let path = format!("/cases/{}/edit", key.room());
        assert_eq!(get(&me, &path).await.status, StatusCode::OK);
        let first = [
            ("version", "1"),
            ("label", "見本家"),
            ("stage", "support"),
            ("gap_note", ""),
        ];
        assert_eq!(post(&me, &path, &first).await.status, StatusCode::SEE_OTHER);
        let late = post(
            &me,
            &path,
            &with(&first, &[("label", "見本・架空家"), ("stage", "watch")]),
        )
        .await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(
            late.body.contains("見本・架空家")
                && late.body.contains("見本家")
                && late.body.contains("見守り")
        );
        let by_the_way = post(
            &me,
            &path,
            &with(&first, &[("version", "2"), ("stage", "closed")]),
        )
        .await;
        assert_eq!(
            by_the_way.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "closing has its own screen"
        );
        Ok(())
    });
}

#[test]
fn paper_says_who_printed_it_and_keeps_what_is_withheld() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me).await?;
        let daughter = person(&me, &key, "見本 花子").await?;
        let mut tx = me.write().await?;
        access::set_protected(&mut tx, &me, daughter, true).await?;
        store::contact::add(&mut tx, &me, &key, contact(&me, "電話で話した")).await?;
        tx.commit().await?;
        let paper = get(&me, &format!("/cases/{}/print?timeline=1", key.room())).await;
        assert_eq!(paper.status, StatusCode::OK);
        for part in ["取扱注意", "例示 一郎", "見本 花子", "秘匿", "電話で話した"]
        {
            assert!(paper.body.contains(part), "{part}");
        }
        let printed = me.read().await?.count(sql("select count(*) as n from audit_entry where room_id = :r and action = 'room.print'").bind("r", key.room())).await?;
        assert_eq!(printed, 1);
        Ok(())
    });
}

#[test]
fn lists_show_only_rooms_with_a_key_and_silent_ones_apart() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let boss = town.staff("例示 係長", Role::Supervisor, town.desk).await?;
        let outside = town
            .staff("例示 二郎", Role::Supervisor, town.other_desk)
            .await?;
        case(&me).await?;
        for view in ["mine", "desk", "team", "all", "silent", "nonsense"] {
            let answer = get(&outside, &format!("/cases?view={view}&page=0")).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(!answer.body.contains("見本さんの世帯"), "{view}");
            let json = get(&outside, &format!("/api/v1/cases?scope={view}"))
                .await
                .body;
            assert!(json.contains("\"total\":0"), "{json}");
        }
        assert!(get(&me, "/cases").await.body.contains("見本さんの世帯"));
        assert!(
            get(&boss, "/cases?view=desk")
                .await
                .body
                .contains("見本さんの世帯")
        );
        assert!(
            get(&boss, "/cases?view=all")
                .await
                .body
                .contains("見本さんの世帯")
        );
        assert!(
            !get(&boss, "/cases?view=silent")
                .await
                .body
                .contains("見本さんの世帯")
        );
        town.engine.clock.set(noon() + Duration::days(61));
        assert!(
            get(&boss, "/cases?view=silent")
                .await
                .body
                .contains("見本さんの世帯")
        );
        assert!(
            !get(&me, "/cases?state=closed")
                .await
                .body
                .contains("見本さんの世帯")
        );
        Ok(())
    });
}

#[test]
fn the_hand_over_packet_has_one_page_for_each_case_and_is_logged_as_a_print() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("例示 花子", Role::Worker, town.other_desk)
            .await?;
        assert_eq!(get(&me, "/cases/packet.pdf").await.status, 422);
        let key = case(&me).await?;
        person(&me, &key, "見本 太郎").await?;
        let mut tx = me.write().await?;
        store::contact::add(&mut tx, &me, &key, contact(&me, "庭先で十分ほど話した。")).await?;
        tx.commit().await?;
        case(&other).await?;
        let printed = get(&me, "/cases/packet.pdf").await;
        assert_eq!(printed.status, 200);
        assert!(printed.body.contains("case-packet"), "{}", printed.body);
        assert!(
            printed.body.contains("見本 太郎") && printed.body.contains("庭先で十分ほど話した。")
        );
        assert_eq!(
            printed.body.matches("\"number\"").count(),
            1,
            "one's own only"
        );
        let logged = sql(
            "select count(*) as n from audit_entry where room_id = :r and action = 'room.print'",
        )
        .bind("r", key.room());
        assert_eq!(me.read().await?.count(logged).await?, 1);
        Ok(())
    });
}
