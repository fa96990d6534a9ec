//! `/consultations/slip`: the lay receiver.

use engawa_kernel::{access::Role, db::sql, testing::on_both};

use crate::browser::{Browser, count, version};

#[test]
fn a_lay_receiver_sees_own_slips_until_a_professional_takes_over_then_the_receipt() {
    on_both(|town| async move {
        let lay = Browser::of(
            &town,
            &town.staff("民生 委員", Role::Entry, town.desk).await?,
        );
        let friend = Browser::of(
            &town,
            &town.staff("別の 民生委員", Role::Entry, town.desk).await?,
        );
        let worker = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        assert_eq!(
            lay.get("/consultations/new").await.to,
            "/consultations/slip/new"
        );
        assert_eq!(lay.get("/consultations").await.to, "/consultations/slip");
        assert_eq!(
            lay.post("/consultations/slip/new", &[("words", "")])
                .await
                .status,
            422
        );
        let saved = lay
            .post(
                "/consultations/slip/new",
                &[
                    ("words", "最近姿を見ない"),
                    ("subject_name", "3丁目の人"),
                    ("place", "サロン"),
                ],
            )
            .await;
        assert_eq!(saved.to, "/consultations/slip");
        let list = lay.get("/consultations/slip").await;
        assert!(list.has("相R8-00001") && list.has("受付済"));
        assert!(!friend.get("/consultations/slip").await.has("相R8-00001"));

        let mut conn = worker.ctx.read().await?;
        let waiting = engawa_consultations::waiting(&mut conn, &worker.ctx).await?;
        drop(conn);
        assert_eq!(waiting.len(), 1);
        assert!(waiting[0].slip && waiting[0].notice && waiting[0].arrived_at.is_some());
        let room = waiting[0].room;
        let own = format!("/consultations/slip/{room}");
        assert!(lay.get(&own).await.has("最近姿を見ない"));
        assert_eq!(friend.get(&own).await.status, 404);
        assert_eq!(lay.get(&format!("/consultations/{room}")).await.to, own);
        assert_eq!(
            lay.get(&format!("/consultations/{room}/print"))
                .await
                .status,
            404
        );
        assert_eq!(lay.get("/api/v1/consultations?scope=all").await.status, 403);

        let page = worker.get(&format!("/consultations/{room}")).await;
        assert!(page.has("民生 委員") && page.has("受付票"));
        let clerk = Browser::of(
            &town,
            &town.staff("受付 事務", Role::Clerk, town.desk).await?,
        );
        let page = clerk.get(&format!("/consultations/{room}")).await;
        assert!(page.has("最近姿を見ない") && !page.has("民生 委員"));
        let disclosed = worker
            .get(&format!("/consultations/{room}/print?for=disclosure"))
            .await;
        assert!(!disclosed.has("民生 委員") && !disclosed.has("サロン"));
        let printed = worker.get(&format!("/consultations/{room}/print")).await;
        assert!(!printed.has("民生 委員"));
        let decide = format!("/consultations/{room}/decide");
        let seen = version(&worker.get(&decide).await.text);
        let done = worker
            .post(
                &decide,
                &[
                    ("version", &seen),
                    ("state", "answered"),
                    ("text", "元気でした"),
                ],
            )
            .await;
        assert_eq!(done.status, 303, "{}", done.text);
        let list = lay.get("/consultations/slip").await;
        assert!(list.has("終了") && !list.has("元気でした"));
        assert_eq!(
            lay.get(&own).await.status,
            404,
            "what came after is not theirs to read"
        );
        let left = count(&town, sql("select count(*) as n from access_grant where revoked_at is null and source = 'intake'")).await;
        assert_eq!(left, 0);
        Ok(())
    });
}

#[test]
fn those_who_see_no_cases_take_nothing_in() {
    on_both(|town| async move {
        for role in [Role::NoCase, Role::Auditor, Role::Admin] {
            let b = Browser::of(&town, &town.staff("架空", role, town.desk).await?);
            for path in [
                "/consultations",
                "/consultations/new",
                "/consultations/slip",
                "/consultations/slip/new",
                "/api/v1/consultations",
            ] {
                assert_eq!(b.get(path).await.status, 403, "{role:?} {path}");
            }
            assert_eq!(
                b.post("/consultations/new", &[("words", "あ")])
                    .await
                    .status,
                403
            );
        }
        Ok(())
    });
}
