use axum::http::StatusCode;
use engawa_kernel::{
    audit::Signer,
    context::{Engine, EngineParts},
    db::sql,
    notices::mail::{Telling, standing},
    testing::{Town, on_both},
};

use crate::browser::{Browser, administrator, change_staff, logged, signed_in, worker};

/// The same town in an Engawa that sends mails.
fn with_mail(mut town: Town) -> Town {
    town.engine = Engine::new(EngineParts {
        mail_from: Some("engawa@city.example.lg.jp".into()),
        ..EngineParts::bare(
            town.engine.db.clone(),
            town.engine.clock.clone(),
            Signer::from_seed([7; 32]),
            town.engine.data.clone(),
        )
    });
    town
}

const ADDRESS: &str = "update staff set email = 'mihon@example.lg.jp' where id = :staff";

#[test]
fn one_chooses_how_to_be_told_and_sees_where_it_goes() {
    on_both(|town| async move {
        let town = with_mail(town);
        let ctx = worker(&town).await?;
        change_staff(&town, ctx.actor.staff, ADDRESS).await?;
        let mut browser = signed_in(&town).await?;
        let page = browser.get("/account").await;
        assert!(page.has("送り先: mihon@example.lg.jp") && page.has("engawa@city.example.lg.jp"));
        assert!(page.has("まだ選んでいないため、1日1回"));
        assert!(page.has("システム管理者に頼んでください"));
        for telling in Telling::ALL {
            let answer = browser
                .post("/account/mail", &[("mail", telling.as_code())])
                .await;
            assert_eq!(answer.location(), "/account?done=mail");
            let page = browser.get("/account?done=mail").await;
            assert!(page.has("届き方を変更しました") && !page.has("まだ選んでいない"));
            let mut conn = ctx.read().await?;
            let now = standing(&mut conn, ctx.actor.staff).await?;
            assert!(now.chosen && now.telling == telling);
        }
        assert_eq!(logged(&town, "account.mail").await?, 3);
        for wrong in [&[("mail", "hourly")][..], &[("mail", "")], &[]] {
            let answer = browser.post("/account/mail", wrong).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.has("いまの届き方は変えていません"));
        }
        assert_eq!(logged(&town, "account.mail").await?, 3);
        Ok(())
    });
}

#[test]
fn without_an_address_or_a_mail_server_the_page_says_so() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let mut browser = signed_in(&town).await?;
        let page = browser.get("/account").await;
        assert!(page.has("メールを送る設定になっていません") && !page.has("/account/mail"));
        let town = with_mail(town);
        let mut browser = signed_in(&town).await?;
        let page = browser.get("/account").await;
        assert!(page.has("メールアドレスがないため") && !page.has("/account/mail"));
        assert!(page.has("システム管理者に頼んでください"));
        // An administrator changes it in the register, and is shown the way.
        let (_, mut administrator) = administrator(&town).await?;
        let page = administrator.get("/account").await;
        assert!(page.has("/organisations/staff"));
        drop(ctx);
        Ok(())
    });
}

#[test]
fn an_address_that_did_not_work_is_said() {
    on_both(|town| async move {
        let town = with_mail(town);
        let ctx = worker(&town).await?;
        change_staff(&town, ctx.actor.staff, ADDRESS).await?;
        let mut tx = ctx.write().await?;
        tx.exec(
            sql("insert into notice_mail (staff_id, wish, failures, refused_address) values (:me, '', 0, 'mihon@example.lg.jp')")
                .bind("me", ctx.actor.staff),
        )
        .await?;
        tx.commit_unaudited().await?;
        let mut browser = signed_in(&town).await?;
        assert!(browser.get("/account").await.has("メールが届いていません"));
        Ok(())
    });
}

#[test]
fn nobody_chooses_without_being_signed_in() {
    on_both(|town| async move {
        let mut browser = Browser::new(&town);
        let answer = browser.post("/account/mail", &[("mail", "none")]).await;
        assert_ne!(answer.location(), "/account?done=mail");
        Ok(())
    });
}
