//! For the tests of every crate: the same test on SQLite and, when `ENGAWA_TEST_POSTGRES` names a
//! server, on PostgreSQL; and a small town to act in.

pub mod browser;

use std::{future::Future, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    access::Role,
    audit::Signer,
    clock::Clock,
    context::{ActivePosting, Actor, Ctx, Engine, EngineParts, Via},
    db::{Db, sql},
    error::Result,
    id::{BodyId, DeskId, MunicipalityId, PostingId, SessionId, StaffId},
    migrate,
    settings::Settings,
    text::wareki::Calendar,
};

/// 2026-11-21 10:00 in Japan: where every test's clock stands at first.
#[must_use]
pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_222_800, 0).unwrap_or_default()
}

/// A town with one desk each of two bodies.
pub struct Town {
    /// The running system, on a fresh database.
    pub engine: Engine,
    /// 縁側市
    pub municipality: MunicipalityId,
    /// 社協
    pub body: BodyId,
    /// くらし相談窓口 of the 社協.
    pub desk: DeskId,
    /// Another body: 地域包括.
    pub other_body: BodyId,
    /// Its desk.
    pub other_desk: DeskId,
}

/// Runs a test once on each engine, in a fresh town. Says so when PostgreSQL is not there.
///
/// # Panics
/// When the test does, or a database cannot be made.
pub fn on_both<F, Fut>(test: F)
where
    F: Fn(Town) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    let test = &test;
    on_both_empty(move |db, data| async move { test(Town::build(db, data).await?).await });
}

/// As [`on_both`], on a database that holds nothing yet, not even tables.
///
/// # Panics
/// When the test does, or a database cannot be made.
#[allow(clippy::expect_used, clippy::panic, clippy::print_stderr)]
pub fn on_both_empty<F, Fut>(test: F)
where
    F: Fn(Db, std::path::PathBuf) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("folder");
        let db = Db::sqlite(&folder.path().join("engawa.sqlite"))
            .await
            .expect("sqlite");
        if let Err(e) = test(db.clone(), folder.path().to_owned()).await {
            panic!("on SQLite: {e:?}");
        }
        db.close().await;
        let Ok(server) = std::env::var("ENGAWA_TEST_POSTGRES") else {
            eprintln!(
                "not run on PostgreSQL: ENGAWA_TEST_POSTGRES is not set (cargo xtask test sets it)"
            );
            return;
        };
        let name = format!("engawa_{}", crate::id::new_uuid().simple());
        let admin = Db::postgres(&server).await.expect("postgres");
        admin
            .script(&format!("create database {name}"))
            .await
            .expect("create database");
        let (base, _) = server
            .rsplit_once('/')
            .expect("a database name in ENGAWA_TEST_POSTGRES");
        let db = Db::postgres(&format!("{base}/{name}"))
            .await
            .expect("connect");
        let result = test(db.clone(), folder.path().to_owned()).await;
        db.close().await;
        let dropped = admin
            .script(&format!("drop database {name} with (force)"))
            .await;
        admin.close().await;
        if let Err(e) = result {
            panic!("on PostgreSQL: {e:?}");
        }
        dropped.expect("drop database");
    });
}

impl Town {
    async fn build(db: Db, data: std::path::PathBuf) -> Result<Self> {
        migrate::run(&db, None).await?;
        let (clock, signer) = (Clock::fixed(noon()), Signer::from_seed([7; 32]));
        let engine = Engine::new(EngineParts::bare(db, clock, signer, data));
        let town = Self {
            engine,
            municipality: MunicipalityId::new(),
            body: BodyId::new(),
            desk: DeskId::new(),
            other_body: BodyId::new(),
            other_desk: DeskId::new(),
        };
        let mut tx = town.engine.db.write().await?;
        tx.exec(
            sql("insert into municipality (id, name, code, training, settings, created_at) values (:id, '縁側市', '999997', :f, '{}', :now)")
                .bind("id", town.municipality)
                .bind("f", false)
                .bind("now", noon()),
        )
        .await?;
        for (desk, contact) in [
            (town.desk, "くらし相談窓口 00-0000-0001"),
            (town.other_desk, "東地域包括支援センター 00-0000-0002"),
        ] {
            tx.exec(
                sql("insert into desk_contact (desk_id, contact) values (:d, :c)")
                    .bind("d", desk)
                    .bind("c", contact),
            )
            .await?;
        }
        tx.commit_unaudited().await?;
        Ok(town)
    }

    /// Somebody with one posting from the start of the fiscal year.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn staff(&self, name: &str, role: Role, desk: DeskId) -> Result<Ctx> {
        let (staff, posting) = (StaffId::new(), PostingId::new());
        let body = if desk == self.other_desk {
            self.other_body
        } else {
            self.body
        };
        let mut tx = self.engine.db.write().await?;
        tx.exec(
            sql("insert into staff (id, municipality_id, name, kana, phone, email, calendar, version, created_at)
                 values (:id, :m, :name, '', '', '', 'japanese', 1, :now)")
                .bind("id", staff)
                .bind("m", self.municipality)
                .bind("name", name)
                .bind("now", noon()),
        )
        .await?;
        tx.exec(
            sql("insert into posting (id, staff_id, body_id, desk_id, role, share, valid_from, version)
                 values (:id, :staff, :body, :desk, :role, '1', :from, 1)")
                .bind("id", posting)
                .bind("staff", staff)
                .bind("body", body)
                .bind("desk", desk)
                .bind("role", role)
                .bind("from", NaiveDate::from_ymd_opt(2026, 4, 1).unwrap_or_default()),
        )
        .await?;
        tx.commit_unaudited().await?;
        Ok(self.ctx(
            staff,
            name,
            vec![ActivePosting {
                id: posting,
                body,
                desk: Some(desk),
                role,
                role_label: role.label().into(),
                place: String::new(),
            }],
        ))
    }

    /// A context for an actor with these postings, as a browser session.
    #[must_use]
    pub fn ctx(&self, staff: StaffId, name: &str, postings: Vec<ActivePosting>) -> Ctx {
        Ctx {
            engine: self.engine.clone(),
            actor: Actor {
                staff,
                name: name.into(),
                postings,
            },
            via: Via::Session {
                id: SessionId::new(),
                csrf: "test-csrf".into(),
            },
            municipality: self.municipality,
            municipality_name: "縁側市".into(),
            training: false,
            settings: Arc::new(Settings::default()),
            calendar: Calendar::Japanese,
            unread: 0,
            path: "/".into(),
            saved: None,
        }
    }
}
