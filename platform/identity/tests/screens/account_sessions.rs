use axum::http::StatusCode;
use engawa_kernel::testing::on_both;

use crate::browser::{PASSWORD, account, signed_in, worker};

#[test]
fn every_session_is_listed_and_can_be_ended() {
    on_both(|town| async move {
        worker(&town).await?;
        let mut here = signed_in(&town).await?;
        let mut there = crate::browser::Browser::new(&town);
        there.extra = vec![("user-agent", "Mozilla/5.0 (iPhone) Safari/605".into())];
        there.login("mihon", PASSWORD).await;
        let page = here.get("/account").await;
        assert!(page.has("この画面") && page.has("Safari(iPhone)"));
        let id = page.between("name=\"id\" value=\"", "\"");
        let answer = here.post("/account/sessions", &[("id", &id)]).await;
        assert_eq!(answer.location(), "/account?done=session");
        assert!(
            there
                .get("/today")
                .await
                .location()
                .starts_with("/login?why=revoked")
        );
        assert_eq!(here.get("/today").await.status, StatusCode::OK);
        // Ending it twice, or something that is not an id, is not found.
        for id in [id.as_str(), "x", ""] {
            let answer = here.post("/account/sessions", &[("id", id)]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
        }
        Ok(())
    });
}

#[test]
fn all_others_can_be_ended_but_not_somebody_elses() {
    on_both(|town| async move {
        worker(&town).await?;
        account(&town, "例示 太郎", "reiji", false).await?;
        let mut other = crate::browser::Browser::new(&town);
        other.login("reiji", PASSWORD).await;
        let mut second = signed_in(&town).await?;
        let mut here = signed_in(&town).await?;
        here.get("/account").await;
        let answer = here.post("/account/sessions", &[("all", "1")]).await;
        assert_eq!(answer.location(), "/account?done=sessions");
        assert_ne!(second.get("/today").await.status, StatusCode::OK);
        assert_eq!(other.get("/today").await.status, StatusCode::OK);
        let page = other.get("/account").await;
        assert!(!page.has("name=\"id\""));
        Ok(())
    });
}
