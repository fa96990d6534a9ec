//! A sheet, or what was done with it, as a file for the other municipality. Each download is in the
//! log of the room as an export, with the file's id.

use engawa_kernel::{
    access::{self, Act as Turn, RoomKind},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{RoomId, new_uuid},
};
use serde_json::json;

use super::{
    act,
    peers::{self, Peer},
    sheet, steps,
};
use crate::{
    border::{
        file,
        payload::{
            Body, Contact, FORMAT, GOOD_DAYS, Party, Payload, SentLine, SentSheet, Told, ToldStep,
            VERSION,
        },
    },
    model::{Act, Outcome, ReturnReason, Sheet, Side, State, Step, WithdrawReason},
    rules,
};

/// A file to hand to the browser.
#[derive(Debug)]
pub struct Download {
    /// Its name: the sheet's number and what it is, nobody's name.
    pub name: String,
    /// Sealed.
    pub bytes: Vec<u8>,
}

/// Which file of a sheet that goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The sheet; of one that arrived, the answer.
    Main,
    /// What the sender did later.
    Notice,
}

/// What the sender tells afterwards.
#[must_use]
pub const fn is_notice(act: Act) -> bool {
    matches!(
        act,
        Act::AskAgain | Act::Close | Act::Withdraw | Act::RaiseAgain
    )
}

/// Makes the file. Logged as an export.
///
/// # Errors
/// No key to the room, or there is nothing to make a file of: a sentence.
pub async fn download(ctx: &Ctx, room: RoomId, what: What) -> Result<Download> {
    let key = access::open(
        ctx,
        room,
        RoomKind::Referral,
        Turn::Export,
        "referral over the border",
    )
    .await?;
    key.need_write()?;
    let mut tx = ctx.write().await?;
    let sheet = sheet::read(&mut tx, &key).await?;
    let peer = match (&sheet.arrived, sheet.to_peer()) {
        (Some(arrived), _) => arrived.peer,
        (None, Some(peer)) => {
            act::stands(ctx, &sheet, Side::Sender)?;
            peer
        }
        (None, None) => return Err(Error::Invalid(
            "このつなぐシートの相手は、ファイルで渡す自治体ではありません。シートのページから、相手に合った渡し方を選んでください。".into(),
        )),
    };
    let (Some(thread), true) = (sheet.thread, sheet.sent_at.is_some()) else {
        return Err(Error::Invalid(
            "下書きのつなぐシートは、まだファイルにできません。送ってからファイルを作ってください。".into(),
        ));
    };
    let peer = peers::open(&mut tx, ctx, peer).await?;
    let (keys, own) = peers::keys(&mut tx, ctx).await?;
    let history = steps::all(&mut tx, &key).await?;
    let body = match (&sheet.arrived, what) {
        (Some(_), _) => Body::Answer(told(&mut tx, ctx, &sheet, &history, Side::Receiver).await?),
        (None, What::Notice) => Body::Notice(told(&mut tx, ctx, &sheet, &history, Side::Sender).await?),
        (None, What::Main) if sheet.state == State::Withdrawn => return Err(Error::Invalid(
            "取り下げたつなぐシートのファイルは、もう作れません。相手がすでに受け取っているときは、「その後の知らせのファイル」を作って渡してください。".into(),
        )),
        (None, What::Main) => Body::Sheet(Box::new(sent(&mut tx, ctx, &sheet).await?)),
    };
    let payload = Payload {
        format: FORMAT.into(),
        version: VERSION,
        id: new_uuid(),
        thread,
        made_at: ctx.now(),
        good_until: rules::after(ctx.today(), GOOD_DAYS),
        from: Party {
            code: own.code,
            name: own.name,
        },
        to: Party {
            code: peer.card.code.clone(),
            name: peer.name.clone(),
        },
        body,
    };
    let bytes = file::seal(&keys, &peer.card, &payload).map_err(Error::Internal)?;
    let kind = payload.body.code();
    note(&mut tx, ctx, &peer, "out", Some(room), &payload).await?;
    let detail = json!({ "package": payload.id, "kind": kind, "peer": peer.id });
    audit::append(
        &mut tx,
        ctx,
        Entry::new("referral.file_made").room(room).detail(detail),
    )
    .await?;
    tx.commit().await?;
    let name = format!(
        "{}-{kind}-{}.{}",
        ascii(&sheet.number),
        clock_stamp(ctx),
        file::ENDING
    );
    Ok(Download { name, bytes })
}

fn ascii(number: &str) -> String {
    let kept: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("tsunagu-{kept}")
}

fn clock_stamp(ctx: &Ctx) -> String {
    engawa_kernel::clock::local(ctx.now())
        .format("%Y%m%d-%H%M")
        .to_string()
}

/// Writes a file down. Returns whether this is the first time.
pub(super) async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    peer: &Peer,
    way: &'static str,
    room: Option<RoomId>,
    payload: &Payload,
) -> Result<bool> {
    let id = if way == "thread" {
        payload.thread
    } else {
        payload.id
    };
    let fresh = tx
        .exec(
            sql("insert into referrals_file (municipality_id, peer_id, way, package_id, kind, room_id, made_at, at, staff_id)
                 values (:m, :peer, :way, :package, :kind, :room, :made, :now, :staff)
                 on conflict (municipality_id, peer_id, way, package_id) do nothing")
                .bind("m", ctx.municipality)
                .bind("peer", peer.id)
                .bind("way", way)
                .bind("package", id)
                .bind("kind", payload.body.code())
                .bind("room", room)
                .bind("made", payload.made_at)
                .bind("now", ctx.now())
                .bind("staff", ctx.actor.staff),
        )
        .await?;
    Ok(fresh == 1)
}

/// The desk and the person to call back.
async fn contact(conn: &mut Conn, ctx: &Ctx, sheet: &Sheet, person: String) -> Result<Contact> {
    let desk = engawa_organisations::desk(conn, ctx, sheet.from_desk).await?;
    Ok(Contact {
        desk: format!("{} {}", desk.body_name, desk.name)
            .trim()
            .to_owned(),
        person,
        phone: desk.phone,
    })
}

async fn sent(conn: &mut Conn, ctx: &Ctx, sheet: &Sheet) -> Result<SentSheet> {
    let staff = engawa_organisations::staff_names(conn, &[sheet.from_staff]).await?;
    let person = staff.get(&sheet.from_staff).cloned().unwrap_or_default();
    let mut asked: Vec<String> = Vec::new();
    for line in &sheet.lines {
        let new: Vec<&str> = match line.label.as_str() {
            "お願いしたいこと" => line
                .text
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .collect(),
            "課題" => vec![line.text.as_str()],
            _ => Vec::new(),
        };
        asked.extend(new.into_iter().map(str::to_owned));
    }
    Ok(SentSheet {
        number: sheet.number.clone(),
        request: sheet.content.kind,
        urgency: sheet.content.urgency,
        reply_due_on: sheet.content.reply_due_on,
        sent_at: sheet.sent_at.unwrap_or_else(|| ctx.now()),
        sender: contact(conn, ctx, sheet, person).await?,
        basis: sheet.content.basis.label().to_owned(),
        asked,
        lines: sheet.lines.iter().map(SentLine::from).collect(),
    })
}

/// Everything that one side did, oldest first.
async fn told(
    conn: &mut Conn,
    ctx: &Ctx,
    sheet: &Sheet,
    history: &[Step],
    side: Side,
) -> Result<Told> {
    let steps: Vec<ToldStep> = history
        .iter()
        .filter(|s| {
            s.act
                .is_some_and(|a| rules::side_of(a) == side && a != Act::Send)
        })
        // On a sheet that arrived, what came from the other end is not told back.
        .filter(|s| s.side == side)
        .filter_map(told_step)
        .collect();
    if steps.is_empty() {
        return Err(Error::Invalid(
            "まだ知らせることがありません。シートのページで操作をしてから、ファイルを作ってください。".into(),
        ));
    }
    Ok(Told {
        number: sheet.number.clone(),
        by: contact(conn, ctx, sheet, ctx.actor.name.clone()).await?,
        steps,
    })
}

fn told_step(s: &Step) -> Option<ToldStep> {
    let act = match s.act? {
        // Over there it simply ends; the new sheet comes in a file of its own.
        Act::RaiseAgain => Act::Close,
        act => act,
    };
    Some(ToldStep {
        place: s.place,
        act,
        state: s.state,
        at: s.at,
        note: s.note.clone(),
        proposal: s.proposal.clone(),
        return_reason: ReturnReason::from_code(&s.reason).filter(|_| act == Act::Return),
        withdraw_reason: WithdrawReason::from_code(&s.reason).filter(|_| act == Act::Withdraw),
        outcome: Outcome::from_code(&s.reason).filter(|_| act == Act::Report),
        linked: s.detail.get("linked").and_then(serde_json::Value::as_bool) == Some(true),
        part: s.detail.get("part").and_then(serde_json::Value::as_bool) == Some(true),
        resume_on: s
            .detail
            .get("resume_on")
            .and_then(serde_json::Value::as_str)
            .and_then(|d| d.parse().ok()),
    })
}
