//! What auditors look at first: emergencies, refusals, reading outside one's own desk, much reading
//! in little time. Counts of log entries, never what was read.

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    access::Duty,
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    id::StaffId,
};

use crate::rules::{LOOK_BACK_DAYS, MANY_READS_AN_HOUR, most_in_an_hour};

/// A staff member and a count.
#[derive(Debug, Clone)]
pub struct Tally {
    pub staff: StaffId,
    pub count: i64,
}

/// The last [`LOOK_BACK_DAYS`] days; reading in little time: the last day.
#[derive(Debug, Clone)]
pub struct Patterns {
    pub break_glass: Vec<Tally>,
    pub refused: Vec<Tally>,
    /// Different rooms opened that another desk owns.
    pub outside: Vec<Tally>,
    /// The most rooms opened within an hour.
    pub busy: Vec<Tally>,
}

/// The patterns of the municipality.
///
/// # Errors
/// The actor is no auditor; the database refuses.
pub async fn patterns(conn: &mut Conn, ctx: &Ctx) -> Result<Patterns> {
    ctx.need(Duty::ReadLog)?;
    let since = ctx.now() - Duration::days(LOOK_BACK_DAYS);
    Ok(Patterns {
        break_glass: by_action(conn, ctx, "access.break_glass", since).await?,
        refused: by_action(conn, ctx, "room.refused", since).await?,
        outside: outside(conn, ctx, since).await?,
        busy: busy(conn, ctx).await?,
    })
}

async fn tallies(conn: &mut Conn, q: engawa_kernel::db::Sql) -> Result<Vec<Tally>> {
    conn.rows(q)
        .await?
        .iter()
        .map(|r| {
            Ok(Tally {
                staff: r.get("staff_id")?,
                count: r.get("n")?,
            })
        })
        .collect()
}

async fn by_action(
    conn: &mut Conn,
    ctx: &Ctx,
    action: &'static str,
    since: DateTime<Utc>,
) -> Result<Vec<Tally>> {
    // The literal list is what the partial index is made for.
    let q = sql("select staff_id, count(*) as n from audit_entry
                  where municipality_id = :m and action = :action and action in ('access.break_glass', 'room.refused')
                    and at >= :since and staff_id is not null
                  group by staff_id order by n desc, staff_id limit 20")
        .bind("m", ctx.municipality)
        .bind("action", action)
        .bind("since", since);
    tallies(conn, q).await
}

async fn outside(conn: &mut Conn, ctx: &Ctx, since: DateTime<Utc>) -> Result<Vec<Tally>> {
    let q = sql("select s.id as staff_id, count(distinct a.room_id) as n
                   from staff s join audit_entry a on a.staff_id = s.id and a.at >= :since and a.action = 'room.read'
                   join room r on r.id = a.room_id
                  where s.municipality_id = :m
                    and not exists (select 1 from posting p where p.staff_id = s.id and p.desk_id = r.owner_desk_id)
                  group by s.id order by n desc, s.id limit 20")
        .bind("m", ctx.municipality)
        .bind("since", since);
    tallies(conn, q).await
}

async fn busy(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Tally>> {
    let since = ctx.now() - Duration::days(1);
    let many = i64::try_from(MANY_READS_AN_HOUR).unwrap_or(i64::MAX);
    let readers = sql("select s.id as staff_id, count(*) as n
                         from staff s join audit_entry a on a.staff_id = s.id and a.at >= :since and a.action = 'room.read'
                        where s.municipality_id = :m group by s.id having count(*) >= :many order by n desc, s.id limit 20")
        .bind("m", ctx.municipality)
        .bind("since", since)
        .bind("many", many);
    let mut found = Vec::new();
    for reader in tallies(conn, readers).await? {
        let times = conn
            .rows(
                sql("select at from audit_entry where staff_id = :staff and at >= :since and action = 'room.read' order by at desc limit 20000")
                    .bind("staff", reader.staff)
                    .bind("since", since),
            )
            .await?
            .iter()
            .map(|r| r.get("at"))
            .collect::<Result<Vec<DateTime<Utc>>>>()?;
        let most = most_in_an_hour(times);
        if most >= MANY_READS_AN_HOUR {
            found.push(Tally {
                staff: reader.staff,
                count: i64::try_from(most).unwrap_or(i64::MAX),
            });
        }
    }
    Ok(found)
}
