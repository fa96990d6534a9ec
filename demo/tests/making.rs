//! A demo municipality as the one who makes it finds it.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, sync::Mutex};

use chrono::NaiveDate;
use engawa_demo::{DemoOptions, LONG_CASE_FAMILY, LONG_TIMELINE, make};
use engawa_kernel::{
    audit::{self, Signer},
    clock::{Clock, start_of_day},
    context::{Engine, EngineParts},
    db::{Conn, Db, sql},
    error::Result,
    migrate,
};
use sha2::{Digest as _, Sha256};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn options(people: u64, seed: u64) -> DemoOptions {
    DemoOptions {
        people,
        seed,
        today: Some(today()),
        plan_sheet: None,
    }
}

const KEY: [u8; 32] = [9; 32];

/// An empty database as `engawa demo` opens it.
async fn engine(db: Db, data: std::path::PathBuf) -> Engine {
    migrate::run(&db, None).await.unwrap();
    Engine::new(EngineParts::bare(
        db,
        Clock::fixed(start_of_day(today())),
        Signer::from_seed(KEY),
        data,
    ))
}

/// Runs a test on SQLite, and on PostgreSQL where there is one.
fn on_both(test: impl AsyncFn(Engine)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::sqlite(&folder.path().join("engawa.sqlite"))
            .await
            .unwrap();
        test(engine(db, folder.path().to_owned()).await).await;
        let Ok(server) = std::env::var("ENGAWA_TEST_POSTGRES") else {
            return;
        };
        let name = format!("engawa_demo_{}", engawa_kernel::id::new_uuid().simple());
        let admin = Db::postgres(&server).await.unwrap();
        admin
            .script(&format!("create database {name}"))
            .await
            .unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let db = Db::postgres(&format!("{base}/{name}")).await.unwrap();
        test(engine(db.clone(), folder.path().to_owned()).await).await;
        db.close().await;
        admin
            .script(&format!("drop database {name} with (force)"))
            .await
            .unwrap();
    });
}

async fn count(conn: &mut Conn, text: &'static str) -> i64 {
    conn.count(sql(text)).await.unwrap()
}

#[test]
fn a_village_is_made_whole() {
    on_both(async |engine| {
        let heard = Mutex::new(Vec::new());
        let logins = make(&engine, options(300, 1), &|done, all| {
            heard.lock().unwrap().push((done, all));
        })
        .await
        .unwrap();
        assert_eq!(heard.lock().unwrap().last(), Some(&(300, 300)));
        let kinds: Vec<_> = logins.iter().map(|l| l.kind.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "admin",
                "coordinator",
                "supervisor",
                "worker",
                "outside",
                "clerk",
                "entry",
                "auditor",
                "nocase"
            ]
        );
        let conn = &mut engine.db.read().await.unwrap();
        assert_eq!(
            count(conn, "select count(*) as n from people_person").await,
            300
        );
        nobody_is_lost(conn).await;
        every_table_of_the_bulk_is_filled(conn).await;
        the_worker_has_sheets_to_see_to(conn).await;
        the_long_case_is_found(conn).await.unwrap();
        the_log_verifies(&engine).await;
        assert!(make(&engine, options(300, 1), &|_, _| ()).await.is_err());
    });
}

async fn nobody_is_lost(conn: &mut Conn) {
    for (what, text) in [
        (
            "a person without a room",
            "select count(*) as n from people_person p where not exists (select 1 from room_person rp where rp.person_id = p.id)",
        ),
        (
            "an open room without an owner's key",
            "select count(*) as n from room r where not exists (select 1 from access_grant g where g.room_id = r.id and g.source = 'owner' and g.revoked_at is null)",
        ),
        (
            "a room whose owner is posted elsewhere",
            "select count(*) as n from room r join posting p on p.id = r.owner_posting_id where p.desk_id <> r.owner_desk_id",
        ),
        (
            "a case without a household",
            "select count(*) as n from cases_case where household_id is null",
        ),
        (
            "a case without an owner's seat",
            "select count(*) as n from cases_case c where not exists (select 1 from cases_member m where m.room_id = c.room_id and m.is_owner and m.until_on is null)",
        ),
        (
            "a closed case whose room is open",
            "select count(*) as n from cases_case c join room r on r.id = c.room_id where (c.stage = 'closed') <> (r.closed_at is not null)",
        ),
        (
            "a room without a line in the log",
            "select count(*) as n from room r where not exists (select 1 from audit_entry a where a.room_id = r.id)",
        ),
        (
            "a member who is not of the room",
            "select count(*) as n from cases_contact c join cases_contact_subject s on s.contact_id = c.id where not exists (select 1 from room_person rp where rp.room_id = c.room_id and rp.person_id = s.person_id)",
        ),
    ] {
        assert_eq!(count(conn, text).await, 0, "{what}");
    }
}

async fn every_table_of_the_bulk_is_filled(conn: &mut Conn) {
    for text in [
        "select count(*) as n from search_doc",
        "select count(*) as n from event",
        "select count(*) as n from task where done_at is null",
        "select count(*) as n from people_name_key",
        "select count(*) as n from people_consent",
        "select count(*) as n from people_protection",
        "select count(*) as n from protected_person",
        "select count(*) as n from consultations_decision",
        "select count(*) as n from consultations_reporter",
        "select count(*) as n from cases_closure",
        "select count(*) as n from cases_link",
        "select count(*) as n from notice where kind = 'break_glass'",
        "select count(*) as n from room where sealed is not null",
    ] {
        assert!(count(conn, text).await > 0, "{text}");
    }
}

/// Beside the stories' own: sent and received, open, each with an owner, a day and a task.
async fn the_worker_has_sheets_to_see_to(conn: &mut Conn) {
    let own =
        "select count(*) as n from referrals_sheet s join identity_account a on a.login = 'worker'
                 join posting p on p.staff_id = a.staff_id
                where s.state not in ('closed', 'withdrawn') and {side} = p.desk_id";
    for side in ["s.from_desk_id", "s.to_desk_id"] {
        let n = conn.count(sql(own).slot("{side}", side)).await.unwrap();
        assert!(n >= 2, "{side}: {n}");
    }
    let vacant = "select count(*) as n from referrals_step a join referrals_step b on b.room_id = a.room_id and b.place = a.place + 1
                   where a.act = 'send' and b.act = 'accept' and not exists (select 1 from posting p where p.desk_id = a.turn_desk_id and p.valid_from <= '2026-11-01' and (p.valid_to is null or p.valid_to >= '2026-11-01'))";
    assert_eq!(count(conn, vacant).await, 1, "one lay at an empty desk");
    for (what, text) in [
        (
            "an open sheet without a day",
            "select count(*) as n from referrals_sheet where state not in ('closed', 'withdrawn') and due_on is null",
        ),
        (
            "an open sheet without a task at its owner's",
            "select count(*) as n from referrals_sheet s join room r on r.id = s.room_id where s.state not in ('closed', 'withdrawn')
                and not exists (select 1 from task t where t.source_id = s.room_id and t.desk_id = r.owner_desk_id and t.done_at is null)",
        ),
        (
            "a sheet sent without a word of what was passed on",
            "select count(*) as n from referrals_sheet s where s.sent_at is not null and s.kind <> 'advice'
                and not exists (select 1 from people_disclosure d where d.room_id = s.source_room_id)",
        ),
        (
            "a step before the one before it",
            "select count(*) as n from referrals_step a join referrals_step b on b.room_id = a.room_id and b.place = a.place + 1 where b.at < a.at",
        ),
    ] {
        assert_eq!(count(conn, text).await, 0, "{what}");
    }
}

async fn the_long_case_is_found(conn: &mut Conn) -> Result<()> {
    let row = conn
        .one(
            sql("select c.room_id, count(k.id) as n from cases_case c join cases_contact k on k.room_id = c.room_id
                  where c.label = :label group by c.room_id")
                .bind("label", format!("{}家", LONG_CASE_FAMILY.0)),
        )
        .await?;
    assert_eq!(row.get::<i64>("n")?, LONG_TIMELINE as i64);
    Ok(())
}

async fn the_log_verifies(engine: &Engine) {
    let public = Signer::from_seed(KEY).public();
    let report = audit::verify(&engine.db, &public).await.unwrap();
    assert_eq!(report.unsealed, 0);
    assert!(report.sealed > 1_000);
}

#[test]
fn the_same_seed_and_day_give_the_same_rows() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut made = Vec::new();
        for seed in [7, 7, 8] {
            let folder = tempfile::tempdir().unwrap();
            let db = Db::sqlite(&folder.path().join("engawa.sqlite"))
                .await
                .unwrap();
            let engine = engine(db, folder.path().to_owned()).await;
            let logins = make(&engine, options(60, seed), &|_, _| ()).await.unwrap();
            made.push((logins, digests(&engine).await));
        }
        assert_eq!(made[0].0, made[1].0);
        for (table, digest) in &made[0].1 {
            assert_eq!(Some(digest), made[1].1.get(table), "{table} differs");
        }
        assert_ne!(made[0].1.get("people_name"), made[2].1.get("people_name"));
        assert_ne!(made[0].0[3].password, made[2].0[3].password);
    });
}

/// A digest of every table, but for what must be random: password hashes and what is signed.
async fn digests(engine: &Engine) -> BTreeMap<String, Vec<u8>> {
    let conn = &mut engine.db.read().await.unwrap();
    let mut digests = BTreeMap::new();
    for text in TABLES {
        let mut lines: Vec<String> = Vec::new();
        for row in conn.rows(sql(text)).await.unwrap() {
            lines.push(row.get::<String>("line").unwrap());
        }
        assert!(!lines.is_empty(), "{text}");
        lines.sort_unstable();
        let mut digest = Sha256::new();
        for line in lines {
            digest.update(line);
            digest.update([0]);
        }
        let table = text.rsplit_once("from ").unwrap().1.to_owned();
        digests.insert(table, digest.finalize().to_vec());
    }
    digests
}

/// Enough columns of each table to tell a difference.
const TABLES: &[&str] = &[
    "select hex(id) || name || kana as line from staff",
    "select hex(id) || hex(staff_id) || role || valid_from as line from posting",
    "select hex(id) || number || kind || opened_at || coalesce(closed_at, '') || hex(owner_desk_id) as line from room",
    "select hex(room_id) || hex(person_id) as line from room_person",
    "select hex(id) || hex(room_id) || source || valid_from || coalesce(valid_until, '') as line from access_grant",
    "select hex(id) || at || action || detail || leaf as line from audit_entry",
    "select hex(id) || kind || happened_on || data as line from event",
    "select hex(id) || title || coalesce(due_on, '') || coalesce(done_at, '') as line from task",
    "select hex(id) || sex || birth || created_at as line from people_person",
    "select hex(id) || text || kana as line from people_name",
    "select hex(id) || hex(household_id) || relation as line from people_member",
    "select hex(room_id) || words || state || subject_line as line from consultations_consultation",
    "select hex(room_id) || label || stage || opened_on as line from cases_case",
    "select hex(id) || at || body as line from cases_contact",
    "select id || hex(room_id) || kind || shown as line from search_doc",
    "select hex(room_id) || state || asked || snapshot || coalesce(due_on, '') || layer as line from referrals_sheet",
    "select hex(id) || place || act || at || note as line from referrals_step",
    "select hex(id) || kind || created_at || coalesce(read_at, '') as line from notice",
    "select hex(id) || hex(person_id) || desks as line from people_consent",
    "select hex(id) || hex(person_id) || items as line from people_disclosure",
];
