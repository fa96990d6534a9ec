//! Word from the other end of a sheet: its acts go through the same state machine as if they were
//! done here. Every file tells all acts so far; what was taken in before is passed over.

use engawa_kernel::{
    access::{self, RoomKind},
    audit::{self, Entry},
    context::Ctx,
    db::sql,
    error::{Error, Result},
    id::RoomId,
    text::truncate_graphemes,
};
use serde_json::json;

use super::{act, export::note, import::Came, peers::Peer, sheet};
use crate::{
    border::payload::{Payload, Told, ToldStep},
    model::{Act, Channel, Doing, Sheet, Side, State},
    rules,
};

/// What stands when there is no such sheet here, or the actor may not open it: the same words.
fn not_ours() -> Error {
    Error::Invalid(
        "これは、あなたの窓口がこの自治体とやりとりしているつなぐシートについての知らせではありません。シートを送った（受けた）窓口の職員に、取り込んでもらってください。何も変えていません。".into(),
    )
}

/// Takes the acts of `side` in.
pub(super) async fn take(
    ctx: &Ctx,
    peer: &Peer,
    payload: &Payload,
    told: &Told,
    side: Side,
) -> Result<Came> {
    let row = ctx
        .read()
        .await?
        .row(
            sql("select s.room_id from referrals_sheet s join referrals_peer p on p.id = s.peer_id
                  where s.municipality_id = :m and s.thread_id = :thread and p.code = :code and s.arrived = :arrived and s.sent_at is not null limit 1")
                .bind("m", ctx.municipality)
                .bind("thread", payload.thread)
                .bind("code", peer.card.code.as_str())
                .bind("arrived", side == Side::Sender),
        )
        .await?
        .ok_or_else(not_ours)?;
    let room: RoomId = row.get("room_id")?;
    let (mut tx, key) =
        access::open_for_write(ctx, room, RoomKind::Referral, "referral over the border")
            .await
            .map_err(|e| match e {
                Error::NotFound | Error::Refused(_) | Error::Forbidden(_) => not_ours(),
                e => e,
            })?;
    let before = sheet::read(&mut tx, &key).await?;
    let newest = told.steps.last().map_or(0, |s| s.place);
    let came = |now: &Sheet, taken, again| Came {
        room,
        number: now.number.clone(),
        state: Some(now.state),
        is_sheet: false,
        again,
        taken,
    };
    let fresh = note(&mut tx, ctx, peer, "in", Some(room), payload).await?;
    if !fresh || newest <= before.peer_place {
        // A replay, or older than what is known: the transaction is dropped.
        return Ok(came(&before, 0, true));
    }
    let by = format!("{}　{}", peer.name, told.by.shown());
    let mut taken = 0;
    for step in told.steps.iter().filter(|s| s.place > before.peer_place) {
        if rules::side_of(step.act) != side {
            return Err(Error::Invalid(format!(
                "ファイルに、相手の側ではできない操作（{}）が書かれています。何も変えていません。相手に電話で確かめてください。",
                step.act.label()
            )));
        }
        let now = sheet::read(&mut tx, &key).await?;
        if is_known(step, &now) {
            continue;
        }
        let doing = doing(ctx, step, &by);
        act::act(&mut tx, ctx, &key, &doing, now.version).await?;
        taken += 1;
    }
    tx.exec(
        sql("update referrals_sheet set peer_place = :place where room_id = :room")
            .bind("place", newest)
            .bind("room", room),
    )
    .await?;
    let detail = json!({ "peer": peer.id, "package": payload.id, "acts": taken });
    audit::append(
        &mut tx,
        ctx,
        Entry::new("referral.answer_taken")
            .room(room)
            .detail(detail),
    )
    .await?;
    let now = sheet::read(&mut tx, &key).await?;
    tx.commit().await?;
    Ok(came(&now, taken, false))
}

/// Written down here before, by telephone: the sheet stands where the step would lead. That it was
/// received goes without saying once it was answered.
fn is_known(step: &ToldStep, now: &Sheet) -> bool {
    step.state == now.state || (step.act == Act::Receive && now.state != State::Sent)
}

fn doing(ctx: &Ctx, step: &ToldStep, by: &str) -> Doing {
    let tomorrow = rules::after(ctx.today(), 1);
    Doing {
        note: truncate_graphemes(&step.note, 4000).to_owned(),
        proposal: truncate_graphemes(&step.proposal, 500).to_owned(),
        return_reason: step.return_reason,
        withdraw_reason: step.withdraw_reason,
        outcome: step.outcome,
        linked: step.linked,
        part: step.part,
        // The day may have passed while the file was on its way.
        resume_on: step.resume_on.map(|d| d.max(tomorrow)),
        channel: Some(Channel::File),
        answered_by: truncate_graphemes(by, 100).to_owned(),
        ..Doing::new(step.act)
    }
}
