//! やること: anything due, from anywhere, for a posting or a desk. Never without an owner.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use crate::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    id::{DeskId, PostingId, RoomId, TaskId},
};

/// Something to do.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The room it belongs to, if any.
    pub room: Option<RoomId>,
    /// `manual`, `protection_expiry`, `consent_expiry`, `triage` …
    pub kind: String,
    /// In words; of a protected person never what could cost a life.
    pub title: String,
    /// For this posting, or whoever is at the desk.
    pub posting: Option<PostingId>,
    /// The desk that answers for it.
    pub desk: DeskId,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Done at.
    pub done_at: Option<chrono::DateTime<chrono::Utc>>,
    /// For saving on top of what one saw.
    pub version: i64,
}

/// A task to make.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// The room.
    pub room: Option<RoomId>,
    /// Its kind.
    pub kind: &'static str,
    /// In words.
    pub title: String,
    /// For whom.
    pub posting: Option<PostingId>,
    /// At which desk.
    pub desk: DeskId,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// The record that it comes from.
    pub source: Option<Uuid>,
}

impl Task {
    /// From a row of `task`.
    ///
    /// # Errors
    /// A column is not as expected.
    pub fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            id: r.get("id")?,
            room: r.opt("room_id")?,
            kind: r.get("kind")?,
            title: r.get("title")?,
            posting: r.opt("posting_id")?,
            desk: r.get("desk_id")?,
            due_on: r.opt("due_on")?,
            done_at: r.opt("done_at")?,
            version: r.get("version")?,
        })
    }
}

/// Adds a task. Logged.
///
/// # Errors
/// The database refuses.
pub async fn add(tx: &mut Tx, ctx: &Ctx, t: NewTask) -> Result<TaskId> {
    let id = TaskId::new();
    tx.exec(
        sql("insert into task (id, municipality_id, room_id, kind, title, posting_id, desk_id, due_on, source_id, created_by, created_at, version)
             values (:id, :m, :room, :kind, :title, :posting, :desk, :due, :source, :by, :now, 1)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("room", t.room)
            .bind("kind", t.kind)
            .bind("title", t.title)
            .bind("posting", t.posting)
            .bind("desk", t.desk)
            .bind("due", t.due_on)
            .bind("source", t.source)
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    let mut entry = Entry::new("task.added").detail(json!({ "task": id, "kind": t.kind }));
    if let Some(room) = t.room {
        entry = entry.room(room);
    }
    audit::append(tx, ctx, entry).await?;
    Ok(id)
}

/// Marks a task done (or, with `done` false, open again). The caller has opened its room.
///
/// # Errors
/// [`Error::Changed`] when someone else did so in between.
pub async fn set_done(
    tx: &mut Tx,
    ctx: &Ctx,
    task: TaskId,
    room: Option<RoomId>,
    version: i64,
    done: bool,
) -> Result<()> {
    let n = tx
        .exec(
            sql(
                "update task set done_at = :at, done_by = :by, version = version + 1
                  where id = :id and version = :version and municipality_id = :m
                    and (room_id = :room or (:room is null and room_id is null))",
            )
            .bind("at", done.then(|| ctx.now()))
            .bind("by", done.then_some(ctx.actor.staff))
            .bind("id", task)
            .bind("version", version)
            .bind("m", ctx.municipality)
            .bind("room", room),
        )
        .await?;
    if n != 1 {
        return Err(Error::Changed);
    }
    let mut entry = Entry::new(if done { "task.done" } else { "task.reopened" })
        .detail(json!({ "task": task }));
    if let Some(room) = room {
        entry = entry.room(room);
    }
    audit::append(tx, ctx, entry).await
}

/// Open tasks of a room, soonest first.
///
/// # Errors
/// The database refuses.
pub async fn open_in_room(conn: &mut Conn, key: &crate::access::RoomKey) -> Result<Vec<Task>> {
    conn.rows(
        sql(
            "select * from task where room_id = :room and done_at is null
              order by case when due_on is null then 1 else 0 end, due_on, id limit 200",
        )
        .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(Task::from_row)
    .collect()
}
