use axum::http::StatusCode;
use chrono::Duration;
use engawa_kernel::testing::on_both;

use crate::browser::{Browser, PASSWORD, code_now, enrol, later, logged, signed_in, worker};

#[test]
fn after_the_password_the_code_is_asked_and_nothing_else_opens() {
    on_both(|town| async move {
        worker(&town).await?;
        let (secret, _) = enrol(&town, &mut signed_in(&town).await?).await;
        later(&town, Duration::seconds(60));
        let mut browser = Browser::new(&town);
        let answer = browser.login("mihon", PASSWORD).await;
        assert_eq!(answer.location(), "/login/code");
        assert_eq!(
            browser.get("/today").await.location(),
            "/login/code?next=%2Ftoday"
        );
        assert_eq!(
            browser.get("/api/v1/me").await.status,
            StatusCode::FORBIDDEN
        );
        browser.get("/login/code").await;
        let wrong = browser.post("/login/code", &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let before = browser.cookie.clone();
        let code = code_now(&town, &secret);
        let answer = browser
            .post("/login/code", &[("code", &code), ("next", "/today")])
            .await;
        assert_eq!(answer.location(), "/today", "{}", answer.body);
        assert_ne!(
            browser.cookie, before,
            "a new cookie for a stronger session"
        );
        assert!(browser.get("/today").await.has("見本 花子"));
        let mut thief = browser.clone();
        thief.cookie = before;
        assert!(thief.get("/today").await.location().starts_with("/login"));
        assert_eq!(logged(&town, "login.code").await?, 1);
        Ok(())
    });
}

#[test]
fn a_code_is_good_once() {
    on_both(|town| async move {
        worker(&town).await?;
        let (secret, _) = enrol(&town, &mut signed_in(&town).await?).await;
        // The code of the enrolment itself cannot be used again.
        let mut browser = Browser::new(&town);
        browser.login("mihon", PASSWORD).await;
        browser.get("/login/code").await;
        let code = code_now(&town, &secret);
        let answer = browser.post("/login/code", &[("code", &code)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.has("すでに使われています"));
        later(&town, Duration::seconds(30));
        let code = code_now(&town, &secret);
        let answer = browser.post("/login/code", &[("code", &code)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let mut second = Browser::new(&town);
        second.login("mihon", PASSWORD).await;
        second.get("/login/code").await;
        let answer = second.post("/login/code", &[("code", &code)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        Ok(())
    });
}

#[test]
fn a_recovery_code_is_good_once() {
    on_both(|town| async move {
        worker(&town).await?;
        let (_, codes) = enrol(&town, &mut signed_in(&town).await?).await;
        assert_eq!(codes.len(), 10);
        let typed = codes[3].to_lowercase();
        for expected in [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY] {
            let mut browser = Browser::new(&town);
            browser.login("mihon", PASSWORD).await;
            browser.get("/login/code").await;
            let answer = browser.post("/login/code", &[("code", &typed)]).await;
            assert_eq!(answer.status, expected);
        }
        let mut browser = Browser::new(&town);
        browser.login("mihon", PASSWORD).await;
        browser.get("/login/code").await;
        browser.post("/login/code", &[("code", &codes[0])]).await;
        assert!(browser.get("/account").await.has("予備コードの残り: 8個"));
        Ok(())
    });
}

#[test]
fn codes_cannot_be_guessed_and_do_not_wait_for_ever() {
    on_both(|town| async move {
        worker(&town).await?;
        let (secret, _) = enrol(&town, &mut signed_in(&town).await?).await;
        later(&town, Duration::seconds(60));
        let mut browser = Browser::new(&town);
        browser.login("mihon", PASSWORD).await;
        browser.get("/login/code").await;
        for _ in 0..5 {
            browser.post("/login/code", &[("code", "000000")]).await;
        }
        let code = code_now(&town, &secret);
        let answer = browser.post("/login/code", &[("code", &code)]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        // Signing in with the password again does not begin a new count.
        let mut again = Browser::new(&town);
        again.login("mihon", PASSWORD).await;
        again.get("/login/code").await;
        let answer = again.post("/login/code", &[("code", &code)]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        later(&town, Duration::minutes(10));
        assert!(
            again
                .get("/login/code")
                .await
                .location()
                .starts_with("/login?why=expired")
        );
        Ok(())
    });
}
