//! What changed, and notices.

use crate::common::{case, get, post, section};
use axum::http::StatusCode;
use engawa_cases::{NewContact, Work, store};
use engawa_kernel::{access::Role, db::sql, notices, testing::on_both};

#[test]
fn what_others_did_in_my_rooms_is_shown_for_a_week() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let other = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let key = case(&me, "見本家").await?;
        let mut tx = other.write().await?;
        let new = NewContact {
            at: other.now(),
            kind: "phone".into(),
            minutes: None,
            place: String::new(),
            work: Work::Individual,
            body: "中身は出ない".into(),
            person_visible: false,
            third_party: false,
            next_on: None,
            subjects: vec![],
        };
        store::contact::add(&mut tx, &other, &key, new).await?;
        tx.commit().await?;
        let page = get(&me, "/today").await;
        let changed = section(&page, "changed");
        assert!(changed.contains("支援経過が書かれました") && changed.contains("例示 花子"));
        assert!(
            !changed.contains("ケースになりました"),
            "one's own doing is no news"
        );
        assert!(!page.contains("中身は出ない"));
        town.engine
            .clock
            .set(engawa_kernel::testing::noon() + chrono::Duration::days(8));
        assert!(!get(&me, "/today").await.contains("支援経過が書かれました"));
        Ok(())
    });
}

#[test]
fn notices_are_read_by_their_own_reader_only() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let other = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let key = case(&me, "見本家").await?;
        let mut tx = me.write().await?;
        for kind in ["break_glass", "revealed"] {
            notices::to_staff(
                &mut tx,
                &me,
                me.actor.staff,
                Some(key.room()),
                kind,
                serde_json::json!({}),
            )
            .await?;
        }
        tx.commit_unaudited().await?;
        assert!(get(&me, "/today").await.contains("緊急閲覧がありました"));
        let one = me
            .read()
            .await?
            .one(sql("select id from notice where kind = 'break_glass'"))
            .await?
            .get::<uuid::Uuid>("id")?;
        assert_eq!(
            post(&other, &format!("/today/notices/{one}/read")).await,
            StatusCode::SEE_OTHER
        );
        assert!(
            get(&me, "/today").await.contains("緊急閲覧がありました"),
            "another cannot read it away"
        );
        assert_eq!(
            post(&me, &format!("/today/notices/{one}/read")).await,
            StatusCode::SEE_OTHER
        );
        let page = get(&me, "/today").await;
        assert!(
            !page.contains("緊急閲覧がありました") && page.contains("秘匿された情報が開かれました")
        );
        assert_eq!(
            post(&me, "/today/notices/read").await,
            StatusCode::SEE_OTHER
        );
        assert!(
            get(&me, "/today")
                .await
                .contains("新しいお知らせはありません")
        );
        assert_eq!(
            post(&me, "/today/notices/x/read").await,
            StatusCode::NOT_FOUND
        );
        Ok(())
    });
}

#[test]
fn a_hand_over_is_one_line_with_its_number() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let mut tx = me.write().await?;
        let detail = serde_json::json!({ "cases": 12 });
        engawa_kernel::notices::to_staff(
            &mut tx,
            &me,
            me.actor.staff,
            None,
            "cases_handed_over",
            detail,
        )
        .await?;
        tx.commit_unaudited().await?;
        let page = get(&me, "/today").await;
        assert!(section(&page, "notices").contains("引き継いだケース 12件"));
        Ok(())
    });
}

#[test]
fn the_steps_of_a_sheet_are_one_notice_that_says_the_last() {
    on_both(|town| async move {
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let key = case(&me, "見本家").await?;
        let mut tx = me.write().await?;
        for act in ["receive", "accept", "report"] {
            let detail = serde_json::json!({ "act": act });
            let (who, room) = (me.actor.staff, key.room());
            notices::to_staff_newest(&mut tx, &me, who, room, "referral_answered", detail).await?;
        }
        tx.commit_unaudited().await?;
        let page = get(&me, "/today").await;
        let notices = section(&page, "notices");
        assert!(
            notices.contains("結果の報告が届きました") && !notices.contains("引き受けられました")
        );
        assert!(
            !notices.contains("だれが見たか"),
            "nobody looked: the number is the way in"
        );
        assert!(notices.contains("既読にする"));
        Ok(())
    });
}
