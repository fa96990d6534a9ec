//! What the one search box finds of a case. Commits with the record.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    context::{Ctx, Engine},
    db::{Tx, sql},
    error::Result,
    id::RoomId,
    search::{self, Doc, DocKind},
    text::truncate_graphemes,
};
use uuid::Uuid;

/// Characters of a contact that a search hit shows.
const SHOWN: usize = 200;

/// The number of a case and what it is called; a hit shows the case's name.
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
        text: &format!("{number} {label}"),
    };
    search::put(tx, ctx, doc).await
}

/// Cases put into the index in one transaction of [`catch_up`].
const AT_ONCE: i64 = 200;

/// Puts those cases in again whose names the index does not know yet: migration 0085 wrote down
/// which. Goes on where it was stopped; tells how many there were.
///
/// # Errors
/// The database refuses; what was put in before stays.
pub async fn catch_up(engine: &Engine) -> Result<u64> {
    let pending = sql("select 1 as n from cases_index_pending limit 1");
    if engine.db.read().await?.row(pending).await?.is_none() {
        // Every command comes by here, also beside a server that writes: no lock for nothing.
        return Ok(0);
    }
    let mut done = 0;
    loop {
        let mut tx = engine.db.write().await?;
        let waiting = tx
            .rows(
                sql(
                    "select p.room_id, r.number, r.opened_at, c.label from cases_index_pending p
                       join room r on r.id = p.room_id join cases_case c on c.room_id = p.room_id
                      order by r.opened_at, p.room_id limit :n",
                )
                .bind("n", AT_ONCE),
            )
            .await?;
        if waiting.is_empty() {
            return Ok(done);
        }
        let ctx = Ctx::system(engine).await?;
        for row in &waiting {
            let room: RoomId = row.get("room_id")?;
            let (number, label): (String, String) = (row.get("number")?, row.get("label")?);
            case(&mut tx, &ctx, room, row.get("opened_at")?, &number, &label).await?;
            tx.exec(
                sql("delete from cases_index_pending where room_id = :room").bind("room", room),
            )
            .await?;
            done += 1;
        }
        // What is found is no record of its own: the log has nothing to say of it.
        tx.commit_unaudited().await?;
    }
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
