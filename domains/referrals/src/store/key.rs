//! The key to the record behind a sheet: cut by accepting, taken back by whatever ends it.

use engawa_kernel::{
    access::{self, Basis, NewGrant, RoomKey, Source},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::RoomId,
};

use crate::model::{Sheet, To};

/// Cuts the key that the sender allowed. With consent as the basis it is cut only when everybody
/// whom the record is about still agrees, and it ends with the first consent that does.
/// Returns whether a key was cut.
///
/// # Errors
/// The database refuses.
pub(super) async fn cut(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet) -> Result<bool> {
    let (Some(level), To::Desk(desk, posting)) = (sheet.content.key_level.key(), &sheet.content.to)
    else {
        return Ok(false);
    };
    let sealed = tx
        .one(sql("select sealed from room where id = :room").bind("room", sheet.source))
        .await?
        .opt::<String>("sealed")?
        .is_some();
    let holder = match (sealed, posting) {
        (true, None) => return Ok(false),
        (true, Some(posting)) => NewGrant::duty(*posting, Source::Referral).sealed(),
        (false, _) => NewGrant::duty(*desk, Source::Referral),
    };
    let standing = if sheet.content.basis == Basis::Consent {
        match engawa_people::still_permits(tx, ctx, sheet.source, *desk).await? {
            Some(standing) => Some(standing),
            None => return Ok(false),
        }
    } else {
        None
    };
    let reason = match sheet.content.basis {
        Basis::Consent => format!("つなぐシート {}", sheet.number),
        _ => format!(
            "つなぐシート {} {}",
            sheet.number, sheet.content.basis_reason
        ),
    };
    let new = NewGrant {
        level,
        basis: sheet.content.basis,
        reason,
        valid_until: standing
            .as_ref()
            .and_then(engawa_people::Standing::key_until),
        ..holder
    };
    let grant = access::cut(tx, ctx, sheet.source, new.from_source(sheet.room.0)).await?;
    for person in standing.map(|s| s.people).unwrap_or_default() {
        access::rests_on(tx, grant, person, *desk).await?;
    }
    Ok(true)
}

/// Takes the key to the record back, if there is one. What was read before stays lawfully read.
///
/// # Errors
/// The database refuses.
pub(super) async fn take_back(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet) -> Result<()> {
    if is_open(tx, ctx, sheet.source, sheet.room).await? {
        access::revoke_source(tx, ctx, sheet.source, Source::Referral, Some(sheet.room.0)).await?;
    }
    Ok(())
}

/// Whether a key that this sheet cut still opens the record behind it.
///
/// # Errors
/// The database refuses.
pub async fn is_open(conn: &mut Conn, ctx: &Ctx, source: RoomId, sheet: RoomId) -> Result<bool> {
    Ok(conn
        .row(
            sql("select 1 as n from access_grant where source = 'referral' and source_id = :sheet and room_id = :source
                    and revoked_at is null and (valid_until is null or valid_until > :now) limit 1")
                .bind("sheet", sheet)
                .bind("source", source)
                .bind("now", ctx.now()),
        )
        .await?
        .is_some())
}

/// Takes the receiver's key to the envelope back: of a sheet that nobody there has opened.
///
/// # Errors
/// The database refuses.
pub(super) async fn close_envelope(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    sheet: &Sheet,
) -> Result<()> {
    access::revoke_source(tx, ctx, key.room(), Source::Referral, None).await?;
    let own = match (key.is_sealed(), sheet.from_posting) {
        (true, Some(posting)) => NewGrant::duty(posting, Source::Referral).sealed(),
        _ => NewGrant::duty(sheet.from_desk, Source::Referral),
    };
    access::cut(tx, ctx, key.room(), own.from_source(key.room().0)).await?;
    Ok(())
}
