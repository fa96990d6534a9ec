//! One file per URL.

pub mod audit;
pub mod break_glass;
pub mod conflicts;
pub mod keys;
pub mod log;

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{self, Act, Purpose, RoomKey},
    clock,
    context::Ctx,
    error::Result,
    http::id,
    id::RoomId,
    text::wareki,
};

use crate::store::{self, About};

/// Opens the room of an address for reading.
async fn opened(ctx: &Ctx, room: &str, purpose: Purpose) -> Result<(RoomKey, About)> {
    let room: RoomId = id(room)?;
    let about = {
        let mut conn = ctx.read().await?;
        store::about(&mut conn, ctx, room).await?
    };
    let key = access::open(ctx, room, about.kind, Act::Read, purpose).await?;
    Ok((key, about))
}

/// A moment, as this user likes it.
fn when(ctx: &Ctx, at: DateTime<Utc>) -> String {
    wareki::format_date_time(clock::local(at), ctx.calendar)
}
