use axum::http::StatusCode;
use engawa_kernel::testing::on_both;

use crate::browser::{logged, signed_in, worker};

#[test]
fn logging_out_ends_the_session_on_the_server() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        browser.get("/account").await;
        let mut kept = browser.clone();
        let answer = browser.post("/logout", &[]).await;
        assert_eq!(answer.location(), "/login?why=logout");
        assert!(browser.cookie.is_none());
        assert!(
            browser
                .get("/login?why=logout")
                .await
                .has("ログアウトしました")
        );
        assert!(
            kept.get("/today")
                .await
                .location()
                .starts_with("/login?why=revoked")
        );
        assert_eq!(logged(&town, "logout").await?, 1);
        Ok(())
    });
}

#[test]
fn a_form_without_the_sessions_secret_does_nothing() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        for path in [
            "/logout",
            "/lock",
            "/account/password",
            "/account/totp",
            "/account/tokens",
        ] {
            let answer = browser.post_bare(path, &[("csrf", "guessed")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(answer.has("保存しませんでした"), "{path}");
        }
        assert!(browser.get("/today").await.has("見本 花子"));
        Ok(())
    });
}
