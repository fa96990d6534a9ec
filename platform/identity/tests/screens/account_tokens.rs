use axum::http::StatusCode;
use engawa_kernel::testing::on_both;

use crate::browser::{PASSWORD, signed_in, worker};

#[test]
fn a_token_needs_the_password_and_is_shown_once() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        let page = browser.get("/account/tokens").await;
        assert!(page.has("使用中のAPIトークンはありません"));
        let once = page.between("name=\"once\" value=\"", "\"");
        let wrong = [("name", "月次集計"), ("days", "90"), ("password", "wrong")];
        let answer = browser.post("/account/tokens", &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer.has("value=\"月次集計\""),
            "what was typed is still there"
        );
        let right = [
            ("name", "月次集計"),
            ("days", "90"),
            ("password", PASSWORD),
            ("once", once.as_str()),
        ];
        let page = browser.post("/account/tokens", &right).await;
        assert_eq!(page.status, StatusCode::OK);
        let token = page.between("<code>", "</code>");
        assert!(token.starts_with("engawa_"));
        // A double click makes one.
        let again = browser.post("/account/tokens", &right).await;
        assert_eq!(again.location(), "/account/tokens");
        let page = browser.get("/account/tokens").await;
        assert!(page.has("月次集計") && !page.has(&token));
        assert_eq!(page.body.matches("/revoke").count(), 1);
        Ok(())
    });
}

#[test]
fn at_most_twenty_tokens() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut tx = ctx.write().await?;
        for n in 0..20 {
            engawa_identity::create_token(&mut tx, &ctx, ctx.actor.staff, &n.to_string()).await?;
        }
        let more = engawa_identity::create_token(&mut tx, &ctx, ctx.actor.staff, "x").await;
        assert!(more.is_err());
        Ok(())
    });
}
