//! 支援経過: writing one, and the timeline.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use engawa_kernel::{
    access::RoomKey,
    audit::{self, Entry},
    clock,
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
    event::{self, Event},
    id::PersonId,
    tasks::{self, NewTask},
};
use serde_json::json;
use uuid::Uuid;

use super::{case::happened, index};
use crate::model::{Contact, ContactId, Deleted, NewContact};

/// Entries on a page of the timeline.
pub const PAGE: usize = 50;

fn contact_from(r: &Row) -> Result<Contact> {
    let deleted = match (
        r.opt("deleted_at")?,
        r.opt("deleted_by")?,
        r.opt("deleted_reason")?,
    ) {
        (Some(at), Some(by), reason) => Some(Deleted {
            at,
            by,
            reason: reason.unwrap_or_default(),
        }),
        _ => None,
    };
    Ok(Contact {
        id: r.get("id")?,
        at: r.get("at")?,
        kind: r.get("kind")?,
        minutes: r.opt("minutes")?,
        place: r.get("place")?,
        work: r.get("work")?,
        body: r.get("body")?,
        person_visible: r.get("person_visible")?,
        third_party: r.get("third_party")?,
        next_on: r.opt("next_on")?,
        staff: r.get("staff_id")?,
        desk: r.opt("desk_id")?,
        recorded_at: r.get("recorded_at")?,
        version: r.get("version")?,
        deleted,
        subjects: Vec::new(),
    })
}

/// Where a page of the timeline starts: after this moment and id.
pub type Before = (DateTime<Utc>, ContactId);

/// [`Before`] as in an address: `{microseconds}.{id}`.
#[must_use]
pub fn write_before((at, id): Before) -> String {
    format!("{}.{id}", at.timestamp_micros())
}

/// Reads what [`write_before`] wrote; anything else is the first page.
#[must_use]
pub fn read_before(text: &str) -> Option<Before> {
    let (micros, id) = text.split_once('.')?;
    let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    // Moments that one of the two databases cannot hold.
    (1..=9999).contains(&at.year()).then_some(())?;
    Some((at, id.parse().ok()?))
}

/// A page of the timeline, newest first: two statements, however many entries. One more than
/// `limit` is read to tell whether older ones follow.
///
/// # Errors
/// The database refuses.
pub async fn timeline(
    conn: &mut Conn,
    key: &RoomKey,
    before: Option<Before>,
    limit: usize,
) -> Result<(Vec<Contact>, Option<Before>)> {
    let q = sql("select * from cases_contact where room_id = :room").bind("room", key.room());
    let q = match before {
        Some((at, id)) => q
            .push("and at <= :at and (at < :at or id < :id)")
            .bind("at", at)
            .bind("id", id),
        None => q,
    };
    let rows = conn
        .rows(
            q.push("order by at desc, id desc limit :limit")
                .bind("limit", i64::try_from(limit.min(1000) + 1).unwrap_or(1001)),
        )
        .await?;
    let mut contacts = rows.iter().map(contact_from).collect::<Result<Vec<_>>>()?;
    let more = contacts.len() > limit;
    contacts.truncate(limit);
    let older = more
        .then(|| contacts.last().map(|c| (c.at, c.id)))
        .flatten();
    fill_subjects(conn, &mut contacts).await?;
    Ok((contacts, older))
}

async fn fill_subjects(conn: &mut Conn, contacts: &mut [Contact]) -> Result<()> {
    let mut of: HashMap<ContactId, Vec<PersonId>> = HashMap::new();
    for part in contacts.chunks(400) {
        let rows = conn
            .rows(
                sql("select contact_id, person_id from cases_contact_subject where contact_id in (:ids) order by contact_id, person_id")
                    .bind_all("ids", part.iter().map(|c| c.id)),
            )
            .await?;
        for r in rows {
            of.entry(r.get("contact_id")?)
                .or_default()
                .push(r.get("person_id")?);
        }
    }
    for contact in contacts {
        contact.subjects = of.remove(&contact.id).unwrap_or_default();
    }
    Ok(())
}

/// One contact of this room.
///
/// # Errors
/// It does not lie in this room.
pub async fn one(conn: &mut Conn, key: &RoomKey, id: ContactId) -> Result<Contact> {
    let row = conn
        .one(
            sql("select * from cases_contact where id = :id and room_id = :room")
                .bind("id", id)
                .bind("room", key.room()),
        )
        .await?;
    let mut one = [contact_from(&row)?];
    fill_subjects(conn, &mut one).await?;
    let [contact] = one;
    Ok(contact)
}

/// Writes a 支援経過: one event however many people it was with; the next appointment is a task;
/// its words can be found. Logged; counted as `contact.made` on the day it happened.
///
/// # Errors
/// The key lets only read, or the database refuses.
pub async fn add(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, new: NewContact) -> Result<ContactId> {
    key.need_write()?;
    let id = ContactId::new();
    let posting = ctx.actor.postings.first();
    tx.exec(
        sql("insert into cases_contact (id, room_id, at, kind, minutes, place, work, body, person_visible, third_party, next_on, staff_id, posting_id, desk_id, recorded_at, version)
             values (:id, :room, :at, :kind, :minutes, :place, :work, :body, :visible, :third, :next, :staff, :posting, :desk, :now, 1)")
            .bind("id", id)
            .bind("room", key.room())
            .bind("at", new.at)
            .bind("kind", new.kind.clone())
            .bind("minutes", new.minutes)
            .bind("place", new.place.clone())
            .bind("work", new.work)
            .bind("body", new.body.clone())
            .bind("visible", new.person_visible)
            .bind("third", new.third_party)
            .bind("next", new.next_on)
            .bind("staff", ctx.actor.staff)
            .bind("posting", posting.map(|p| p.id))
            .bind("desk", posting.and_then(|p| p.desk))
            .bind("now", ctx.now()),
    )
    .await?;
    set_subjects(tx, id, &new.subjects).await?;
    let day = clock::local(new.at).date();
    tx.exec(
        sql("update cases_case set last_contact_on = :day where room_id = :room and last_contact_on < :day")
            .bind("day", day)
            .bind("room", key.room()),
    )
    .await?;
    set_next(tx, ctx, key, id, new.next_on).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("contact.made")
            .room(key.room())
            .detail(json!({ "contact": id, "kind": new.kind })),
    )
    .await?;
    made(tx, ctx, key, id, &new).await?;
    index::contact(tx, ctx, key.room(), id.0, new.at, &new.body).await?;
    Ok(id)
}

/// The counted fact behind a contact.
pub(super) async fn made(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    id: ContactId,
    new: &NewContact,
) -> Result<()> {
    event::record(
        tx,
        ctx,
        Event {
            source: Some(id.0),
            data: json!({
                "kind": new.kind, "minutes": new.minutes, "work": new.work, "subjects": new.subjects.len()
            }),
            ..happened(ctx, "contact.made", clock::local(new.at).date(), key)
        },
    )
    .await
}

/// Replaces whom a contact was with.
pub(super) async fn set_subjects(
    tx: &mut Tx,
    contact: ContactId,
    subjects: &[PersonId],
) -> Result<()> {
    tx.exec(sql("delete from cases_contact_subject where contact_id = :id").bind("id", contact))
        .await?;
    for person in subjects {
        tx.exec(
            sql("insert into cases_contact_subject (contact_id, person_id) values (:id, :p) on conflict (contact_id, person_id) do nothing")
                .bind("id", contact)
                .bind("p", *person),
        )
        .await?;
    }
    Ok(())
}

/// The task of the next appointment: made, moved or taken away as the contact says.
pub(super) async fn set_next(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    contact: ContactId,
    next_on: Option<NaiveDate>,
) -> Result<()> {
    let open = tx
        .row(
            sql("select id, version, due_on from task where source_id = :source and room_id = :room and kind = 'next_contact' and done_at is null")
                .bind("source", contact.0)
                .bind("room", key.room()),
        )
        .await?;
    match (open, next_on) {
        (Some(task), Some(day)) => {
            tx.exec(
                sql("update task set due_on = :day, version = version + 1 where id = :id")
                    .bind("day", day)
                    .bind("id", task.get::<Uuid>("id")?),
            )
            .await?;
        }
        (Some(task), None) => {
            tasks::set_done(
                tx,
                ctx,
                task.get("id")?,
                Some(key.room()),
                task.get("version")?,
                true,
            )
            .await?;
        }
        (None, Some(day)) => {
            let mine = ctx.actor.postings.first();
            tasks::add(
                tx,
                ctx,
                NewTask {
                    room: Some(key.room()),
                    kind: "next_contact",
                    title: "次回の連絡・訪問".into(),
                    posting: mine.map(|p| p.id),
                    desk: mine.and_then(|p| p.desk).unwrap_or(key.owner_desk()),
                    due_on: Some(day),
                    source: Some(contact.0),
                },
            )
            .await?;
        }
        (None, None) => {}
    }
    Ok(())
}
