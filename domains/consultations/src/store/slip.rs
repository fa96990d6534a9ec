//! The lay receiver's slips: their own words until a professional takes over, then the receipt only.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{self, RoomKey, Source},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::RoomId,
};

/// A receipt. It says nothing about anybody, so it needs no key; it is the receiver's own.
#[derive(Debug, Clone)]
pub struct SlipLine {
    /// The room.
    pub room: RoomId,
    /// 相R8-00123
    pub number: String,
    /// When it was handed in.
    pub received_at: DateTime<Utc>,
    /// 終了, not 受付済.
    pub closed: bool,
}

/// The receipts of the actor's own slips, newest first, a page at a time; and how many there are.
///
/// # Errors
/// The database refuses.
pub async fn own_slips(
    conn: &mut Conn,
    ctx: &Ctx,
    page: u32,
    per_page: u32,
) -> Result<(Vec<SlipLine>, i64)> {
    let total = conn
        .count(
            sql("select count(*) as n from consultations_consultation where received_by = :me and slip = :yes")
                .bind("me", ctx.actor.staff)
                .bind("yes", true),
        )
        .await?;
    let lines = conn
        .rows(
            sql("select c.room_id, r.number, c.received_at, c.is_open from consultations_consultation c join room r on r.id = c.room_id
                  where c.received_by = :me and c.slip = :yes order by c.received_at desc, c.room_id desc limit :limit offset :offset")
                .bind("me", ctx.actor.staff)
                .bind("yes", true)
                .bind("limit", per_page)
                .bind("offset", i64::from(page.saturating_sub(1)) * i64::from(per_page)),
        )
        .await?
        .iter()
        .map(|r| {
            Ok(SlipLine {
                room: r.get("room_id")?,
                number: r.get("number")?,
                received_at: r.get("received_at")?,
                closed: !r.get::<bool>("is_open")?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok((lines, total))
}

/// What the lay receiver wrote, with the key that they still hold: (place, words).
///
/// # Errors
/// It is not the actor's own slip.
pub async fn own_words(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<(String, String)> {
    let r = conn
        .one(
            sql("select place, words from consultations_consultation where room_id = :room and received_by = :me and slip = :yes")
                .bind("room", key.room())
                .bind("me", ctx.actor.staff)
                .bind("yes", true),
        )
        .await?;
    Ok((r.get("place")?, r.get("words")?))
}

/// Takes back the lay receiver's key once a professional works on the slip: from then on names,
/// links and decisions come into the room that are not theirs to read. The receipt stays.
pub(super) async fn end_lay_key(tx: &mut Tx, ctx: &Ctx, room: RoomId) -> Result<()> {
    for grant in access::grants_of(tx, room).await? {
        if grant.source == Source::Intake
            && grant.posting.is_some()
            && !grant.opens_sealed
            && grant.revoked_at.is_none()
        {
            access::revoke(tx, ctx, room, grant.id).await?;
        }
    }
    Ok(())
}
