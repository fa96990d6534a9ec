//! 課題: of a person or of the household, each with its own end.

use chrono::NaiveDate;
use engawa_kernel::{
    access::RoomKey,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    event::{self, Event},
    id::PersonId,
};
use serde_json::json;

use super::case::happened;
use crate::model::{Issue, IssueId};

/// An issue to note.
#[derive(Debug, Clone)]
pub struct NewIssue {
    /// Of this person, or of the household.
    pub person: Option<PersonId>,
    /// Code of the list `Issue`.
    pub code: String,
    /// In words.
    pub note: String,
    /// Since.
    pub opened_on: NaiveDate,
}

/// All issues, open ones first.
///
/// # Errors
/// The database refuses.
pub async fn all(conn: &mut Conn, key: &RoomKey) -> Result<Vec<Issue>> {
    conn.rows(
        sql("select * from cases_issue where room_id = :room
              order by case when end_state is null then 0 else 1 end, opened_on, id limit 200")
        .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Issue {
            id: r.get("id")?,
            person: r.opt("person_id")?,
            code: r.get("code")?,
            note: r.get("note")?,
            opened_on: r.get("opened_on")?,
            end_state: r.opt("end_state")?,
            ended_on: r.opt("ended_on")?,
            version: r.get("version")?,
        })
    })
    .collect()
}

/// How many issues have no end state.
///
/// # Errors
/// The database refuses.
pub async fn open_count(conn: &mut Conn, key: &RoomKey) -> Result<usize> {
    let n = conn
        .count(
            sql(
                "select count(*) as n from cases_issue where room_id = :room and end_state is null",
            )
            .bind("room", key.room()),
        )
        .await?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// Notes an issue. Logged; counted as `issue.opened`.
///
/// # Errors
/// The key lets only read, or the database refuses.
pub async fn add(tx: &mut Tx, ctx: &Ctx, key: &RoomKey, new: NewIssue) -> Result<IssueId> {
    key.need_write()?;
    let id = IssueId::new();
    tx.exec(
        sql("insert into cases_issue (id, room_id, person_id, code, note, opened_on, end_note, version)
             values (:id, :room, :person, :code, :note, :on, '', 1)")
            .bind("id", id)
            .bind("room", key.room())
            .bind("person", new.person)
            .bind("code", new.code.clone())
            .bind("note", new.note)
            .bind("on", new.opened_on),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("issue.opened")
            .room(key.room())
            .detail(json!({ "issue": id, "code": new.code })),
    )
    .await?;
    event::record(
        tx,
        ctx,
        Event {
            person: new.person,
            source: Some(id.0),
            data: json!({ "code": new.code }),
            ..happened(ctx, "issue.opened", new.opened_on, key)
        },
    )
    .await?;
    Ok(id)
}

/// Ends an issue, or (with no state) opens it again. Logged; an end is counted as `issue.ended`.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`]
pub async fn set_end(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    issue: IssueId,
    state: Option<String>,
    on: NaiveDate,
    version: i64,
) -> Result<()> {
    key.need_write()?;
    tx.exec_versioned(
        sql(
            "update cases_issue set end_state = :state, ended_on = :on, version = version + 1
              where id = :id and room_id = :room and version = :version",
        )
        .bind("state", state.clone())
        .bind("on", state.as_ref().map(|_| on))
        .bind("id", issue)
        .bind("room", key.room())
        .bind("version", version),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("issue.changed")
            .room(key.room())
            .detail(json!({ "issue": issue, "end": state })),
    )
    .await?;
    if let Some(state) = state {
        event::record(
            tx,
            ctx,
            Event {
                source: Some(issue.0),
                data: json!({ "end": state }),
                ..happened(ctx, "issue.ended", on, key)
            },
        )
        .await?;
    }
    Ok(())
}
