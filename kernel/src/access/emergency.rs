//! 緊急閲覧: a door with a reason, a time limit and a bell.

use chrono::Duration;
use serde_json::json;

use super::{Basis, Duty, Level, NewGrant, RoomKind, Source, contact_of, cut, open::may_know};
use crate::{
    audit::{self, Entry},
    context::Ctx,
    error::{Error, Refusal, Result},
    id::RoomId,
    notices,
};

/// Opens a room for reading for a limited time, for someone who has no key but may know of the
/// room. Logged with the reason; the owner and the owner desk's supervisors are told.
///
/// # Errors
/// The role may not ([`Duty::BreakGlass`]), a conflict of interest is declared, the reason is too
/// short, or the actor may not know that there is such a room.
pub async fn break_glass(
    ctx: &Ctx,
    room: RoomId,
    kind_of_emergency: &str,
    reason: &str,
) -> Result<RoomKind> {
    let posting = ctx.actor.posting_for(Duty::BreakGlass)?.id;
    let reason = reason.trim();
    if reason.chars().count() < 10 {
        return Err(Error::Invalid(
            "緊急閲覧の理由を10文字以上で書いてください。".into(),
        ));
    }
    let kind = knowable(ctx, room).await?;
    let until = ctx.now() + Duration::minutes(i64::from(ctx.settings.break_glass_minutes));
    let mut tx = ctx.write().await?;
    let grant = cut(
        &mut tx,
        ctx,
        room,
        NewGrant {
            holder: posting.into(),
            level: Level::Read,
            opens_sealed: false,
            basis: Basis::Emergency,
            reason: reason.to_owned(),
            source: Source::BreakGlass,
            source_id: None,
            valid_until: Some(until),
        },
    )
    .await?;
    audit::append_with_reason(
        &mut tx,
        ctx,
        Entry::new("room.break_glass")
            .room(room)
            .detail(json!({ "grant": grant, "emergency": kind_of_emergency })),
        reason,
    )
    .await?;
    notices::to_owner(
        &mut tx,
        ctx,
        room,
        "break_glass",
        json!({ "staff": ctx.actor.staff, "emergency": kind_of_emergency }),
    )
    .await?;
    tx.commit().await?;
    Ok(kind)
}

/// The kind of a room that the actor may know of; whom to ask is known too then.
///
/// # Errors
/// [`Error::NotFound`] when the actor may not know; a conflict of interest is said as such.
pub async fn knowable(ctx: &Ctx, room: RoomId) -> Result<RoomKind> {
    let mut conn = ctx.read().await?;
    let (kind, sealed, conflict, level) = may_know(&mut conn, ctx, room).await?;
    if conflict {
        return Err(Error::Refused(Refusal::Conflict));
    }
    let known = level.is_some()
        || (!sealed
            && ctx.actor.may(Duty::KnowExistence)
            && contact_of(&mut conn, room).await?.is_some());
    if known {
        Ok(kind)
    } else {
        Err(Error::NotFound)
    }
}
