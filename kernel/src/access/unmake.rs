//! Taking back rooms that an import made by mistake and in which nobody has worked since.

use crate::{
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::RoomId,
};

/// Rooms in one statement.
const CHUNK: usize = 400;

/// Takes rooms away with their keys, links to people, notices and events, as if they had never been
/// made; the log keeps every line about them and gets one more for each. The domain that keeps what
/// lies in them has taken that away, also from the index, in the same transaction; whoever calls has
/// made sure that nobody worked in them ([`audit::acts_in`]).
///
/// # Errors
/// Something still lies in one of the rooms, or the database refuses.
pub async fn unmake(tx: &mut Tx, ctx: &Ctx, rooms: &[RoomId]) -> Result<()> {
    for rooms in rooms.chunks(CHUNK) {
        for text in [
            "delete from access_grant where room_id in (:rooms)",
            "delete from room_person where room_id in (:rooms)",
            "delete from notice where room_id in (:rooms)",
            "delete from event where room_id in (:rooms)",
            "delete from room where id in (:rooms)",
        ] {
            tx.exec(sql(text).bind_all("rooms", rooms.iter().copied()))
                .await?;
        }
        for room in rooms {
            audit::append(tx, ctx, Entry::new("room.unmade").room(*room)).await?;
        }
    }
    Ok(())
}
