//! What happens by the calendar. Time raises tasks; it never opens anything.

use std::sync::Arc;

use chrono::Days;
use engawa_kernel::{
    context::{Actor, Ctx, Engine, Via},
    db::{Conn, Row, sql},
    error::Result,
    id::{DeskId, PersonId, PostingId, RoomId, StaffId},
    settings::Settings,
    tasks::{self, NewTask},
    text::wareki::Calendar,
};
use uuid::Uuid;

use crate::rules::protection::NOTICE_DAYS;

/// Records in one run and municipality at most; the next run takes the rest.
const BATCH: i64 = 500;

/// Protections that end within [`NOTICE_DAYS`] or have ended: one task each for whoever answers for
/// the person. Nothing is disclosed. Returns how many tasks were made.
///
/// # Errors
/// The database refuses.
pub async fn expire_protections(engine: &Engine) -> Result<u64> {
    expire(
        engine,
        Expiring {
            find: "select x.id, x.person_id, x.room_id, x.ends_on as due from people_protection x join people_person p on p.id = x.person_id
                    where p.municipality_id = :m and x.ended_at is null and x.expiry_task_at is null and x.ends_on <= :soon
                    order by x.ends_on, x.id limit :limit",
            mark: "update people_protection set expiry_task_at = :now where id = :id",
            kind: "protection_expiry",
            title: "支援措置の期間が終わります。再申出の有無を確かめてください（秘匿は続きます）",
        },
    )
    .await
}

/// Consents that end within [`NOTICE_DAYS`] or have ended: one task each. Returns how many.
///
/// # Errors
/// The database refuses.
pub async fn expire_consents(engine: &Engine) -> Result<u64> {
    expire(
        engine,
        Expiring {
            find: "select x.id, x.person_id, x.room_id, x.valid_until as due from people_consent x join people_person p on p.id = x.person_id
                    where p.municipality_id = :m and x.withdrawn_on is null and x.expiry_task_at is null and x.valid_until <= :soon
                      and x.state in ('given', 'partial', 'by_proxy')
                    order by x.valid_until, x.id limit :limit",
            mark: "update people_consent set expiry_task_at = :now where id = :id",
            kind: "consent_expiry",
            title: "同意の期間が終わります。続けるかどうかを本人に確かめてください",
        },
    )
    .await
}

struct Expiring {
    find: &'static str,
    mark: &'static str,
    kind: &'static str,
    title: &'static str,
}

async fn expire(engine: &Engine, what: Expiring) -> Result<u64> {
    let mut made = 0;
    for ctx in systems(engine).await? {
        let soon = ctx
            .today()
            .checked_add_days(Days::new(NOTICE_DAYS))
            .unwrap_or(ctx.today());
        let mut tx = ctx.write().await?;
        let due = tx
            .rows(
                sql(what.find)
                    .bind("m", ctx.municipality)
                    .bind("soon", soon)
                    .bind("limit", BATCH),
            )
            .await?;
        if due.is_empty() {
            continue;
        }
        for r in &due {
            let (room, desk, posting) = answerable(&mut tx, r).await?;
            let task = NewTask {
                room: Some(room),
                kind: what.kind,
                title: what.title.to_owned(),
                posting,
                desk,
                due_on: r.opt("due")?,
                source: Some(r.get("id")?),
            };
            tasks::add(&mut tx, &ctx, task).await?;
            tx.exec(
                sql(what.mark)
                    .bind("now", ctx.now())
                    .bind("id", r.get::<Uuid>("id")?),
            )
            .await?;
            made += 1;
        }
        tx.commit().await?;
    }
    Ok(made)
}

/// Whose move it is: the owner of an open case about the person, else of any open room, else of the
/// room where it was written.
async fn answerable(conn: &mut Conn, r: &Row) -> Result<(RoomId, DeskId, Option<PostingId>)> {
    let row = conn
        .one(
            sql("select r.id, r.owner_desk_id, r.owner_posting_id from room r
                  where r.id = :written or (r.closed_at is null and exists (
                    select 1 from room_person rp where rp.room_id = r.id and rp.person_id = :p))
                  order by case when r.closed_at is null then 0 else 1 end, case when r.kind = 'case' then 0 else 1 end, r.opened_at desc limit 1")
                .bind("written", r.get::<RoomId>("room_id")?)
                .bind("p", r.get::<PersonId>("person_id")?),
        )
        .await?;
    Ok((
        row.get("id")?,
        row.get("owner_desk_id")?,
        row.opt("owner_posting_id")?,
    ))
}

/// The system as an actor, once for each municipality. It holds no posting, so no key fits it.
async fn systems(engine: &Engine) -> Result<Vec<Ctx>> {
    let mut conn = engine.db.read().await?;
    conn.rows(sql(
        "select id, name, training from municipality order by id limit 1000",
    ))
    .await?
    .iter()
    .map(|r| {
        Ok(Ctx {
            engine: engine.clone(),
            actor: Actor {
                staff: StaffId(Uuid::nil()),
                name: "システム".into(),
                postings: Vec::new(),
            },
            via: Via::System,
            municipality: r.get("id")?,
            municipality_name: r.get("name")?,
            training: r.get("training")?,
            settings: Arc::new(Settings::default()),
            calendar: Calendar::Japanese,
            unread: 0,
            path: String::new(),
            saved: None,
        })
    })
    .collect()
}
