//! /people/{id}/protection/lift and /people/{id}/reveal: two people, a reason, a log.

use engawa_kernel::{access::Role, context::Ctx, db::sql, testing::on_both};

use crate::scene::{case, create, flagged, get, hanako, named, page, post, protect};

async fn request(ctx: &Ctx, at: &str, lift: &str) -> u16 {
    let shown = get(ctx, at).await;
    let (protection, seen) = (shown.field("protection"), shown.field("seen_at"));
    let fields = [
        ("protection", protection.as_str()),
        ("seen_at", seen.as_str()),
        ("reason", "措置の終了"),
        ("checked", "市民課に電話で確認した"),
    ];
    post(ctx, lift, &fields).await.status.as_u16()
}

#[test]
fn setting_is_easy_and_lifting_takes_two_people() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let one = town.staff("係長 一郎", Role::Supervisor, town.desk).await?;
        let two = town
            .staff("推進 二郎", Role::Coordinator, town.desk)
            .await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        let at = page(person, "/protection", key.room());
        let lift = page(person, "/protection/lift", key.room());
        // A worker sets it at once, without papers.
        protect(&worker, &key, person).await;
        assert!(flagged(&worker, person).await?);
        get(&worker, &at)
            .await
            .shows("令和9年11月20日まで")
            .hides("解除を申請する");
        let fields = [("protection", "x"), ("reason", "r"), ("checked", "c")];
        post(&worker, &lift, &fields).await.is(403);
        assert_eq!(request(&one, &at, &lift).await, 303);
        assert!(flagged(&worker, person).await?, "a request opens nothing");
        let waiting = get(&two, &at).await;
        let from = waiting.text.find("/protection/lift/").unwrap() + "/protection/lift/".len();
        let id = waiting.text[from..].split('?').next().unwrap().to_owned();
        let confirm = page(person, &format!("/protection/lift/{id}"), key.room());
        get(&two, &confirm)
            .await
            .is(200)
            .shows("係長 一郎")
            .shows("市民課に電話で確認した");
        let sure = [("checked", "市民課の窓口で確認した"), ("sure", "1")];
        post(&one, &confirm, &sure)
            .await
            .is(403)
            .shows("二人の確認");
        post(&two, &confirm, &[("checked", "市民課の窓口で確認した")])
            .await
            .is(422);
        post(&worker, &confirm, &sure).await.is(403);
        assert!(flagged(&worker, person).await?);
        post(&two, &confirm, &sure).await.is(303);
        assert!(!flagged(&worker, person).await?);
        get(&worker, &page(person, "", key.room()))
            .await
            .shows("東町1-2-3");
        get(&worker, &at).await.shows("解除済み");
        // And applying again works.
        protect(&worker, &key, person).await;
        assert!(flagged(&worker, person).await?);
        Ok(())
    });
}

#[test]
fn those_who_live_with_her_can_be_withheld_together() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let key = case(&worker).await?;
        let mother = create(&worker, &key, hanako()).await?;
        let child = create(&worker, &key, named("例示 桜", "")).await?;
        let (m, c) = (mother.to_string(), child.to_string());
        let new = format!("/people/households/new?room={}", key.room());
        let fields = [
            ("member[0].person", m.as_str()),
            ("member[1].person", c.as_str()),
        ];
        post(&worker, &new, &fields).await.is(303);
        let at = page(mother, "/protection", key.room());
        get(&worker, &at)
            .await
            .shows("併せて支援を求める者")
            .shows("例示 桜");
        let fields = [("kind", "dv"), ("starts", "今日"), ("together", c.as_str())];
        post(&worker, &at, &fields).await.is(303);
        assert!(flagged(&worker, mother).await? && flagged(&worker, child).await?);
        // The form is folded now: an empty one would look as if nothing had been saved.
        get(&worker, &at)
            .await
            .shows("<details class=\"details\"><summary>再申出を記録する")
            .hides("続けて秘匿を設定する");
        Ok(())
    });
}

#[test]
fn opening_what_is_withheld_needs_a_role_and_a_reason_and_is_written_down() {
    on_both(|town| async move {
        let worker = town.staff("相談 一郎", Role::Worker, town.desk).await?;
        let chief = town.staff("係長 花子", Role::Supervisor, town.desk).await?;
        let key = case(&worker).await?;
        let person = create(&worker, &key, hanako()).await?;
        protect(&worker, &key, person).await;
        let at = page(person, "/reveal", key.room());
        get(&worker, &at).await.is(403).hides("東町");
        post(&worker, &at, &[("reason", "訪問の前に確かめる")])
            .await
            .is(403)
            .hides("東町");
        get(&chief, &at).await.is(200).hides("東町");
        post(&chief, &at, &[("reason", "え")])
            .await
            .is(422)
            .hides("東町");
        let open = post(&chief, &at, &[("reason", "安否確認の訪問")]).await;
        open.is(200)
            .shows("東町1-2-3")
            .shows("00-1234-5678")
            .shows("この画面かぎり");
        let mut conn = chief.read().await?;
        let n = conn
            .count(sql(
                "select count(*) as n from audit_entry where action = 'person.reveal'",
            ))
            .await?;
        let told = conn
            .count(sql(
                "select count(*) as n from notice where kind = 'revealed'",
            ))
            .await?;
        assert_eq!(n, 1);
        assert!(told >= 1);
        Ok(())
    });
}
