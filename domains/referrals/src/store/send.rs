//! Sending: what the receiver reads is frozen, what was passed on is written down, the receiver gets
//! the key of the envelope, a task and a notice. All of it, or nothing.

use engawa_kernel::{
    access::{self, NewGrant, RoomKey, RoomKind, Source},
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::new_uuid,
};
use serde_json::json;

use super::{act, index, settings, sheet, steps::NewStep, turn};
use crate::{
    compose::{self, Composed},
    model::{Act, Doing, Sheet, Side, State, To},
    rules,
};

/// Sends a draft. `text_checked`: whoever sends has read the texts once more; it is asked of every
/// sending, never kept with a draft.
///
/// # Errors
/// It cannot go out like this (the sentences say why), the texts must be checked and were not, or
/// somebody else changed it in between.
pub async fn send(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    version: i64,
    text_checked: bool,
) -> Result<()> {
    key.need_write()?;
    let mut sheet = sheet::read(tx, key).await?;
    act::stands(ctx, &sheet, Side::Sender)?;
    let to = rules::next(sheet.state, Act::Send, sheet.content.kind)
        .map_err(|r| Error::Invalid(r.sentence()))?;
    if sheet.content.reply_due_on < ctx.today() {
        return Err(Error::Invalid(
            "「返事の期日」が過ぎています。きょうより後の日に直してから送ってください。まだ送っていません。".into(),
        ));
    }
    if let Some(peer) = sheet.to_peer() {
        super::peers::open(tx, ctx, peer).await?;
        super::peers::keys(tx, ctx).await?;
        sheet.thread = Some(new_uuid());
    }
    let kind = sheet::kind_of(tx, ctx, sheet.source).await?;
    let source = access::write_key(tx, ctx, sheet.source, kind, "referral").await?;
    sheet.paper = sheet::is_paper(tx, ctx, &sheet.content.to).await?;
    let composed = compose::compose(
        tx,
        ctx,
        &source,
        &sheet.content,
        sheet.from_desk,
        sheet.paper,
    )
    .await?;
    if !composed.problems.is_empty() {
        return Err(Error::Invalid(format!(
            "{}まだ送っていません。書いた内容は下書きに残っています。",
            composed.problems.join("")
        )));
    }
    let composed = composed.with_check(text_checked).map_err(|why| {
        Error::Invalid(format!(
            "{why}まだ送っていません。書いた内容は下書きに残っています。"
        ))
    })?;
    if !sheet.paper
        && let To::Desk(desk, Some(posting)) = sheet.content.to
    {
        of_desk(tx, ctx, desk, posting).await?;
    }
    for new in composed.disclosures.iter().filter(|d| !d.items.is_empty()) {
        engawa_people::record_disclosure(tx, ctx, &source, new).await?;
    }
    freeze(tx, ctx, &sheet, &composed, to, version).await?;
    sheet.content.key_level = composed.key_level;
    if !sheet.paper {
        let (desk, posting) = turn::mover(&sheet, Side::Receiver);
        let theirs = match (key.is_sealed(), posting) {
            (true, Some(posting)) => NewGrant::duty(posting, Source::Referral).sealed(),
            _ => NewGrant::duty(desk, Source::Referral),
        };
        let mut theirs = theirs.from_source(key.room().0);
        theirs.basis = sheet.content.basis;
        access::cut(tx, ctx, key.room(), theirs).await?;
    }
    let days = settings::load(tx, ctx).await?.deadlines();
    let doing = Doing::new(Act::Send);
    let due = rules::due(to, days, ctx.today(), sheet.content.reply_due_on, &doing);
    let mut step = NewStep::of(Act::Send, to, Side::Sender);
    step.detail = json!({ "people": composed.disclosures.len(), "basis": sheet.content.basis, "text_checked": composed.must_check });
    turn::pass(tx, ctx, key, &sheet, &step, due).await?;
    if !sheet.paper {
        turn::tell(
            tx,
            ctx,
            key,
            turn::mover(&sheet, Side::Receiver),
            "referral_arrived",
            json!({}),
        )
        .await?;
    }
    if let Some(earlier) = sheet.follows {
        raise(tx, ctx, earlier, key).await?;
    }
    index::sheet(tx, ctx, &sheet, &composed.lines).await?;
    if composed.must_check {
        let detail = json!({ "unspoken": composed.clearance.unspoken().count(), "protected": composed.clearance.protected().count() });
        let entry = Entry::new("referral.text_checked").room(key.room());
        audit::append(tx, ctx, entry.detail(detail)).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("referral.sent")
            .room(key.room())
            .detail(json!({ "source": sheet.source, "basis": sheet.content.basis })),
    )
    .await?;
    happened(tx, ctx, &sheet, "referral.sent", json!({ "kind": sheet.content.kind, "urgency": sheet.content.urgency, "paper": sheet.paper })).await
}

/// Somebody in particular at the receiver must be posted there.
async fn of_desk(
    tx: &mut Tx,
    ctx: &Ctx,
    desk: engawa_kernel::id::DeskId,
    posting: engawa_kernel::id::PostingId,
) -> Result<()> {
    let known = engawa_organisations::postings_at_desk(tx, ctx, desk).await?;
    if known.iter().any(|p| p.id == posting) {
        return Ok(());
    }
    Err(Error::Invalid(
        "選んだ受け手の職員は、いまその窓口に配置されていません。選び直してください。まだ送っていません。".into(),
    ))
}

async fn freeze(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: &Sheet,
    composed: &Composed,
    to: State,
    version: i64,
) -> Result<()> {
    let days = settings::load(tx, ctx).await?.deadlines();
    let due = rules::due(
        to,
        days,
        ctx.today(),
        sheet.content.reply_due_on,
        &Doing::new(Act::Send),
    );
    tx.exec_versioned(
        sql("update referrals_sheet set state = :state, snapshot = :snapshot, paper = :paper, key_level = :level, thread_id = :thread, sent_at = :now, move_since = :now,
                due_on = :due, layer = 0, version = version + 1
              where room_id = :room and version = :version")
            .bind("state", to)
            .bind("snapshot", serde_json::to_string(&composed.lines)?)
            .bind("paper", sheet.paper)
            .bind("level", composed.key_level)
            .bind("thread", sheet.thread)
            .bind("now", ctx.now())
            .bind("due", due)
            .bind("room", sheet.room)
            .bind("version", version),
    )
    .await
}

/// The returned sheet that this one raises again is done.
async fn raise(
    tx: &mut Tx,
    ctx: &Ctx,
    earlier: engawa_kernel::id::RoomId,
    new: &RoomKey,
) -> Result<()> {
    let old = access::write_key(tx, ctx, earlier, RoomKind::Referral, "referral again").await?;
    let before = sheet::read(tx, &old).await?;
    if before.state != State::Returned {
        return Ok(());
    }
    let number = sheet::read(tx, new).await?.number;
    let doing = Doing::new(Act::RaiseAgain).note(format!("{number} として出し直しました。"));
    act::perform(tx, ctx, &old, &doing, before.version).await?;
    Ok(())
}

/// An event of this sheet, counted at the actor's desk.
pub(super) async fn happened(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: &Sheet,
    kind: &'static str,
    data: serde_json::Value,
) -> Result<()> {
    let posting = ctx.actor.postings.first();
    event::record(
        tx,
        ctx,
        Event {
            room: Some(sheet.room),
            body: posting.map(|p| p.body),
            desk: posting.and_then(|p| p.desk),
            source: Some(sheet.room.0),
            data,
            ..Event::new(kind, ctx.today())
        },
    )
    .await
}
