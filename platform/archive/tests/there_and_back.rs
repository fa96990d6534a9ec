//! Out of one engine into the other and back: the same rows, the same log.
// The clippy.toml allowance covers test functions, not the helpers beside them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use engawa_archive::{Schema, TableSchema, export, restore};
use engawa_kernel::{
    access::{self, NewRoom, Role, RoomKind},
    audit::{self, Signer},
    clock::Clock,
    context::{Ctx, Engine, EngineParts},
    db::{Db, Dialect, sql},
    error::{Error, Result},
    files::{self, Class, Label, Owner},
    search::{self, Doc, DocKind},
    testing::{Town, noon, on_both},
};

/// Somebody, more entries of the log than are read at once, words to be found, an attachment.
async fn filled(town: &Town) -> Result<Ctx> {
    std::fs::write(town.engine.data.join("audit.key"), [7; 32]).unwrap();
    std::fs::create_dir_all(town.engine.data.join("attachments")).unwrap();
    std::fs::write(town.engine.data.join("attachments/図.png"), b"\x89PNG").unwrap();
    let ctx = town.staff("架空 𠮷郎\\N", Role::Worker, town.desk).await?;
    let mut tx = ctx.write().await?;
    for n in 0..1_050 {
        let key = access::found(
            &mut tx,
            &ctx,
            NewRoom {
                kind: RoomKind::Consultation,
                number: format!("相R8-{n:05}"),
                owner_desk: town.desk,
                owner_posting: None,
                sealed: (n % 7 == 0).then(|| "dv".to_owned()),
            },
        )
        .await?;
        if n % 100 != 0 {
            continue;
        }
        for (kind, text) in [
            (DocKind::Name, "葛󠄀飾 ヒサ子"),
            (DocKind::Number, &format!("相R8-{n:05}")),
            (DocKind::Words, "家賃が払えない。オオノさんに、ﾃﾞﾝﾜした。"),
            (DocKind::Phone, "03-0000-0000"),
        ] {
            let doc = Doc {
                room: key.room(),
                kind,
                source: key.room().0,
                at: noon(),
                shown: "見本",
                text,
            };
            search::put(&mut tx, &ctx, doc).await?;
        }
    }
    // More attached files than are held at once.
    for n in 0..9_u8 {
        let text = format!("別紙{n}").repeat(1_000 * usize::from(n) + 1);
        let file = files::check(&format!("{n}.txt"), text.as_bytes()).map_err(Error::Invalid)?;
        let owner = Owner {
            kind: "try",
            id: town.desk.0,
        };
        let label = Label {
            caption: format!("説明{n}"),
            class: Class::Annex,
            publish: n % 2 == 0,
        };
        files::add(&mut tx, &ctx, owner, "3", &label, &file).await?;
    }
    tx.commit().await?;
    Ok(ctx)
}

fn without_search(schema: &Schema) -> Vec<&TableSchema> {
    let all = schema.tables.iter();
    all.filter(|t| t.name != "search_doc").collect()
}

async fn keys(db: &Db) -> Vec<(String, String)> {
    let q = sql("select kind, key from search_doc order by kind, key limit 10000");
    let rows = db.read().await.unwrap().rows(q).await.unwrap();
    let mut keys: Vec<(String, String)> = rows
        .iter()
        .map(|r| (r.get("kind").unwrap(), r.get("key").unwrap()))
        .collect();
    keys.sort();
    keys
}

/// Restores into `db` and exports again: nothing may differ.
async fn comes_back(from: &Path, first: &Schema, town: &Town, db: Db) {
    let data = tempfile::tempdir().unwrap();
    let back = restore(from, &db, data.path()).await.unwrap();
    assert_eq!(back.tables, first.tables);
    let bytes = first.tables.iter().find(|t| t.name == "stored_file_bytes");
    assert_eq!(bytes.unwrap().rows, 9);
    let signer = Signer::in_folder(data.path()).unwrap();
    let report = audit::verify(&db, &signer.public()).await.unwrap();
    assert!(report.sealed > 2_000 && report.unsealed == 0);
    assert_eq!(keys(&db).await, keys(&town.engine.db).await);
    let engine = Engine::new(EngineParts::bare(
        db.clone(),
        Clock::fixed(noon()),
        signer,
        data.path().to_owned(),
    ));
    let again = tempfile::tempdir().unwrap();
    let second = export(&engine, &again.path().join("二度目.zip"))
        .await
        .unwrap();
    assert_eq!(without_search(&second), without_search(first));
    assert_eq!(second.files, first.files);
    let refused = restore(from, &db, data.path()).await.unwrap_err();
    assert!(refused.to_string().contains("空の"), "{refused}");
    db.close().await;
}

#[test]
fn what_leaves_comes_back_on_either_engine() {
    on_both(|town| async move {
        filled(&town).await?;
        let out = tempfile::tempdir().unwrap();
        for name in ["全件", "全件.zip"] {
            let from = out.path().join(name);
            let first = export(&town.engine, &from).await?;
            assert!(
                first
                    .tables
                    .iter()
                    .any(|t| t.name == "room" && t.rows == 1_050)
            );
            assert!(first.files.iter().any(|f| f.path == "attachments/図.png"));
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = std::fs::metadata(&from).unwrap().permissions().mode();
                assert_eq!(mode & 0o077, 0, "nobody else reads it");
            }
            assert!(
                export(&town.engine, &from).await.is_err(),
                "nothing is overwritten"
            );
            if name == "全件" {
                let folder = tempfile::tempdir().unwrap();
                let db = Db::sqlite(&folder.path().join("engawa.sqlite")).await?;
                comes_back(&from, &first, &town, db).await;
            } else if let Ok(server) = std::env::var("ENGAWA_TEST_POSTGRES") {
                let admin = Db::postgres(&server).await?;
                let name = format!("engawa_{}", engawa_kernel::id::new_uuid().simple());
                admin.script(&format!("create database {name}")).await?;
                let (base, _) = server.rsplit_once('/').unwrap();
                let db = Db::postgres(&format!("{base}/{name}")).await?;
                comes_back(&from, &first, &town, db).await;
                admin
                    .script(&format!("drop database {name} with (force)"))
                    .await?;
                admin.close().await;
            }
        }
        let left = std::fs::read_dir(&town.engine.data).unwrap();
        let copies = left.filter(|e| {
            let name = e.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with("export-")
        });
        assert_eq!(copies.count(), 0);
        Ok(())
    });
}

#[test]
fn a_changed_file_is_refused_before_anything_is_written() {
    on_both(|town| async move {
        if town.engine.db.dialect() == Dialect::Postgres {
            return Ok(());
        }
        filled(&town).await?;
        let out = tempfile::tempdir().unwrap();
        let from = out.path().join("全件");
        export(&town.engine, &from).await?;
        let file = from.join("tables/room.csv");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replacen("相R8-00001", "相R8-99999", 1)).unwrap();
        let data = tempfile::tempdir().unwrap();
        let db = Db::sqlite(&data.path().join("engawa.sqlite")).await?;
        let refused = restore(&from, &db, data.path()).await.unwrap_err();
        assert!(refused.to_string().contains("tables/room.csv"), "{refused}");
        assert!(!data.path().join("audit.key").exists());
        Ok(())
    });
}
