//! 名寄せ: two records become one person, and can become two again with both histories (HSE-03).
//!
//! Nothing is moved: the absorbed record keeps its rows and points to the kept one. Undoing takes
//! away the pointer and the links that merging added, newest merge first.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{self, RoomKey},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    id::{PersonId, StaffId, new_uuid},
};
use serde_json::json;
use uuid::Uuid;

use super::{in_room, index, is_protected, protection, writable};

/// One merge.
#[derive(Clone, Debug)]
pub struct Merge {
    /// Its id.
    pub id: Uuid,
    /// The record that stayed.
    pub kept: PersonId,
    /// The record that points to it.
    pub absorbed: PersonId,
    /// Why they are the same.
    pub reason: String,
    /// The side that merging brought under protection.
    pub flagged: Option<PersonId>,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// By whom.
    pub decided_by: StaffId,
    /// Taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// Why.
    pub undone_reason: Option<String>,
}

impl Merge {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get("id")?,
            kept: r.get("kept")?,
            absorbed: r.get("absorbed")?,
            reason: r.get("reason")?,
            flagged: r.opt("flagged")?,
            decided_at: r.get("decided_at")?,
            decided_by: r.get("decided_by")?,
            undone_at: r.opt("undone_at")?,
            undone_reason: r.opt("undone_reason")?,
        })
    }
}

/// The record itself and all that were merged into it, directly or in steps.
pub(super) async fn group(conn: &mut Conn, person: PersonId) -> Result<Vec<PersonId>> {
    let mut group = vec![person];
    let mut edge = vec![person];
    while !edge.is_empty() {
        edge = conn
            .rows(
                sql("select id from people_person where merged_into in (:ids) limit 500")
                    .bind_all("ids", edge.iter().copied()),
            )
            .await?
            .iter()
            .map(|r| r.get("id"))
            .collect::<Result<Vec<PersonId>>>()?;
        edge.retain(|p| !group.contains(p));
        group.extend(edge.iter().copied());
    }
    Ok(group)
}

/// Merges `absorbed` into `kept`. The caller holds writing keys of a room of each; if either is
/// protected, both are from now on.
///
/// # Errors
/// They are the same record, or one is merged already, or a key does not fit.
pub async fn merge(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    kept: PersonId,
    other: &RoomKey,
    absorbed: PersonId,
    reason: &str,
) -> Result<Uuid> {
    if kept == absorbed {
        return Err(Error::Invalid(
            "同じ記録どうしは統合できません。相手の記録を選び直してください。".into(),
        ));
    }
    writable(tx, key, kept).await?;
    writable(tx, other, absorbed).await?;
    let id = new_uuid();
    let (ours, theirs) = (group(tx, kept).await?, group(tx, absorbed).await?);
    let n = tx
        .exec(
            sql("update people_person set merged_into = :kept where id = :absorbed and merged_into is null")
                .bind("kept", kept)
                .bind("absorbed", absorbed),
        )
        .await?;
    if n != 1 {
        return Err(Error::Changed);
    }
    for a in &ours {
        for b in &theirs {
            access::link_merge(tx, id, *a, *b).await?;
        }
    }
    let flagged = match (
        is_protected(tx, kept).await?,
        is_protected(tx, absorbed).await?,
    ) {
        (true, false) => Some(absorbed),
        (false, true) => Some(kept),
        _ => None,
    };
    if let Some(side) = flagged {
        let side = if side == kept { &ours } else { &theirs };
        for person in side {
            access::set_protected(tx, ctx, *person, true).await?;
        }
    }
    tx.exec(
        sql("insert into people_merge (id, municipality_id, kept, absorbed, reason, flagged, decided_at, decided_by)
             values (:id, :m, :kept, :absorbed, :reason, :flagged, :now, :by)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("kept", kept)
            .bind("absorbed", absorbed)
            .bind("reason", reason)
            .bind("flagged", flagged)
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("person.merge")
            .room(key.room())
            .person(kept)
            .detail(json!({ "merge": id, "absorbed": absorbed, "other_room": other.room() })),
    )
    .await?;
    for person in ours.iter().chain(&theirs) {
        index::person(tx, ctx, *person).await?;
    }
    Ok(id)
}

/// Takes a merge back: both records are as they were, each with what was written to it.
///
/// # Errors
/// A later merge builds on it, it was taken back before, or a reading key.
pub async fn unmerge(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    merge: Uuid,
    reason: &str,
) -> Result<PersonId> {
    key.need_write()?;
    let row = tx
        .one(
            sql("select * from people_merge where id = :id and municipality_id = :m and undone_at is null")
                .bind("id", merge)
                .bind("m", ctx.municipality),
        )
        .await?;
    let merge = Merge::from_row(&row)?;
    writable(tx, key, merge.kept).await?;
    let group = group(tx, merge.kept).await?;
    let later = tx
        .row(
            sql("select 1 as n from people_merge where kept in (:group) and undone_at is null and id > :id limit 1")
                .bind_all("group", group.iter().copied())
                .bind("id", merge.id),
        )
        .await?;
    if later.is_some() {
        return Err(Error::Invalid(
            "この統合の後に、別の記録も統合されています。新しい統合から順に取り消してください。"
                .into(),
        ));
    }
    tx.exec(
        sql("update people_person set merged_into = null where id = :p").bind("p", merge.absorbed),
    )
    .await?;
    for side in [merge.kept, merge.absorbed] {
        protection::after_unmerge(tx, ctx, key, side, &merge).await?;
    }
    access::unlink_merge(tx, merge.id).await?;
    tx.exec(
        sql("update people_merge set undone_at = :now, undone_by = :by, undone_reason = :reason where id = :id")
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("reason", reason)
            .bind("id", merge.id),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("person.unmerge")
            .room(key.room())
            .person(merge.kept)
            .detail(json!({ "merge": merge.id, "absorbed": merge.absorbed })),
    )
    .await?;
    for person in group {
        index::person(tx, ctx, person).await?;
    }
    Ok(merge.absorbed)
}

/// Links merged records to the rooms that one of them came into since.
pub(super) async fn relink(tx: &mut Tx, person: PersonId) -> Result<()> {
    let group = group(tx, person).await?;
    let merges = tx
        .rows(
            sql("select id, kept, absorbed from people_merge where kept in (:group) and undone_at is null order by id limit 500")
                .bind_all("group", group),
        )
        .await?;
    for m in merges {
        access::link_merge(tx, m.get("id")?, m.get("kept")?, m.get("absorbed")?).await?;
    }
    Ok(())
}

/// Merges that a record had a part in, newest first, those taken back too.
///
/// # Errors
/// [`Error::NotFound`] when the room is not about the person.
pub async fn of(conn: &mut Conn, key: &RoomKey, person: PersonId) -> Result<Vec<Merge>> {
    in_room(conn, key, person).await?;
    conn.rows(
        sql("select * from people_merge where kept = :p or absorbed = :p order by id desc limit 100")
            .bind("p", person),
    )
    .await?
    .iter()
    .map(Merge::from_row)
    .collect()
}
