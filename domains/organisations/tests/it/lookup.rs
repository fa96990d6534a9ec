//! What other domains ask; a name that is missing never breaks a page.

use engawa_kernel::{access::Role, id::DeskId, testing::on_both};

use crate::browser::{admin, posted, small_town};

#[test]
fn postings_without_registered_desks_have_the_contact_line() {
    on_both(|town| async move {
        let worker = town.staff("例示 花子", Role::Worker, town.desk).await?;
        let mut conn = worker.read().await?;
        let at = engawa_organisations::postings_at_desk(&mut conn, &worker, town.desk).await?;
        assert_eq!(at.len(), 1);
        assert_eq!(at[0].place, "くらし相談窓口 00-0000-0001");
        assert_eq!((at[0].role_label.as_str(), at[0].active), ("相談員", true));
        assert_eq!(
            engawa_organisations::desk(&mut conn, &worker, town.desk)
                .await?
                .name,
            "くらし相談窓口 00-0000-0001"
        );
        assert!(
            engawa_organisations::desk(&mut conn, &worker, DeskId::new())
                .await
                .is_err()
        );
        assert!(
            engawa_organisations::desks(&mut conn, &worker)
                .await?
                .is_empty()
        );
        let id = at[0].id;
        let map = engawa_organisations::postings(&mut conn, &worker, &[id]).await?;
        assert_eq!(map[&id].staff_name, "例示 花子");
        Ok(())
    });
}

#[test]
fn registered_desks_and_postings_have_their_local_names() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        small_town(&b).await;
        posted(&b).await;
        let mut conn = ctx.read().await?;
        let desks = engawa_organisations::desks(&mut conn, &ctx).await?;
        assert_eq!(desks.len(), 1);
        assert!(desks[0].contracted);
        assert_eq!(
            (desks[0].name.as_str(), desks[0].body_name.as_str()),
            ("くらし相談窓口", "縁側市社会福祉協議会")
        );
        let at = engawa_organisations::postings_at_desk(&mut conn, &ctx, desks[0].id).await?;
        assert_eq!(at[0].role, Role::Worker);
        assert_eq!(at[0].role_label, "コミュニティソーシャルワーカー(CSW)");
        assert_eq!(at[0].place, "縁側市社会福祉協議会 くらし相談窓口");
        assert_eq!(
            engawa_organisations::working_postings(&mut conn, &ctx)
                .await?
                .len(),
            1
        );
        let names = engawa_organisations::desk_names(&mut conn, &[desks[0].id, town.desk]).await?;
        assert_eq!(names.len(), 2);
        assert_eq!(
            engawa_organisations::staff_names(&mut conn, &[at[0].staff]).await?[&at[0].staff],
            "見本 太郎"
        );
        b.get("/api/v1/desks")
            .await
            .is(200)
            .has("くらし相談窓口")
            .has("\"next\":null");
        b.get("/api/v1/bodies")
            .await
            .is(200)
            .has("縁側市社会福祉協議会");
        b.get("/api/v1/areas?limit=x").await.is(400);
        b.get("/api/v1/areas").await.is(200).has("\"items\":[]");
        Ok(())
    });
}
