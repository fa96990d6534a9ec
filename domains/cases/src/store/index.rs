//! What the one search box finds of a case. Commits with the record.

use chrono::{DateTime, Utc};
use engawa_kernel::{context::Ctx, db::Tx, error::Result, id::RoomId, text::truncate_graphemes};
use uuid::Uuid;

/// Characters of a contact that a search hit shows.
const SHOWN: usize = 200;

/// The number and the name of a case.
pub(super) async fn case(
    _tx: &mut Tx,
    _ctx: &Ctx,
    _room: RoomId,
    _at: DateTime<Utc>,
    _number: &str,
    _label: &str,
) -> Result<()> {
    Ok(())
}

/// The words of a contact; a corrected one replaces what was there.
pub(super) async fn contact(
    _tx: &mut Tx,
    _ctx: &Ctx,
    _room: RoomId,
    _contact: Uuid,
    _at: DateTime<Utc>,
    body: &str,
) -> Result<()> {
    let _shown = truncate_graphemes(body, SHOWN);
    Ok(())
}

/// A deleted contact is found no more.
pub(super) async fn forget(_tx: &mut Tx, _contact: Uuid, _room: RoomId) -> Result<()> {
    Ok(())
}
