//! What the one search box finds of a case. Commits with the record.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    context::Ctx,
    db::Tx,
    error::Result,
    id::RoomId,
    search::{self, Doc, DocKind},
    text::truncate_graphemes,
};
use uuid::Uuid;

/// Characters of a contact that a search hit shows.
const SHOWN: usize = 200;

/// The number of a case; a hit shows the case's name.
pub(super) async fn case(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    at: DateTime<Utc>,
    number: &str,
    label: &str,
) -> Result<()> {
    search::remove(tx, DocKind::Number, room.0, Some(room)).await?;
    let doc = Doc {
        room,
        kind: DocKind::Number,
        source: room.0,
        at,
        shown: label,
        text: number,
    };
    search::put(tx, ctx, doc).await
}

/// The words of a new contact.
pub(super) async fn contact(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    contact: Uuid,
    at: DateTime<Utc>,
    body: &str,
) -> Result<()> {
    let doc = Doc {
        room,
        kind: DocKind::Contact,
        source: contact,
        at,
        shown: truncate_graphemes(body, SHOWN),
        text: body,
    };
    search::put(tx, ctx, doc).await
}

/// A deleted contact (or the text before a correction) is found no more.
pub(super) async fn forget(tx: &mut Tx, contact: Uuid, room: RoomId) -> Result<()> {
    search::remove(tx, DocKind::Contact, contact, Some(room)).await
}
