//! A database of every earlier version comes up to the newest, with what it held.

use engawa_kernel::{
    db::{Db, Dialect, sql},
    error::{Error, Result},
    migrate,
    testing::{noon, on_both_empty},
};

/// Tables and columns, for comparing a migrated database with a fresh one.
async fn shape(db: &Db) -> Result<Vec<String>> {
    // Each engine describes itself in its own words.
    let q = match db.dialect() {
        Dialect::Sqlite => sql(
            "select m.name || '.' || c.name as n from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' order by 1",
        ),
        Dialect::Postgres => sql(
            "select (table_name || '.' || column_name)::text as n from information_schema.columns where table_schema = 'public' order by 1",
        ),
    };
    db.read()
        .await?
        .rows(q)
        .await?
        .iter()
        .map(|r| r.get("n"))
        .collect()
}

async fn empty(db: &Db) -> Result<()> {
    let q = match db.dialect() {
        Dialect::Sqlite => sql(
            "select name as n from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'search_fts_%'",
        ),
        Dialect::Postgres => {
            sql("select tablename::text as n from pg_tables where schemaname = 'public'")
        }
    };
    let tables: Vec<String> = db
        .read()
        .await?
        .rows(q)
        .await?
        .iter()
        .map(|r| r.get("n"))
        .collect::<Result<_>>()?;
    if db.dialect() == Dialect::Sqlite {
        db.script("pragma foreign_keys = off").await?;
    }
    for t in tables {
        let cascade = if db.dialect() == Dialect::Postgres {
            "cascade"
        } else {
            ""
        };
        db.script(&format!("drop table if exists \"{t}\" {cascade}"))
            .await?;
    }
    Ok(())
}

/// A municipality that is founded at this version.
async fn found(db: &Db, version: i64) -> Result<()> {
    let mut tx = db.write().await?;
    tx.exec(
        sql("insert into municipality (id, name, code, training, settings, created_at) values (:id, '架空市', :code, :f, '{}', :now)")
            .bind("id", uuid::Uuid::from_u128(version.unsigned_abs().into()))
            .bind("code", format!("{version:06}"))
            .bind("f", false)
            .bind("now", noon()),
    )
    .await?;
    tx.commit_unaudited().await
}

#[test]
fn every_earlier_version_comes_up_to_the_newest() {
    on_both_empty(|db, _| async move {
        migrate::run(&db, None).await?;
        let newest = shape(&db).await?;
        assert!(newest.iter().any(|c| c == "room.owner_desk_id"));
        let versions: Vec<i64> = migrate::steps(db.dialect())
            .iter()
            .map(|s| s.version)
            .collect();
        let towns = sql("select count(*) as n from municipality where name = '架空市'");
        // One at a time, as an installation that takes every version.
        empty(&db).await?;
        for version in &versions {
            migrate::run(&db, Some(*version)).await?;
            found(&db, *version).await?;
        }
        assert_eq!(shape(&db).await?, newest);
        let kept = db.read().await?.count(towns.clone()).await?;
        assert_eq!(usize::try_from(kept).unwrap(), versions.len());
        // Many at once, as after years.
        for version in [versions[0], versions[versions.len() / 2]] {
            empty(&db).await?;
            migrate::run(&db, Some(version)).await?;
            found(&db, version).await?;
            migrate::run(&db, None).await?;
            assert_eq!(shape(&db).await?, newest, "from version {version}");
            assert_eq!(db.read().await?.count(towns.clone()).await?, 1);
            assert!(
                migrate::run(&db, None).await?.is_empty(),
                "a second run finds nothing to do"
            );
        }
        Ok(())
    });
}

#[test]
fn an_edited_step_and_a_newer_database_are_refused() {
    on_both_empty(|db, _| async move {
        migrate::run(&db, None).await?;
        db.script("insert into schema_migration (version, name, hash) values (9999, 'future', '')")
            .await?;
        assert!(
            matches!(migrate::run(&db, None).await, Err(Error::Invalid(s)) if s.contains("新しい版"))
        );
        db.script("delete from schema_migration where version = 9999; update schema_migration set hash = 'x' where version = 1").await?;
        assert!(
            matches!(migrate::run(&db, None).await, Err(Error::Invalid(s)) if s.contains("違います"))
        );
        Ok(())
    });
}

#[test]
fn statements_that_are_not_portable_are_not_used() {
    // `now()` and the like work on one engine, or are silently wrong on the other.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut stack = vec![
        root.join("domains"),
        root.join("kernel/src"),
        root.join("platform"),
        root.join("migrations"),
    ];
    let mut found = Vec::new();
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            if path.ends_with("tests") {
                continue;
            }
            stack.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        let name = path.to_string_lossy().into_owned();
        if !(name.ends_with(".rs") || name.ends_with(".sql"))
            || name.ends_with(".sqlite.sql")
            || name.ends_with(".postgres.sql")
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
        for word in [
            "= any(",
            " ilike ",
            "for update",
            "current_timestamp",
            "strftime(",
            "interval '",
            "select now()",
            ", now()",
        ] {
            if text.contains(word) {
                found.push(format!("{name}: {word}"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
