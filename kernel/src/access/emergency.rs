//! 緊急閲覧: a key with a reason, a time limit and a bell.

use chrono::Duration;
use serde_json::json;

use super::{Basis, Duty, Level, NewGrant, Source, cut};
use crate::{
    audit::{self, Entry},
    context::Ctx,
    db::Tx,
    error::Result,
    id::{GrantId, RoomId},
    notices,
};

/// Cuts a reading key for the minutes that the municipality allows. Logged with the reason; the
/// owner and the owner desk's supervisors are told. The screen checks before that the actor may
/// know of the room at all.
///
/// # Errors
/// The role may not ([`Duty::BreakGlass`]), or the database refuses.
pub async fn break_glass(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    kind: &str,
    reason: &str,
) -> Result<GrantId> {
    let posting = ctx.actor.posting_for(Duty::BreakGlass)?.id;
    let until = ctx.now() + Duration::minutes(i64::from(ctx.settings.break_glass_minutes));
    let grant = cut(
        tx,
        ctx,
        room,
        NewGrant {
            level: Level::Read,
            basis: Basis::Emergency,
            reason: reason.to_owned(),
            valid_until: Some(until),
            ..NewGrant::duty(posting, Source::BreakGlass)
        },
    )
    .await?;
    audit::append_with_reason(
        tx,
        ctx,
        Entry::new("access.break_glass")
            .room(room)
            .detail(json!({ "grant": grant, "kind": kind, "until": until })),
        reason,
    )
    .await?;
    notices::to_owner(
        tx,
        ctx,
        room,
        "break_glass",
        json!({ "staff": ctx.actor.staff, "kind": kind, "until": until }),
    )
    .await?;
    Ok(grant)
}
