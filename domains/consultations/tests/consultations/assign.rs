//! `/consultations/{room}/assign`

use chrono::NaiveDate;
use engawa_kernel::{
    access::Role,
    db::sql,
    id::RoomId,
    testing::{Town, on_both},
};

use crate::browser::{Answer, Browser, count};

async fn pass(me: &Browser, room: RoomId, desk: &str, posting: &str) -> Answer {
    me.post(
        &format!("/consultations/{room}/assign"),
        &[("desk", desk), ("posting", posting), ("note", "よろしく")],
    )
    .await
}

fn posting(b: &Browser) -> String {
    b.ctx.actor.postings[0].id.to_string()
}

/// Makes the town's desks known to `organisations`, so that they can be chosen.
pub async fn with_desks(town: &Town) {
    let mut tx = town.engine.db.write().await.unwrap();
    for (body, desk, name) in [
        (town.body, town.desk, "くらし相談窓口"),
        (town.other_body, town.other_desk, "東地域包括支援センター"),
    ] {
        tx.exec(
            sql("insert into organisations_body (id, municipality_id, code, name, kana, kind, phone, email, address, valid_from, note, version)
                 values (:body, :m, :name, :name, '', 'other', '', '', '', :from, '', 1)")
                .bind("body", body)
                .bind("m", town.municipality)
                .bind("name", name)
                .bind("from", NaiveDate::from_ymd_opt(2026, 4, 1)),
        )
        .await
        .unwrap();
        tx.exec(
            sql("insert into organisations_desk (id, municipality_id, code, name, nickname, body_id, mode, phone, site, hours, valid_from, note, version)
                 values (:desk, :m, :name, :name, '', :body, 'direct', '', '', '', :from, '', 1)")
                .bind("desk", desk)
                .bind("body", body)
                .bind("m", town.municipality)
                .bind("name", name)
                .bind("from", NaiveDate::from_ymd_opt(2026, 4, 1)),
        )
        .await
        .unwrap();
    }
    tx.commit_unaudited().await.unwrap();
}

#[test]
fn another_desk_sees_it_as_new_and_the_sender_goes_on_reading() {
    on_both(|town| async move {
        with_desks(&town).await;
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let other = Browser::of(
            &town,
            &town
                .staff("包括 職員", Role::Worker, town.other_desk)
                .await?,
        );
        let room = me.take_in(&[("words", "介護のこと")]).await;
        let path = format!("/consultations/{room}");
        assert_ne!(other.get(&path).await.status, 200);
        let passed = pass(&me, room, &town.other_desk.to_string(), "").await;
        assert_eq!(passed.status, 303, "{}", passed.text);
        let queue = other.get("/consultations").await;
        assert!(queue.has("新着") && queue.has("担当者未定"));
        let page = other.get(&path).await;
        assert!(page.has("引き受ける") && page.has("よろしく"));
        assert_eq!(
            other.post(&format!("{path}/take-up"), &[]).await.status,
            303
        );
        let queue = other.get("/consultations?view=mine").await;
        assert!(queue.has("相R8-00001") && !queue.has("新着"));
        // The sender reads, and writes no more.
        assert_eq!(me.get(&path).await.status, 200);
        assert_eq!(me.get(&format!("{path}/decide")).await.status, 403);
        assert!(
            !me.get("/consultations").await.has("相R8-00001"),
            "it is no longer this desk's move"
        );
        let mine = me.post(&format!("{path}/take-up"), &[]).await;
        assert_eq!(mine.status, 403);
        Ok(())
    });
}

#[test]
fn where_the_sender_does_not_go_on_reading_the_door_is_shut() {
    on_both(|town| async move {
        with_desks(&town).await;
        let admin = Browser::of(&town, &town.staff("管理 者", Role::Admin, town.desk).await?);
        let form = admin.get("/consultations/settings").await;
        assert!(form.has("189") && form.has("110"));
        let saved = admin
            .post(
                "/consultations/settings",
                &[
                    ("version", "0"),
                    ("contact[0].kind", "虐待"),
                    ("contact[0].name", "市の虐待防止センター"),
                    ("contact[0].phone", "00-0000-0189"),
                ],
            )
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let late = admin
            .post(
                "/consultations/settings",
                &[("version", "0"), ("contact[0].name", "別")],
            )
            .await;
        assert_eq!(late.status, 409);
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        assert_eq!(me.get("/consultations/settings").await.status, 403);
        assert!(
            me.get("/consultations/new")
                .await
                .has("市の虐待防止センター")
        );
        let room = me.take_in(&[("words", "あ")]).await;
        let passed = pass(&me, room, &town.other_desk.to_string(), "").await;
        assert_eq!(passed.to, "/consultations");
        assert_ne!(me.get(&format!("/consultations/{room}")).await.status, 200);
        Ok(())
    });
}

#[test]
fn a_colleague_gets_it_and_is_told() {
    on_both(|town| async move {
        with_desks(&town).await;
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let colleague = Browser::of(
            &town,
            &town.staff("同僚 次郎", Role::Worker, town.desk).await?,
        );
        let other = Browser::of(
            &town,
            &town
                .staff("包括 職員", Role::Worker, town.other_desk)
                .await?,
        );
        let room = me.take_in(&[("words", "あ")]).await;
        let nowhere = pass(&me, room, "", "").await;
        assert_eq!(nowhere.status, 422);
        let elsewhere = pass(&me, room, &town.desk.to_string(), &posting(&other)).await;
        assert_eq!(elsewhere.status, 422);
        assert_eq!(pass(&me, room, "", &posting(&colleague)).await.status, 303);
        let waiting =
            engawa_consultations::waiting(&mut colleague.ctx.read().await?, &colleague.ctx).await?;
        assert_eq!(waiting.len(), 1);
        assert!(
            engawa_consultations::waiting(&mut me.ctx.read().await?, &me.ctx)
                .await?
                .is_empty()
        );
        let told = sql("select count(*) as n from notice where staff_id = :s and kind = 'consultation_assigned'").bind("s", colleague.ctx.actor.staff);
        assert_eq!(count(&town, told).await, 1);
        Ok(())
    });
}
