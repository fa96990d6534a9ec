use axum::http::StatusCode;
use engawa_identity::create_token;
use engawa_kernel::testing::on_both;

use crate::browser::{Answer, Browser, PASSWORD, administrator, enrol, logged, signed_in, worker};

/// The token of the form that leads to this address.
fn once_of(page: &Answer, action: &str) -> String {
    page.between(&format!("action=\"{action}\""), "</form>")
        .split_once("name=\"once\" value=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(once, _)| once.to_owned())
        .unwrap_or_default()
}

#[test]
fn closing_ends_the_session_at_once_and_opening_lets_in_again() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let (_, mut browser) = administrator(&town).await?;
        let mut hers = signed_in(&town).await?;
        let base = format!("/accounts/{}", ctx.actor.staff);
        let close = format!("{base}/disable");
        let page = browser.get(&base).await;
        let once = once_of(&page, &close);
        assert!(!once.is_empty());
        let page = browser
            .post(&close, &[("once", &once), ("reason", " ")])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.has("「停止の理由」を入力してください"));
        let form = [("once", once.as_str()), ("reason", "長い研修に出る")];
        let bare = browser.clone().post_bare(&close, &form).await;
        assert_eq!(
            bare.status,
            StatusCode::FORBIDDEN,
            "without the form's secret"
        );
        let answer = browser.post(&close, &form).await;
        assert_eq!(answer.location(), format!("{base}?done=disabled"));
        let answer = browser.post(&close, &form).await;
        assert_eq!(answer.location(), base, "a double click");
        assert_eq!(logged(&town, "account.disabled").await?, 1);
        let out = hers.get("/today").await;
        assert!(out.location().starts_with("/login?why=disabled"));
        let page = browser.get(&format!("{base}?done=disabled")).await;
        assert!(page.has("長い研修に出る") && page.has("アカウントを停止しました"));
        let answer = browser.post(&format!("{base}/enable"), &[]).await;
        assert_eq!(answer.location(), format!("{base}?done=enabled"));
        assert!(!browser.get(&base).await.has("長い研修に出る"));
        signed_in(&town).await?;
        Ok(())
    });
}

#[test]
fn a_new_password_and_a_lost_telephone_need_the_administrators_own_password() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let (_, mut browser) = administrator(&town).await?;
        enrol(&town, &mut signed_in(&town).await?).await;
        let base = format!("/accounts/{}", ctx.actor.staff);
        for act in ["totp", "password"] {
            let path = format!("{base}/{act}");
            let page = browser.get(&base).await;
            let once = once_of(&page, &path);
            for wrong in ["", "wrong"] {
                let form = [("once", once.as_str()), ("password", wrong)];
                let page = browser.post(&path, &form).await;
                assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
                assert!(page.has("field-error"));
            }
        }
        let form = [("password", PASSWORD)];
        let answer = browser.post(&format!("{base}/totp"), &form).await;
        assert_eq!(answer.location(), format!("{base}?done=totp"));
        assert_eq!(
            Browser::new(&town)
                .login("mihon", PASSWORD)
                .await
                .location(),
            "/"
        );
        let page = browser.get(&base).await;
        let path = format!("{base}/password");
        let once = once_of(&page, &path);
        let form = [("password", PASSWORD), ("once", &once)];
        let page = browser.post(&path, &form).await;
        let password = page.between("仮パスワード</dt><dd><code>", "</code>");
        assert_eq!(password.len(), 19, "{}", page.body);
        let again = browser.post(&path, &form).await;
        assert_eq!(again.location(), base, "shown once");
        let answer = Browser::new(&town).login("mihon", &password).await;
        assert_eq!(answer.location(), "/account/password");
        Ok(())
    });
}

#[test]
fn a_lock_out_is_seen_and_ended() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let (_, mut browser) = administrator(&town).await?;
        let base = format!("/accounts/{}", ctx.actor.staff);
        assert!(!browser.get(&base).await.has("ロックの解除"));
        let mut guess = Browser::new(&town);
        for _ in 0..6 {
            guess.login("mihon", "wrong").await;
        }
        let page = browser.get(&base).await;
        assert!(page.has("ロック中") && page.has("ロックの解除"));
        let answer = browser.post(&format!("{base}/unlock"), &[]).await;
        assert_eq!(answer.location(), format!("{base}?done=unlocked"));
        signed_in(&town).await?;
        Ok(())
    });
}

#[test]
fn sessions_and_tokens_of_others_are_ended() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let (_, mut browser) = administrator(&town).await?;
        let mut one = signed_in(&town).await?;
        let mut tx = ctx.write().await?;
        create_token(&mut tx, &ctx, ctx.actor.staff, "月次集計").await?;
        tx.commit().await?;
        let base = format!("/accounts/{}", ctx.actor.staff);
        let page = browser.get(&base).await;
        let id = page.between("name=\"id\" value=\"", "\"");
        let path = format!("{base}/sessions");
        let answer = browser.post(&path, &[("id", &id)]).await;
        assert_eq!(answer.location(), format!("{base}?done=session"));
        assert!(
            one.get("/today")
                .await
                .location()
                .starts_with("/login?why=revoked")
        );
        let again = browser.post(&path, &[("id", &id)]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        let mut two = signed_in(&town).await?;
        let answer = browser.post(&path, &[("all", "1")]).await;
        assert_eq!(answer.location(), format!("{base}?done=sessions"));
        assert!(
            two.get("/today")
                .await
                .location()
                .starts_with("/login?why=revoked")
        );
        let page = browser.get(&base).await;
        assert!(page.has("月次集計") && page.has("いまログイン中の端末はありません"));
        let id = page.between("name=\"id\" value=\"", "\"");
        let path = format!("{base}/tokens");
        let answer = browser.post(&path, &[("id", &id)]).await;
        assert_eq!(answer.location(), format!("{base}?done=token"));
        assert!(
            browser
                .get(&base)
                .await
                .has("使用中のAPIトークンはありません")
        );
        Ok(())
    });
}

#[test]
fn the_own_account_offers_nothing_to_press() {
    on_both(|town| async move {
        let (admin, mut browser) = administrator(&town).await?;
        let base = format!("/accounts/{}", admin.actor.staff);
        let page = browser.get(&base).await;
        assert!(page.has("これはあなたのアカウントです"));
        assert!(!page.has(&format!("action=\"{base}/")));
        let form = [("reason", "退職")];
        let page = browser.post(&format!("{base}/disable"), &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.has("ほかのシステム管理者に頼んでください"));
        assert_eq!(browser.get("/today").await.status, StatusCode::OK);
        Ok(())
    });
}
