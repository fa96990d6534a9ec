//! What the receiver will read is shown while one writes: nothing is kept, and the log stays legible.

use engawa_kernel::{access::Role, db::sql, error::Result, testing::on_both};

use crate::scene::{Scene, days_later, get, post};

/// Rows of a table, counted.
async fn rows(s: &Scene, text: &'static str) -> Result<i64> {
    s.me.read()
        .await?
        .count(sql(text).bind("me", s.me.actor.staff))
        .await
}

#[test]
fn the_view_follows_the_words_and_keeps_nothing() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let (room, to) = (s.case.room().to_string(), format!("desk:{}", s.to));
        let son = s.son.to_string();
        let mut fields = vec![
            ("room", room.as_str()),
            ("to", to.as_str()),
            ("kind", "hand_over"),
            ("person", son.as_str()),
            ("urgency", "normal"),
            ("basis", "consent"),
            ("key_level", "read"),
            ("do", "live"),
        ];
        let sheets = "select count(*) as n from referrals_sheet where :me = :me";
        let reads =
            "select count(*) as n from audit_entry where staff_id = :me and action = 'room.read'
                        and detail like '%live view%'";
        // Not finished: it says what is missing and shows the rest all the same; no page around it.
        post(&s.me, "/referrals/new", &fields)
            .await
            .is(200)
            .shows("data-live-summary=\"載る人1人、載らない人")
            .shows("まだ入っていないところがあります。")
            .shows("「お願いしたいこと」")
            .shows("見本 健太")
            .shows("渡せる理由")
            .hides("<html")
            .hides("<form");
        fields.push(("asked", "一度訪ねてください。"));
        post(&s.me, "/referrals/new", &fields)
            .await
            .is(200)
            .shows("一度訪ねてください。")
            .hides("送るまでに直すところ");
        assert_eq!(rows(&s, sheets).await?, 0, "nothing is kept");
        assert_eq!(rows(&s, reads).await?, 1, "one line for one writing");
        days_later(&town, 1);
        post(&s.me, "/referrals/new", &fields).await.is(200);
        assert_eq!(rows(&s, reads).await?, 2, "and one more after a while");
        Ok(())
    });
}

#[test]
fn a_draft_has_a_live_view_too_and_nobody_else_gets_one() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let (room, to) = (s.case.room().to_string(), format!("desk:{}", s.to));
        let son = s.son.to_string();
        let base = [
            ("kind", "hand_over"),
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
        let at = post(&s.me, "/referrals/new", &first).await.location;
        let edit = format!("{at}/edit");
        get(&s.me, &edit).await.is(200).shows("data-live-view");
        // An older version is no obstacle to looking.
        let mut live = vec![("version", "0"), ("do", "live"), ("wishes", "夕方は避ける")];
        live.extend(base);
        post(&s.me, &edit, &live)
            .await
            .is(200)
            .shows("夕方は避ける")
            .hides("<html");
        get(&s.me, &edit).await.hides("夕方は避ける");
        let stranger = town
            .staff("架空 次郎", Role::Worker, town.other_desk)
            .await?;
        let answer = post(&stranger, &edit, &live).await;
        assert_ne!(answer.status.as_u16(), 200);
        answer.hides("見本 健太");
        Ok(())
    });
}
