//! A sheet from another municipality becomes a つなぐシート here: a room of its own at the desk chosen,
//! in the hands of who took it in. Nobody over there gets a key to anything.

use engawa_kernel::{
    access::{self, Basis, NewGrant, NewRoom, RoomKey, RoomKind, Source},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{DeskId, RoomId},
    number,
};
use serde_json::json;

use super::{
    export::note, import::Came, index, peers::Peer, send, settings, sheet, steps::NewStep, turn,
};
use crate::{
    border::payload::{Payload, SentSheet},
    model::{Act, Doing, KeyLevel, Line, Sheet, Side, State},
    rules,
};

/// Takes a sheet in, once.
pub(super) async fn arrive(
    ctx: &Ctx,
    peer: &Peer,
    payload: &Payload,
    sent: &SentSheet,
    desk: Option<DeskId>,
) -> Result<Came> {
    let mut tx = ctx.write().await?;
    if let Some(came) = here(&mut tx, ctx, peer, payload).await? {
        return Ok(came);
    }
    let desk = staffed(&mut tx, ctx, desk).await?;
    let number = number::next(&mut tx, ctx, "つ", ctx.today()).await?;
    let new = NewRoom {
        kind: RoomKind::Referral,
        number,
        owner_desk: desk,
        owner_posting: None,
        sealed: None,
    };
    let key = access::found(&mut tx, ctx, new).await?;
    let own = NewGrant::duty(desk, Source::Referral).from_source(key.room().0);
    access::cut(&mut tx, ctx, key.room(), own).await?;
    let first = note(&mut tx, ctx, peer, "thread", Some(key.room()), payload).await?
        & note(&mut tx, ctx, peer, "in", Some(key.room()), payload).await?;
    if !first {
        // Somebody else took the same sheet in a moment ago; ours is dropped.
        drop(tx);
        return here(&mut ctx.read().await?, ctx, peer, payload)
            .await?
            .ok_or(Error::Changed);
    }
    let stored = store(&mut tx, ctx, &key, peer, payload, sent, desk).await?;
    tx.commit().await?;
    Ok(Came {
        room: stored.room,
        number: stored.number,
        state: Some(State::Received),
        is_sheet: true,
        again: false,
        taken: 1,
    })
}

/// The sheet that an earlier file of the same thread became, whichever key of the peer sealed it.
async fn here(conn: &mut Conn, ctx: &Ctx, peer: &Peer, payload: &Payload) -> Result<Option<Came>> {
    let row = conn
        .row(
            sql("select s.room_id, r.number from referrals_sheet s join room r on r.id = s.room_id join referrals_peer p on p.id = s.peer_id
                  where s.municipality_id = :m and s.thread_id = :thread and s.arrived and p.code = :code limit 1")
                .bind("m", ctx.municipality)
                .bind("thread", payload.thread)
                .bind("code", peer.card.code.as_str()),
        )
        .await?;
    row.map(|r| {
        Ok(Came {
            room: r.get::<RoomId>("room_id")?,
            number: r.get("number")?,
            state: None,
            is_sheet: true,
            again: true,
            taken: 0,
        })
    })
    .transpose()
}

async fn staffed(conn: &mut Conn, ctx: &Ctx, desk: Option<DeskId>) -> Result<DeskId> {
    let cards = engawa_organisations::desk_cards(conn, ctx).await?;
    desk.filter(|d| cards.iter().any(|c| c.id == *d && c.staffed))
        .ok_or_else(|| {
            Error::Invalid(
                "つなぐシートのファイルです。受け取る窓口を選んで、もう一度取り込んでください（職員のいる窓口だけが選べます）。何も取り込んでいません。".into(),
            )
        })
}

/// The lines as they came, and whom to call.
fn lines(peer: &Peer, sent: &SentSheet) -> Vec<Line> {
    let why = format!("{}から届いた内容", peer.name);
    let line = |section: &str, label: &str, text: &str, hidden| Line {
        section: section.into(),
        label: label.into(),
        text: text.into(),
        hidden,
        why: why.clone(),
    };
    let mut lines: Vec<Line> = sent
        .lines
        .iter()
        .map(|l| line(&l.section, &l.label, &l.text, l.hidden))
        .collect();
    for (label, text) in [
        ("自治体", &peer.name),
        ("窓口・担当者", &sent.sender.shown()),
        ("電話", &sent.sender.phone),
        ("相手の番号", &sent.number),
        ("渡してよい根拠", &sent.basis),
    ] {
        if !text.is_empty() {
            lines.push(line("送り手の連絡先", label, text, false));
        }
    }
    lines
}

async fn store(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    peer: &Peer,
    payload: &Payload,
    sent: &SentSheet,
    desk: DeskId,
) -> Result<Sheet> {
    let lines = lines(peer, sent);
    let from = format!("{}　{}", peer.name, sent.sender.shown());
    let days = settings::load(tx, ctx).await?.deadlines();
    let doing = Doing::new(Act::Receive);
    let due = rules::due(
        State::Received,
        days,
        ctx.today(),
        sent.reply_due_on,
        &doing,
    );
    tx.exec(
        sql("insert into referrals_sheet (room_id, municipality_id, source_room_id, kind, state, from_desk_id, from_staff_id, to_desk_id,
                to_name, to_contact, paper, wishes, words, reason, asked, urgency, reply_due_on, key_level, basis, basis_reason, snapshot,
                due_on, move_since, layer, sent_at, created_at, version, peer_id, arrived, thread_id, from_name, asked_items)
             values (:room, :m, :room, :kind, :state, :desk, :staff, :desk,
                '', '', :paper, '', '', '', '', :urgency, :reply, :level, :basis, '', :snapshot,
                :due, :now, 0, :now, :now, 1, :peer, :arrived, :thread, :from, :asked)")
            .bind("room", key.room())
            .bind("m", ctx.municipality)
            .bind("kind", sent.request)
            .bind("state", State::Received)
            .bind("desk", desk)
            .bind("staff", ctx.actor.staff)
            .bind("paper", false)
            .bind("urgency", sent.urgency)
            .bind("reply", sent.reply_due_on)
            .bind("level", KeyLevel::Sheet)
            .bind("basis", Basis::Duty)
            .bind("snapshot", serde_json::to_string(&lines)?)
            .bind("due", due)
            .bind("now", ctx.now())
            .bind("peer", peer.id)
            .bind("arrived", true)
            .bind("thread", payload.thread)
            .bind("from", from.as_str())
            .bind("asked", serde_json::to_string(&sent.asked)?),
    )
    .await?;
    let stored = sheet::read(tx, key).await?;
    let mut came = NewStep::of(Act::Send, State::Sent, Side::Sender);
    came.note = format!(
        "{from} から、ファイルで届きました（相手の番号 {}）。",
        sent.number
    );
    turn::record(tx, ctx, &stored, &came, Some(desk), due).await?;
    let taken = NewStep::of(Act::Receive, State::Received, Side::Receiver);
    turn::pass(tx, ctx, key, &stored, &taken, due).await?;
    turn::tell(tx, ctx, key, (desk, None), "referral_arrived", json!({})).await?;
    index::sheet(tx, ctx, &stored, &lines).await?;
    let detail = json!({ "peer": peer.id, "package": payload.id });
    audit::append(
        tx,
        ctx,
        Entry::new("referral.imported")
            .room(key.room())
            .detail(detail),
    )
    .await?;
    send::happened(
        tx,
        ctx,
        &stored,
        "referral.arrived",
        json!({ "kind": sent.request }),
    )
    .await?;
    Ok(stored)
}
