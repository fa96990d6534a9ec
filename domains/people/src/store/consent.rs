//! Consents as history, and what was passed on (HSE-06, SEC-03).

use std::collections::HashMap;

use chrono::NaiveDate;
use engawa_kernel::{
    access::RoomKey,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::{DeskId, PersonId, new_uuid},
    protected::Protected,
};
use serde_json::json;
use uuid::Uuid;

use super::{in_room, is_protected, json_list, writable};
use crate::model::{
    Consent, ConsentId, ConsentItem, ConsentState, Disclosure, NewConsent, NewDisclosure,
};
use crate::rules::consent::state_on;

fn codes(items: &[ConsentItem]) -> String {
    json!(items.iter().map(|i| i.as_code()).collect::<Vec<_>>()).to_string()
}

fn items(text: &str) -> Result<Vec<ConsentItem>> {
    Ok(json_list::<String>(text)?
        .iter()
        .filter_map(|c| ConsentItem::from_code(c))
        .collect())
}

/// Writes down what the person said. Older rows stay as history.
///
/// # Errors
/// A reading key, or a room that is not about the person.
pub async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    new: &NewConsent,
) -> Result<ConsentId> {
    writable(tx, key, person).await?;
    let id = ConsentId::new();
    tx.exec(
        sql("insert into people_consent (id, person_id, room_id, state, items, desks, recipients, purpose, method, proxy,
                valid_from, valid_until, witness, capacity_note, explained_by, created_at, created_by)
             values (:id, :p, :room, :state, :items, :desks, :recipients, :purpose, :method, :proxy,
                :from, :until, :witness, :capacity, :explained, :now, :by)")
            .bind("id", id)
            .bind("p", person)
            .bind("room", key.room())
            .bind("state", new.state)
            .bind("items", codes(&new.items))
            .bind("desks", json!(new.desks).to_string())
            .bind("recipients", new.recipients.as_str())
            .bind("purpose", new.purpose.as_str())
            .bind("method", new.method)
            .bind("proxy", new.proxy.as_str())
            .bind("from", new.valid_from)
            .bind("until", new.valid_until)
            .bind("witness", new.witness.as_str())
            .bind("capacity", new.capacity_note.as_str())
            .bind("explained", new.explained_by.as_str())
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("consent.recorded")
            .room(key.room())
            .person(person)
            .detail(json!({ "consent": id, "state": new.state })),
    )
    .await?;
    super::permission::take_keys_back(tx, ctx, person).await?;
    let mut e = Event::new("consent.recorded", new.valid_from);
    e.room = Some(key.room());
    e.person = Some(person);
    e.source = Some(id.0);
    e.data = json!({ "state": new.state, "method": new.method });
    event::record(tx, ctx, e).await?;
    Ok(id)
}

/// Takes a consent back from a day on. What was passed on before stays on record.
///
/// # Errors
/// [`Error::Changed`] when it was taken back in between.
pub async fn withdraw(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    consent: ConsentId,
    on: NaiveDate,
    how: &str,
) -> Result<()> {
    // Also of a record that was merged away: taking back is always possible.
    key.need_write()?;
    in_room(tx, key, person).await?;
    tx.exec_versioned(
        sql(
            "update people_consent set withdrawn_on = :on, withdrawn_how = :how, withdrawn_by = :by
              where id = :id and person_id = :p and withdrawn_on is null",
        )
        .bind("on", on)
        .bind("how", how)
        .bind("by", ctx.actor.staff)
        .bind("id", consent)
        .bind("p", person),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("consent.withdrawn")
            .room(key.room())
            .person(person)
            .detail(json!({ "consent": consent })),
    )
    .await?;
    super::permission::take_keys_back(tx, ctx, person).await?;
    let mut e = Event::new("consent.withdrawn", on);
    e.room = Some(key.room());
    e.person = Some(person);
    e.source = Some(consent.0);
    event::record(tx, ctx, e).await
}

pub(super) fn consent(r: &Row, protected: bool) -> Result<Consent> {
    Ok(Consent {
        id: r.get("id")?,
        person: r.get("person_id")?,
        state: r.get("state")?,
        items: items(&r.get::<String>("items")?)?,
        desks: Protected::new(json_list::<DeskId>(&r.get::<String>("desks")?)?, protected),
        recipients: Protected::new(r.get("recipients")?, protected),
        purpose: r.get("purpose")?,
        method: r.get("method")?,
        proxy: r.get("proxy")?,
        valid_from: r.get("valid_from")?,
        valid_until: r.opt("valid_until")?,
        witness: r.get("witness")?,
        capacity_note: r.get("capacity_note")?,
        explained_by: r.get("explained_by")?,
        withdrawn_on: r.opt("withdrawn_on")?,
        withdrawn_how: r.opt("withdrawn_how")?,
        created_at: r.get("created_at")?,
        created_by: r.get("created_by")?,
    })
}

/// All consents of a person and of the records merged into it, newest first.
///
/// # Errors
/// [`Error::NotFound`] when the room is not about the person.
pub async fn of(conn: &mut Conn, key: &RoomKey, person: PersonId) -> Result<Vec<Consent>> {
    in_room(conn, key, person).await?;
    let protected = is_protected(conn, person).await?;
    let group = super::merge::group(conn, person).await?;
    conn.rows(
        sql("select * from people_consent where person_id in (:people) order by created_at desc, id desc limit 200")
            .bind_all("people", group),
    )
    .await?
    .iter()
    .map(|r| consent(r, protected))
    .collect()
}

/// One consent.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(
    conn: &mut Conn,
    key: &RoomKey,
    person: PersonId,
    id: ConsentId,
) -> Result<Consent> {
    of(conn, key, person)
        .await?
        .into_iter()
        .find(|c| c.id == id)
        .ok_or(Error::NotFound)
}

/// What each person's newest consent says today.
pub(super) async fn newest_states(
    conn: &mut Conn,
    ctx: &Ctx,
    people: &[PersonId],
) -> Result<HashMap<PersonId, ConsentState>> {
    let mut out = HashMap::new();
    for r in conn
        .rows(
            sql("select person_id, state, withdrawn_on, valid_until from people_consent where person_id in (:people)
                  order by created_at, id")
                .bind_all("people", people.iter().copied()),
        )
        .await?
    {
        let state = state_on(
            r.get("state")?,
            r.opt("withdrawn_on")?,
            r.opt("valid_until")?,
            ctx.today(),
        );
        out.insert(r.get("person_id")?, state);
    }
    Ok(out)
}

/// Writes down that something was passed on. Whoever prints, sends or hands over calls this.
///
/// # Errors
/// The consent named as the basis does not cover it today; a reading key.
pub async fn record_disclosure(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    new: &NewDisclosure,
) -> Result<Uuid> {
    writable(tx, key, new.person).await?;
    if let Some(id) = new.consent {
        let c = one(tx, key, new.person, id).await?;
        let covered = c.state_on(new.on).permits()
            && c.valid_from <= new.on
            && new.items.iter().all(|i| c.items.contains(i));
        if !covered {
            return Err(Error::Invalid(
                "この同意では提供できません（撤回・期限切れ、または同意のない項目があります）。同意の範囲を確かめてください。".into(),
            ));
        }
    }
    let id = new_uuid();
    tx.exec(
        sql("insert into people_disclosure (id, person_id, room_id, consent_id, to_desk, to_name, items, basis, purpose, disclosed_on, created_at, created_by)
             values (:id, :p, :room, :consent, :desk, :to, :items, :basis, :purpose, :on, :now, :by)")
            .bind("id", id)
            .bind("p", new.person)
            .bind("room", key.room())
            .bind("consent", new.consent)
            .bind("desk", new.to_desk)
            .bind("to", new.to_name.as_str())
            .bind("items", codes(&new.items))
            .bind("basis", new.basis)
            .bind("purpose", new.purpose.as_str())
            .bind("on", new.on)
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("person.disclosed")
            .room(key.room())
            .person(new.person)
            .detail(json!({ "disclosure": id, "basis": new.basis, "items": new.items.len() })),
    )
    .await?;
    Ok(id)
}

/// Who already holds what, newest first.
///
/// # Errors
/// [`Error::NotFound`] when the room is not about the person.
pub async fn disclosures(
    conn: &mut Conn,
    key: &RoomKey,
    person: PersonId,
) -> Result<Vec<Disclosure>> {
    in_room(conn, key, person).await?;
    let protected = is_protected(conn, person).await?;
    let group = super::merge::group(conn, person).await?;
    conn.rows(
        sql("select * from people_disclosure where person_id in (:people) order by disclosed_on desc, id desc limit 500")
            .bind_all("people", group),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Disclosure {
            to_name: Protected::new(r.get("to_name")?, protected),
            items: items(&r.get::<String>("items")?)?,
            basis: r.get("basis")?,
            purpose: r.get("purpose")?,
            on: r.get("disclosed_on")?,
            room: r.get("room_id")?,
        })
    })
    .collect()
}
