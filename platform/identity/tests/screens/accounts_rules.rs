//! What may be done with whose account, whoever asks.

use engawa_identity::{
    create_account, disable, enable, end_lock_out, end_session, end_sessions, find_staff,
    reset_password, reset_second_factor,
};
use engawa_kernel::{
    access::Role,
    context::Via,
    error::Error,
    id::{SessionId, StaffId},
    testing::on_both,
};

use crate::browser::{PASSWORD, account_as, administrator, change_staff, logged, worker};

fn says(answer: Result<(), Error>, part: &str) -> bool {
    matches!(answer, Err(Error::Invalid(why)) if why.contains(part))
}

#[test]
fn nobody_closes_or_opens_the_own_account() {
    on_both(|town| async move {
        let (admin, _) = administrator(&town).await?;
        account_as(&town, "架空 副", "fuku", false, Role::Admin).await?;
        let me = admin.actor.staff;
        let mut tx = admin.write().await?;
        let own = "ほかのシステム管理者に頼んで";
        assert!(says(disable(&mut tx, &admin, me, "退職").await, own));
        assert!(says(enable(&mut tx, &admin, me).await, own));
        assert!(says(end_lock_out(&mut tx, &admin, me).await, own));
        assert!(says(reset_second_factor(&mut tx, &admin, me).await, own));
        assert!(says(
            reset_password(&mut tx, &admin, me, PASSWORD).await,
            own
        ));
        Ok(())
    });
}

#[test]
fn the_last_administrator_who_can_sign_in_stays() {
    on_both(|town| async move {
        let (admin, _) = administrator(&town).await?;
        let other = account_as(&town, "架空 副", "fuku", false, Role::Admin).await?;
        let mut system = admin.clone();
        system.via = Via::System;
        let (me, them) = (admin.actor.staff, other.actor.staff);
        let mut tx = admin.write().await?;
        // With two of them one may go, not both.
        disable(&mut tx, &system, them, "退職").await?;
        let last = disable(&mut tx, &system, me, "退職").await;
        assert!(says(last, "最後のシステム管理者"));
        enable(&mut tx, &system, them).await?;
        tx.commit().await?;
        // Who has left, or holds no posting as administrator today, does not count.
        for gone in [
            "update staff set left_on = '2026-04-02' where id = :staff",
            "update staff set left_on = null where id = :staff",
        ] {
            change_staff(&town, them, gone).await?;
            let mut tx = admin.write().await?;
            let closed = disable(&mut tx, &system, me, "退職").await;
            assert_eq!(closed.is_ok(), gone.contains("null"), "{gone}");
        }
        let ended = "update posting set valid_to = '2026-04-02' where staff_id = :staff";
        change_staff(&town, them, ended).await?;
        let mut tx = admin.write().await?;
        assert!(says(
            disable(&mut tx, &system, me, "退職").await,
            "最後のシステム管理者"
        ));
        // Somebody who is not an administrator may always be closed.
        drop(tx);
        let worker = account_as(&town, "見本 花子", "mihon", false, Role::Worker).await?;
        let mut tx = admin.write().await?;
        disable(&mut tx, &admin, worker.actor.staff, "休職").await?;
        Ok(())
    });
}

#[test]
fn closing_needs_a_reason_and_the_duty() {
    on_both(|town| async move {
        let (admin, _) = administrator(&town).await?;
        let worker = worker(&town).await?;
        let staff = worker.actor.staff;
        let mut tx = admin.write().await?;
        assert!(says(disable(&mut tx, &admin, staff, " ").await, "理由"));
        let long = "あ".repeat(201);
        assert!(says(disable(&mut tx, &admin, staff, &long).await, "理由"));
        let them = admin.actor.staff;
        let forbidden = [
            disable(&mut tx, &worker, them, "x").await,
            enable(&mut tx, &worker, them).await,
            end_session(&mut tx, &worker, them, SessionId::new()).await,
            end_sessions(&mut tx, &worker, them).await.map(|_| ()),
            reset_second_factor(&mut tx, &worker, them).await,
            find_staff(&mut tx, &worker, "架空 管理").await.map(|_| ()),
        ];
        for answer in forbidden {
            assert!(matches!(answer, Err(Error::Forbidden(_))), "{answer:?}");
        }
        let nobody = disable(&mut tx, &admin, StaffId::new(), "x").await;
        assert!(matches!(nobody, Err(Error::NotFound)));
        disable(&mut tx, &admin, staff, "休職").await?;
        tx.commit().await?;
        assert_eq!(logged(&town, "account.disabled").await?, 1);
        Ok(())
    });
}

#[test]
fn a_command_finds_people_by_name_or_id() {
    on_both(|town| async move {
        let mut system = town.staff("見本 花子", Role::Worker, town.desk).await?;
        system.via = Via::System;
        let staff = system.actor.staff;
        let mut conn = system.read().await?;
        for asked in ["見本 花子", "見本花子", "見本　花子", &staff.to_string()] {
            let found = find_staff(&mut conn, &system, asked).await?;
            assert_eq!(found.len(), 1, "{asked}");
            assert!(found[0].staff == staff && found[0].places.len() == 1);
        }
        assert!(find_staff(&mut conn, &system, "見本").await?.is_empty());
        drop(conn);
        town.staff("見本花子", Role::Worker, town.desk).await?;
        let mut conn = system.read().await?;
        assert_eq!(find_staff(&mut conn, &system, "見本花子").await?.len(), 2);
        drop(conn);
        let mut tx = system.write().await?;
        create_account(
            &mut tx,
            &system,
            staff,
            "hanako",
            "すいかと風鈴と縁側の夕涼み",
        )
        .await?;
        tx.commit().await
    });
}
