//! Correcting and deleting a 支援経過. The old text stays readable; nothing disappears.

use engawa_kernel::{
    access::RoomKey,
    audit::{self, Entry},
    clock,
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::{PersonId, PostingId},
    notices,
};
use serde_json::json;

use super::{case::happened, contact, index};
use crate::model::{Contact, ContactId, NewContact, Revision};

/// What a contact says now, as the form holds it.
#[must_use]
pub fn fields(c: &Contact) -> NewContact {
    NewContact {
        at: c.at,
        kind: c.kind.clone(),
        minutes: c.minutes,
        place: c.place.clone(),
        work: c.work,
        body: c.body.clone(),
        person_visible: c.person_visible,
        third_party: c.third_party,
        next_on: c.next_on,
        subjects: c.subjects.clone(),
    }
}

/// A correction: what the contact shall say, and why.
#[derive(Debug, Clone)]
pub struct Correction {
    /// What it says from now on.
    pub new: NewContact,
    /// Why.
    pub reason: String,
    /// 承認者; a must once the case is closed.
    pub approver: Option<PostingId>,
}

/// Corrects a contact: keeps what it said with the reason (and the approver of a closed case, who is
/// told). Logged; counted as `contact.corrected`, with the new facts.
///
/// # Errors
/// [`Error::Changed`] when someone corrected it in between; it was deleted; a closed case and no
/// approver.
pub async fn correct(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    was: &Contact,
    correction: Correction,
    version: i64,
) -> Result<()> {
    key.need_write()?;
    let Correction {
        new,
        reason,
        approver,
    } = correction;
    if was.deleted.is_some() {
        return Err(Error::Invalid(
            "この支援経過は削除されているため、訂正できません。元の文は履歴に残っています。".into(),
        ));
    }
    if approver.is_none() {
        let closed = tx
            .row(
                sql("select 1 as n from cases_case where room_id = :room and stage = 'closed'")
                    .bind("room", key.room()),
            )
            .await?;
        if closed.is_some() {
            return Err(Error::Invalid(
                "終結したケースの支援経過を訂正するには、承認者を選んでください。まだ訂正していません。".into(),
            ));
        }
    }
    tx.exec_versioned(
        sql("update cases_contact set at = :at, kind = :kind, minutes = :minutes, place = :place, work = :work, body = :body,
                    person_visible = :visible, third_party = :third, next_on = :next, version = version + 1
              where id = :id and room_id = :room and version = :version and deleted_at is null")
            .bind("at", new.at)
            .bind("kind", new.kind.clone())
            .bind("minutes", new.minutes)
            .bind("place", new.place.clone())
            .bind("work", new.work)
            .bind("body", new.body.clone())
            .bind("visible", new.person_visible)
            .bind("third", new.third_party)
            .bind("next", new.next_on)
            .bind("id", was.id)
            .bind("room", key.room())
            .bind("version", version),
    )
    .await?;
    let ids: Vec<String> = was.subjects.iter().map(ToString::to_string).collect();
    tx.exec(
        sql("insert into cases_contact_revision (id, contact_id, version, at, kind, minutes, place, work, body, person_visible, third_party, subjects, reason, approver_posting_id, corrected_by, corrected_at)
             values (:id, :contact, :version, :at, :kind, :minutes, :place, :work, :body, :visible, :third, :subjects, :reason, :approver, :by, :now)")
            .bind("id", engawa_kernel::id::new_uuid())
            .bind("contact", was.id)
            .bind("version", version)
            .bind("at", was.at)
            .bind("kind", was.kind.clone())
            .bind("minutes", was.minutes)
            .bind("place", was.place.clone())
            .bind("work", was.work)
            .bind("body", was.body.clone())
            .bind("visible", was.person_visible)
            .bind("third", was.third_party)
            .bind("subjects", json!(ids).to_string())
            .bind("reason", reason)
            .bind("approver", approver)
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    contact::set_subjects(tx, was.id, &new.subjects).await?;
    contact::set_next(tx, ctx, key, was.id, new.next_on).await?;
    silence(tx, key).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("contact.corrected")
            .room(key.room())
            .detail(json!({ "contact": was.id, "version": version, "approver": approver })),
    )
    .await?;
    event::record(
        tx,
        ctx,
        Event {
            source: Some(was.id.0),
            data: json!({ "kind": new.kind, "minutes": new.minutes, "work": new.work, "subjects": new.subjects.len() }),
            ..happened(ctx, "contact.corrected", clock::local(new.at).date(), key)
        },
    )
    .await?;
    if let Some(approver) = approver {
        tell_approver(tx, ctx, key, was.id, approver).await?;
    }
    index::forget(tx, was.id.0, key.room()).await?;
    index::contact(tx, ctx, key.room(), was.id.0, new.at, &new.body).await
}

async fn tell_approver(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    contact: ContactId,
    approver: PostingId,
) -> Result<()> {
    let row = tx
        .one(sql("select staff_id from posting where id = :id").bind("id", approver))
        .await?;
    notices::to_staff(
        tx,
        ctx,
        row.get("staff_id")?,
        Some(key.room()),
        "correction_approved",
        json!({ "staff": ctx.actor.staff, "contact": contact }),
    )
    .await
}

/// Deletes a contact: a dated state with a reason; it is no longer found by its words nor counted.
/// Logged.
///
/// # Errors
/// [`Error::Changed`] when it was corrected or deleted in between.
pub async fn delete(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    was: &Contact,
    version: i64,
    reason: &str,
) -> Result<()> {
    key.need_write()?;
    tx.exec_versioned(
        sql("update cases_contact set deleted_at = :now, deleted_by = :by, deleted_reason = :reason, version = version + 1
              where id = :id and room_id = :room and version = :version and deleted_at is null")
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("reason", reason)
            .bind("id", was.id)
            .bind("room", key.room())
            .bind("version", version),
    )
    .await?;
    contact::set_next(tx, ctx, key, was.id, None).await?;
    silence(tx, key).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("contact.deleted")
            .room(key.room())
            .detail(json!({ "contact": was.id })),
    )
    .await?;
    event::record(
        tx,
        ctx,
        Event {
            source: Some(was.id.0),
            ..happened(ctx, "contact.deleted", clock::local(was.at).date(), key)
        },
    )
    .await?;
    index::forget(tx, was.id.0, key.room()).await
}

/// Keeps "last contact" right after a correction or deletion.
async fn silence(tx: &mut Tx, key: &RoomKey) -> Result<()> {
    let newest = tx
        .row(
            sql("select at from cases_contact where room_id = :room and deleted_at is null order by at desc, id desc limit 1")
                .bind("room", key.room()),
        )
        .await?;
    let day = match newest {
        Some(r) => Some(clock::local(r.get("at")?).date()),
        None => None,
    };
    tx.exec(
        sql("update cases_case set last_contact_on = coalesce(:day, opened_on) where room_id = :room")
            .bind("day", day)
            .bind("room", key.room()),
    )
    .await?;
    Ok(())
}

/// What a contact said before, newest first.
///
/// # Errors
/// The database refuses.
pub async fn revisions(conn: &mut Conn, key: &RoomKey, id: ContactId) -> Result<Vec<Revision>> {
    conn.rows(
        sql(
            "select v.* from cases_contact_revision v join cases_contact c on c.id = v.contact_id
              where c.id = :id and c.room_id = :room order by v.version desc limit 100",
        )
        .bind("id", id)
        .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(|r| {
        let subjects: Vec<PersonId> = serde_json::from_str(&r.get::<String>("subjects")?)?;
        Ok(Revision {
            version: r.get("version")?,
            was: NewContact {
                at: r.get("at")?,
                kind: r.get("kind")?,
                minutes: r.opt("minutes")?,
                place: r.get("place")?,
                work: r.get("work")?,
                body: r.get("body")?,
                person_visible: r.get("person_visible")?,
                third_party: r.get("third_party")?,
                next_on: None,
                subjects,
            },
            reason: r.get("reason")?,
            approver: r.opt("approver_posting_id")?,
            by: r.get("corrected_by")?,
            at: r.get("corrected_at")?,
        })
    })
    .collect()
}
