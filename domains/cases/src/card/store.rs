//! Every SQL statement of cards, with the case's key.

use engawa_kernel::{
    access::{self, Basis, RoomKey},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::PersonId,
};
use engawa_people::{ConsentId, ConsentItem, NewDisclosure, Recipient};
use serde_json::json;

use super::{
    model::{Card, CardId, CardState, Line, NewCard, NewLine},
    rules::{self, Act},
};

/// Cards read at most: a case has a few, over years a few dozen.
const LIMIT: i64 = 500;

/// All cards of a case, those in use first, then the newest.
///
/// # Errors
/// The database refuses.
pub async fn all(conn: &mut Conn, key: &RoomKey) -> Result<Vec<Card>> {
    let mut cards = conn
        .rows(
            sql("select * from cases_card where room_id = :room
                  order by case when state = 'issued' then 0 else 1 end, issued_at desc, id desc limit :limit")
                .bind("room", key.room())
                .bind("limit", LIMIT),
        )
        .await?
        .iter()
        .map(card_from)
        .collect::<Result<Vec<_>>>()?;
    let rows = conn
        .rows(
            sql(
                "select l.* from cases_card_line l join cases_card c on c.id = l.card_id
                  where c.room_id = :room order by l.card_id, l.place limit 5000",
            )
            .bind("room", key.room()),
        )
        .await?;
    for row in &rows {
        let of: CardId = row.get("card_id")?;
        if let Some(card) = cards.iter_mut().find(|c| c.id == of) {
            card.lines.push(line_from(row)?);
        }
    }
    Ok(cards)
}

/// One card of a case.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(conn: &mut Conn, key: &RoomKey, id: CardId) -> Result<Card> {
    let cards = all(conn, key).await?;
    cards
        .into_iter()
        .find(|c| c.id == id)
        .ok_or(Error::NotFound)
}

fn card_from(r: &Row) -> Result<Card> {
    Ok(Card {
        id: r.get("id")?,
        person: r.get("person_id")?,
        number: r.get("number")?,
        state: r.get("state")?,
        issued_on: r.get("issued_on")?,
        issued_by: r.get("issued_by")?,
        changed_on: r.opt("changed_on")?,
        reason: r.get("reason")?,
        lines: Vec::new(),
        version: r.get("version")?,
    })
}

fn line_from(r: &Row) -> Result<Line> {
    Ok(Line {
        posting: r.opt("posting_id")?,
        desk: r.opt("desk_id")?,
        name: r.get("name")?,
        body: r.get("body")?,
        phone: r.get("phone")?,
        consent: r.opt("consent_id")?,
    })
}

/// What lets a card name somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The desk that issues the card names itself.
    Own,
    /// The holder agreed, with 基本情報, to this recipient.
    Consent(ConsentId),
    /// Nothing.
    Missing,
}

impl Ground {
    const fn consent(self) -> Option<ConsentId> {
        match self {
            Self::Consent(id) => Some(id),
            Self::Own | Self::Missing => None,
        }
    }
}

/// What lets a card of this person name this party today. An outside party is meant by a consent
/// that has their name or their body's among its recipients.
///
/// # Errors
/// The database refuses, or the case is not about the person.
pub async fn ground(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    line: &NewLine,
) -> Result<Ground> {
    let recipients = match line.desk {
        Some(desk) if desk == key.owner_desk() => return Ok(Ground::Own),
        Some(desk) => vec![Recipient::Desk(desk)],
        None => vec![
            Recipient::Named(line.name.clone()),
            Recipient::Named(line.body.clone()),
        ],
    };
    for to in recipients {
        let permission = engawa_people::permission(conn, ctx, key, person, &to).await?;
        if let Some(p) = permission.filter(|p| p.items.contains(&ConsentItem::Basic)) {
            return Ok(Ground::Consent(p.consent));
        }
    }
    Ok(Ground::Missing)
}

/// As [`ground`], of a line that is printed already.
///
/// # Errors
/// As [`ground`].
pub async fn still(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    line: &Line,
) -> Result<bool> {
    let line = NewLine {
        posting: line.posting,
        desk: line.desk,
        name: line.name.clone(),
        body: line.body.clone(),
        phone: String::new(),
    };
    Ok(ground(conn, ctx, key, person, &line).await? != Ground::Missing)
}

/// Issues a card; the one in use is replaced. What each party outside the desk learns by it is
/// written down as passed on. Logged; counted as `card.issued`.
///
/// # Errors
/// The key lets only read; a line without consent or telephone; somebody in the case is protected
/// and it was not said that this was thought of. Nothing is issued then.
pub async fn issue(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, new: NewCard) -> Result<CardId> {
    key.need_write()?;
    let people = engawa_people::of_room(tx, ctx, key).await?;
    let holder = people
        .iter()
        .find(|p| p.id == new.person)
        .ok_or(Error::NotFound)?;
    if let Some(problem) = rules::problem(&new.lines) {
        return Err(Error::Invalid(problem));
    }
    let mut grounds = Vec::new();
    for line in &new.lines {
        grounds.push(ground(tx, ctx, key, new.person, line).await?);
    }
    agreed(&new.lines, &grounds).map_err(Error::Invalid)?;
    if people.iter().any(|p| p.protected) {
        if !new.deliberate.checked {
            return Err(Error::Invalid(format!(
                "このケースには秘匿の人がいます。カードは人の目に触れるため、本人と確かめて「{}」にチェックを入れてください。カードは発行していません。",
                rules::CHECK
            )));
        }
        if holder.protected {
            access::reveal(tx, ctx, key, new.person, &new.deliberate.reason).await?;
        }
    }
    let earlier: Vec<Card> = all(tx, key).await?;
    let mine = || earlier.iter().filter(|c| c.person == new.person);
    for card in mine().filter(|c| c.state == CardState::Issued) {
        change(tx, ctx, key, card, Act::Replace, &new.reason).await?;
    }
    let number = mine().map(|c| c.number).max().unwrap_or_default() + 1;
    let id = CardId::new();
    tx.exec(
        sql("insert into cases_card (id, room_id, person_id, number, state, issued_on, issued_by, issued_at, reason, version)
             values (:id, :room, :person, :number, :state, :today, :by, :now, '', 1)")
            .bind("id", id)
            .bind("room", key.room())
            .bind("person", new.person)
            .bind("number", number)
            .bind("state", CardState::Issued)
            .bind("today", ctx.today())
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    for (place, (line, ground)) in (1_i64..).zip(new.lines.iter().zip(&grounds)) {
        write_line(tx, id, place, line, ground.consent()).await?;
        if let Ground::Consent(consent) = ground {
            let disclosure = disclosure(ctx, new.person, *consent, line, number);
            engawa_people::record_disclosure(tx, ctx, key, &disclosure).await?;
        }
    }
    audit::append(
        tx,
        ctx,
        Entry::new("card.issued")
            .room(key.room())
            .person(new.person)
            .detail(json!({ "card": id, "number": number, "lines": new.lines.len(), "checked": new.deliberate.checked })),
    )
    .await?;
    event::record(
        tx,
        ctx,
        Event {
            room: Some(key.room()),
            person: Some(new.person),
            source: Some(id.0),
            ..Event::new("card.issued", ctx.today())
        },
    )
    .await?;
    Ok(id)
}

/// Everybody outside the desk needs the holder's consent, and a card without any is no 連携.
fn agreed(lines: &[NewLine], grounds: &[Ground]) -> std::result::Result<(), String> {
    let missing: Vec<&str> = lines
        .iter()
        .zip(grounds)
        .filter(|(_, g)| **g == Ground::Missing)
        .map(|(l, _)| l.name.as_str())
        .collect();
    if !missing.is_empty() {
        return Err(format!(
            "カードに載ることへの本人の同意（基本情報・提供先）が、いま有効でない相手があります: {}。同意を記録するか、その相手を外してください。カードは発行していません。",
            missing.join("、")
        ));
    }
    if grounds.iter().all(|g| *g == Ground::Own) {
        return Err("自分の窓口だけでは連携カードになりません。本人の同意のある支援者を一人以上載せてください。".into());
    }
    Ok(())
}

async fn write_line(
    tx: &mut Tx,
    card: CardId,
    place: i64,
    line: &NewLine,
    consent: Option<ConsentId>,
) -> Result<()> {
    tx.exec(
        sql("insert into cases_card_line (card_id, place, posting_id, desk_id, name, body, phone, consent_id)
             values (:card, :place, :posting, :desk, :name, :body, :phone, :consent)")
            .bind("card", card)
            .bind("place", place)
            .bind("posting", line.posting)
            .bind("desk", line.desk)
            .bind("name", line.name.as_str())
            .bind("body", line.body.as_str())
            .bind("phone", line.phone.as_str())
            .bind("consent", consent),
    )
    .await?;
    Ok(())
}

fn disclosure(
    ctx: &Ctx,
    person: PersonId,
    consent: ConsentId,
    line: &NewLine,
    number: i64,
) -> NewDisclosure {
    NewDisclosure {
        person,
        consent: Some(consent),
        to_desk: line.desk,
        to_name: format!("{} {}", line.body, line.name).trim().to_owned(),
        items: vec![ConsentItem::Basic],
        basis: Basis::Consent,
        purpose: format!("連携カード（第{number}版）"),
        on: ctx.today(),
    }
}

/// Reports a card lost, or ends it. Logged.
///
/// # Errors
/// The key lets only read; the card changed in between, or is in use no more.
pub async fn act(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    card: CardId,
    version: i64,
    act: Act,
    reason: &str,
) -> Result<()> {
    key.need_write()?;
    let card = one(tx, key, card).await?;
    rules::step(card.state, act).map_err(Error::Invalid)?;
    if card.version != version {
        return Err(Error::Changed);
    }
    change(tx, ctx, key, &card, act, reason).await
}

async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    card: &Card,
    act: Act,
    reason: &str,
) -> Result<()> {
    let state = rules::step(card.state, act).map_err(Error::Invalid)?;
    tx.exec_versioned(
        sql("update cases_card set state = :state, changed_on = :today, changed_by = :by, reason = :reason, version = version + 1
              where id = :id and version = :version")
            .bind("state", state)
            .bind("today", ctx.today())
            .bind("by", ctx.actor.staff)
            .bind("reason", reason)
            .bind("id", card.id)
            .bind("version", card.version),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("card.changed")
            .room(key.room())
            .person(card.person)
            .detail(json!({ "card": card.id, "state": state })),
    )
    .await
}
