use axum::http::StatusCode;
use chrono::Duration;
use engawa_kernel::testing::on_both;

use crate::browser::{Browser, PASSWORD, code_now, enrol, later, settings, signed_in, worker};

#[test]
fn where_it_is_a_must_it_comes_right_after_the_first_login() {
    on_both(|town| async move {
        worker(&town).await?;
        settings(&town, r#"{"all_need_totp":true}"#, false).await?;
        let mut browser = Browser::new(&town);
        let answer = browser.login("mihon", PASSWORD).await;
        assert_eq!(answer.location(), "/account/totp");
        assert_eq!(
            browser.get("/today").await.location(),
            "/account/totp?next=%2Ftoday"
        );
        assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
        let page = browser.get("/account/totp?next=%2Ftoday").await;
        assert!(page.has("二段階認証が必要です"));
        let answer = browser
            .post("/account/totp", &[("act", "start"), ("next", "/today")])
            .await;
        assert_eq!(answer.location(), "/account/totp?next=%2Ftoday");
        let page = browser.get("/account/totp?next=%2Ftoday").await;
        let secret = page.between("<code>", "</code>");
        let picture = browser.get("/account/totp.svg").await;
        assert_eq!(picture.headers["content-type"], "image/svg+xml");
        assert!(picture.has("<svg") && !picture.has("style="));
        let wrong = browser
            .post("/account/totp", &[("act", "confirm"), ("code", "000000")])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let code = code_now(&town, &secret);
        let done = browser
            .post(
                "/account/totp",
                &[("act", "confirm"), ("code", &code), ("next", "/today")],
            )
            .await;
        assert!(done.has("もう表示できません") && done.has("href=\"/today\""));
        assert_eq!(browser.get("/today").await.status, StatusCode::OK);
        // The secret is not shown again.
        assert!(!browser.get("/account/totp").await.has(&secret));
        assert_eq!(
            browser.get("/account/totp.svg").await.status,
            StatusCode::NOT_FOUND
        );
        // A must cannot be given up.
        let answer = browser
            .post("/account/totp", &[("act", "off"), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.has("解除できません"));
        Ok(())
    });
}

#[test]
fn enrolling_ends_sessions_without_it() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut other = signed_in(&town).await?;
        let mut browser = signed_in(&town).await?;
        enrol(&town, &mut browser).await;
        assert!(
            other
                .get("/today")
                .await
                .location()
                .starts_with("/login?why=revoked")
        );
        assert_eq!(browser.get("/today").await.status, StatusCode::OK);
        Ok(())
    });
}

#[test]
fn giving_it_up_and_new_codes_need_the_password() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        let (_, old) = enrol(&town, &mut browser).await;
        for act in ["codes", "off"] {
            let answer = browser
                .post("/account/totp", &[("act", act), ("password", "wrong")])
                .await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let page = browser
            .post("/account/totp", &[("act", "codes"), ("password", PASSWORD)])
            .await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.has(&old[0]));
        let mut second = Browser::new(&town);
        second.login("mihon", PASSWORD).await;
        second.get("/login/code").await;
        let answer = second.post("/login/code", &[("code", &old[0])]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let answer = browser
            .post("/account/totp", &[("act", "off"), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.location(), "/account?done=totp-off");
        later(&town, Duration::seconds(60));
        let mut third = Browser::new(&town);
        assert_eq!(third.login("mihon", PASSWORD).await.location(), "/");
        Ok(())
    });
}
