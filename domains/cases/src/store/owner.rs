//! 主担当: the owner's seat, and handing it on. A case always has exactly one.

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, Basis, Level, RoomKey},
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::{DeskId, PostingId},
};

use super::{
    case::happened,
    handover,
    takeover::{self, Change},
    team::{Key, NewMember, Who, add, leave},
};
use crate::{
    model::{MemberId, MemberKind},
    rules,
};

/// A seat of one posting, or of a desk that nobody in particular leads for.
pub(super) const fn owner_kind(posting: Option<PostingId>) -> MemberKind {
    match posting {
        Some(_) => MemberKind::Posting,
        None => MemberKind::Desk,
    }
}

/// Gives the owner's seat, when the room's owner was just set.
pub(super) async fn seat_owner(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    desk: DeskId,
    posting: Option<PostingId>,
    from_on: NaiveDate,
) -> Result<()> {
    end_owner_seat(tx, key, from_on).await?;
    tx.exec(
        sql("insert into cases_member (id, room_id, kind, posting_id, desk_id, name, role, does, is_owner, level, from_on, end_reason, recorded_at)
             values (:id, :room, :kind, :posting, :desk, '', 'lead', '', :yes, 'write', :from, '', :now)")
            .bind("id", MemberId::new())
            .bind("room", key.room())
            .bind("kind", owner_kind(posting))
            .bind("posting", posting)
            .bind("desk", desk)
            .bind("yes", true)
            .bind("from", from_on)
            .bind("now", ctx.now()),
    )
    .await?;
    Ok(())
}

async fn end_owner_seat(tx: &mut Tx, key: &RoomKey, on: NaiveDate) -> Result<()> {
    tx.exec(
        sql("update cases_member set until_on = case when from_on > :on then from_on else :on end, end_reason = '主担当の交代'
              where room_id = :room and is_owner and until_on is null")
            .bind("on", on)
            .bind("room", key.room()),
    )
    .await?;
    Ok(())
}

/// Changes the owner; the one before leaves the seat and, unless kept in the team, the key. Logged;
/// counted as `case.owner`.
///
/// # Errors
/// A sealed case and no person, or the key lets only read.
pub async fn set_owner(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    desk: DeskId,
    posting: Option<PostingId>,
    keep_former: bool,
) -> Result<()> {
    rules::may_own(key.is_sealed(), desk, posting).map_err(|r| Error::Invalid(r.sentence()))?;
    if key.owner_posting() == posting && key.owner_desk() == desk {
        return Ok(());
    }
    access::set_owner(tx, ctx, key, desk, posting).await?;
    seat_owner(tx, ctx, key, desk, posting, ctx.today()).await?;
    if let Some(posting) = posting {
        // Who was in the team and now leads it has one seat, the owner's.
        let seats = tx
            .rows(
                sql("select id from cases_member where room_id = :room and posting_id = :p and until_on is null and not is_owner")
                    .bind("room", key.room())
                    .bind("p", posting),
            )
            .await?;
        for row in seats {
            leave(tx, ctx, key, row.get("id")?, "主担当になったため").await?;
        }
    }
    if keep_former {
        keep_in_team(tx, ctx, key, posting).await?;
    }
    taken_over(tx, ctx, key, posting).await?;
    event::record(
        tx,
        ctx,
        Event {
            desk: Some(desk),
            ..happened(ctx, "case.owner", ctx.today(), key)
        },
    )
    .await
}

/// Somebody else leads from now on: they are told, and confirm that they have read it. Who takes a
/// case for themselves has just said so.
async fn taken_over(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    posting: Option<PostingId>,
) -> Result<()> {
    let to = posting.filter(|p| ctx.actor.postings.iter().all(|own| own.id != *p));
    let change = Change {
        from: key.owner_posting(),
        to,
    };
    takeover::wait_for(tx, ctx, change, &[key.room()]).await?;
    handover::tell(tx, ctx, to, 1).await
}

/// The former owner (as the key still says) becomes an ordinary member.
async fn keep_in_team(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    new_owner: Option<PostingId>,
) -> Result<()> {
    let with = Key {
        level: Level::Write,
        basis: Basis::Duty,
        reason: "前の主担当としてチームに残る".into(),
    };
    let who = match key.owner_posting() {
        Some(former) if Some(former) == new_owner => return Ok(()),
        Some(former) => Who::Posting(former, with),
        None if key.is_sealed() => return Ok(()),
        None => Who::Desk(key.owner_desk(), with),
    };
    let seat = NewMember {
        who,
        role: "supporter".into(),
        does: String::new(),
        from_on: ctx.today(),
    };
    add(tx, ctx, key, seat).await?;
    Ok(())
}
