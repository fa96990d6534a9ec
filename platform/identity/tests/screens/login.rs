use axum::http::StatusCode;
use chrono::Duration;
use engawa_kernel::testing::on_both;

use crate::browser::{Browser, PASSWORD, account, later, logged, settings, signed_in, worker};

#[test]
fn the_right_password_opens_the_page_asked_for() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = Browser::new(&town);
        let refused = browser.get("/today?x=1").await;
        assert_eq!(refused.location(), "/login?next=%2Ftoday%3Fx%3D1");
        let page = browser.get(refused.location()).await;
        assert!(page.has("縁側市") && page.has("name=\"next\" value=\"/today?x=1\""));
        let answer = browser
            .post_bare(
                "/login",
                &[
                    ("login", " ＭＩＨＯＮ"),
                    ("password", PASSWORD),
                    ("next", "/today?x=1"),
                ],
            )
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), "/today?x=1");
        assert!(browser.get("/today").await.has("きょう 見本 花子"));
        assert_eq!(browser.get("/login").await.location(), "/");
        assert_eq!(logged(&town, "login.password").await?, 1);
        Ok(())
    });
}

#[test]
fn a_wrong_password_and_an_unknown_user_get_the_same_answer() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = Browser::new(&town);
        let wrong = browser.login("mihon", "not the password").await;
        let unknown = browser.login("nobody", "not the password").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(unknown.status, wrong.status);
        let plain = |page: &crate::browser::Answer, login: &str| {
            let once = page.between("name=\"once\" value=\"", "\"");
            page.body.replace(&once, "").replace(login, "")
        };
        assert_eq!(plain(&wrong, "mihon"), plain(&unknown, "nobody"));
        assert!(wrong.has("ユーザー名かパスワードが違います"));
        assert!(!wrong.has("not the password"));
        assert!(browser.cookie.is_none());
        assert_eq!(logged(&town, "login.refused").await?, 2);
        Ok(())
    });
}

#[test]
fn waits_grow_and_end_and_are_the_same_for_unknown_users() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = Browser::new(&town);
        for login in ["mihon", "nobody"] {
            for _ in 0..5 {
                let answer = browser.login(login, "wrong").await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            }
            let blocked = browser.login(login, PASSWORD).await;
            assert_eq!(blocked.status, StatusCode::TOO_MANY_REQUESTS);
            assert!(blocked.has("しばらくのあいだログインできません"));
        }
        assert_eq!(logged(&town, "login.blocked").await?, 2);
        browser.login("mihon", PASSWORD).await;
        assert_eq!(
            logged(&town, "login.blocked").await?,
            2,
            "once in each wait"
        );
        // One minute on, one more failure: now two minutes.
        later(&town, Duration::seconds(61));
        let answer = browser.login("mihon", "wrong").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        later(&town, Duration::seconds(90));
        let answer = browser.login("mihon", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        later(&town, Duration::seconds(31));
        let answer = browser.login("mihon", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        // The good login cleared the count.
        let mut other = Browser::new(&town);
        for _ in 0..4 {
            other.login("mihon", "wrong").await;
        }
        assert_eq!(
            other.login("mihon", PASSWORD).await.status,
            StatusCode::SEE_OTHER
        );
        Ok(())
    });
}

#[test]
fn one_address_cannot_try_many_user_names() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut attacker = Browser::new(&town);
        attacker.address = "198.51.100.7:4000";
        for n in 0..30 {
            let answer = attacker.login(&format!("user{n}"), "wrong").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{n}");
        }
        let answer = attacker.login("mihon", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        // The office is not locked out by it.
        signed_in(&town).await?;
        later(&town, Duration::seconds(61));
        let answer = attacker.login("mihon", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        Ok(())
    });
}

#[test]
fn many_attempts_at_once_are_not_many_guesses() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut tasks = vec![];
        for _ in 0..20 {
            let mut browser = Browser::new(&town);
            tasks.push(tokio::spawn(async move {
                browser.login("mihon", "wrong").await.status
            }));
        }
        let mut judged = 0;
        for task in tasks {
            if task.await.unwrap() == StatusCode::UNPROCESSABLE_ENTITY {
                judged += 1;
            }
        }
        assert_eq!(judged, 5);
        Ok(())
    });
}

#[test]
fn nobody_is_sent_to_another_server() {
    on_both(|town| async move {
        worker(&town).await?;
        for next in ["//evil.example", "https://evil.example", "/\\evil.example"] {
            let mut browser = Browser::new(&town);
            let answer = browser
                .post_bare(
                    "/login",
                    &[("login", "mihon"), ("password", PASSWORD), ("next", next)],
                )
                .await;
            assert_eq!(answer.location(), "/", "{next}");
        }
        Ok(())
    });
}

#[test]
fn another_site_cannot_sign_a_browser_in() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = Browser::new(&town);
        browser.extra = vec![("sec-fetch-site", "cross-site".into())];
        let answer = browser.login("mihon", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(browser.cookie.is_none());
        Ok(())
    });
}

#[test]
fn a_first_password_is_only_good_for_choosing_another() {
    on_both(|town| async move {
        account(&town, "例示 太郎", "reiji", true).await?;
        let mut browser = Browser::new(&town);
        let answer = browser
            .post_bare(
                "/login",
                &[
                    ("login", "reiji"),
                    ("password", PASSWORD),
                    ("next", "/today"),
                ],
            )
            .await;
        assert_eq!(answer.location(), "/account/password?next=%2Ftoday");
        assert_eq!(
            browser.get("/today").await.location(),
            "/account/password?next=%2Ftoday"
        );
        let page = browser.get("/account/password?next=/today").await;
        assert!(page.has("ほかの人が決めたものです"));
        let new = "すいかと風鈴と縁側の夕涼み";
        let answer = browser
            .post(
                "/account/password",
                &[
                    ("old", PASSWORD),
                    ("new", new),
                    ("again", new),
                    ("next", "/today"),
                ],
            )
            .await;
        assert_eq!(answer.location(), "/today", "{}", answer.body);
        assert!(browser.get("/today").await.has("例示 太郎"));
        Ok(())
    });
}

#[test]
fn a_practice_system_says_so_and_asks_no_second_factor() {
    on_both(|town| async move {
        worker(&town).await?;
        settings(&town, r#"{"all_need_totp":true}"#, true).await?;
        let mut browser = Browser::new(&town);
        assert!(browser.get("/login").await.has("研修用の環境です"));
        assert_eq!(browser.login("mihon", PASSWORD).await.location(), "/");
        Ok(())
    });
}

#[test]
fn bad_input_gets_a_sentence() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = Browser::new(&town);
        let long = "あ".repeat(5_000);
        for (login, password) in [
            ("", ""),
            ("mihon", ""),
            (long.as_str(), "x"),
            ("mihon", &long),
        ] {
            let answer = browser.login(login, password).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.has("パスワード"));
        }
        let answer = browser
            .send("POST", "/login", Some("login=%FF".into()))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Who is not signed in sends no more than a name and a password.
        let flood = browser.login(&"あ".repeat(100_000), "x").await;
        assert_eq!(flood.status, StatusCode::PAYLOAD_TOO_LARGE);
        Ok(())
    });
}

/// A stranger's upload is not kept in memory while nobody knows who sends it.
#[test]
fn a_stranger_sends_a_name_and_a_password_and_nothing_large() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = Browser::new(&town);
        let long = "a".repeat(200_000);
        let refused = browser.login("mihon", &long).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(logged(&town, "login.refused").await?, 0);
        Ok(())
    });
}
