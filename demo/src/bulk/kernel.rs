//! Rooms, keys, the log, events, tasks and search texts of the bulk, as the kernel's own functions
//! would leave them. See `bulk/mod.rs` for why this may write tables of others.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    clock,
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::{BodyId, DeskId, HouseholdId, MunicipalityId, PersonId, RoomId},
    search::{self, Doc, DocKind},
};
use uuid::Uuid;

use super::rows::{Rows, row};
use crate::{rng::Ids, town::Seat};

/// Search texts in one statement.
const DOCS: usize = 500;

/// Who acts at which desk, and when: what every line of the log and every event repeats.
#[derive(Clone, Copy)]
pub struct Act {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub seat: Seat,
    /// At which desk.
    pub desk: DeskId,
    /// Of which body.
    pub body: BodyId,
    /// In which room.
    pub room: RoomId,
}

/// A room to make.
pub struct Room<'a> {
    /// consultation | case
    pub kind: &'static str,
    /// 相R8-00123
    pub number: &'a str,
    /// When it closed.
    pub closed: Option<DateTime<Utc>>,
}

/// A search text that waits to be put.
struct Waiting {
    room: RoomId,
    kind: DocKind,
    source: Uuid,
    at: DateTime<Utc>,
    shown: String,
    text: String,
}

/// Rows of the kernel's tables that wait to be written.
pub struct Tables {
    municipality: MunicipalityId,
    rooms: Rows,
    room_people: Rows,
    grants: Rows,
    audit: Rows,
    events: Rows,
    tasks: Rows,
    docs: Vec<Waiting>,
}

impl Tables {
    /// None yet.
    pub const fn new(municipality: MunicipalityId) -> Self {
        Self {
            municipality,
            rooms: Rows::new(
                "insert into room (id, municipality_id, kind, number, owner_posting_id, owner_desk_id, opened_at, closed_at) values",
            ),
            room_people: Rows::new("insert into room_person (room_id, person_id) values"),
            grants: Rows::new(
                "insert into access_grant (id, room_id, posting_id, desk_id, level, opens_sealed, basis, reason, source, valid_from, granted_by) values",
            ),
            audit: Rows::new(
                "insert into audit_entry (id, at, municipality_id, staff_id, posting_id, action, room_id, person_id, detail) values",
            ),
            events: Rows::new(
                "insert into event (id, municipality_id, kind, happened_on, recorded_at, room_id, household_id, body_id, desk_id, staff_id, source_id, data) values",
            ),
            tasks: Rows::new(
                "insert into task (id, municipality_id, room_id, kind, title, posting_id, desk_id, due_on, source_id, created_by, created_at, done_at, done_by, version) values",
            ),
            docs: Vec::new(),
        }
    }

    /// A room with the keys of its desk and of its owner (`access::found`).
    pub fn found(&mut self, ids: &mut Ids, act: Act, room: &Room<'_>) {
        self.rooms.push(row![
            act.room,
            self.municipality,
            room.kind,
            room.number,
            act.seat.posting,
            act.desk,
            act.at,
            room.closed,
        ]);
        let founded = format!(r#"{{"kind":"{}","sealed":false}}"#, room.kind);
        self.log(ids, act, "room.founded", None, founded);
        self.owner_key(ids, act, None);
        self.owner_key(ids, act, Some(act.seat));
        if let Some(at) = room.closed {
            self.log(ids, Act { at, ..act }, "room.closed", None, "{}".into());
        }
    }

    fn owner_key(&mut self, ids: &mut Ids, act: Act, owner: Option<Seat>) {
        let id = ids.at(act.at);
        let posting = owner.map(|s| s.posting);
        let desk = owner.is_none().then_some(act.desk);
        self.grants.push(row![
            id,
            act.room,
            posting,
            desk,
            "write",
            false,
            "duty",
            "",
            "owner",
            act.at,
            act.seat.staff,
        ]);
        let quoted = |id: Option<String>| id.map_or("null".to_owned(), |i| format!("\"{i}\""));
        let detail = format!(
            r#"{{"basis":"duty","desk":{},"grant":"{id}","level":"write","posting":{},"source":"owner"}}"#,
            quoted(desk.map(|d| d.to_string())),
            quoted(posting.map(|p| p.to_string())),
        );
        self.log(ids, act, "access.cut", None, detail);
    }

    /// Says that the room is about this person (`access::link_person`).
    pub fn link_person(&mut self, ids: &mut Ids, act: Act, person: PersonId) {
        self.room_people.push(row![act.room, person]);
        self.log(ids, act, "room.person", Some(person), "{}".into());
    }

    /// A line of the log; `detail` holds ids and codes only.
    pub fn log(
        &mut self,
        ids: &mut Ids,
        act: Act,
        action: &'static str,
        person: Option<PersonId>,
        detail: String,
    ) {
        self.audit.push(row![
            ids.at(act.at),
            act.at,
            self.municipality,
            act.seat.staff,
            act.seat.posting,
            action,
            act.room,
            person,
            detail,
        ]);
    }

    /// The line that opening a room for a change leaves.
    pub fn opened_for_write(&mut self, ids: &mut Ids, act: Act, purpose: &'static str) {
        let detail = format!(r#"{{"for":"{purpose}"}}"#);
        self.log(ids, act, "room.write", None, detail);
    }

    /// Something that counts.
    pub fn event(
        &mut self,
        ids: &mut Ids,
        act: Act,
        kind: &'static str,
        source: Option<Uuid>,
        household: Option<HouseholdId>,
        data: String,
    ) {
        self.events.push(row![
            ids.at(act.at),
            self.municipality,
            kind,
            clock::local(act.at).date(),
            act.at,
            act.room,
            household,
            act.body,
            act.desk,
            act.seat.staff,
            source,
            data,
        ]);
    }

    /// A task of the one who acts.
    pub fn task(
        &mut self,
        ids: &mut Ids,
        act: Act,
        (kind, title): (&'static str, &str),
        source: Option<Uuid>,
        due: NaiveDate,
        done: Option<DateTime<Utc>>,
    ) {
        let id = ids.at(act.at);
        self.tasks.push(row![
            id,
            self.municipality,
            act.room,
            kind,
            title,
            act.seat.posting,
            act.desk,
            due,
            source,
            act.seat.staff,
            act.at,
            done,
            done.map(|_| act.seat.staff.0),
            1_i64 + i64::from(done.is_some()),
        ]);
        let detail = format!(r#"{{"kind":"{kind}","task":"{id}"}}"#);
        self.log(ids, act, "task.added", None, detail);
        if let Some(at) = done {
            let detail = format!(r#"{{"task":"{id}"}}"#);
            self.log(ids, Act { at, ..act }, "task.done", None, detail);
        }
    }

    /// A text to be found.
    pub fn doc(&mut self, act: Act, kind: DocKind, source: Uuid, shown: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        self.docs.push(Waiting {
            room: act.room,
            kind,
            source,
            at: act.at,
            shown: shown.to_owned(),
            text: text.to_owned(),
        });
    }

    /// Rooms first: everything else lies in one.
    pub async fn flush_rooms(&mut self, tx: &mut Tx) -> Result<()> {
        self.rooms.flush(tx).await
    }

    /// The rest.
    pub async fn flush(&mut self, tx: &mut Tx, ctx: &Ctx) -> Result<()> {
        for rows in [
            &mut self.room_people,
            &mut self.grants,
            &mut self.audit,
            &mut self.events,
            &mut self.tasks,
        ] {
            rows.flush(tx).await?;
        }
        for part in self.docs.chunks(DOCS) {
            let docs: Vec<Doc<'_>> = part
                .iter()
                .map(|d| Doc {
                    room: d.room,
                    kind: d.kind,
                    source: d.source,
                    at: d.at,
                    shown: &d.shown,
                    text: &d.text,
                })
                .collect();
            search::put_many(tx, ctx, &docs).await?;
        }
        self.docs.clear();
        Ok(())
    }
}

/// Whoever was told before that moment has read it since.
///
/// # Errors
/// The database refuses.
pub async fn read_notices(tx: &mut Tx, before: DateTime<Utc>) -> Result<()> {
    tx.exec(
        sql(
            "update notice set read_at = created_at where read_at is null and created_at < :before",
        )
        .bind("before", before),
    )
    .await?;
    Ok(())
}
