//! /today: what waits for me, what I wait for, what is overdue, what changed, notices.
#![allow(clippy::unwrap_used)]

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    middleware,
};
use engawa_cases::{NewCase, NewContact, Work, store};
use engawa_kernel::{
    access::{self, NewGrant, Role, RoomKey, Source},
    context::Ctx,
    db::sql,
    error::Result,
    http::forms,
    id::{PostingId, RoomId},
    notices,
    tasks::{self, NewTask},
    testing::on_both,
};
use tower::ServiceExt as _;

async fn send(ctx: &Ctx, request: Request<Body>) -> (StatusCode, String) {
    let mut request = request;
    request.extensions_mut().insert(ctx.clone());
    let (api, _) = engawa_today::api().split_for_parts();
    let app = engawa_today::routes()
        .merge(api)
        .layer(middleware::from_fn_with_state(ctx.engine.clone(), forms))
        .with_state(ctx.engine.clone());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn get(ctx: &Ctx, path: &str) -> String {
    let (status, body) = send(ctx, Request::get(path).body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

async fn post(ctx: &Ctx, path: &str) -> StatusCode {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("csrf={}", ctx.csrf())))
        .unwrap();
    send(ctx, request).await.0
}

async fn case(ctx: &Ctx, label: &str) -> Result<RoomKey> {
    let me = ctx.actor.posting()?;
    let mut tx = ctx.write().await?;
    let new = NewCase {
        label: label.into(),
        owner_desk: me.desk.unwrap(),
        owner_posting: Some(me.id),
        opened_on: ctx.today(),
        compound: false,
        gap: false,
        gap_note: String::new(),
        sealed: None,
    };
    let key = store::case::open(&mut tx, ctx, new).await?;
    tx.commit().await?;
    Ok(key)
}

async fn task(
    ctx: &Ctx,
    room: RoomId,
    title: &str,
    posting: Option<PostingId>,
    days: i64,
) -> Result<()> {
    let mut tx = ctx.write().await?;
    let new = NewTask {
        room: Some(room),
        kind: "manual",
        title: title.into(),
        posting,
        desk: ctx.actor.posting()?.desk.unwrap(),
        due_on: Some(ctx.today() + chrono::Duration::days(days)),
        source: None,
    };
    tasks::add(&mut tx, ctx, new).await?;
    tx.commit().await
}

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

fn section<'a>(page: &'a str, code: &str) -> &'a str {
    let from = page.find(&format!("id=\"{code}\"")).unwrap();
    let rest = &page[from..];
    let next = ["given", "overdue", "changed", "notices"]
        .iter()
        .filter_map(|c| rest.find(&format!("<div id=\"{c}\"")))
        .filter(|at| *at > 0)
        .min()
        .unwrap_or(rest.len());
    &rest[..next]
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
