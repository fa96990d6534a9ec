//! Few statements, each driven by an index from my postings, desks or rooms, so that the page costs
//! the same in a village and in a city. Which rooms may be named is asked once for all lines
//! (`engawa_cases::labels`, which carries the one predicate of access).

use chrono::{Duration, NaiveDate};
use engawa_kernel::{
    access,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Sql, Tx, sql},
    error::Result,
    id::RoomId,
    tasks::Task,
};
use uuid::Uuid;

use crate::model::{Change, Notice, Page, PassedOn};

/// Lines of a section at first.
pub const FIRST: usize = 50;
/// Lines of a section that was asked for.
pub const MORE: usize = 500;
/// Days that 変わったこと looks back.
const RECENT_DAYS: i64 = 7;
/// Days that 相手の返事・対応待ち looks back for consultations.
const PASSED_DAYS: i64 = 90;

/// How many lines to read of each section. More than are shown, since some may not be named.
#[derive(Clone, Copy)]
pub struct Limits {
    /// Of this section …
    pub of: [usize; 5],
}

impl Limits {
    const fn read(self, section: usize) -> usize {
        self.of[section] + 10
    }
}

fn mine(q: Sql, ctx: &Ctx) -> Sql {
    let postings = &ctx.actor.postings;
    q.bind("m", ctx.municipality)
        .bind("me", ctx.actor.staff)
        .bind("today", ctx.today())
        .bind_all("postings", postings.iter().map(|p| p.id))
        .bind_all("desks", postings.iter().filter_map(|p| p.desk))
}

async fn tasks(conn: &mut Conn, ctx: &Ctx, q: Sql, limit: usize) -> Result<Vec<Task>> {
    let q = q
        .push("order by t.due_on nulls last, t.id limit :limit")
        .bind("limit", i64::try_from(limit).unwrap_or(i64::MAX));
    conn.rows(mine(q, ctx))
        .await?
        .iter()
        .map(Task::from_row)
        .collect()
}

// Each half comes in the order of its index, and only as much of it as may be shown.
const MINE: &str = "select t.* from (
      select * from (select * from task where posting_id in (:postings) and done_at is null and municipality_id = :m
                      order by due_on nulls last, id limit :limit) a
      union all
      select * from (select * from task where desk_id in (:desks) and posting_id is null and done_at is null and municipality_id = :m
                      order by due_on nulls last, id limit :limit) b) t";

const GIVEN: &str = "select t.* from task t
    where t.created_by = :me and t.done_at is null and t.municipality_id = :m
      and ((t.posting_id is not null and t.posting_id not in (:postings))
           or (t.posting_id is null and t.desk_id not in (:desks)))";

const OVERDUE: &str = "select t.* from room r join task t on t.room_id = r.id
    where r.owner_posting_id in (:postings) and r.closed_at is null and r.municipality_id = :m and t.done_at is null and t.due_on < :today
      and (t.posting_id is null or t.posting_id not in (:postings)) and (t.created_by is null or t.created_by <> :me)";

/// How many of my tasks are over their day, and how many are due today: of those that the page may
/// show. A room that was sealed meanwhile is no number either.
///
/// # Errors
/// The database refuses.
pub async fn due(conn: &mut Conn, ctx: &Ctx) -> Result<(i64, i64)> {
    let row = conn
        .one(mine(
            sql("select coalesce(sum(case when due_on < :today then 1 else 0 end), 0) as late,
                        coalesce(sum(case when due_on = :today then 1 else 0 end), 0) as now
                   from task t left join room r on r.id = t.room_id
                  where t.posting_id in (:postings) and t.done_at is null and t.due_on <= :today and (t.room_id is null or")
                .push(access::VISIBLE)
                .push(")")
                .bind("now", ctx.now()),
            ctx,
        ))
        .await?;
    Ok((row.get("late")?, row.get("now")?))
}

/// Everything of the page, unchecked: `Page::keep_visible` comes next.
///
/// # Errors
/// The database refuses.
pub async fn page(conn: &mut Conn, ctx: &Ctx, limits: Limits) -> Result<Page> {
    let mut page = Page {
        mine: tasks(conn, ctx, sql(MINE), limits.read(0)).await?,
        given: tasks(conn, ctx, sql(GIVEN), limits.read(1)).await?,
        passed_on: passed_on(conn, ctx, limits.read(1)).await?,
        overdue: tasks(conn, ctx, sql(OVERDUE), limits.read(2)).await?,
        changes: changes(conn, ctx, limits.read(3)).await?,
        notices: notices(conn, ctx, limits.read(4)).await?,
        cut: [false; 5],
    };
    let lines = [
        page.mine.len(),
        page.given.len().max(page.passed_on.len()),
        page.overdue.len(),
        page.changes.len(),
        page.notices.len(),
    ];
    for (n, lines) in lines.into_iter().enumerate() {
        page.cut[n] = lines > limits.of[n];
    }
    Ok(page)
}

async fn passed_on(conn: &mut Conn, ctx: &Ctx, limit: usize) -> Result<Vec<PassedOn>> {
    let since: NaiveDate = ctx.today() - Duration::days(PASSED_DAYS);
    let q = sql("select distinct r.id, r.owner_desk_id from event e join room r on r.id = e.room_id
          where e.municipality_id = :m and e.kind = 'consultation.passed_on' and e.happened_on >= :since and e.staff_id = :me
            and r.closed_at is null and r.owner_desk_id not in (:desks) order by r.id limit :limit")
        .bind("since", since)
        .bind("limit", i64::try_from(limit).unwrap_or(i64::MAX));
    conn.rows(mine(q, ctx))
        .await?
        .iter()
        .map(|r| {
            Ok(PassedOn {
                room: r.get("id")?,
                desk: r.get("owner_desk_id")?,
            })
        })
        .collect()
}

fn act(detail: &serde_json::Value) -> String {
    let act = detail.get("act").and_then(serde_json::Value::as_str);
    act.unwrap_or_default().to_owned()
}

async fn changes(conn: &mut Conn, ctx: &Ctx, limit: usize) -> Result<Vec<Change>> {
    let q = sql("select e.room_id, e.kind, e.staff_id, e.recorded_at, e.data from event e
          where e.room_id in (select g.room_id from access_grant g where g.posting_id in (:postings) and g.revoked_at is null)
            and e.recorded_at >= :since and (e.staff_id is null or e.staff_id <> :me)
          order by e.recorded_at desc, e.id desc limit :limit")
        .bind("since", ctx.now() - Duration::days(RECENT_DAYS))
        .bind("limit", i64::try_from(limit).unwrap_or(i64::MAX));
    conn.rows(mine(q, ctx))
        .await?
        .iter()
        .map(|r| {
            Ok(Change {
                room: r.get::<RoomId>("room_id")?,
                kind: r.get("kind")?,
                act: act(&serde_json::from_str(&r.get::<String>("data")?)?),
                staff: r.opt("staff_id")?,
                at: r.get("recorded_at")?,
            })
        })
        .collect()
}

async fn notices(conn: &mut Conn, ctx: &Ctx, limit: usize) -> Result<Vec<Notice>> {
    conn.rows(
        sql("select id, kind, room_id, detail, created_at from notice where staff_id = :me and read_at is null
              order by created_at desc, id desc limit :limit")
            .bind("me", ctx.actor.staff)
            .bind("limit", i64::try_from(limit).unwrap_or(i64::MAX)),
    )
    .await?
    .iter()
    .map(|r| {
        let detail: serde_json::Value = serde_json::from_str(&r.get::<String>("detail")?)?;
        Ok(Notice {
            id: r.get("id")?,
            kind: r.get("kind")?,
            room: r.opt("room_id")?,
            act: act(&detail),
            cases: detail.get("cases").and_then(serde_json::Value::as_u64),
            at: r.get("created_at")?,
        })
    })
    .collect()
}

/// Marks one notice (or all) of mine as read. Logged.
///
/// # Errors
/// The database refuses.
pub async fn mark_read(tx: &mut Tx, ctx: &Ctx, one: Option<Uuid>) -> Result<()> {
    let q = sql("update notice set read_at = :now where staff_id = :me and read_at is null")
        .bind("now", ctx.now())
        .bind("me", ctx.actor.staff);
    let q = match one {
        Some(id) => q.push("and id = :id").bind("id", id),
        None => q,
    };
    tx.exec(q).await?;
    audit::append(tx, ctx, Entry::new("notice.read")).await
}
