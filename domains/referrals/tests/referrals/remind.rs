//! The clock: each layer is told once, and running it twice changes nothing.

use engawa_kernel::{
    access::Role,
    db::sql,
    error::Result,
    id::{AreaId, DeskId, RoomId},
    testing::{Town, on_both},
};
use engawa_referrals::{
    model::{Act, Doing},
    remind,
};

use crate::scene::{Scene, act, days_later, get, look};

async fn notices(s: &Scene, kind: &'static str) -> Result<i64> {
    s.me.read()
        .await?
        .count(sql("select count(*) as n from notice where kind = :k").bind("k", kind))
        .await
}

async fn layer(s: &Scene, sheet: RoomId) -> Result<i64> {
    Ok(look(&s.me, sheet).await?.layer)
}

#[test]
fn an_answer_that_does_not_come_goes_up_layer_by_layer_each_once() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let lead = town
            .staff("例示 三郎", Role::Supervisor, town.other_desk)
            .await?;
        let (upper, multi) = ladder(&town).await?;
        let above = town.staff("例示 七郎", Role::Coordinator, upper).await?;
        town.staff("例示 八郎", Role::Coordinator, multi).await?;
        let sheet = s.sent().await?;
        assert_eq!(remind(&town.engine).await?, 0, "nothing is due yet");
        days_later(&town, 7);
        assert_eq!(remind(&town.engine).await?, 1);
        assert_eq!(remind(&town.engine).await?, 0, "idempotent");
        assert_eq!(
            notices(&s, "referral_due").await?,
            2,
            "everybody at the receiver's desk"
        );
        days_later(&town, 3);
        assert_eq!(remind(&town.engine).await?, 1);
        assert_eq!(
            notices(&s, "referral_overdue").await?,
            1,
            "the supervisor of the receiver; the sender has none"
        );
        // 第3層 is nobody's here, 第2層 is; the job may come late and catches up.
        days_later(&town, 6);
        assert_eq!(remind(&town.engine).await?, 2);
        assert_eq!(layer(&s, sheet).await?, 4);
        let tasks = above
            .read()
            .await?
            .rows(sql(
                "select title, desk_id from task where kind = 'referral_layer' and done_at is null",
            ))
            .await?;
        assert_eq!(tasks.len(), 1);
        assert_eq!(tasks[0].get::<DeskId>("desk_id")?, upper);
        let title: String = tasks[0].get("title")?;
        assert!(
            title.contains("つR8-") && title.contains("東地域包括") && !title.contains("見本"),
            "{title}"
        );
        days_later(&town, 30);
        remind(&town.engine).await?;
        assert_eq!(layer(&s, sheet).await?, 6);
        assert_eq!(remind(&town.engine).await?, 0);
        get(&s.me, &format!("/referrals/{sheet}"))
            .await
            .shows("管理者・推進員に知らせました")
            .shows("第2層の窓口に知らせました")
            .shows("多機関協働の窓口に知らせました")
            .hides("第3層の窓口");
        // An act settles it all and the ladder begins anew.
        act(&lead, sheet, Doing::new(Act::Accept)).await?;
        assert_eq!(layer(&s, sheet).await?, 0);
        let open = above
            .read()
            .await?
            .count(sql(
                "select count(*) as n from task where kind = 'referral_layer' and done_at is null",
            ))
            .await?;
        assert_eq!(open, 0);
        Ok(())
    });
}

#[test]
fn of_a_protected_person_the_upper_layer_hears_no_desk() {
    on_both(|town| async move {
        let s = Scene::agreed(&town).await?;
        let (_, multi) = ladder(&town).await?;
        town.staff("例示 八郎", Role::Coordinator, multi).await?;
        s.sent().await?;
        let mut tx = s.me.write().await?;
        engawa_kernel::access::set_protected(&mut tx, &s.me, s.son, true).await?;
        tx.commit().await?;
        days_later(&town, 60);
        remind(&town.engine).await?;
        let tasks =
            s.me.read()
                .await?
                .rows(sql("select title from task where kind = 'referral_layer'"))
                .await?;
        assert!(!tasks.is_empty());
        for t in tasks {
            assert!(!t.get::<String>("title")?.contains("包括"));
        }
        Ok(())
    });
}

/// The receiver's area lies in a 第2層 area with a desk of its own; another desk does 多機関協働.
async fn ladder(town: &Town) -> Result<(DeskId, DeskId)> {
    let (upper, multi) = (DeskId::new(), DeskId::new());
    let (small, large) = (AreaId::new(), AreaId::new());
    let mut tx = town.engine.db.write().await?;
    for (area, code, tier) in [(small, "A3", "3"), (large, "A2", "2")] {
        tx.exec(
            sql("insert into organisations_area (id, municipality_id, code, name, tier, marks, population_kind, valid_from, note, version)
                 values (:id, :m, :code, :code, :tier, '', 'unknown', '2026-04-01', '', 1)")
                .bind("id", area).bind("m", town.municipality).bind("code", code).bind("tier", tier),
        ).await?;
    }
    tx.exec(
        sql("insert into organisations_area_parent (area_id, place, parent_id) values (:a, 0, :p)")
            .bind("a", small)
            .bind("p", large),
    )
    .await?;
    for (desk, code, name) in [
        (upper, "U1", "第二層の窓口"),
        (multi, "U2", "多機関協働の窓口"),
    ] {
        tx.exec(
            sql("insert into organisations_desk (id, municipality_id, code, name, nickname, body_id, mode, phone, site, hours, valid_from, note, version)
                 values (:id, :m, :code, :name, '', :body, 'direct', '', '', '', '2026-04-01', '', 1)")
                .bind("id", desk).bind("m", town.municipality).bind("code", code).bind("name", name).bind("body", town.body),
        ).await?;
    }
    for (desk, area) in [(town.other_desk, small), (upper, large)] {
        tx.exec(
            sql("insert into organisations_desk_area (desk_id, place, area_id) values (:d, 0, :a)")
                .bind("d", desk)
                .bind("a", area),
        )
        .await?;
    }
    tx.exec(sql("insert into organisations_desk_function (desk_id, place, function, state) values (:d, 0, 'multi_agency', 'in_force')").bind("d", multi)).await?;
    tx.commit_unaudited().await?;
    Ok((upper, multi))
}
