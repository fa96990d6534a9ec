//! /referrals/figures and the lists: numbers out of what happened, each opens.

use engawa_kernel::{
    access::Role,
    db::sql,
    error::Result,
    id::{AreaId, DeskId},
    testing::{Town, on_both},
};
use engawa_referrals::model::{Act, Doing, Outcome, ReturnReason};

use crate::scene::{Scene, act, days_later, get, post};

#[test]
fn numbers_open_to_their_sheets_within_ones_keys() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let (closed, returned, late) = (s.sent().await?, s.sent().await?, s.sent().await?);
        act(&s.they, closed, Doing::new(Act::Accept)).await?;
        let report = Doing {
            outcome: Some(Outcome::Solved),
            ..Doing::new(Act::Report).note("済んだ")
        };
        act(&s.they, closed, report).await?;
        act(&s.me, closed, Doing::new(Act::Close)).await?;
        act(
            &s.they,
            returned,
            Doing {
                return_reason: Some(ReturnReason::OutOfArea),
                ..Doing::new(Act::Return)
            },
        )
        .await?;
        days_later(&town, 8);
        let page = get(&s.me, "/referrals/figures").await;
        page.is(200)
            .shows("東地域包括")
            .shows("33.3%")
            .shows("担当する地区ではない")
            .shows("0日");
        let list = get(
            &s.me,
            &format!("/referrals/figures/sheets?desk={}&what=overdue", s.to),
        )
        .await;
        list.is(200)
            .shows(&format!("/referrals/{late}"))
            .hides(&format!("/referrals/{closed}"));
        // Per area as well: this desk looks after none, so all three stand in that line.
        page.shows("地区ごとの集計")
            .shows("地区の決まっていない窓口・外の機関");
        get(&s.me, "/referrals/figures/sheets?area=none&what=closed")
            .await
            .is(200)
            .shows(&format!("/referrals/{closed}"))
            .hides(&format!("/referrals/{late}"));
        get(&s.me, "/referrals?view=overdue")
            .await
            .shows(&format!("/referrals/{late}"))
            .shows("日超過");
        get(&s.me, "/referrals?view=done")
            .await
            .shows(&format!("/referrals/{closed}"));
        // Somebody without keys counts nothing.
        let stranger = town
            .staff("例示 九郎", Role::Worker, engawa_kernel::id::DeskId::new())
            .await?;
        get(&stranger, "/referrals/figures")
            .await
            .is(200)
            .shows("ありません")
            .hides("33.3%");
        Ok(())
    });
}

/// One more area that a desk looks after.
pub(crate) async fn area_of(
    town: &Town,
    desk: DeskId,
    (code, name): (&'static str, &'static str),
) -> Result<AreaId> {
    let area = AreaId::new();
    let mut tx = town.engine.db.write().await?;
    let place = tx
        .count(
            sql("select count(*) as n from organisations_desk_area where desk_id = :d")
                .bind("d", desk),
        )
        .await?;
    tx.exec(
        sql("insert into organisations_area (id, municipality_id, code, name, tier, marks, population_kind, valid_from, note, version)
             values (:id, :m, :code, :name, '3', '', 'unknown', '2026-04-01', '', 1)")
            .bind("id", area)
            .bind("m", town.municipality)
            .bind("code", code)
            .bind("name", name),
    )
    .await?;
    tx.exec(
        sql(
            "insert into organisations_desk_area (desk_id, place, area_id) values (:d, :place, :a)",
        )
        .bind("d", desk)
        .bind("place", place)
        .bind("a", area),
    )
    .await?;
    tx.commit_unaudited().await?;
    Ok(area)
}

#[test]
fn a_desk_of_two_areas_counts_in_both_and_each_number_opens() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let sheet = s.sent().await?;
        let east = area_of(&town, s.to, ("E", "東地区")).await?;
        let west = area_of(&town, s.to, ("W", "西地区")).await?;
        get(&s.me, "/referrals/figures")
            .await
            .shows("東地区")
            .shows("西地区")
            .hides("地区の決まっていない");
        for area in [east, west] {
            get(
                &s.me,
                &format!("/referrals/figures/sheets?area={area}&what=sent"),
            )
            .await
            .is(200)
            .shows(&format!("/referrals/{sheet}"));
        }
        get(&s.me, "/referrals/figures/sheets?area=none&what=sent")
            .await
            .is(200)
            .hides(&format!("/referrals/{sheet}"));
        Ok(())
    });
}

#[test]
fn days_without_anybody_at_the_desk_are_counted() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        s.sent().await?;
        days_later(&town, 4);
        let mut tx = s.me.write().await?;
        tx.exec(
            engawa_kernel::db::sql("update posting set valid_to = '2026-11-22' where desk_id = :d")
                .bind("d", town.other_desk),
        )
        .await?;
        tx.commit_unaudited().await?;
        get(&s.me, "/referrals/figures").await.shows("2日");
        Ok(())
    });
}

#[test]
fn the_days_are_the_municipalitys() {
    on_both(|town| async move {
        let admin = town.staff("例示 管理", Role::Admin, town.desk).await?;
        get(&admin, "/referrals/settings")
            .await
            .is(200)
            .shows("上の層に知らせる間隔");
        let days = [
            ("emergency_days", "1"),
            ("soon_days", "2"),
            ("normal_days", "14"),
            ("own_move_days", "5"),
            ("layer_days", "2"),
            ("stale_days", "90"),
            ("version", "0"),
        ];
        post(&admin, "/referrals/settings", &days).await.is(303);
        let mut bad = days;
        bad[0] = ("emergency_days", "0");
        bad[6] = ("version", "1");
        post(&admin, "/referrals/settings", &bad).await.is(422);
        let worker = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        get(&worker, "/referrals/settings").await.is(403);
        Ok(())
    });
}
