//! A search in the log.

use std::collections::BTreeSet;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    error::Result,
    id::RoomId,
    search::Hit,
    text::grapheme_len,
};
use serde_json::json;

/// Writes a search down: one entry with the length of what was typed (a name typed there would be a
/// name in the log) and the rooms that were shown, which each list it in their own log.
///
/// # Errors
/// The database refuses.
pub async fn note(ctx: &Ctx, query: &str, hits: &[Hit]) -> Result<()> {
    let rooms: Vec<RoomId> = hits
        .iter()
        .map(|h| h.room)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut tx = ctx.write().await?;
    engawa_rooms::note_search_hits(&mut tx, ctx, &rooms).await?;
    audit::append(
        &mut tx,
        ctx,
        Entry::new("search").detail(json!({ "length": grapheme_len(query), "rooms": rooms })),
    )
    .await?;
    tx.commit().await
}
