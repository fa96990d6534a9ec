//! The sheet itself: begun, saved while it is a draft, read.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{self, Duty, NewGrant, NewRoom, RoomKey, RoomKind, Source},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    id::{DeskId, PersonId, RoomId},
    number,
};
use serde_json::json;
use uuid::Uuid;

use super::{settings, steps::NewStep, turn};
use crate::{
    model::{Arrived, Content, Doing, Sheet, State, To},
    rules,
};

/// Columns of a sheet with what its room says.
pub(super) const COLUMNS: &str = "s.*, r.number, r.owner_desk_id";

pub(super) fn from_row(r: &Row) -> Result<Sheet> {
    let to = match r.opt::<DeskId>("to_desk_id")? {
        Some(desk) => To::Desk(desk, r.opt("to_posting_id")?),
        None => To::Outside {
            name: r.get("to_name")?,
            contact: r.get("to_contact")?,
            peer: r.opt("peer_id")?,
        },
    };
    let arrived = match (r.get::<bool>("arrived")?, r.opt("peer_id")?) {
        (true, Some(peer)) => Some(Arrived {
            peer,
            from: r.get("from_name")?,
            asked: serde_json::from_str(&r.get::<String>("asked_items")?)?,
        }),
        _ => None,
    };
    Ok(Sheet {
        room: r.get("room_id")?,
        number: r.get("number")?,
        source: r.get("source_room_id")?,
        state: r.get("state")?,
        follows: r.opt("follows_room_id")?,
        from_desk: r.get("from_desk_id")?,
        from_posting: r.opt("from_posting_id")?,
        from_staff: r.get("from_staff_id")?,
        paper: r.get("paper")?,
        arrived,
        thread: r.opt("thread_id")?,
        peer_place: r.get("peer_place")?,
        content: Content {
            kind: r.get("kind")?,
            to,
            people: Vec::new(),
            issues: Vec::new(),
            wishes: r.get("wishes")?,
            words: r.get("words")?,
            reason: r.get("reason")?,
            asked: r.get("asked")?,
            urgency: r.get("urgency")?,
            reply_due_on: r.get("reply_due_on")?,
            key_level: r.get("key_level")?,
            basis: r.get("basis")?,
            basis_reason: r.get("basis_reason")?,
        },
        lines: serde_json::from_str(&r.get::<String>("snapshot")?)?,
        turn_desk: r.get("owner_desk_id")?,
        due_on: r.opt("due_on")?,
        move_since: r.get("move_since")?,
        layer: r.get("layer")?,
        sent_at: r.opt("sent_at")?,
        opened_at: r.opt("opened_at")?,
        answered_at: r.opt("answered_at")?,
        closed_at: r.opt("closed_at")?,
        outcome: r.opt("outcome")?,
        linked: r.opt("linked")?,
        return_reason: r.opt("return_reason")?,
        created_at: r.get("created_at")?,
        version: r.get("version")?,
    })
}

/// The sheet in an envelope, with whom and what the sender ticked.
///
/// # Errors
/// The room holds none.
pub async fn read(conn: &mut Conn, key: &RoomKey) -> Result<Sheet> {
    of_room(conn, key.room()).await
}

/// As [`read`], for whoever has opened another room that leads here.
pub(super) async fn of_room(conn: &mut Conn, room: RoomId) -> Result<Sheet> {
    let row = conn
        .one(
            sql("select {columns} from referrals_sheet s join room r on r.id = s.room_id where s.room_id = :room")
                .slot("{columns}", COLUMNS)
                .bind("room", room),
        )
        .await?;
    let mut sheet = from_row(&row)?;
    for r in conn
        .rows(sql("select person_id from referrals_person where room_id = :room order by person_id limit 500").bind("room", room))
        .await?
    {
        sheet.content.people.push(r.get("person_id")?);
    }
    for r in conn
        .rows(sql("select code, person_id from referrals_issue where room_id = :room order by code, person_id limit 500").bind("room", room))
        .await?
    {
        let person: Uuid = r.get("person_id")?;
        let whose = (!person.is_nil()).then_some(PersonId(person));
        sheet.content.issues.push((r.get("code")?, whose));
    }
    Ok(sheet)
}

/// Kind of a room of this municipality. Says nothing to the user: `access` decides what may be known.
///
/// # Errors
/// There is none.
pub async fn kind_of(conn: &mut Conn, ctx: &Ctx, room: RoomId) -> Result<RoomKind> {
    conn.one(
        sql("select kind from room where id = :room and municipality_id = :m")
            .bind("room", room)
            .bind("m", ctx.municipality),
    )
    .await?
    .get("kind")
}

/// Whether anybody who works cases is posted at a desk today.
///
/// # Errors
/// The database refuses.
pub async fn is_staffed(conn: &mut Conn, ctx: &Ctx, desk: DeskId) -> Result<bool> {
    Ok(conn
        .row(
            sql("select 1 as n from posting where desk_id = :desk and role in ('coordinator', 'supervisor', 'worker')
                    and valid_from <= :today and (valid_to is null or valid_to >= :today) limit 1")
                .bind("desk", desk)
                .bind("today", ctx.today()),
        )
        .await?
        .is_some())
}

/// Whether the receiver answers on paper: outside, or a desk that nobody with an account is posted at.
///
/// # Errors
/// The database refuses.
pub async fn is_paper(conn: &mut Conn, ctx: &Ctx, to: &To) -> Result<bool> {
    match to {
        To::Outside { .. } => Ok(true),
        To::Desk(desk, _) => Ok(!is_staffed(conn, ctx, *desk).await?),
    }
}

/// Begins a sheet as a draft in an envelope of its own. Logged.
///
/// # Errors
/// The source's key lets only read, the receiver is the sender, or the database refuses.
pub async fn begin(
    tx: &mut Tx,
    ctx: &Ctx,
    source: &RoomKey,
    content: &Content,
    follows: Option<RoomId>,
) -> Result<RoomKey> {
    source.need_write()?;
    if source.kind() == RoomKind::Referral {
        return Err(Error::NotFound);
    }
    let posting = ctx
        .actor
        .postings
        .iter()
        .find(|p| p.role.may(Duty::WorkCase) && p.desk.is_some())
        .ok_or_else(|| Error::Forbidden(Duty::WorkCase.refusal().into()))?;
    let desk = ctx.actor.desk_for(Duty::WorkCase)?;
    not_to_oneself(content, desk)?;
    if let Some(earlier) = follows {
        access::write_key(tx, ctx, earlier, RoomKind::Referral, "referral again").await?;
    }
    let sealed = engawa_cases::store::case::sealed_class(tx, source).await?;
    let number = number::next(tx, ctx, "つ", ctx.today()).await?;
    let new = NewRoom {
        kind: RoomKind::Referral,
        number,
        owner_desk: desk,
        owner_posting: sealed.as_ref().map(|_| posting.id),
        sealed,
    };
    let key = access::found(tx, ctx, new).await?;
    let own = if key.is_sealed() {
        NewGrant::duty(posting.id, Source::Referral).sealed()
    } else {
        NewGrant::duty(desk, Source::Referral)
    };
    access::cut(tx, ctx, key.room(), own.from_source(key.room().0)).await?;
    let due = rules::due(
        State::Draft,
        settings::load(tx, ctx).await?.deadlines(),
        ctx.today(),
        content.reply_due_on,
        &Doing::new(crate::model::Act::Send),
    );
    tx.exec(
        sql("insert into referrals_sheet (room_id, municipality_id, source_room_id, kind, state, follows_room_id, from_desk_id, from_posting_id, from_staff_id,
                to_name, to_contact, paper, wishes, words, reason, asked, urgency, reply_due_on, key_level, basis, basis_reason, snapshot, due_on, move_since, layer, created_at, version)
             values (:room, :m, :source, :kind, :state, :follows, :desk, :posting, :staff,
                '', '', :paper, '', '', '', '', :urgency, :reply, :level, :basis, '', '[]', :due, :now, 0, :now, 1)")
            .bind("room", key.room())
            .bind("m", ctx.municipality)
            .bind("source", source.room())
            .bind("kind", content.kind)
            .bind("state", State::Draft)
            .bind("follows", follows)
            .bind("desk", desk)
            .bind("posting", posting.id)
            .bind("staff", ctx.actor.staff)
            .bind("paper", false)
            .bind("urgency", content.urgency)
            .bind("reply", content.reply_due_on)
            .bind("level", content.key_level)
            .bind("basis", content.basis)
            .bind("due", due)
            .bind("now", ctx.now()),
    )
    .await?;
    write(tx, ctx, &key, content).await?;
    let sheet = read(tx, &key).await?;
    let mut step = NewStep::of_calendar("drafted", State::Draft);
    step.side = crate::model::Side::Sender;
    turn::record(tx, ctx, &sheet, &step, Some(desk), due).await?;
    turn::ask(tx, ctx, &sheet, State::Draft, desk, due).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("referral.draft")
            .room(key.room())
            .detail(json!({ "source": source.room() })),
    )
    .await?;
    Ok(key)
}

fn not_to_oneself(content: &Content, from: DeskId) -> Result<()> {
    match content.to {
        To::Desk(desk, _) if desk == from => Err(Error::Invalid(
            "自分の窓口には送れません。窓口の中の引き継ぎは、主担当の変更か「やること」を使ってください。まだ保存していません。".into(),
        )),
        _ => Ok(()),
    }
}

async fn write(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, c: &Content) -> Result<()> {
    let (desk, posting, name, contact, peer) = match &c.to {
        To::Desk(desk, posting) => (Some(*desk), *posting, "", "", None),
        To::Outside {
            name,
            contact,
            peer,
        } => (None, None, name.as_str(), contact.as_str(), *peer),
    };
    let paper = is_paper(tx, ctx, &c.to).await?;
    tx.exec(
        sql("update referrals_sheet set kind = :kind, to_desk_id = :desk, to_posting_id = :posting, to_name = :name, to_contact = :contact, peer_id = :peer, paper = :paper,
                wishes = :wishes, words = :words, reason = :reason, asked = :asked, urgency = :urgency, reply_due_on = :reply,
                key_level = :level, basis = :basis, basis_reason = :basis_reason
              where room_id = :room")
            .bind("room", key.room())
            .bind("kind", c.kind)
            .bind("desk", desk)
            .bind("posting", posting)
            .bind("name", name)
            .bind("contact", contact)
            .bind("peer", peer)
            .bind("paper", paper)
            .bind("wishes", c.wishes.as_str())
            .bind("words", c.words.as_str())
            .bind("reason", c.reason.as_str())
            .bind("asked", c.asked.as_str())
            .bind("urgency", c.urgency)
            .bind("reply", c.reply_due_on)
            .bind("level", c.key_level)
            .bind("basis", c.basis)
            .bind("basis_reason", c.basis_reason.as_str()),
    )
    .await?;
    for table in [
        "delete from referrals_person where room_id = :room",
        "delete from referrals_issue where room_id = :room",
    ] {
        tx.exec(sql(table).bind("room", key.room())).await?;
    }
    let people: HashSet<PersonId> = c.people.iter().copied().take(200).collect();
    for person in people {
        tx.exec(
            sql("insert into referrals_person (room_id, person_id) values (:room, :person)")
                .bind("room", key.room())
                .bind("person", person),
        )
        .await?;
    }
    let issues: HashSet<&(String, Option<PersonId>)> = c.issues.iter().take(200).collect();
    for (code, person) in issues {
        tx.exec(
            sql("insert into referrals_issue (room_id, code, person_id) values (:room, :code, :person)")
                .bind("room", key.room())
                .bind("code", code.as_str())
                .bind("person", person.map_or(Uuid::nil(), |p| p.0)),
        )
        .await?;
    }
    Ok(())
}

/// Saves a draft. Logged.
///
/// # Errors
/// It was sent, or somebody else saved in between.
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    content: &Content,
    version: i64,
) -> Result<()> {
    key.need_write()?;
    let sheet = read(tx, key).await?;
    if sheet.state != State::Draft {
        return Err(Error::Invalid(
            "このつなぐシートはもう送られているため、書き換えられません。伝えたいことは、履歴の操作で書き足してください。".into(),
        ));
    }
    not_to_oneself(content, sheet.from_desk)?;
    tx.exec_versioned(
        sql("update referrals_sheet set version = version + 1 where room_id = :room and version = :version and state = 'draft'")
            .bind("room", key.room())
            .bind("version", version),
    )
    .await?;
    write(tx, ctx, key, content).await?;
    audit::append(tx, ctx, Entry::new("referral.draft").room(key.room())).await
}

/// Writes down the receiver's first look. Logged.
///
/// # Errors
/// The database refuses.
pub async fn opened(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql("update referrals_sheet set opened_at = :at where room_id = :room and opened_at is null and sent_at is not null")
            .bind("at", at)
            .bind("room", key.room()),
    )
    .await?;
    audit::append(tx, ctx, Entry::new("referral.opened").room(key.room())).await
}
