use axum::http::StatusCode;
use engawa_identity::create_account;
use engawa_kernel::{access::Role, context::Via, error::Error, testing::on_both};

use crate::browser::{Browser, PASSWORD, administrator, change_staff, logged};

#[test]
fn a_new_person_gets_a_first_password_that_is_shown_once() {
    on_both(|town| async move {
        let (_, mut browser) = administrator(&town).await?;
        let new = town.staff("新人 桜", Role::Worker, town.desk).await?;
        let staff = new.actor.staff.to_string();
        change_staff(
            &town,
            new.actor.staff,
            "update staff set email = 'Sakura@example.jp' where id = :staff",
        )
        .await?;
        let page = browser.get("/accounts/new").await;
        assert!(page.has("新人 桜") && !page.has(">架空 管理</a></th>"));
        let page = browser.get(&format!("/accounts/{staff}")).await;
        assert!(page.has("まだアカウントがありません"));
        let page = browser.get(&format!("/accounts/new?staff={staff}")).await;
        assert!(page.has("value=\"sakura\""), "suggested from the address");
        let once = page.between("name=\"once\" value=\"", "\"");
        let mut form = vec![("staff", staff.as_str()), ("once", once.as_str())];
        form.push(("login", "桜"));
        form.push(("password", "wrong"));
        let page = browser.post("/accounts/new", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.has("半角の英数字") && page.has("value=\"桜\""));
        form.truncate(2);
        form.push(("login", "KANRI"));
        form.push(("password", PASSWORD));
        let page = browser.post("/accounts/new", &form).await;
        assert!(page.has("別のユーザー名にしてください"), "taken");
        form[2].1 = "Sakura";
        let page = browser.post("/accounts/new", &form).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.has("<code>sakura</code>"));
        let password = page.between("仮パスワード</dt><dd><code>", "</code>");
        assert_eq!(password.len(), 19, "{}", page.body);
        // A double click makes one account, and does not show the password again.
        let again = browser.post("/accounts/new", &form).await;
        assert_eq!(again.location(), format!("/accounts/{staff}"));
        let page = browser.get(&format!("/accounts/{staff}")).await;
        assert!(page.has("仮パスワード") && !page.has(&password));
        let page = browser.get(&format!("/accounts/new?staff={staff}")).await;
        assert_eq!(page.location(), format!("/accounts/{staff}"));
        assert_eq!(logged(&town, "account.created").await?, 2);
        // The person must choose another before anything else.
        let mut hers = Browser::new(&town);
        let answer = hers.login("sakura", &password).await;
        assert_eq!(answer.location(), "/account/password");
        assert_eq!(
            hers.get("/today").await.location(),
            "/account/password?next=%2Ftoday"
        );
        hers.get("/account/password").await;
        let chosen = "桜の下で食べるお弁当は格別";
        let fields = [
            ("old", password.as_str()),
            ("new", chosen),
            ("again", chosen),
        ];
        hers.post("/account/password", &fields).await;
        assert_eq!(hers.get("/today").await.status, StatusCode::OK);
        let page = browser.get(&format!("/accounts/{staff}")).await;
        assert!(page.has("本人が設定"));
        Ok(())
    });
}

#[test]
fn who_left_gets_none() {
    on_both(|town| async move {
        let (_, mut browser) = administrator(&town).await?;
        let gone = town.staff("退職 済", Role::Worker, town.desk).await?;
        let staff = gone.actor.staff.to_string();
        let left = "update staff set left_on = '2026-04-02' where id = :staff";
        change_staff(&town, gone.actor.staff, left).await?;
        assert!(!browser.get("/accounts/new").await.has("退職 済"));
        let page = browser.get(&format!("/accounts/{staff}")).await;
        assert!(page.status == StatusCode::OK && page.has("退職しているため"));
        let form = [
            ("staff", staff.as_str()),
            ("login", "zumi"),
            ("password", PASSWORD),
        ];
        let page = browser.post("/accounts/new", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Nor by a command.
        let mut system = gone.clone();
        system.via = Via::System;
        let mut tx = system.write().await?;
        let made = create_account(&mut tx, &system, gone.actor.staff, "zumi", PASSWORD).await;
        assert!(matches!(made, Err(Error::Invalid(_))));
        Ok(())
    });
}
