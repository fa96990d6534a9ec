//! やること of a case, beyond what the kernel keeps: done ones, and handing one on.

use chrono::NaiveDate;
use engawa_kernel::{
    access::RoomKey,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::{DeskId, PostingId, TaskId},
    tasks::Task,
};
use serde_json::json;

/// Tasks done in this room, newest first.
///
/// # Errors
/// The database refuses.
pub async fn done(conn: &mut Conn, key: &RoomKey) -> Result<Vec<Task>> {
    conn.rows(
        sql("select * from task where room_id = :room and done_at is not null order by done_at desc, id desc limit 20")
            .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(Task::from_row)
    .collect()
}

/// One task of this room.
///
/// # Errors
/// It does not belong to this room.
pub async fn one(conn: &mut Conn, key: &RoomKey, id: TaskId) -> Result<Task> {
    let row = conn
        .one(
            sql("select * from task where id = :id and room_id = :room")
                .bind("id", id)
                .bind("room", key.room()),
        )
        .await?;
    Task::from_row(&row)
}

/// Gives a task to somebody else or another day. Logged.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when someone else changed it in between.
pub async fn assign(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    task: TaskId,
    to: (DeskId, Option<PostingId>),
    due_on: Option<NaiveDate>,
    version: i64,
) -> Result<()> {
    key.need_write()?;
    tx.exec_versioned(
        sql("update task set posting_id = :posting, desk_id = :desk, due_on = :due, version = version + 1
              where id = :id and room_id = :room and version = :version and done_at is null")
            .bind("posting", to.1)
            .bind("desk", to.0)
            .bind("due", due_on)
            .bind("id", task)
            .bind("room", key.room())
            .bind("version", version),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("task.assigned")
            .room(key.room())
            .detail(json!({ "task": task, "posting": to.1, "desk": to.0 })),
    )
    .await
}
