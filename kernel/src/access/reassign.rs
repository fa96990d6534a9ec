//! 引き継ぎ: rooms of a posting that ends go to others, without anybody reading them. Whoever does
//! it sees numbers and counts only, so no [`super::RoomKey`] is needed and none is given.

use serde_json::json;

use super::{Duty, HandedOver, RoomKind, Source, found::owner_keys, handed::tell, revoke_source};
use crate::{
    audit::{self, Entry},
    context::{Ctx, Via},
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{DeskId, PostingId, RoomId, StaffId},
};

/// Rooms that one hand-over can move.
pub const REASSIGN_LIMIT: usize = 5_000;

/// Whose rooms are meant.
#[derive(Debug, Clone, Copy)]
pub enum OwnedBy {
    /// One posting's.
    Posting(PostingId),
    /// Those of all postings of a person.
    Staff(StaffId),
    /// A desk's that nobody in particular has.
    Unassigned(DeskId),
}

/// A room by its number; nothing of what is in it.
#[derive(Debug, Clone)]
pub struct OwnedRoom {
    /// Its id.
    pub id: RoomId,
    /// Consultation or case.
    pub kind: RoomKind,
    /// 相R8-00123
    pub number: String,
}

/// How many open rooms there are.
///
/// # Errors
/// The actor may not reassign.
pub async fn rooms_owned_by(conn: &mut Conn, ctx: &Ctx, whose: OwnedBy) -> Result<i64> {
    Ok(i64::try_from(owned_rooms(conn, ctx, whose).await?.len()).unwrap_or(i64::MAX))
}

/// Numbers of the open rooms, oldest first, at most [`REASSIGN_LIMIT`]. A supervisor sees those of
/// the own desks only.
///
/// # Errors
/// The actor may not reassign.
pub async fn owned_rooms(conn: &mut Conn, ctx: &Ctx, whose: OwnedBy) -> Result<Vec<OwnedRoom>> {
    let desks = scope(ctx)?;
    let q = match whose {
        OwnedBy::Posting(p) => sql("select r.id, r.kind, r.number, p.desk_id from room r join posting p on p.id = r.owner_posting_id
                where p.id = :id and r.municipality_id = :m and r.closed_at is null order by r.opened_at, r.id limit :limit")
            .bind("id", p),
        OwnedBy::Staff(s) => sql("select r.id, r.kind, r.number, p.desk_id from room r join posting p on p.id = r.owner_posting_id
                where p.staff_id = :id and r.municipality_id = :m and r.closed_at is null order by r.opened_at, r.id limit :limit")
            .bind("id", s),
        OwnedBy::Unassigned(d) => sql("select r.id, r.kind, r.number, r.owner_desk_id as desk_id from room r
                where r.owner_desk_id = :id and r.owner_posting_id is null and r.municipality_id = :m and r.closed_at is null
                order by r.opened_at, r.id limit :limit")
            .bind("id", d),
    };
    let limit = i64::try_from(REASSIGN_LIMIT).unwrap_or(i64::MAX);
    let mut rooms = Vec::new();
    for row in conn
        .rows(q.bind("m", ctx.municipality).bind("limit", limit))
        .await?
    {
        if within(desks.as_deref(), row.opt("desk_id")?) {
            rooms.push(OwnedRoom {
                id: row.get("id")?,
                kind: row.get("kind")?,
                number: row.get("number")?,
            });
        }
    }
    Ok(rooms)
}

/// Gives the rooms of a posting to another desk and posting: the leaver's owner keys are taken back,
/// new ones cut, open tasks move along. With `rooms` only those; without, all open ones (and closed
/// ones that nobody could open any more), and then **every** other key of the posting is taken back
/// too. Returns how many rooms moved. Everything is logged, room by room; other domains follow
/// ([`super::Follower`]).
///
/// # Errors
/// The actor may not, the postings are unknown, or a sealed room would be left without a person.
pub async fn reassign_rooms(
    tx: &mut Tx,
    ctx: &Ctx,
    from_posting: PostingId,
    to_desk: DeskId,
    to_posting: Option<PostingId>,
    rooms: Option<&[RoomId]>,
) -> Result<u64> {
    let desks = scope(ctx)?;
    let from = tx
        .one(
            sql("select p.desk_id from posting p join staff s on s.id = p.staff_id where p.id = :id and s.municipality_id = :m")
                .bind("id", from_posting)
                .bind("m", ctx.municipality),
        )
        .await?;
    let from_desk: Option<DeskId> = from.opt("desk_id")?;
    if !within(desks.as_deref(), from_desk) {
        return Err(Error::NotFound);
    }
    if let Some(to) = to_posting {
        tx.one(
            sql("select p.id from posting p join staff s on s.id = p.staff_id where p.id = :id and s.municipality_id = :m")
                .bind("id", to)
                .bind("m", ctx.municipality),
        )
        .await?;
    }
    let owned = tx
        .rows(
            sql("select id, sealed, number from room where owner_posting_id = :from and municipality_id = :m
                    and (closed_at is null or sealed is not null or :moves)
                  order by opened_at, id limit :limit")
                .bind("from", from_posting)
                .bind("m", ctx.municipality)
                .bind("moves", from_desk != Some(to_desk))
                .bind("limit", i64::try_from(REASSIGN_LIMIT + 1).unwrap_or(i64::MAX)),
        )
        .await?;
    if owned.len() > REASSIGN_LIMIT {
        return Err(Error::Invalid(format!(
            "一度に引き継げるのは{REASSIGN_LIMIT}件までです。何も変えていません。記録ごとに後任を選んで、何回かに分けてください。"
        )));
    }
    let mut moved = Vec::new();
    for row in &owned {
        let room: RoomId = row.get("id")?;
        if rooms.is_some_and(|chosen| !chosen.contains(&room)) {
            continue;
        }
        let sealed = row.opt::<String>("sealed")?.is_some();
        if sealed && to_posting.is_none() {
            return Err(Error::Invalid(format!(
                "{}は限定記録のため、窓口だけには引き継げません。後任の職員を選んでください。何も変えていません。",
                row.get::<String>("number")?
            )));
        }
        give(
            tx,
            ctx,
            room,
            sealed,
            Some(from_posting),
            to_desk,
            to_posting,
        )
        .await?;
        moved.push(room);
    }
    if rooms.is_none() {
        end_other_keys(tx, ctx, from_posting).await?;
        tx.exec(
            sql(
                "update task set posting_id = :to, desk_id = :desk, version = version + 1
                  where posting_id = :from and room_id is null and done_at is null",
            )
            .bind("to", to_posting)
            .bind("desk", to_desk)
            .bind("from", from_posting),
        )
        .await?;
        // Tasks in rooms of others: back to their desk, which answers for them.
        tx.exec(
            sql("update task set posting_id = null, version = version + 1 where posting_id = :from and done_at is null")
                .bind("from", from_posting),
        )
        .await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("posting.reassigned").detail(json!({
            "from": from_posting, "desk": to_desk, "to": to_posting, "rooms": moved.len(), "all": rooms.is_none()
        })),
    )
    .await?;
    let what = HandedOver {
        from: Some(from_posting),
        to_desk,
        to_posting,
        rooms: moved,
        ended: rooms.is_none(),
    };
    tell(tx, ctx, &what).await?;
    Ok(u64::try_from(what.rooms.len()).unwrap_or(u64::MAX))
}

/// Gives a desk's rooms that nobody in particular has to another desk (a contract changes hands).
///
/// # Errors
/// The actor may not.
pub async fn reassign_desk(
    tx: &mut Tx,
    ctx: &Ctx,
    from_desk: DeskId,
    to_desk: DeskId,
) -> Result<u64> {
    let rooms = owned_rooms(tx, ctx, OwnedBy::Unassigned(from_desk)).await?;
    for room in &rooms {
        let sealed = tx
            .one(sql("select sealed from room where id = :id").bind("id", room.id))
            .await?
            .opt::<String>("sealed")?
            .is_some();
        give(tx, ctx, room.id, sealed, None, to_desk, None).await?;
    }
    tx.exec(
        sql("update task set desk_id = :to, version = version + 1 where desk_id = :from and posting_id is null and room_id is null and done_at is null")
            .bind("to", to_desk)
            .bind("from", from_desk),
    )
    .await?;
    let moved = rooms.len();
    audit::append(
        tx,
        ctx,
        Entry::new("desk.reassigned")
            .detail(json!({ "from": from_desk, "to": to_desk, "rooms": moved })),
    )
    .await?;
    let what = HandedOver {
        from: None,
        to_desk,
        to_posting: None,
        rooms: rooms.into_iter().map(|r| r.id).collect(),
        ended: false,
    };
    tell(tx, ctx, &what).await?;
    Ok(u64::try_from(moved).unwrap_or(u64::MAX))
}

async fn give(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    sealed: bool,
    from: Option<PostingId>,
    to_desk: DeskId,
    to_posting: Option<PostingId>,
) -> Result<()> {
    tx.exec(
        sql("update room set owner_desk_id = :desk, owner_posting_id = :posting where id = :room")
            .bind("desk", to_desk)
            .bind("posting", to_posting)
            .bind("room", room),
    )
    .await?;
    revoke_source(tx, ctx, room, Source::Owner, None).await?;
    if let Some(from) = from {
        tx.exec(
            sql("update access_grant set revoked_at = :now, revoked_by = :by where room_id = :room and posting_id = :from and revoked_at is null")
                .bind("now", ctx.now())
                .bind("by", ctx.actor.staff)
                .bind("room", room)
                .bind("from", from),
        )
        .await?;
    }
    owner_keys(tx, ctx, room, to_desk, to_posting, sealed).await?;
    tx.exec(
        sql("update task set posting_id = :to, desk_id = :desk, version = version + 1
              where room_id = :room and done_at is null and (posting_id = :from or (posting_id is null and :whole))")
            .bind("to", to_posting)
            .bind("desk", to_desk)
            .bind("room", room)
            .bind("from", from)
            .bind("whole", from.is_none()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("room.owner").room(room).detail(
            json!({ "desk": to_desk, "posting": to_posting, "from": from, "for": "handover" }),
        ),
    )
    .await
}

/// Takes back what the posting still holds in rooms of others (team, meeting, emergency …).
async fn end_other_keys(tx: &mut Tx, ctx: &Ctx, posting: PostingId) -> Result<()> {
    let rooms = tx
        .rows(
            sql("select distinct room_id from access_grant where posting_id = :p and revoked_at is null limit 50000")
                .bind("p", posting),
        )
        .await?;
    tx.exec(
        sql("update access_grant set revoked_at = :now, revoked_by = :by where posting_id = :p and revoked_at is null")
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("p", posting),
    )
    .await?;
    for row in rooms {
        audit::append(
            tx,
            ctx,
            Entry::new("access.revoke")
                .room(row.get("room_id")?)
                .detail(json!({ "posting": posting, "for": "posting_ended" })),
        )
        .await?;
    }
    Ok(())
}

/// All desks (`None`) for who manages staff and for the program itself; own desks for a supervisor.
fn scope(ctx: &Ctx) -> Result<Option<Vec<DeskId>>> {
    if matches!(ctx.via, Via::System) || ctx.actor.may(Duty::ManageStaff) {
        return Ok(None);
    }
    ctx.need(Duty::Reassign)?;
    Ok(Some(
        ctx.actor
            .postings
            .iter()
            .filter(|p| p.role.may(Duty::Reassign))
            .filter_map(|p| p.desk)
            .collect(),
    ))
}

fn within(desks: Option<&[DeskId]>, desk: Option<DeskId>) -> bool {
    desks.is_none_or(|own| desk.is_some_and(|d| own.contains(&d)))
}

/// Open rooms per posting, as (cases, consultations): numbers for a list of leavers.
///
/// # Errors
/// The actor may not reassign.
pub async fn owned_counts(
    conn: &mut Conn,
    ctx: &Ctx,
    postings: &[PostingId],
) -> Result<std::collections::HashMap<PostingId, (i64, i64)>> {
    let desks = scope(ctx)?;
    let mut counts = std::collections::HashMap::new();
    for ids in postings.chunks(400) {
        let rows = conn
            .rows(
                sql("select p.id, p.desk_id, r.kind, count(*) as n from room r join posting p on p.id = r.owner_posting_id
                      where p.id in (:ids) and r.municipality_id = :m and r.closed_at is null group by p.id, p.desk_id, r.kind")
                    .bind_all("ids", ids.iter().copied())
                    .bind("m", ctx.municipality),
            )
            .await?;
        for row in rows {
            if within(desks.as_deref(), row.opt("desk_id")?) {
                let entry: &mut (i64, i64) = counts.entry(row.get("id")?).or_default();
                match row.get::<RoomKind>("kind")? {
                    RoomKind::Case => entry.0 = row.get("n")?,
                    RoomKind::Consultation => entry.1 = row.get("n")?,
                    // An envelope goes with its desk; nobody owns one alone.
                    RoomKind::Referral => {}
                }
            }
        }
    }
    Ok(counts)
}
