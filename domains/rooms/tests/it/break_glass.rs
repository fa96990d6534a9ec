//! `/rooms/{id}/break-glass`

use crate::support::{case, cast, get, notices, post};
use axum::http::StatusCode;
use chrono::Duration;
use engawa_kernel::{
    access::{self, Act, RoomKind},
    error::{Error, Refusal},
    id::RoomId,
    testing::{Town, noon, on_both},
};

const REASON: &str = "本人から死にたいと電話があり、主担当と連絡がつかない";

fn path(room: RoomId) -> String {
    format!("/rooms/{room}/break-glass")
}

#[test]
fn break_glass_opens_for_reading_is_told_and_ends_by_itself() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, _) = case(&c.owner, "ケR8-00001", None).await?;
        let room = key.room();
        let page = get(&c.other, &path(room)).await;
        assert_eq!(page.status, StatusCode::OK);
        for part in [
            "くらし相談窓口 00-0000-0001",
            "60分",
            "主担当とその管理者に",
        ] {
            assert!(page.text.contains(part), "{part}: {}", page.text);
        }
        let once = page.once();
        let fields = [
            ("kind", "suicide"),
            ("reason", REASON),
            ("once", once.as_str()),
        ];
        for _ in 0..2 {
            let saved = post(&c.other, &path(room), &fields).await;
            assert_eq!(
                (saved.status, saved.location.as_str()),
                (StatusCode::SEE_OTHER, RoomKind::Case.path(room).as_str())
            );
        }
        let key = access::open(&c.other, room, RoomKind::Case, Act::Read, "test").await?;
        assert!(!key.may_write());
        assert!(matches!(
            access::open_for_write(&c.other, room, RoomKind::Case, "test").await,
            Err(Error::Refused(Refusal::ReadOnly))
        ));
        for told in [&c.owner, &c.supervisor] {
            assert_eq!(notices(&c.owner, told.actor.staff, "break_glass").await?, 1);
        }
        let log = get(&c.owner, &format!("/rooms/{room}/log?group=keys")).await;
        assert!(log.text.contains("緊急閲覧で開いた") && log.text.contains(REASON));
        town.engine.clock.set(noon() + Duration::minutes(60));
        assert!(matches!(
            access::open(&c.other, room, RoomKind::Case, Act::Read, "test").await,
            Err(Error::Refused(Refusal::Exists { .. }))
        ));
        Ok(())
    });
}

#[test]
fn break_glass_needs_a_reason_and_keeps_what_was_typed() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, _) = case(&c.owner, "ケR8-00001", None).await?;
        let room = key.room();
        let long = "あ".repeat(501);
        for fields in [
            &[("kind", "suicide"), ("reason", "急ぎます")][..],
            &[("kind", "suicide"), ("reason", "")],
            &[("kind", "suicide"), ("reason", &long)],
            &[("kind", "見本"), ("reason", REASON)],
            &[("reason", REASON)],
        ] {
            let answer = post(&c.other, &path(room), fields).await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{fields:?}"
            );
            let typed = fields.last().map_or("", |(_, v)| *v);
            assert!(answer.text.contains(typed), "{fields:?}");
        }
        assert!(
            access::open(&c.other, room, RoomKind::Case, Act::Read, "test")
                .await
                .is_err()
        );
        Ok(())
    });
}

#[test]
fn break_glass_is_not_offered_to_those_who_may_not_know() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (sealed, _) = case(&c.owner, "ケR8-00001", Some("abuse")).await?;
        let (hidden, person) = case(&c.owner, "ケR8-00002", None).await?;
        let mut tx = c.owner.write().await?;
        access::set_protected(&mut tx, &c.owner, person, true).await?;
        tx.commit().await?;
        let (open, _) = case(&c.owner, "ケR8-00003", None).await?;
        let fields = [("kind", "suicide"), ("reason", REASON)];
        for (who, room) in [
            (&c.other, sealed.room()),
            (&c.other, hidden.room()),
            (&c.clerk, open.room()),
            (&c.auditor, open.room()),
        ] {
            let nowhere = get(who, &path(RoomId::new())).await;
            for answer in [
                get(who, &path(room)).await,
                post(who, &path(room), &fields).await,
            ] {
                assert_eq!(answer.status, StatusCode::NOT_FOUND);
                assert_eq!(answer.text, nowhere.text, "the refusal tells something");
            }
            assert!(
                access::open(who, room, RoomKind::Case, Act::Read, "test")
                    .await
                    .is_err()
            );
        }
        assert_eq!(
            get(&c.other, "/rooms/1/break-glass").await.status,
            StatusCode::NOT_FOUND
        );
        // Whoever has a key needs no glass to break.
        assert_eq!(
            get(&c.owner, &path(open.room())).await.status,
            StatusCode::SEE_OTHER
        );
        Ok(())
    });
}

#[test]
fn a_conflict_of_interest_cannot_be_broken_and_the_attempt_is_told() {
    on_both(|town: Town| async move {
        let c = cast(&town).await?;
        let (key, person) = case(&c.owner, "ケR8-00001", None).await?;
        let mut tx = c.owner.write().await?;
        access::declare_conflict(&mut tx, &c.owner, c.other.actor.staff, person, "いとこ").await?;
        tx.commit().await?;
        let fields = [("kind", "suicide"), ("reason", REASON)];
        for answer in [
            get(&c.other, &path(key.room())).await,
            post(&c.other, &path(key.room()), &fields).await,
        ] {
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(answer.text.contains("利益相反") && !answer.text.contains("くらし相談窓口"));
        }
        assert_eq!(
            notices(&c.owner, c.supervisor.actor.staff, "conflict_attempt").await?,
            2
        );
        assert!(
            access::open(&c.other, key.room(), RoomKind::Case, Act::Read, "test")
                .await
                .is_err()
        );
        Ok(())
    });
}
