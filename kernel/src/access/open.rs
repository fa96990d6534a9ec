//! Turning a key: opening one room, logged, with a witness that the storage of that room asks for.

use serde_json::json;

use super::{
    Duty, Grant, Holding, Level, RoomKind,
    decide::{RoomFacts, decide},
    existence::contact_of,
};
use crate::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Refusal, Result},
    id::{DeskId, PersonId, PostingId, RoomId},
    notices,
};

/// What is done with an open room; the log says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// On screen or by the API.
    Read,
    /// Change something.
    Write,
    /// On paper.
    Print,
    /// As a file.
    Export,
}

impl Act {
    const fn action(self) -> &'static str {
        match self {
            Self::Read => "room.read",
            Self::Write => "room.write",
            Self::Print => "room.print",
            Self::Export => "room.export",
        }
    }
}

/// What for; part of the log entry. A code, never a text about the person.
pub type Purpose = &'static str;

/// The purpose of a view that is drawn anew while its user types: the log has one line for it every
/// few minutes, not one for every word.
pub const LIVE: Purpose = "live view";

/// Proof that a key was turned for this room, in this request, and written down. Storage functions
/// of what lies in a room take one; nothing but [`open`] makes one.
#[derive(Debug, Clone)]
pub struct RoomKey {
    room: RoomId,
    kind: RoomKind,
    level: Level,
    owner_posting: Option<PostingId>,
    owner_desk: DeskId,
    sealed: bool,
}

impl RoomKey {
    /// The room that it opens.
    #[must_use]
    pub const fn room(&self) -> RoomId {
        self.room
    }
    /// Consultation or case.
    #[must_use]
    pub const fn kind(&self) -> RoomKind {
        self.kind
    }
    /// Whether it lets write.
    #[must_use]
    pub const fn may_write(&self) -> bool {
        matches!(self.level, Level::Write)
    }
    /// 主担当
    #[must_use]
    pub const fn owner_posting(&self) -> Option<PostingId> {
        self.owner_posting
    }
    /// The owner's desk.
    #[must_use]
    pub const fn owner_desk(&self) -> DeskId {
        self.owner_desk
    }
    /// Restricted class.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        self.sealed
    }
    /// Stops an act that needs a writing key.
    ///
    /// # Errors
    /// [`Refusal::ReadOnly`]
    pub fn need_write(&self) -> Result<()> {
        if self.may_write() {
            Ok(())
        } else {
            Err(Error::Refused(Refusal::ReadOnly))
        }
    }
}

/// The key of a room that was made a moment ago, in the same transaction.
pub(super) const fn found_key(
    room: RoomId,
    kind: RoomKind,
    owner_posting: Option<PostingId>,
    owner_desk: DeskId,
    sealed: bool,
) -> RoomKey {
    RoomKey {
        room,
        kind,
        level: Level::Write,
        owner_posting,
        owner_desk,
        sealed,
    }
}

async fn facts(
    conn: &mut Conn,
    ctx: &Ctx,
    room: RoomId,
    kind: Option<RoomKind>,
) -> Result<(RoomKey, Option<Level>, bool)> {
    let r = conn
        .one(
            sql("select r.kind, r.sealed, r.owner_posting_id, r.owner_desk_id,
                        exists (select 1 from access_conflict c join room_person rp on rp.person_id = c.person_id
                                 where c.staff_id = :me and c.ended_at is null and rp.room_id = r.id) as conflict
                   from room r where r.id = :room and r.municipality_id = :m")
                .bind("me", ctx.actor.staff)
                .bind("room", room)
                .bind("m", ctx.municipality),
        )
        .await?;
    let room_kind: RoomKind = r.get("kind")?;
    if kind.is_some_and(|k| k != room_kind) {
        return Err(Error::NotFound);
    }
    let sealed = r.opt::<String>("sealed")?.is_some();
    let conflict = r.get("conflict")?;
    let grants = conn
        .rows(
            sql("select posting_id, desk_id, level, opens_sealed, valid_from, valid_until from access_grant where room_id = :room and revoked_at is null limit 2000")
                .bind("room", room),
        )
        .await?
        .iter()
        .map(|g| {
            Ok(Grant {
                posting: g.opt("posting_id")?,
                desk: g.opt("desk_id")?,
                level: g.get("level")?,
                opens_sealed: g.get("opens_sealed")?,
                valid_from: g.get("valid_from")?,
                valid_until: g.opt("valid_until")?,
                revoked: false,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    // Read afresh: a posting that ended since the session's last request opens nothing.
    let holdings = conn
        .rows(
            sql("select id, desk_id, role, valid_from, valid_to from posting where staff_id = :me limit 200")
                .bind("me", ctx.actor.staff),
        )
        .await?
        .iter()
        .map(|p| {
            Ok(Holding {
                posting: p.get("id")?,
                desk: p.opt("desk_id")?,
                role: p.get("role")?,
                valid_from: p.get("valid_from")?,
                valid_to: p.opt("valid_to")?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let level = decide(
        RoomFacts {
            kind: room_kind,
            sealed,
            conflict,
        },
        &grants,
        &holdings,
        ctx.today(),
        ctx.now(),
    );
    let key = RoomKey {
        room,
        kind: room_kind,
        level: level.unwrap_or(Level::Read),
        owner_posting: r.opt("owner_posting_id")?,
        owner_desk: r.get("owner_desk_id")?,
        sealed,
    };
    Ok((key, level, conflict))
}

/// Opens a room: checks, logs, returns the witness. A refusal is logged too, and a refused attempt
/// on a room with a declared conflict is told to the owner.
///
/// # Errors
/// [`Error::NotFound`] for those who may not know of the room; [`Error::Refused`] for those who may.
pub async fn open(
    ctx: &Ctx,
    room: RoomId,
    kind: RoomKind,
    act: Act,
    purpose: Purpose,
) -> Result<RoomKey> {
    let (key, level, conflict) = {
        let mut conn = ctx.read().await?;
        facts(&mut conn, ctx, room, Some(kind)).await?
    };
    let mut tx = ctx.write().await?;
    let verdict = judge(&mut tx, ctx, key, level, conflict, act, purpose).await?;
    tx.commit().await?;
    verdict
}

/// Opens a room for a change: the transaction in which the change is made, and the witness. The key
/// is checked inside the transaction, so an act that was prepared by someone whose key has gone
/// meanwhile does not execute. A refusal is logged and nothing else is changed.
///
/// # Errors
/// As [`open`], and [`Refusal::ReadOnly`].
pub async fn open_for_write(
    ctx: &Ctx,
    room: RoomId,
    kind: RoomKind,
    purpose: Purpose,
) -> Result<(Tx, RoomKey)> {
    let mut tx = ctx.write().await?;
    let (key, level, conflict) = facts(&mut tx, ctx, room, Some(kind)).await?;
    match judge(&mut tx, ctx, key, level, conflict, Act::Write, purpose).await? {
        Ok(key) => {
            key.need_write()?;
            tx.mark_turned(room, purpose);
            Ok((tx, key))
        }
        Err(refusal) => {
            tx.commit().await?;
            Err(refusal)
        }
    }
}

/// Opens a second room inside the same change (attaching a consultation to a case).
///
/// # Errors
/// As [`open_for_write`]; the caller's transaction is then dropped.
pub async fn write_key(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    kind: RoomKind,
    purpose: Purpose,
) -> Result<RoomKey> {
    let (key, level, conflict) = facts(tx, ctx, room, Some(kind)).await?;
    let key = judge(tx, ctx, key, level, conflict, Act::Write, purpose).await??;
    key.need_write()?;
    tx.mark_turned(room, purpose);
    Ok(key)
}

async fn judge(
    tx: &mut Tx,
    ctx: &Ctx,
    key: RoomKey,
    level: Option<Level>,
    conflict: bool,
    act: Act,
    purpose: Purpose,
) -> Result<Result<RoomKey>> {
    let room = key.room;
    if level.is_some() {
        audit::append(
            tx,
            ctx,
            Entry::new(act.action())
                .room(room)
                .detail(json!({ "for": purpose })),
        )
        .await?;
        return Ok(Ok(key));
    }
    audit::append(
        tx,
        ctx,
        Entry::new("room.refused")
            .room(room)
            .detail(json!({ "for": purpose, "conflict": conflict })),
    )
    .await?;
    if conflict {
        notices::to_owner(
            tx,
            ctx,
            room,
            "conflict_attempt",
            json!({ "staff": ctx.actor.staff }),
        )
        .await?;
        return Ok(Err(Error::Refused(Refusal::Conflict)));
    }
    if key.sealed || !ctx.actor.may(Duty::KnowExistence) {
        return Ok(Err(Error::NotFound));
    }
    Ok(Err(match contact_of(tx, room).await? {
        Some(contact) => Error::Refused(Refusal::Exists { contact, room }),
        None => Error::NotFound,
    }))
}

/// Proof that reading a withheld value was logged and told to the owner.
pub struct Reveal(());

/// Opens what is withheld of a protected person: for the owner of the room and for the special
/// roles only, with a reason; logged, and the owner is told.
///
/// # Errors
/// The actor has no such role, or gives no reason.
pub async fn reveal(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    reason: &str,
) -> Result<Reveal> {
    let owner = ctx
        .actor
        .postings
        .iter()
        .any(|p| Some(p.id) == key.owner_posting);
    if !owner {
        ctx.need(Duty::RevealProtected)?;
    }
    if reason.trim().chars().count() < 4 {
        return Err(Error::Invalid(
            "秘匿された情報を開く理由を4文字以上で書いてください。".into(),
        ));
    }
    let in_room = tx
        .row(
            sql("select 1 as n from room_person where room_id = :room and person_id = :person")
                .bind("room", key.room)
                .bind("person", person),
        )
        .await?;
    if in_room.is_none() {
        return Err(Error::NotFound);
    }
    audit::append_with_reason(
        tx,
        ctx,
        Entry::new("person.reveal").room(key.room).person(person),
        reason,
    )
    .await?;
    notices::to_owner(
        tx,
        ctx,
        key.room,
        "revealed",
        json!({ "staff": ctx.actor.staff, "person": person }),
    )
    .await?;
    Ok(Reveal(()))
}
