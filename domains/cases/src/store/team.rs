//! 支援チーム. The owner's row follows the room's owner; everyone else's row brings (or not) a key.

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, Basis, Level, NewGrant, RoomKey, Source},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::{BodyId, DeskId, PersonId, PostingId},
};
use serde_json::json;

pub use super::owner::set_owner;
use super::{case::happened, owner::owner_kind};
use crate::{
    model::{Member, MemberId, MemberKind},
    rules,
};

/// Members shown at most; a team is a few, a past one a few dozen.
const LIMIT: i64 = 200;

/// Somebody to take into the team.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// Who.
    pub who: Who,
    /// Code of the list `TeamRole`.
    pub role: String,
    /// What this member does.
    pub does: String,
    /// First day.
    pub from_on: NaiveDate,
}

/// Who, and with which key.
#[derive(Debug, Clone)]
pub enum Who {
    /// One posting, with a key.
    Posting(PostingId, Key),
    /// A desk, with a key.
    Desk(DeskId, Key),
    /// An outside body or helper by name.
    Body(Option<BodyId>, String),
    /// One of the family.
    Family(PersonId),
}

/// The key that comes with a seat, and why it is lawful.
#[derive(Debug, Clone)]
pub struct Key {
    /// 閲覧・記入
    pub level: Level,
    /// 同意, 担当業務 …
    pub basis: Basis,
    /// In words.
    pub reason: String,
}

fn member_from(r: &Row) -> Result<Member> {
    Ok(Member {
        id: r.get("id")?,
        kind: r.get("kind")?,
        posting: r.opt("posting_id")?,
        desk: r.opt("desk_id")?,
        body: r.opt("body_id")?,
        person: r.opt("person_id")?,
        name: r.get("name")?,
        role: r.get("role")?,
        does: r.get("does")?,
        is_owner: r.get("is_owner")?,
        level: r.opt("level")?,
        from_on: r.get("from_on")?,
        until_on: r.opt("until_on")?,
        end_reason: r.get("end_reason")?,
    })
}

/// The team, the owner first, then today's members, then past ones. Where an owner was set outside
/// this domain (April reassignment) the owner's seat is shown as the room has it.
///
/// # Errors
/// The database refuses.
pub async fn all(conn: &mut Conn, key: &RoomKey) -> Result<Vec<Member>> {
    let mut members = conn
        .rows(
            sql("select * from cases_member where room_id = :room
                  order by case when until_on is null then 0 else 1 end, case when is_owner then 0 else 1 end, from_on, id limit :limit")
                .bind("room", key.room())
                .bind("limit", LIMIT),
        )
        .await?
        .iter()
        .map(member_from)
        .collect::<Result<Vec<_>>>()?;
    if let Some(seat) = members
        .iter_mut()
        .find(|m| m.is_owner && m.until_on.is_none())
    {
        seat.posting = key.owner_posting();
        seat.desk = Some(key.owner_desk());
        seat.kind = owner_kind(key.owner_posting());
    }
    Ok(members)
}

/// Takes somebody into the team; a posting or a desk gets a key. Logged; counted as `team.joined`.
///
/// # Errors
/// The key lets only read; a whole desk into a sealed room; already a member.
pub async fn add(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, new: NewMember) -> Result<MemberId> {
    key.need_write()?;
    let (kind, posting, desk, body, person, name, cut) = match new.who {
        Who::Posting(p, k) => (
            MemberKind::Posting,
            Some(p),
            None,
            None,
            None,
            String::new(),
            Some((NewGrant::duty(p, Source::Team), k)),
        ),
        Who::Desk(d, k) => (
            MemberKind::Desk,
            None,
            Some(d),
            None,
            None,
            String::new(),
            Some((NewGrant::duty(d, Source::Team), k)),
        ),
        Who::Body(b, name) => (MemberKind::Body, None, None, b, None, name, None),
        Who::Family(p) => (
            MemberKind::Family,
            None,
            None,
            None,
            Some(p),
            String::new(),
            None,
        ),
    };
    if key.is_sealed() && kind == MemberKind::Desk {
        return Err(Error::Invalid(
            rules::Refusal::SealedNeedsPosting.sentence(),
        ));
    }
    let twice = tx
        .row(
            sql("select 1 as n from cases_member where room_id = :room and until_on is null and kind = :kind and name = :name
                  and (posting_id = :posting or desk_id = :desk or person_id = :person or (body_id = :body) or (:none and body_id is null)) limit 1")
                .bind("room", key.room())
                .bind("kind", kind)
                .bind("name", name.clone())
                .bind("posting", posting)
                .bind("desk", desk)
                .bind("person", person)
                .bind("body", body)
                .bind("none", kind == MemberKind::Body && body.is_none()),
        )
        .await?;
    if twice.is_some() {
        return Err(Error::Invalid(
            "すでにこのケースのチームに入っています。もう一度加える必要はありません。".into(),
        ));
    }
    let id = MemberId::new();
    tx.exec(
        sql("insert into cases_member (id, room_id, kind, posting_id, desk_id, body_id, person_id, name, role, does, is_owner, level, from_on, end_reason, recorded_at)
             values (:id, :room, :kind, :posting, :desk, :body, :person, :name, :role, :does, :no, :level, :from, '', :now)")
            .bind("id", id)
            .bind("room", key.room())
            .bind("kind", kind)
            .bind("posting", posting)
            .bind("desk", desk)
            .bind("body", body)
            .bind("person", person)
            .bind("name", name)
            .bind("role", new.role.clone())
            .bind("does", new.does)
            .bind("no", false)
            .bind("level", cut.as_ref().map(|(_, k)| k.level))
            .bind("from", new.from_on)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("team.joined")
            .room(key.room())
            .detail(json!({ "member": id, "kind": kind, "posting": posting, "desk": desk })),
    )
    .await?;
    if let Some((grant, k)) = cut {
        let grant = NewGrant {
            level: k.level,
            opens_sealed: key.is_sealed(),
            basis: k.basis,
            reason: k.reason,
            source_id: Some(id.0),
            ..grant
        };
        access::cut(tx, ctx, key.room(), grant).await?;
    }
    event::record(
        tx,
        ctx,
        Event {
            source: Some(id.0),
            data: json!({ "kind": kind, "role": new.role }),
            ..happened(ctx, "team.joined", new.from_on, key)
        },
    )
    .await?;
    Ok(id)
}

/// Lets a member leave and takes their key back. Logged; counted as `team.left`.
///
/// # Errors
/// It is the owner (somebody must follow first), or there is no such member today.
pub async fn end(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    member: MemberId,
    reason: &str,
) -> Result<()> {
    key.need_write()?;
    let row = tx
        .one(
            sql("select * from cases_member where id = :id and room_id = :room and until_on is null")
                .bind("id", member)
                .bind("room", key.room()),
        )
        .await?;
    rules::may_end(&member_from(&row)?).map_err(|r| Error::Invalid(r.sentence()))?;
    leave(tx, ctx, key, member, reason).await
}

/// Lets a member leave who may.
pub(super) async fn leave(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    member: MemberId,
    reason: &str,
) -> Result<()> {
    tx.exec(
        sql("update cases_member set until_on = :today, end_reason = :reason where id = :id and room_id = :room")
            .bind("today", ctx.today())
            .bind("reason", reason)
            .bind("id", member)
            .bind("room", key.room()),
    )
    .await?;
    access::revoke_source(tx, ctx, key.room(), Source::Team, Some(member.0)).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("team.left")
            .room(key.room())
            .detail(json!({ "member": member })),
    )
    .await?;
    event::record(
        tx,
        ctx,
        Event {
            source: Some(member.0),
            ..happened(ctx, "team.left", ctx.today(), key)
        },
    )
    .await
}

/// Everybody but the owner leaves; their keys are taken back.
///
/// # Errors
/// The database refuses.
pub async fn dissolve(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, reason: &str) -> Result<()> {
    key.need_write()?;
    let members = tx
        .rows(
            sql("select id from cases_member where room_id = :room and until_on is null and not is_owner limit 500")
                .bind("room", key.room()),
        )
        .await?;
    for row in members {
        leave(tx, ctx, key, row.get("id")?, reason).await?;
    }
    Ok(())
}
