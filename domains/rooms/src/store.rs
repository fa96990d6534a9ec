//! Every statement of this domain, on the kernel's tables of keys and log.

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    access::Duty,
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    id::{PersonId, RoomId, StaffId},
};
use uuid::Uuid;

use crate::rules::MANY_ROOMS_AN_HOUR;

/// A declared conflict of interest.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub staff: StaffId,
    /// In the words of who declared it.
    pub relation: String,
    /// When.
    pub declared_at: DateTime<Utc>,
}

/// Open conflicts: one's own, and for those who decide about staff all of the municipality's.
pub async fn conflicts(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Conflict>> {
    let all = ctx.actor.may(Duty::Reassign);
    conn.rows(
        sql("select c.id, c.staff_id, c.relation, c.declared_at from access_conflict c join staff s on s.id = c.staff_id
              where c.ended_at is null and s.municipality_id = :m and (:all or c.staff_id = :me)
              order by c.declared_at desc, c.id limit 200")
            .bind("m", ctx.municipality)
            .bind("all", all)
            .bind("me", ctx.actor.staff),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Conflict {
            id: r.get("id")?,
            staff: r.get("staff_id")?,
            relation: r.get("relation")?,
            declared_at: r.get("declared_at")?,
        })
    })
    .collect()
}

/// A room through which the actor sees this person, for checking that a declaration is about
/// somebody the actor may know of.
pub async fn seen_through(conn: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<bool> {
    engawa_kernel::access::person_is_visible(conn, ctx, person).await
}

/// Number of a room, once its key was turned.
pub async fn number(conn: &mut Conn, room: RoomId) -> Result<String> {
    conn.one(sql("select number from room where id = :room").bind("room", room))
        .await?
        .get("number")
}

/// Somebody whose use of the system is unusual in the last thirty days.
#[derive(Debug, Clone)]
pub struct Unusual {
    /// Who.
    pub staff: StaffId,
    /// 緊急閲覧 in thirty days.
    pub break_glass: i64,
    /// Refusals in thirty days.
    pub refused: i64,
    /// Most rooms opened within one hour in the last day.
    pub rooms_in_an_hour: i64,
}

/// Patterns for the auditor: counts only, no room and no person.
pub async fn unusual(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Unusual>> {
    let month = ctx.now() - Duration::days(30);
    let hour = ctx.now() - Duration::hours(1);
    conn.rows(
        sql("select staff_id,
                    sum(case when action = 'room.break_glass' then 1 else 0 end) as glass,
                    sum(case when action = 'room.refused' then 1 else 0 end) as refused,
                    count(distinct case when action = 'room.read' and at >= :hour then room_id end) as rooms
               from audit_entry
              where municipality_id = :m and at >= :month and staff_id is not null
                and action in ('room.break_glass', 'room.refused', 'room.read')
              group by staff_id
             having sum(case when action = 'room.break_glass' then 1 else 0 end) > 0
                 or sum(case when action = 'room.refused' then 1 else 0 end) >= 5
                 or count(distinct case when action = 'room.read' and at >= :hour then room_id end) >= :many
              order by 2 desc, 3 desc limit 100")
            .bind("m", ctx.municipality)
            .bind("month", month)
            .bind("hour", hour)
            .bind("many", MANY_ROOMS_AN_HOUR),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Unusual {
            staff: r.get("staff_id")?,
            break_glass: r.get("glass")?,
            refused: r.get("refused")?,
            rooms_in_an_hour: r.get("rooms")?,
        })
    })
    .collect()
}
