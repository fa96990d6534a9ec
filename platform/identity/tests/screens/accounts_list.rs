use axum::http::StatusCode;
use engawa_identity::disable;
use engawa_kernel::testing::on_both;

use crate::browser::{Browser, account, administrator, change_staff, signed_in, worker};

#[test]
fn the_list_is_for_administrators() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        let one = format!("/accounts/{}", ctx.actor.staff);
        for path in ["/accounts", "/accounts/new", &one, "/accounts/x"] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
        let answer = Browser::new(&town).get("/accounts").await;
        assert_eq!(answer.location(), "/login?next=%2Faccounts");
        Ok(())
    });
}

#[test]
fn accounts_are_found_by_state_and_by_name() {
    on_both(|town| async move {
        let (admin, mut browser) = administrator(&town).await?;
        let hanako = worker(&town).await?;
        let jiro = account(&town, "架空　次郎", "jiro_k", true).await?;
        let kana = "update staff set kana = 'かくう じろう' where id = :staff";
        change_staff(&town, jiro.actor.staff, kana).await?;
        let page = browser.get("/accounts").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.has("3件のうち 1〜3件目") && page.has("未登録"));
        assert!(page.has("まだありません"), "hanako has not been here yet");
        for (q, who) in [
            ("jiro_k", "jiro_k"),
            ("ＪＩＲＯ", "jiro_k"),
            ("架空次郎", "jiro_k"),
            ("かくうじ", "jiro_k"),
            ("花子", "mihon"),
        ] {
            let enc = percent_encoding::utf8_percent_encode(q, percent_encoding::NON_ALPHANUMERIC);
            let page = browser.get(&format!("/accounts?q={enc}")).await;
            assert!(
                page.has("1件のうち") && page.has(&format!("<td>{who}</td>")),
                "{q}"
            );
        }
        let none = browser.get("/accounts?q=j%25").await;
        assert!(none.has("絞り込みに合うアカウントはありません"));
        let mut tx = admin.write().await?;
        disable(&mut tx, &admin, hanako.actor.staff, "休職").await?;
        tx.commit().await?;
        let mut guess = Browser::new(&town);
        for _ in 0..6 {
            guess.login("jiro_k", "wrong").await;
            guess.login("nobody", "wrong").await;
        }
        for (state, who) in [("disabled", "mihon"), ("locked", "jiro_k")] {
            let page = browser.get(&format!("/accounts?state={state}")).await;
            assert!(
                page.has("1件のうち") && page.has(&format!("<td>{who}</td>")),
                "{state}"
            );
        }
        let page = browser.get("/accounts?state=active&page=1").await;
        assert!(page.has("2件のうち") && !page.has("<td>mihon</td>"));
        for odd in [
            "/accounts?page=99",
            "/accounts?state=x&page=-1",
            "/accounts?q=%00",
        ] {
            let status = browser.get(odd).await.status;
            assert_eq!(status, StatusCode::OK, "{odd}");
        }
        Ok(())
    });
}
