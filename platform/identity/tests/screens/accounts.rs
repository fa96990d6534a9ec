//! What the commands and the staff screens call.

use axum::http::StatusCode;
use engawa_identity::{
    accounts, create_account, disable, enable, end_lock_out, new_password, reset_password,
    reset_second_factor, set_password_by_cli, staff_of_login,
};
use engawa_kernel::{access::Role, context::Via, db::sql, error::Error, testing::on_both};

use crate::browser::{Browser, PASSWORD, enrol, signed_in, worker};

#[test]
fn an_administrator_makes_accounts_and_nobody_else_does() {
    on_both(|town| async move {
        let admin = town.staff("架空 管理", Role::Admin, town.desk).await?;
        let worker = town.staff("見本 花子", Role::Worker, town.desk).await?;
        let staff = worker.actor.staff;
        let password = new_password()?;
        let mut tx = admin.write().await?;
        let by_worker = create_account(&mut tx, &worker, staff, "hanako", &password).await;
        assert!(matches!(by_worker, Err(Error::Forbidden(_))));
        let bad_name = create_account(&mut tx, &admin, staff, "花子", &password).await;
        assert!(matches!(bad_name, Err(Error::Invalid(_))));
        let bad_word = create_account(&mut tx, &admin, staff, "hanako", "password1234").await;
        assert!(matches!(bad_word, Err(Error::Invalid(_))));
        create_account(&mut tx, &admin, staff, "Hanako", &password).await?;
        let twice = create_account(&mut tx, &admin, admin.actor.staff, "hanako", &password).await;
        assert!(matches!(twice, Err(Error::Invalid(_))));
        tx.commit().await?;
        let mut conn = admin.read().await?;
        let all = accounts(&mut conn, &admin).await?;
        assert_eq!(all.len(), 1);
        assert!(all[0].login == "hanako" && all[0].must_change && !all[0].disabled);
        assert_eq!(
            staff_of_login(&mut conn, &admin, "HANAKO").await?,
            Some(staff)
        );
        let mut browser = Browser::new(&town);
        let answer = browser.login("hanako", &password).await;
        assert_eq!(answer.location(), "/account/password");
        Ok(())
    });
}

#[test]
fn who_forgot_the_password_gets_a_new_one_by_hand() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let admin = town.staff("架空 管理", Role::Admin, town.desk).await?;
        let auditor = town
            .staff("架空 監査", Role::Auditor, town.other_desk)
            .await?;
        let mut open = signed_in(&town).await?;
        enrol(&town, &mut open).await;
        let mut browser = Browser::new(&town);
        for _ in 0..6 {
            browser.login("mihon", "wrong").await;
        }
        let password = new_password()?;
        let mut tx = admin.write().await?;
        reset_password(&mut tx, &admin, ctx.actor.staff, &password).await?;
        tx.commit().await?;
        // Its owner and the auditors hear of it: it could be used to act in the owner's name.
        for (who, kind) in [(&ctx, "account_reset"), (&auditor, "account_reset_seen")] {
            let told =
                sql("select count(*) as n from notice where staff_id = :who and kind = :kind")
                    .bind("who", who.actor.staff)
                    .bind("kind", kind);
            assert_eq!(ctx.read().await?.count(told).await?, 1, "{kind}");
        }
        assert!(
            open.get("/today")
                .await
                .location()
                .starts_with("/login?why=revoked")
        );
        let answer = browser.login("mihon", &password).await;
        assert_eq!(answer.location(), "/account/password", "no wait, no code");
        Ok(())
    });
}

#[test]
fn lock_outs_closed_accounts_and_lost_telephones_are_mended() {
    on_both(|town| async move {
        let ctx = worker(&town).await?;
        let admin = town.staff("架空 管理", Role::Admin, town.desk).await?;
        let staff = ctx.actor.staff;
        enrol(&town, &mut signed_in(&town).await?).await;
        let mut browser = Browser::new(&town);
        for _ in 0..6 {
            browser.login("mihon", "wrong").await;
        }
        let mut tx = admin.write().await?;
        end_lock_out(&mut tx, &admin, staff).await?;
        disable(&mut tx, &admin, staff, "長期の休み").await?;
        tx.commit().await?;
        let answer = browser.login("mihon", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.has("停止されています"));
        let mut tx = admin.write().await?;
        enable(&mut tx, &admin, staff).await?;
        reset_second_factor(&mut tx, &admin, staff).await?;
        tx.commit().await?;
        assert_eq!(browser.login("mihon", PASSWORD).await.location(), "/");
        Ok(())
    });
}

#[test]
fn the_command_line_helps_when_nobody_can_get_in() {
    on_both(|town| async move {
        let mut system = worker(&town).await?;
        system.via = Via::System;
        let new = "すいかと風鈴と縁側の夕涼み";
        assert!(set_password_by_cli(&system, "nobody", new).await.is_err());
        assert!(
            set_password_by_cli(&system, "mihon", "short")
                .await
                .is_err()
        );
        set_password_by_cli(&system, "Mihon", new).await?;
        let answer = Browser::new(&town).login("mihon", new).await;
        assert_eq!(answer.location(), "/account/password");
        Ok(())
    });
}
