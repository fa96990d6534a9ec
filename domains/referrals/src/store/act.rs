//! Acting on a sheet. One way for all acts: side, graph, what is filled in, effects, the move passes.

use engawa_kernel::{
    access::{self, Basis, Duty, Level, RoomKey, RoomKind},
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
};
use serde_json::json;

use super::{key, send, settings, sheet, steps::NewStep, turn};
use crate::{
    model::{Act, Doing, ReferralKind, Sheet, Side, State, To},
    rules::{self, Refusal},
};

/// On which sides the actor stands. The sender's side speaks for a receiver on paper; whoever the
/// envelope was handed to since (a desk that took over another's work) stands where the move is.
#[must_use]
pub fn sides(ctx: &Ctx, sheet: &Sheet) -> Vec<Side> {
    let at = |desk| {
        ctx.actor
            .postings
            .iter()
            .any(|p| p.desk == Some(desk) && p.role.may(Duty::WorkCase))
    };
    if sheet.arrived.is_some() {
        // The sender is in another municipality.
        let here = at(sheet.from_desk) || at(sheet.turn_desk);
        return here.then_some(Side::Receiver).into_iter().collect();
    }
    let mut sides = Vec::new();
    if at(sheet.from_desk) {
        sides.push(Side::Sender);
    }
    let receives = match &sheet.content.to {
        To::Desk(desk, _) if !sheet.paper => at(*desk),
        _ => at(sheet.from_desk),
    };
    if receives {
        sides.push(Side::Receiver);
    }
    if let Some(side) = rules::whose_move(sheet.state)
        && at(sheet.turn_desk)
        && !sides.contains(&side)
    {
        sides.push(side);
    }
    sides
}

/// What the actor can do now, in the order of the buttons. The desk that received a sheet from another
/// municipality writes down what the sender there says.
#[must_use]
pub fn possible(ctx: &Ctx, sheet: &Sheet) -> Vec<Act> {
    let sides = sides(ctx, sheet);
    let on = |side| rules::possible(sheet.state, sheet.content.kind, side);
    let mut acts = Vec::new();
    for side in [Side::Receiver, Side::Sender] {
        if sides.contains(&side) {
            acts.extend(on(side));
        }
    }
    if sheet.arrived.is_some() && !sides.is_empty() {
        acts.extend(
            on(Side::Sender)
                .into_iter()
                .filter(|a| rules::spoken_for_sender(*a)),
        );
    }
    acts
}

/// Stops who may not do this here.
fn may(ctx: &Ctx, sheet: &Sheet, act: Act) -> Result<()> {
    if sheet.arrived.is_some() && rules::spoken_for_sender(act) {
        return stands(ctx, sheet, Side::Receiver);
    }
    stands(ctx, sheet, rules::side_of(act))
}

/// Stops who is not on this side.
///
/// # Errors
/// [`Refusal::NotYourSide`] as a sentence.
pub(super) fn stands(ctx: &Ctx, sheet: &Sheet, side: Side) -> Result<()> {
    if sides(ctx, sheet).contains(&side) {
        Ok(())
    } else {
        Err(Error::Forbidden(Refusal::NotYourSide(side).sentence()))
    }
}

/// Does it. Returns where the sheet stands now.
///
/// # Errors
/// The act does not follow, something is missing, it is the other side's, or somebody else was first.
pub async fn act(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    doing: &Doing,
    version: i64,
) -> Result<State> {
    key.need_write()?;
    if doing.act == Act::Send {
        send::send(tx, ctx, key, version, doing.text_checked).await?;
        return Ok(State::Sent);
    }
    if doing.act == Act::RaiseAgain {
        return Err(Error::Invalid(Refusal::OnlyByFollowing.sentence()));
    }
    perform(tx, ctx, key, doing, version).await
}

/// Every act but sending; raising again only while the sheet that follows is being sent.
pub(super) async fn perform(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    doing: &Doing,
    version: i64,
) -> Result<State> {
    let sheet = sheet::read(tx, key).await?;
    let side = rules::side_of(doing.act);
    may(ctx, &sheet, doing.act)?;
    let refuse = |r: Refusal| Error::Invalid(r.sentence());
    let to = rules::next(sheet.state, doing.act, sheet.content.kind).map_err(refuse)?;
    rules::complete(doing, sheet.state, sheet.paper, ctx.today()).map_err(refuse)?;
    let days = settings::load(tx, ctx).await?.deadlines();
    let due = rules::due(to, days, ctx.today(), sheet.content.reply_due_on, doing);
    store(tx, ctx, &sheet, doing, to, due, version).await?;
    let mut step = step_of(doing, to, side);
    effects(tx, ctx, key, &sheet, doing, &mut step).await?;
    turn::pass(tx, ctx, key, &sheet, &step, due).await?;
    if sheet.sent_at.is_some() && !sheet.paper && sheet.arrived.is_none() {
        let other = match side {
            Side::Sender => Side::Receiver,
            Side::Receiver | Side::System => Side::Sender,
        };
        let unopened = to == State::Withdrawn && sheet.opened_at.is_none();
        if !unopened {
            turn::tell(
                tx,
                ctx,
                key,
                turn::mover(&sheet, other),
                "referral_answered",
                json!({ "act": doing.act }),
            )
            .await?;
        }
    }
    audit::append(
        tx,
        ctx,
        Entry::new("referral.moved")
            .room(key.room())
            .detail(json!({ "act": doing.act, "state": to })),
    )
    .await?;
    let data = json!({ "act": doing.act, "state": to, "reason": step.reason });
    send::happened(tx, ctx, &sheet, "referral.moved", data).await?;
    Ok(to)
}

fn step_of(doing: &Doing, to: State, side: Side) -> NewStep {
    NewStep {
        channel: doing.channel,
        answered_by: doing.answered_by.clone(),
        reason: match doing.act {
            Act::Return => doing.return_reason.map_or("", |r| r.as_code()),
            Act::Withdraw => doing.withdraw_reason.map_or("", |r| r.as_code()),
            Act::Report => doing.outcome.map_or("", |o| o.as_code()),
            _ => "",
        },
        note: doing.note.clone(),
        proposal: doing.proposal.clone(),
        detail: json!({ "part": doing.part, "linked": doing.linked, "resume_on": doing.resume_on }),
        ..NewStep::of(doing.act, to, side)
    }
}

async fn store(
    tx: &mut Tx,
    ctx: &Ctx,
    sheet: &Sheet,
    doing: &Doing,
    to: State,
    due: Option<chrono::NaiveDate>,
    version: i64,
) -> Result<()> {
    let answers = matches!(doing.act, Act::Accept | Act::Return | Act::AdviseOnly);
    let over = rules::whose_move(to).is_none();
    let q = sql(
        "update referrals_sheet set state = :state, due_on = :due, move_since = :now, layer = 0, version = version + 1,
                answered_at = case when :answers then coalesce(answered_at, :now) else answered_at end,
                closed_at = case when :over then :now else closed_at end
                {outcome} {returned}
          where room_id = :room and version = :version",
    );
    let q = match doing.act {
        Act::Report => q
            .slot("{outcome}", ", outcome = :outcome, linked = :linked")
            .bind("outcome", doing.outcome)
            .bind("linked", doing.linked),
        // Asked again: what was reported before stands in the history only.
        Act::AskAgain => q.slot("{outcome}", ", outcome = null, linked = null"),
        _ => q.slot("{outcome}", ""),
    };
    let q = match doing.act {
        Act::Return => q
            .slot("{returned}", ", return_reason = :reason")
            .bind("reason", doing.return_reason),
        _ => q.slot("{returned}", ""),
    };
    tx.exec_versioned(
        q.bind("state", to)
            .bind("due", due)
            .bind("now", ctx.now())
            .bind("answers", answers)
            .bind("over", over)
            .bind("room", sheet.room)
            .bind("version", version),
    )
    .await
}

/// What an act does besides moving the sheet: keys come and go.
async fn effects(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    sheet: &Sheet,
    doing: &Doing,
    step: &mut NewStep,
) -> Result<()> {
    match doing.act {
        Act::Accept => accept(tx, ctx, sheet, step).await,
        Act::Close => {
            if doing.keep_seat {
                seat(tx, ctx, sheet).await?;
            }
            key::take_back(tx, ctx, sheet).await
        }
        Act::Return | Act::AdviseOnly | Act::RaiseAgain => key::take_back(tx, ctx, sheet).await,
        Act::Withdraw => {
            key::take_back(tx, ctx, sheet).await?;
            if sheet.sent_at.is_some()
                && sheet.opened_at.is_none()
                && !sheet.paper
                && sheet.arrived.is_none()
            {
                access::set_owner(tx, ctx, key, sheet.from_desk, sheet.from_posting).await?;
                key::close_envelope(tx, ctx, key, sheet).await?;
                step.detail = json!({ "unopened": true });
            }
            Ok(())
        }
        Act::Send
        | Act::Receive
        | Act::Start
        | Act::Hold
        | Act::Resume
        | Act::Report
        | Act::AskAgain => Ok(()),
    }
}

async fn accept(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet, step: &mut NewStep) -> Result<()> {
    let opened = !sheet.paper && key::cut(tx, ctx, sheet).await?;
    step.detail =
        json!({ "part": step.detail["part"], "key": opened.then_some(sheet.content.key_level) });
    if sheet.content.kind == ReferralKind::Transfer && !sheet.paper {
        if !opened {
            return Err(Error::Invalid(
                "もとの記録の全員の同意がいまはそろっていないため、主担当を移せません。まだ引き受けていません。送り手の窓口に連絡してください。".into(),
            ));
        }
        return transfer(tx, ctx, sheet).await;
    }
    if !opened && sheet.content.key_level.key().is_some() && !sheet.paper {
        step.note
            .push_str("（同意が終わっているため、もとの記録の閲覧権は渡していません。）");
    }
    Ok(())
}

/// 主担当 moves to the receiver; the former one stays in the team.
async fn transfer(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet) -> Result<()> {
    let Some(desk) = sheet.to_desk() else {
        return Err(Error::NotFound);
    };
    let posting = ctx
        .actor
        .postings
        .iter()
        .find(|p| p.desk == Some(desk) && p.role.may(Duty::WorkCase))
        .map(|p| p.id);
    let case =
        access::write_key(tx, ctx, sheet.source, RoomKind::Case, "referral transfer").await?;
    engawa_cases::store::team::set_owner(tx, ctx, &case, desk, posting, true).await?;
    // The owner's own key has taken its place.
    key::take_back(tx, ctx, sheet).await
}

/// 支援を続ける: the receiver gets a seat in the team, by the sender's own key.
async fn seat(tx: &mut Tx, ctx: &Ctx, sheet: &Sheet) -> Result<()> {
    use engawa_cases::store::team::{self, Key, NewMember, Who};
    let To::Desk(desk, posting) = sheet.content.to else {
        return Ok(());
    };
    if sheet.paper || sheet::kind_of(tx, ctx, sheet.source).await? != RoomKind::Case {
        return Ok(());
    }
    let case = access::write_key(tx, ctx, sheet.source, RoomKind::Case, "referral seat").await?;
    if !key::is_open(tx, ctx, sheet.source, sheet.room).await? {
        return Err(Error::Invalid(
            "受け手の閲覧権はもう終わっているため、支援チームには入れていません。続けて関わってもらうときは、同意を確かめてから支援チームの画面で加えてください。まだ完了にしていません。".into(),
        ));
    }
    let with = Key {
        level: sheet.content.key_level.key().unwrap_or(Level::Read),
        basis: sheet.content.basis,
        reason: match sheet.content.basis {
            Basis::Consent => format!("つなぐシート {} から続けて支援", sheet.number),
            _ => format!(
                "つなぐシート {} {}",
                sheet.number, sheet.content.basis_reason
            ),
        },
    };
    let who = match (case.is_sealed(), posting) {
        (true, Some(posting)) => Who::Posting(posting, with),
        _ => Who::Desk(desk, with),
    };
    let member = NewMember {
        who,
        role: "supporter".into(),
        does: String::new(),
        from_on: ctx.today(),
    };
    match team::add(tx, ctx, &case, member).await {
        // Already in the team: nothing more is needed.
        Ok(_) | Err(Error::Invalid(_)) => Ok(()),
        Err(e) => Err(e),
    }
}
