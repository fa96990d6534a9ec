use axum::http::StatusCode;
use engawa_kernel::testing::on_both;

use crate::browser::{Browser, PASSWORD, signed_in, worker};

#[test]
fn a_new_password_must_be_a_good_one() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        browser.get("/account/password").await;
        for (old, new, again, told) in [
            (PASSWORD, "short", "short", "12文字以上"),
            (PASSWORD, "password123456", "password123456", "よく使われる"),
            (
                PASSWORD,
                "mihon-mihon-2026",
                "mihon-mihon-2026",
                "ユーザー名",
            ),
            (
                PASSWORD,
                "すいかと風鈴と縁側の夕涼み",
                "別のもの",
                "同じものを",
            ),
            (PASSWORD, PASSWORD, PASSWORD, "いまと同じ"),
            (
                "wrong",
                "すいかと風鈴と縁側の夕涼み",
                "すいかと風鈴と縁側の夕涼み",
                "パスワードが違います",
            ),
        ] {
            let fields = [("old", old), ("new", new), ("again", again)];
            let page = browser.post("/account/password", &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
            assert!(page.has(told), "{new}: {}", page.body);
            assert!(!page.has(&format!("value=\"{new}\"")), "never sent back");
        }
        Ok(())
    });
}

#[test]
fn a_changed_password_ends_other_sessions() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut other = signed_in(&town).await?;
        let mut browser = signed_in(&town).await?;
        browser.get("/account/password").await;
        let new = "すいかと風鈴と縁側の夕涼み";
        let answer = browser
            .post(
                "/account/password",
                &[("old", PASSWORD), ("new", new), ("again", new)],
            )
            .await;
        assert_eq!(answer.location(), "/account?done=password");
        assert!(
            browser
                .get("/account?done=password")
                .await
                .has("パスワードを変更しました")
        );
        assert!(
            other
                .get("/today")
                .await
                .location()
                .starts_with("/login?why=revoked")
        );
        let mut again = Browser::new(&town);
        assert_ne!(
            again.login("mihon", PASSWORD).await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            again.login("mihon", new).await.status,
            StatusCode::SEE_OTHER
        );
        Ok(())
    });
}

#[test]
fn dates_are_shown_as_the_user_likes() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        assert!(browser.get("/account").await.has("令和8年11月21日"));
        let answer = browser
            .post("/account/calendar", &[("calendar", "western")])
            .await;
        assert_eq!(answer.location(), "/account?done=calendar");
        assert!(browser.get("/account").await.has("2026年11月21日"));
        let answer = browser
            .post("/account/calendar", &[("calendar", "mayan")])
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        Ok(())
    });
}
