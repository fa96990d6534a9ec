//! The log cannot be rewritten, and nothing is changed in silence.

#![allow(clippy::panic, reason = "a helper of tests fails by panicking")]

use engawa_kernel::{
    access::Role,
    audit::{self, Entry, Signer, append, seal, verify},
    context::Ctx,
    db::sql,
    error::{Error, Result},
    testing::{Town, noon, on_both},
};

async fn entries(ctx: &Ctx, n: usize) -> Result<()> {
    for _ in 0..n {
        let mut tx = ctx.write().await?;
        append(&mut tx, ctx, Entry::new("test.done")).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn tampered(town: &Town, statement: &'static str) -> Result<()> {
    let mut tx = town.engine.db.write().await?;
    let touched = tx.exec(sql(statement)).await?;
    assert!(touched > 0, "the statement found something to tamper with");
    tx.commit_unaudited().await?;
    let public = town.engine.signer.public();
    match verify(&town.engine.db, &public).await {
        Err(Error::Invalid(sentence)) => {
            assert!(sentence.contains("検証に失敗しました"), "{sentence}");
            Ok(())
        }
        other => panic!("tampering was not noticed: {other:?}"),
    }
}

#[test]
fn a_log_left_alone_verifies_and_counts_what_is_not_yet_sealed() {
    on_both(|town| async move {
        let ctx = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let public = town.engine.signer.public();
        entries(&ctx, 5).await?;
        assert_eq!(seal(&town.engine.db, &town.engine.signer, noon()).await?, 5);
        assert_eq!(seal(&town.engine.db, &town.engine.signer, noon()).await?, 0);
        entries(&ctx, 3).await?;
        seal(&town.engine.db, &town.engine.signer, noon()).await?;
        entries(&ctx, 2).await?;
        let report = verify(&town.engine.db, &public).await?;
        assert_eq!((report.sealed, report.unsealed, report.heads), (8, 2, 2));
        Ok(())
    });
}

#[test]
fn a_changed_entry_is_noticed() {
    on_both(|town| async move {
        let ctx = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        entries(&ctx, 7).await?;
        seal(&town.engine.db, &town.engine.signer, noon()).await?;
        entries(&ctx, 3).await?;
        seal(&town.engine.db, &town.engine.signer, noon()).await?;
        tampered(
            &town,
            "update audit_entry set action = 'test.other' where leaf = 2",
        )
        .await
    });
}

#[test]
fn a_removed_entry_is_noticed() {
    on_both(|town| async move {
        let ctx = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        entries(&ctx, 7).await?;
        seal(&town.engine.db, &town.engine.signer, noon()).await?;
        tampered(&town, "delete from audit_entry where leaf = 3").await
    });
}

#[test]
fn the_last_entries_cannot_be_cut_off() {
    on_both(|town| async move {
        let ctx = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        entries(&ctx, 7).await?;
        seal(&town.engine.db, &town.engine.signer, noon()).await?;
        tampered(&town, "delete from audit_entry where leaf = 6").await
    });
}

#[test]
fn an_inserted_entry_is_noticed() {
    on_both(|town| async move {
        let ctx = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        entries(&ctx, 4).await?;
        seal(&town.engine.db, &town.engine.signer, noon()).await?;
        entries(&ctx, 1).await?;
        tampered(&town, "update audit_entry set leaf = 4 where leaf is null").await
    });
}

#[test]
fn a_head_signed_by_another_key_is_noticed() {
    on_both(|town| async move {
        let ctx = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        entries(&ctx, 4).await?;
        seal(&town.engine.db, &Signer::from_seed([9; 32]), noon()).await?;
        let public = town.engine.signer.public();
        assert!(matches!(
            verify(&town.engine.db, &public).await,
            Err(Error::Invalid(_))
        ));
        Ok(())
    });
}

#[test]
fn nothing_is_committed_without_an_entry() {
    on_both(|town| async move {
        let ctx = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let mut tx = ctx.write().await?;
        tx.exec(sql("update municipality set name = 'かわった市'"))
            .await?;
        assert!(matches!(tx.commit().await, Err(Error::Internal(_))));
        let name: String = ctx
            .read()
            .await?
            .one(sql("select name from municipality"))
            .await?
            .get("name")?;
        assert_eq!(name, "縁側市");
        Ok(())
    });
}

#[test]
fn only_the_auditor_reads_the_log_of_the_municipality() {
    on_both(|town| async move {
        let worker = town.staff("見本 太郎", Role::Worker, town.desk).await?;
        let admin = town.staff("見本 管理", Role::Admin, town.desk).await?;
        let auditor = town.staff("見本 監査", Role::Auditor, town.desk).await?;
        entries(&worker, 2).await?;
        for ctx in [&worker, &admin] {
            assert!(matches!(
                audit::of_municipality(ctx, None, 10).await,
                Err(Error::Forbidden(_))
            ));
        }
        assert_eq!(audit::of_municipality(&auditor, None, 10).await?.len(), 2);
        Ok(())
    });
}
