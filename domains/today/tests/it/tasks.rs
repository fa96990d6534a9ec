//! What waits for me, what I wait for, what is overdue.

use crate::common::{case, get, section, task};
use engawa_cases::store;
use engawa_kernel::{
    access::{self, NewGrant, Role, Source},
    tasks::{self, NewTask},
    testing::on_both,
};

#[test]
fn a_task_in_a_room_without_a_key_is_not_even_a_number() {
    on_both(|town| async move {
        let owner = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let me = town
            .staff("例示 二郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&owner, "見本さんの世帯").await?;
        let mine = me.actor.posting()?.id;
        let mut tx = owner.write().await?;
        let grant = NewGrant::duty(mine, Source::Team);
        access::cut(&mut tx, &owner, key.room(), grant).await?;
        tx.commit().await?;
        task(&owner, key.room(), "訪問する", Some(mine), -1).await?;
        assert!(get(&me, "/today").await.contains("期限超過 1件"));
        let mut tx = owner.write().await?;
        access::seal(&mut tx, &owner, &key, "dv").await?;
        tx.commit().await?;
        assert!(!get(&me, "/today").await.contains("期限超過"));
        Ok(())
    });
}

#[test]
fn each_line_stands_in_its_section_overdue_first() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let other = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let key = case(&me, "見本家").await?;
        let (mine, theirs) = (me.actor.posting()?.id, other.actor.posting()?.id);
        task(&me, key.room(), "来週の訪問", Some(mine), 5).await?;
        task(&me, key.room(), "過ぎた電話", Some(mine), -3).await?;
        task(&me, key.room(), "窓口の誰かへ", None, 0).await?;
        task(&me, key.room(), "頼んだ書類", Some(theirs), -1).await?;
        task(&other, key.room(), "同僚が自分で決めた件", Some(theirs), -2).await?;
        let page = get(&me, "/today").await;
        let waiting = section(&page, "waiting");
        let order: Vec<usize> = ["過ぎた電話", "窓口の誰かへ", "来週の訪問"]
            .iter()
            .map(|t| waiting.find(t).unwrap())
            .collect();
        assert!(order.is_sorted());
        assert!(
            waiting.contains("期限超過") && waiting.contains("見本家") && waiting.contains("/done")
        );
        assert!(!waiting.contains("頼んだ書類"));
        let given = section(&page, "given");
        assert!(
            given.contains("頼んだ書類")
                && given.contains("例示 花子")
                && !given.contains("来週の訪問")
        );
        let overdue = section(&page, "overdue");
        assert!(overdue.contains("同僚が自分で決めた件") && !overdue.contains("過ぎた電話"));
        assert!(page.contains("期限超過 1件"));
        let json = get(&me, "/api/v1/tasks").await;
        assert!(json.contains("過ぎた電話") && !json.contains("頼んだ書類"));
        Ok(())
    });
}

#[test]
fn a_task_of_a_room_without_a_key_is_not_named() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let other = town
            .staff("例示 二郎", Role::Worker, town.other_desk)
            .await?;
        let key = case(&me, "見本家").await?;
        let theirs = other.actor.posting()?.id;
        task(&me, key.room(), "秘密の用事", Some(theirs), 1).await?;
        for path in ["/today", "/today?more=waiting", "/api/v1/tasks"] {
            let page = get(&other, path).await;
            assert!(
                !page.contains("秘密の用事") && !page.contains("見本家"),
                "{path}"
            );
        }
        let mut tx = me.write().await?;
        access::cut(
            &mut tx,
            &me,
            key.room(),
            NewGrant::duty(theirs, Source::Team),
        )
        .await?;
        tx.commit().await?;
        assert!(get(&other, "/today").await.contains("秘密の用事"));
        Ok(())
    });
}

#[test]
fn three_hundred_items_are_shown_fifty_at_a_time() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me, "見本家").await?;
        let mine = me.actor.posting()?.id;
        let mut tx = me.write().await?;
        for n in 0..300 {
            let new = NewTask {
                room: Some(key.room()),
                kind: "manual",
                title: format!("用件{n:03}"),
                posting: Some(mine),
                desk: town.desk,
                due_on: Some(me.today() + chrono::Duration::days(n)),
                source: None,
            };
            tasks::add(&mut tx, &me, new).await?;
        }
        tx.commit().await?;
        let lines = |page: &str| {
            (0..300)
                .filter(|n| page.contains(&format!("用件{n:03} ")))
                .count()
        };
        let page = get(&me, "/today").await;
        assert_eq!(lines(&page), 50);
        assert!(page.contains("/today?more=waiting"));
        assert_eq!(lines(&get(&me, "/today?more=waiting").await), 300);
        Ok(())
    });
}

#[test]
fn what_is_far_off_is_folded_away_behind_what_is_near() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me, "見本家").await?;
        let mine = me.actor.posting()?.id;
        for (title, days) in [
            ("きのうの電話", -1),
            ("週のうちの訪問", 5),
            ("来月の面談", 30),
        ] {
            task(&me, key.room(), title, Some(mine), days).await?;
        }
        let page = get(&me, "/today").await;
        assert!(
            page.contains("きょう 令和8年11月21日（土）"),
            "the day stands on top"
        );
        let own = section(&page, "waiting");
        let at = |what: &str| own.find(what).unwrap();
        assert!(at("期限超過・きょうまで（1件）") < at("きのうの電話"));
        assert!(at("7日以内（1件）") < at("週のうちの訪問"));
        assert!(at("<details") < at("来月の面談") && at("それより先") < at("来月の面談"));
        Ok(())
    });
}

#[test]
fn a_case_taken_over_stays_until_its_successor_says_so() {
    on_both(|mut town| async move {
        town.engine = town.engine.following(engawa_cases::on_handover);
        let leaver = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let heir = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let boss = town.staff("架空 係長", Role::Supervisor, town.desk).await?;
        let key = case(&leaver, "見本さんの世帯").await?;
        let (from, to) = (leaver.actor.posting()?.id, heir.actor.posting()?.id);
        let mut tx = boss.write().await?;
        access::reassign_rooms(&mut tx, &boss, from, town.desk, Some(to), None).await?;
        tx.commit().await?;
        let at = format!("/cases/{}/takeover", key.room());
        let page = get(&heir, "/today").await;
        assert!(
            page.contains("引き継いだケースの確認（1件）") && page.contains(&at),
            "{page}"
        );
        let watched = get(&boss, "/today").await;
        assert!(
            watched.contains("後任の確認が済んでいないケース 1件"),
            "{watched}"
        );
        assert!(
            !get(&leaver, "/today")
                .await
                .contains("引き継いだケースの確認")
        );
        let mut tx = heir.write().await?;
        let own =
            access::write_key(&mut tx, &heir, key.room(), access::RoomKind::Case, "test").await?;
        store::takeover::confirm(&mut tx, &heir, &own, "").await?;
        tx.commit().await?;
        assert!(
            !get(&heir, "/today")
                .await
                .contains("引き継いだケースの確認")
        );
        assert!(
            !get(&boss, "/today")
                .await
                .contains("後任の確認が済んでいない")
        );
        Ok(())
    });
}
