//! Making a room, saying whom it is about and whose move it is. A room is never without an owner.

use serde_json::json;
use uuid::Uuid;

use super::{NewGrant, RoomKey, RoomKind, Source, cut, open::found_key, revoke_source};
use crate::{
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::{DeskId, PersonId, PostingId, RoomId},
};

/// A room to make.
#[derive(Debug, Clone)]
pub struct NewRoom {
    /// Consultation or case.
    pub kind: RoomKind,
    /// What people say on the telephone (`number::next`).
    pub number: String,
    /// Whose move it is.
    pub owner_desk: DeskId,
    /// 主担当, when somebody in particular has it.
    pub owner_posting: Option<PostingId>,
    /// Restricted class (a code such as `abuse`, `dv`): sealed from the first save. The desk's key
    /// does then not fit; only the owner posting's and those cut for it do.
    pub sealed: Option<String>,
}

/// Makes a room and its first keys: the owner desk's (unless sealed), the owner posting's and the
/// maker's own. Logged.
///
/// # Errors
/// The number is taken, or the database refuses.
pub async fn found(tx: &mut Tx, ctx: &Ctx, new: NewRoom) -> Result<RoomKey> {
    let room = RoomId::new();
    let sealed = new.sealed.is_some();
    tx.exec(
        sql("insert into room (id, municipality_id, kind, number, sealed, owner_posting_id, owner_desk_id, opened_at)
             values (:id, :m, :kind, :number, :sealed, :posting, :desk, :now)")
            .bind("id", room)
            .bind("m", ctx.municipality)
            .bind("kind", new.kind)
            .bind("number", new.number)
            .bind("sealed", new.sealed)
            .bind("posting", new.owner_posting)
            .bind("desk", new.owner_desk)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("room.founded")
            .room(room)
            .detail(json!({ "kind": new.kind, "sealed": sealed })),
    )
    .await?;
    owner_keys(tx, ctx, room, new.owner_desk, new.owner_posting, sealed).await?;
    if let Ok(maker) = ctx.actor.posting()
        && Some(maker.id) != new.owner_posting
        && (sealed || maker.desk != Some(new.owner_desk) || maker.role == super::Role::Entry)
    {
        let key = NewGrant::duty(maker.id, Source::Intake);
        cut(tx, ctx, room, if sealed { key.sealed() } else { key }).await?;
    }
    Ok(found_key(
        room,
        new.kind,
        new.owner_posting,
        new.owner_desk,
        sealed,
    ))
}

pub(super) async fn owner_keys(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    desk: DeskId,
    posting: Option<PostingId>,
    sealed: bool,
) -> Result<()> {
    if !sealed {
        cut(tx, ctx, room, NewGrant::duty(desk, Source::Owner)).await?;
    }
    if let Some(posting) = posting {
        let key = NewGrant::duty(posting, Source::Owner);
        cut(tx, ctx, room, if sealed { key.sealed() } else { key }).await?;
    }
    Ok(())
}

/// Gives a room to another owner: the old owner's keys are taken back, the new one's cut. Logged.
///
/// # Errors
/// The database refuses.
pub async fn set_owner(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    desk: DeskId,
    posting: Option<PostingId>,
) -> Result<()> {
    key.need_write()?;
    tx.exec(
        sql("update room set owner_desk_id = :desk, owner_posting_id = :posting where id = :room")
            .bind("desk", desk)
            .bind("posting", posting)
            .bind("room", key.room()),
    )
    .await?;
    revoke_source(tx, ctx, key.room(), Source::Owner, None).await?;
    owner_keys(tx, ctx, key.room(), desk, posting, key.is_sealed()).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("room.owner")
            .room(key.room())
            .detail(json!({ "desk": desk, "posting": posting })),
    )
    .await
}

/// Says that a room is (also) about this person.
///
/// # Errors
/// The database refuses.
pub async fn link_person(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, person: PersonId) -> Result<()> {
    tx.exec(
        sql("insert into room_person (room_id, person_id) values (:room, :person) on conflict (room_id, person_id) do nothing")
            .bind("room", key.room())
            .bind("person", person),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("room.person").room(key.room()).person(person),
    )
    .await
}

/// Closes or re-opens the room's clock; keys stay, so that the record can be read.
///
/// # Errors
/// The database refuses.
pub async fn set_closed(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, closed: bool) -> Result<()> {
    key.need_write()?;
    tx.exec(
        sql("update room set closed_at = :at where id = :room")
            .bind("at", closed.then(|| ctx.now()))
            .bind("room", key.room()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new(if closed {
            "room.closed"
        } else {
            "room.reopened"
        })
        .room(key.room()),
    )
    .await
}

/// Seals a room (虐待・DV などの限定記録): desk keys stop fitting; the owner's and the actor's own
/// posting keys are cut anew as sealed ones. Logged.
///
/// # Errors
/// The database refuses.
pub async fn seal(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, class: &str) -> Result<()> {
    key.need_write()?;
    tx.exec(
        sql("update room set sealed = :class where id = :room")
            .bind("class", class)
            .bind("room", key.room()),
    )
    .await?;
    let mut holders: Vec<PostingId> = key.owner_posting().into_iter().collect();
    if let Ok(p) = ctx.actor.posting()
        && !holders.contains(&p.id)
    {
        holders.push(p.id);
    }
    for posting in holders {
        cut(
            tx,
            ctx,
            key.room(),
            NewGrant::duty(posting, Source::Owner).sealed(),
        )
        .await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("room.sealed")
            .room(key.room())
            .detail(json!({ "class": class })),
    )
    .await
}

/// Links both records of a merged person to both records' rooms, so that keys and conflicts of
/// interest go on working; [`unlink_merge`] takes exactly those links away.
///
/// # Errors
/// The database refuses.
pub async fn link_merge(
    tx: &mut Tx,
    merge: Uuid,
    kept: PersonId,
    absorbed: PersonId,
) -> Result<()> {
    for (to, from) in [(kept, absorbed), (absorbed, kept)] {
        tx.exec(
            sql("insert into room_person (room_id, person_id, merge_id)
                 select rp.room_id, :to, :merge from room_person rp where rp.person_id = :from and rp.merge_id is null
                 on conflict (room_id, person_id) do nothing")
                .bind("to", to)
                .bind("from", from)
                .bind("merge", merge),
        )
        .await?;
    }
    Ok(())
}

/// See [`link_merge`].
///
/// # Errors
/// The database refuses.
pub async fn unlink_merge(tx: &mut Tx, merge: Uuid) -> Result<()> {
    tx.exec(sql("delete from room_person where merge_id = :merge").bind("merge", merge))
        .await?;
    Ok(())
}

/// Sets or lifts the one flag of protection. Who may, and that lifting takes two people, is the
/// rule of `people`.
///
/// # Errors
/// The database refuses.
pub async fn set_protected(
    tx: &mut Tx,
    ctx: &Ctx,
    person: PersonId,
    protected: bool,
) -> Result<()> {
    if protected {
        tx.exec(
            sql("insert into protected_person (person_id, since) values (:p, :now) on conflict (person_id) do nothing")
                .bind("p", person)
                .bind("now", ctx.now()),
        )
        .await?;
    } else {
        tx.exec(sql("delete from protected_person where person_id = :p").bind("p", person))
            .await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new(if protected {
            "person.protected"
        } else {
            "person.unprotected"
        })
        .person(person),
    )
    .await
}
