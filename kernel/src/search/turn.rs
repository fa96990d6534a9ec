//! Bringing the index up to date, each second: what was put or whose keys changed stands in
//! `search_doc.stale` until then, and `find` looks through that as well. So a save does not wait for
//! the index, and many texts enter it in one go.
//!
//! A text enters with its pieces, with a mark of everybody who holds a key to its room, and with the
//! kind of the room. A search asks for its pieces and one of the actor's marks, and for a reception
//! when the actor reads nothing else: the index itself passes over foreign rooms, and
//! a search costs the same in a city as in a village. A mark of somebody whose key is gone does no
//! harm, since [`VISIBLE`](crate::access::VISIBLE) decides; a missing one would, so cutting a key
//! makes a room's texts stale.

use std::collections::{BTreeSet, HashMap, hash_map::Entry};

use serde_json::json;
use uuid::Uuid;

use super::{DocKind, query};
use crate::{
    access::RoomKind,
    db::{Db, Dialect, Tx, sql},
    error::Result,
    id::{DeskId, PostingId, RoomId},
};

/// Texts that enter the index in one transaction while people wait to save: some hundredths of a
/// second.
const SOME: i64 = 200;
/// And while nobody does.
const MANY: i64 = 5_000;

/// Brings the index up to date beside people at work.
///
/// # Errors
/// The database refuses; what entered before stays.
pub async fn turn(db: &Db) -> Result<()> {
    catch_up(db, SOME).await
}

/// Brings the index up to date before anybody is there: at the start of a new version, after a bulk.
///
/// # Errors
/// The database refuses; what entered before stays.
pub async fn turn_all(db: &Db) -> Result<()> {
    let stale = sql("select count(*) as n from search_doc where stale");
    let texts = db.read().await?.count(stale).await?;
    if texts > MANY {
        tracing::info!(texts, "the search index takes in what it does not know yet");
    }
    catch_up(db, MANY).await
}

async fn catch_up(db: &Db, at_once: i64) -> Result<()> {
    let stale = sql("select id from search_doc where stale limit 1");
    if db.read().await?.row(stale).await?.is_none() {
        return Ok(());
    }
    loop {
        let mut tx = db.write().await?;
        let all = some(&mut tx, at_once).await?;
        // What is found is no record of its own: the log has nothing to say of it.
        tx.commit_unaudited().await?;
        if all {
            return Ok(());
        }
    }
}

/// Somebody got a key to a room.
pub(crate) async fn keys_changed(tx: &mut Tx, room: RoomId) -> Result<()> {
    tx.exec(sql("update search_doc set stale = true where room_id = :room").bind("room", room))
        .await?;
    Ok(())
}

/// At most `n` texts; tells whether that was all.
async fn some(tx: &mut Tx, n: i64) -> Result<bool> {
    // First of all, so that on PostgreSQL a key that is cut meanwhile waits, and makes the texts
    // stale again, and so that another server passes these by.
    let docs = tx
        .rows(
            sql("update search_doc set stale = false where stale and id in (select id from search_doc where stale order by id limit :n)
                 returning id, room_id, kind, key")
                .bind("n", n),
        )
        .await?;
    let rooms: BTreeSet<RoomId> = docs
        .iter()
        .map(|doc| doc.get("room_id"))
        .collect::<Result<_>>()?;
    if rooms.is_empty() {
        return Ok(true);
    }
    let keys = tx
        .rows(
            sql("select distinct r.id, r.kind, g.posting_id, g.desk_id
                   from room r left join access_grant g on g.room_id = r.id and g.revoked_at is null
                  where r.id in (:rooms)")
            .bind_all("rooms", rooms),
        )
        .await?;
    let mut marks: HashMap<RoomId, String> = HashMap::new();
    for key in &keys {
        let of = match marks.entry(key.get("id")?) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(format!(" {}", kind_mark(key.get("kind")?))),
        };
        if let Some(posting) = key.opt::<PostingId>("posting_id")? {
            push(of, posting.0);
        }
        if let Some(desk) = key.opt::<DeskId>("desk_id")? {
            push(of, desk.0);
        }
    }
    let (mut short, mut long) = (Vec::new(), Vec::new());
    for doc in &docs {
        let (id, kind): (i64, DocKind) = (doc.get("id")?, doc.get("kind")?);
        let key: String = doc.get("key")?;
        let held = marks.get(&doc.get("room_id")?).map_or("", String::as_str);
        if kind.is_long() {
            long.push((id, query::long_grams(&key) + held));
        } else {
            short.push((id, query::short_grams(&key) + held));
        }
    }
    match tx.dialect() {
        Dialect::Sqlite => {
            write(tx, "insert or replace into search_short (rowid, grams) select e.value ->> 0, e.value ->> 1 from json_each(:docs) e", short).await?;
            write(tx, "insert or replace into search_long (rowid, grams) select e.value ->> 0, e.value ->> 1 from json_each(:docs) e", long).await?;
        }
        Dialect::Postgres => {
            short.append(&mut long);
            write(tx, "update search_doc d set grams = string_to_array(e.value ->> 1, ' ')
                         from jsonb_array_elements(:docs::jsonb) e where d.id = (e.value ->> 0)::bigint", short).await?;
        }
    }
    Ok(i64::try_from(docs.len()).unwrap_or(n) < n)
}

async fn write(tx: &mut Tx, text: &'static str, mut docs: Vec<(i64, String)>) -> Result<()> {
    if docs.is_empty() {
        return Ok(());
    }
    // In the order of their numbers; otherwise FTS5 would write a segment for each.
    docs.sort_unstable();
    tx.exec(sql(text).bind("docs", json!(docs).to_string()))
        .await?;
    Ok(())
}

/// The mark of all texts in rooms of a kind.
pub(super) const fn kind_mark(kind: RoomKind) -> &'static str {
    match kind {
        RoomKind::Consultation => "roomofconsultation",
        RoomKind::Case => "roomofcase",
        RoomKind::Referral => "roomofreferral",
    }
}

/// The mark of a posting or desk; no piece of a text is as long.
pub(super) fn mark(holder: Uuid) -> String {
    holder.simple().to_string()
}

fn push(marks: &mut String, holder: Uuid) {
    marks.push(' ');
    marks.push_str(&mark(holder));
}
