//! お知らせ: that something happened in a room, never a name or a matter.

pub mod mail;

use serde_json::Value as Json;

use crate::{
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::{RoomId, StaffId, new_uuid},
};

/// Tells one person.
///
/// # Errors
/// The database refuses.
pub async fn to_staff(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    room: Option<RoomId>,
    kind: &'static str,
    detail: Json,
) -> Result<()> {
    tx.exec(
        sql("insert into notice (id, staff_id, kind, room_id, detail, created_at) values (:id, :staff, :kind, :room, :detail, :now)")
            .bind("id", new_uuid())
            .bind("staff", staff)
            .bind("kind", kind)
            .bind("room", room)
            .bind("detail", detail.to_string())
            .bind("now", ctx.now()),
    )
    .await?;
    Ok(())
}

/// Tells one person of the newest only: an unread notice of the same kind about the same room is
/// replaced, so that four steps within a minute are one line, which says the last of them.
///
/// # Errors
/// The database refuses.
pub async fn to_staff_newest(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    room: RoomId,
    kind: &'static str,
    detail: Json,
) -> Result<()> {
    let replaced = tx
        .exec(
            sql(
                "update notice set detail = :detail, created_at = :now
                  where staff_id = :staff and room_id = :room and kind = :kind and read_at is null",
            )
            .bind("detail", detail.to_string())
            .bind("now", ctx.now())
            .bind("staff", staff)
            .bind("room", room)
            .bind("kind", kind),
        )
        .await?;
    if replaced > 0 {
        return Ok(());
    }
    to_staff(tx, ctx, staff, Some(room), kind, detail).await
}

/// Tells the owner of a room, and the supervisors and coordinators of the owner's desk.
///
/// # Errors
/// The database refuses.
pub async fn to_owner(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    kind: &'static str,
    detail: Json,
) -> Result<()> {
    let staff = tx
        .rows(
            sql("select distinct p.staff_id from room r join posting p
                   on (p.id = r.owner_posting_id or (p.desk_id = r.owner_desk_id and p.role in ('supervisor', 'coordinator')))
                  where r.id = :room and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today) limit 100")
                .bind("room", room)
                .bind("today", ctx.today()),
        )
        .await?;
    for row in staff {
        to_staff(
            tx,
            ctx,
            row.get("staff_id")?,
            Some(room),
            kind,
            detail.clone(),
        )
        .await?;
    }
    Ok(())
}

/// Tells whoever watches the log: acts that could be used to act in another's name.
///
/// # Errors
/// The database refuses.
pub async fn to_auditors(tx: &mut Tx, ctx: &Ctx, kind: &'static str, detail: Json) -> Result<()> {
    let staff = tx
        .rows(
            sql("select distinct p.staff_id from posting p join staff s on s.id = p.staff_id
                  where s.municipality_id = :m and p.role = 'auditor'
                    and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today) limit 100")
                .bind("m", ctx.municipality)
                .bind("today", ctx.today()),
        )
        .await?;
    for row in staff {
        to_staff(tx, ctx, row.get("staff_id")?, None, kind, detail.clone()).await?;
    }
    Ok(())
}
