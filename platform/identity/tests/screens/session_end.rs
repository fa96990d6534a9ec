//! When a session is over, and what the login page says of it.

use axum::http::StatusCode;
use chrono::Duration;
use engawa_identity::{disable, end_sessions_of_leavers};
use engawa_kernel::{context::Via, db::sql, drafts, form::Form, testing::on_both};

use crate::browser::{change_staff, later, logged, signed_in, worker};

#[test]
fn an_idle_session_ends_and_keeps_what_was_typed() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        browser.get("/account").await;
        for _ in 0..3 {
            later(&town, Duration::minutes(59));
            assert_eq!(browser.get("/today").await.status, StatusCode::OK);
        }
        later(&town, Duration::minutes(61));
        let mut other_tab = browser.clone();
        let answer = browser
            .post(
                "/notes",
                &[("draft_key", "notes/new"), ("words", "書きかけ")],
            )
            .await;
        assert_eq!(answer.location(), "/login?why=idle");
        assert!(browser.cookie.is_none());
        assert!(
            browser
                .get("/login?why=idle")
                .await
                .has("しばらく操作がなかったため")
        );
        let form = drafts::restore(&ctx, "notes/new", Form::blank()).await?;
        assert_eq!(form.value("words"), "書きかけ");
        assert_eq!(
            other_tab.get("/today").await.location(),
            "/login?why=idle&next=%2Ftoday"
        );
        Ok(())
    });
}

#[test]
fn no_session_lasts_longer_than_twelve_hours() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        for _ in 0..14 {
            later(&town, Duration::minutes(50));
            assert_eq!(browser.get("/today").await.status, StatusCode::OK);
        }
        later(&town, Duration::minutes(20));
        assert!(
            browser
                .get("/today")
                .await
                .location()
                .starts_with("/login?why=expired")
        );
        Ok(())
    });
}

#[test]
fn the_last_request_is_written_once_a_minute() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        let start = town.engine.clock.now();
        let seen = || async {
            let row = ctx
                .read()
                .await?
                .one(sql("select last_seen_at from identity_session"))
                .await?;
            row.get::<chrono::DateTime<chrono::Utc>>("last_seen_at")
        };
        later(&town, Duration::seconds(59));
        browser.get("/today").await;
        assert_eq!(seen().await?, start);
        later(&town, Duration::seconds(1));
        browser.get("/today").await;
        assert_eq!(seen().await?, start + Duration::seconds(60));
        Ok(())
    });
}

#[test]
fn who_left_is_out_at_once() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        change_staff(
            &town,
            ctx.actor.staff,
            "update staff set left_on = '2026-11-20' where id = :staff",
        )
        .await?;
        assert_eq!(
            browser.get("/today").await.location(),
            "/login?why=left&next=%2Ftoday"
        );
        assert!(
            browser
                .get("/login?why=left")
                .await
                .has("在職期間が終わった")
        );
        assert_eq!(logged(&town, "session.ended").await?, 1);
        let answer = browser.login("mihon", crate::browser::PASSWORD).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.has("在職期間が終わった"));
        assert_eq!(logged(&town, "login.barred").await?, 1);
        Ok(())
    });
}

#[test]
fn without_a_posting_of_today_nobody_works() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        change_staff(
            &town,
            ctx.actor.staff,
            "update posting set valid_to = '2026-11-21' where staff_id = :staff",
        )
        .await?;
        assert_eq!(
            browser.get("/today").await.status,
            StatusCode::OK,
            "the last day counts"
        );
        later(&town, Duration::hours(14));
        let answer = browser.get("/today").await;
        assert!(
            answer.location().starts_with("/login?why=no-posting"),
            "{}",
            answer.location()
        );
        Ok(())
    });
}

#[test]
fn a_closed_account_is_out_at_once_and_so_are_leavers_at_night() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        let mut system = ctx.clone();
        system.via = Via::System;
        let mut tx = ctx.write().await?;
        disable(&mut tx, &system, ctx.actor.staff, "長期の休み").await?;
        tx.commit().await?;
        assert!(
            browser
                .get("/today")
                .await
                .location()
                .starts_with("/login?why=disabled")
        );
        let mut tx = ctx.write().await?;
        assert_eq!(
            end_sessions_of_leavers(&mut tx, &system, ctx.today()).await?,
            0
        );
        tx.commit().await?;
        Ok(())
    });
}
