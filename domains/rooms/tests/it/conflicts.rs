//! `/rooms/conflicts`

use crate::support::{case, cast, get, notices, post};
use axum::http::StatusCode;
use engawa_kernel::{
    access::{self, Act, Role, RoomKind},
    context::Ctx,
    db::sql,
    id::{PersonId, RoomId},
    testing::{Town, on_both},
};

async fn opens(ctx: &Ctx, room: RoomId) -> bool {
    access::open(ctx, room, RoomKind::Case, Act::Read, "test")
        .await
        .is_ok()
}

#[test]
fn a_declared_conflict_closes_the_room_at_once_and_the_desk_is_told() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, person) = case(&c.owner, "ケR8-00001", None).await?;
        let page = get(&c.owner, &format!("/rooms/conflicts?person={person}")).await;
        assert!(page.text.contains("届け出ると、すぐに開けなくなります"));
        let person_text = person.to_string();
        let missing = post(
            &c.owner,
            "/rooms/conflicts",
            &[("person", person_text.as_str()), ("relation", "")],
        )
        .await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let once = page.once();
        let fields = [
            ("person", person_text.as_str()),
            ("relation", "母"),
            ("once", once.as_str()),
        ];
        for _ in 0..2 {
            assert_eq!(
                post(&c.owner, "/rooms/conflicts", &fields).await.status,
                StatusCode::SEE_OTHER
            );
        }
        assert!(!opens(&c.owner, key.room()).await);
        assert!(get(&c.owner, "/rooms/conflicts").await.text.contains("母"));
        assert_eq!(
            notices(&c.owner, c.supervisor.actor.staff, "conflict_declared").await?,
            1
        );
        let tasks = c
            .owner
            .read()
            .await?
            .count(
                sql(
                    "select count(*) as n from task where room_id = :r and kind = 'owner_conflict'",
                )
                .bind("r", key.room()),
            )
            .await?;
        assert_eq!(tasks, 1);
        Ok(())
    });
}

#[test]
fn one_declares_only_about_people_one_can_see() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (_, person) = case(&c.owner, "ケR8-00001", None).await?;
        for person in [person.to_string(), PersonId::new().to_string(), "1".into()] {
            assert_eq!(
                get(&c.other, &format!("/rooms/conflicts?person={person}"))
                    .await
                    .status,
                StatusCode::NOT_FOUND
            );
            let fields = [("person", person.as_str()), ("relation", "いとこ")];
            assert_eq!(
                post(&c.other, "/rooms/conflicts", &fields).await.status,
                StatusCode::NOT_FOUND
            );
        }
        Ok(())
    });
}

#[test]
fn nobody_ends_their_own_conflict_but_a_supervisor_of_the_same_body_does() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let stranger = town
            .staff("例示 係長", Role::Supervisor, town.other_desk)
            .await?;
        let (key, person) = case(&c.owner, "ケR8-00001", None).await?;
        let (theirs, their_person) = case(&c.supervisor, "ケR8-00002", None).await?;
        let mut tx = c.owner.write().await?;
        let conflict =
            access::declare_conflict(&mut tx, &c.owner, c.owner.actor.staff, person, "母").await?;
        let own = access::declare_conflict(
            &mut tx,
            &c.supervisor,
            c.supervisor.actor.staff,
            their_person,
            "弟",
        )
        .await?;
        tx.commit().await?;
        let path = format!("/rooms/conflicts/{conflict}/end");
        let reason = [("reason", "後見が終わったため")];
        assert_eq!(
            post(&c.owner, &path, &reason).await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            post(&stranger, &path, &reason).await.status,
            StatusCode::NOT_FOUND
        );
        assert!(
            !get(&stranger, "/rooms/conflicts")
                .await
                .text
                .contains("見本 主担当")
        );
        let own = format!("/rooms/conflicts/{own}/end");
        assert_eq!(
            post(&c.supervisor, &own, &reason).await.status,
            StatusCode::FORBIDDEN
        );
        assert!(!opens(&c.supervisor, theirs.room()).await);
        assert!(
            get(&c.supervisor, "/rooms/conflicts")
                .await
                .text
                .contains("見本 主担当")
        );
        assert_eq!(
            post(&c.supervisor, &path, &[("reason", "")]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert!(!opens(&c.owner, key.room()).await);
        assert_eq!(
            post(&c.supervisor, &path, &reason).await.status,
            StatusCode::SEE_OTHER
        );
        assert!(opens(&c.owner, key.room()).await);
        Ok(())
    });
}
