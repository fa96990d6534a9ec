//! Whose move it is: to a colleague at the desk, or to another desk.

use engawa_kernel::{
    access::{self, Duty, NewGrant, RoomKey, RoomKind, Source},
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::{DeskId, PostingId, RoomId, new_uuid},
    notices, once,
};
use engawa_organisations as organisations;
use serde_json::json;

use super::{
    emergency,
    read::{Turn, turn},
    settings,
};

/// To whom, and what to say with it.
#[derive(Debug, Clone)]
pub struct Handover {
    /// The desk whose move it becomes.
    pub desk: DeskId,
    /// Somebody in particular there.
    pub posting: Option<PostingId>,
    /// Why; for the next to read.
    pub note: String,
}

/// Gives a consultation to a colleague or to another desk, which sees it as new. The sender may go
/// on reading where the municipality has set so.
///
/// # Errors
/// It is closed; the posting is not at the desk today; a restricted record without a person.
pub async fn hand_over(ctx: &Ctx, room: RoomId, to: Handover, token: &str) -> Result<()> {
    ctx.need(Duty::Triage)?;
    let (mut tx, key) = access::open_for_write(ctx, room, RoomKind::Consultation, "assign").await?;
    once::claim(&mut tx, ctx, token).await?;
    let before = turn(&mut tx, &key).await?;
    if !before.state.is_open() {
        return Err(Error::Invalid(
            "終わった相談なので、担当は変えていません。続きがあるときは、判断を訂正してから渡してください。".into(),
        ));
    }
    move_to(&mut tx, ctx, &key, &before, &to).await?;
    once::lead_to(&mut tx, ctx, token, &RoomKind::Consultation.path(room)).await?;
    tx.commit().await
}

/// 「引き受ける」: the actor makes it their own move.
///
/// # Errors
/// The actor does not decide at the desk whose move it is.
pub async fn take_up(ctx: &Ctx, room: RoomId) -> Result<()> {
    ctx.need(Duty::Triage)?;
    let (mut tx, key) = access::open_for_write(ctx, room, RoomKind::Consultation, "assign").await?;
    let before = turn(&mut tx, &key).await?;
    let mine = ctx
        .actor
        .postings
        .iter()
        .find(|p| p.desk == Some(before.desk) && p.role.may(Duty::Triage))
        .ok_or_else(|| {
            Error::Forbidden("この窓口に配置されていないため、引き受けられません。".into())
        })?;
    let to = Handover {
        desk: before.desk,
        posting: Some(mine.id),
        note: String::new(),
    };
    if before.posting == to.posting && !before.arrived {
        return Ok(());
    }
    move_to(&mut tx, ctx, &key, &before, &to).await?;
    tx.commit().await
}

async fn move_to(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    before: &Turn,
    to: &Handover,
) -> Result<()> {
    let room = key.room();
    let at_desk = organisations::postings_at_desk(tx, ctx, to.desk).await?;
    let receiver = match to.posting {
        None => None,
        Some(id) => Some(
            at_desk
                .iter()
                .find(|p| p.id == id && p.role.may(Duty::Triage))
                .ok_or_else(|| {
                    Error::Invalid(
                        "選ばれた担当者は、本日その窓口で相談を扱えません。担当者を選び直してください。".into(),
                    )
                })?,
        ),
    };
    if key.is_sealed() && receiver.is_none() {
        return Err(Error::Invalid(
            "限定記録は窓口あてには渡せません。受け取る担当者を選んでください。".into(),
        ));
    }
    let elsewhere = to.desk != before.desk;
    if elsewhere {
        organisations::desk(tx, ctx, to.desk).await?;
    }
    // The key at hand lets write until the end of this change, whatever becomes of the grants.
    if elsewhere {
        access::revoke_source(tx, ctx, room, Source::Intake, None).await?;
    } else if before.slip {
        super::slip::end_lay_key(tx, ctx, room).await?;
    }
    access::set_owner(tx, ctx, key, to.desk, to.posting).await?;
    if elsewhere {
        if settings::sender_keeps_read(tx, ctx).await? {
            keep_reading(tx, ctx, key, before).await?;
        }
        if key.is_sealed() {
            emergency::tell_supervisors(tx, ctx, room, to.desk, true).await?;
        }
        notices::to_owner(tx, ctx, room, "consultation_arrived", json!({})).await?;
    } else if let Some(p) = receiver
        && p.staff != ctx.actor.staff
    {
        notices::to_staff(
            tx,
            ctx,
            p.staff,
            Some(room),
            "consultation_assigned",
            json!({}),
        )
        .await?;
    }
    tx.exec_versioned(
        sql("update consultations_consultation set turn_since = :now, arrived_at = :arrived, version = version + 1
              where room_id = :room and version = :version")
            .bind("now", ctx.now())
            .bind("arrived", elsewhere.then(|| ctx.now()))
            .bind("room", room)
            .bind("version", before.version),
    )
    .await?;
    let id = new_uuid();
    tx.exec(
        sql("insert into consultations_move (id, room_id, from_desk, from_posting, to_desk, to_posting, note, moved_by, moved_at)
             values (:id, :room, :fd, :fp, :td, :tp, :note, :by, :now)")
            .bind("id", id)
            .bind("room", room)
            .bind("fd", before.desk)
            .bind("fp", before.posting)
            .bind("td", to.desk)
            .bind("tp", to.posting)
            .bind("note", to.note.as_str())
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("consultation.moved")
            .room(room)
            .detail(json!({ "move": id, "desk": to.desk, "posting": to.posting })),
    )
    .await?;
    if elsewhere {
        let mut e = Event::new("consultation.passed_on", ctx.today());
        e.room = Some(room);
        e.desk = Some(before.desk);
        e.source = Some(id);
        e.data = json!({ "to_desk": to.desk });
        event::record(tx, ctx, e).await?;
    }
    Ok(())
}

/// A reading key for the desk that passes it on; of a restricted record, for the person only.
async fn keep_reading(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, before: &Turn) -> Result<()> {
    if !key.is_sealed() {
        let grant = NewGrant::duty(before.desk, Source::Intake).read_only();
        access::cut(tx, ctx, key.room(), grant).await?;
    } else if let Some(posting) = before.posting {
        let grant = NewGrant::duty(posting, Source::Intake).read_only().sealed();
        access::cut(tx, ctx, key.room(), grant).await?;
    }
    Ok(())
}
