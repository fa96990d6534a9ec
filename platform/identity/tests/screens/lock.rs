use axum::http::StatusCode;
use engawa_kernel::{drafts, form::Form, testing::on_both};

use crate::browser::{PASSWORD, logged, signed_in, worker};

#[test]
fn a_locked_screen_shows_nothing_until_the_password() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        browser.get("/account").await;
        let answer = browser.post("/lock", &[]).await;
        assert_eq!(answer.location(), "/unlock");
        assert_eq!(
            browser.get("/today?a=1").await.location(),
            "/unlock?next=%2Ftoday%3Fa%3D1"
        );
        assert_eq!(
            browser.get("/api/v1/me").await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            browser.get("/account/totp.svg").await.status,
            StatusCode::SEE_OTHER
        );
        let page = browser.get("/unlock?next=/today").await;
        assert!(page.has("見本 花子") && page.has("下書きに残っています"));
        let wrong = browser.post("/unlock", &[("password", "wrong")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.has("パスワードが違います"));
        let answer = browser
            .post("/unlock", &[("password", PASSWORD), ("next", "/today")])
            .await;
        assert_eq!(answer.location(), "/today");
        assert!(browser.get("/today").await.has("見本 花子"));
        assert_eq!(logged(&town, "session.locked").await?, 1);
        assert_eq!(logged(&town, "session.unlocked").await?, 1);
        Ok(())
    });
}

#[test]
fn what_was_typed_stays_as_a_draft() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        browser.get("/account").await;
        browser.post("/lock", &[]).await;
        // A form sent from another tab …
        browser.extra = vec![("referer", "http://localhost/notes/new?from=today".into())];
        let answer = browser
            .post(
                "/notes",
                &[("draft_key", "notes/new"), ("words", "途中まで書いた文")],
            )
            .await;
        assert_eq!(
            answer.location(),
            "/unlock?next=%2Fnotes%2Fnew%3Ffrom%3Dtoday"
        );
        let form = drafts::restore(&ctx, "notes/new", Form::blank()).await?;
        assert_eq!(form.value("words"), "途中まで書いた文");
        // … and what the page saves by itself.
        let csrf = browser.csrf.clone();
        browser.extra = vec![("x-csrf-token", csrf)];
        let answer = browser
            .send(
                "PUT",
                "/drafts/notes%2Fother",
                Some("words=%E7%B6%9A%E3%81%8D".into()),
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        let form = drafts::restore(&ctx, "notes/other", Form::blank()).await?;
        assert_eq!(form.value("words"), "続き");
        // A form of another site is not kept.
        browser.extra.clear();
        browser
            .post_bare(
                "/notes",
                &[("draft_key", "notes/evil"), ("words", "x"), ("csrf", "no")],
            )
            .await;
        let form = drafts::restore(&ctx, "notes/evil", Form::blank()).await?;
        assert_eq!(form.value("words"), "");
        Ok(())
    });
}

#[test]
fn the_veil_of_the_page_locks_but_another_site_cannot() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        browser.extra = vec![("sec-fetch-site", "cross-site".into())];
        browser.get("/lock").await;
        browser.extra.clear();
        assert_eq!(browser.get("/today").await.status, StatusCode::OK);
        browser.extra = vec![("sec-fetch-site", "same-origin".into())];
        let answer = browser.get("/lock?next=%2Ftoday").await;
        assert_eq!(answer.location(), "/unlock?next=%2Ftoday");
        assert_eq!(
            browser.get("/today").await.location(),
            "/unlock?next=%2Ftoday"
        );
        Ok(())
    });
}

#[test]
fn a_passer_by_cannot_guess_the_password() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        browser.get("/account").await;
        browser.post("/lock", &[]).await;
        browser.get("/unlock").await;
        for _ in 0..5 {
            browser.post("/unlock", &[("password", "wrong")]).await;
        }
        let answer = browser.post("/unlock", &[("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        Ok(())
    });
}
