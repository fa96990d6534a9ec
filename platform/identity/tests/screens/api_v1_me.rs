use axum::http::StatusCode;
use chrono::Duration;
use engawa_identity::{api::Me, create_token};
use engawa_kernel::testing::{Town, on_both};

use crate::browser::{Browser, PASSWORD, change_staff, later, signed_in, worker};

fn program(town: &Town, token: &str) -> Browser {
    let mut program = Browser::new(town);
    program.extra = vec![("authorization", format!("Bearer {token}"))];
    program
}

#[test]
fn a_token_is_exactly_its_user() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut tx = ctx.write().await?;
        let token = create_token(&mut tx, &ctx, ctx.actor.staff, "月次集計").await?;
        tx.commit().await?;
        let by_token: Me =
            serde_json::from_str(&program(&town, &token).get("/api/v1/me").await.body)?;
        let by_browser: Me =
            serde_json::from_str(&signed_in(&town).await?.get("/api/v1/me").await.body)?;
        assert_eq!(by_token.staff, ctx.actor.staff);
        assert_eq!(by_token.via, "token");
        assert_eq!(by_browser.via, "session");
        let ids = |me: &Me| -> Vec<_> {
            me.postings
                .iter()
                .map(|p| (p.id, p.role.clone(), p.desk))
                .collect()
        };
        assert_eq!(ids(&by_token), ids(&by_browser));
        assert_eq!(by_token.postings[0].role, "worker");
        // It reads pages with the user's eyes, but does not reach the account.
        let mut program = program(&town, &token);
        assert!(program.get("/today").await.has("見本 花子"));
        for path in ["/account", "/account/totp", "/account/tokens"] {
            assert_eq!(
                program.get(path).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
        let fields = [("name", "x"), ("days", "30"), ("password", PASSWORD)];
        let answer = program.post("/account/tokens", &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        Ok(())
    });
}

#[test]
fn a_token_ends_with_its_term_its_revocation_and_its_user() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut tx = ctx.write().await?;
        let token = create_token(&mut tx, &ctx, ctx.actor.staff, "a").await?;
        tx.commit().await?;
        let mut browser = signed_in(&town).await?;
        let page = browser.get("/account/tokens").await;
        assert!(page.has("まだ使われていません"));
        assert_eq!(
            program(&town, &token).get("/api/v1/me").await.status,
            StatusCode::OK
        );
        let page = browser.get("/account/tokens").await;
        assert!(!page.has("まだ使われていません"));
        let path = format!(
            "/account/tokens/{}/revoke",
            page.between("/account/tokens/", "/revoke")
        );
        assert_eq!(browser.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            browser.post("/account/tokens/x/revoke", &[]).await.status,
            StatusCode::NOT_FOUND
        );
        let refused = program(&town, &token).get("/api/v1/me").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(refused.has("使えません"));
        let mut tx = ctx.write().await?;
        let token = create_token(&mut tx, &ctx, ctx.actor.staff, "b").await?;
        tx.commit().await?;
        assert_eq!(
            program(&town, &token).get("/api/v1/me").await.status,
            StatusCode::OK
        );
        let left = "update staff set left_on = '2026-11-20' where id = :staff";
        change_staff(&town, ctx.actor.staff, left).await?;
        assert_eq!(
            program(&town, &token).get("/api/v1/me").await.status,
            StatusCode::UNAUTHORIZED
        );
        let back = "update staff set left_on = null where id = :staff";
        change_staff(&town, ctx.actor.staff, back).await?;
        later(&town, Duration::days(366));
        assert_eq!(
            program(&town, &token).get("/api/v1/me").await.status,
            StatusCode::UNAUTHORIZED
        );
        Ok(())
    });
}

#[test]
fn without_anything_it_says_so_in_json() {
    on_both(|town| async move {
        worker(&town).await?;
        let answer = Browser::new(&town).get("/api/v1/me").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.has("ログインが必要です"));
        for junk in ["", "x", "engawa_x", "\u{7f}"] {
            let answer = program(&town, junk.trim_matches('\u{7f}'))
                .get("/api/v1/me")
                .await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        }
        Ok(())
    });
}
