//! What stood in a text before: corrections keep it.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
    id::{StaffId, new_uuid},
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    model::PlanId,
    typed::{Text, form_of},
};

/// Changes that are shown.
const SHOWN: i64 = 500;

/// A text that was replaced.
#[derive(Debug, Clone)]
pub struct Change {
    /// Which text.
    pub what: String,
    /// What stood there.
    pub text: String,
    /// Who replaced it.
    pub staff: StaffId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Which record's texts are looked at.
pub struct Of<'a> {
    /// The plan it lies in.
    pub plan: Option<PlanId>,
    /// Its id.
    pub record: Uuid,
    /// As people call it: 施策 1-(2).
    pub name: &'a str,
    /// Its texts.
    pub texts: &'a [Text],
}

/// Keeps the texts that differ between two records.
///
/// # Errors
/// The database refuses.
pub async fn keep<T: Serialize>(
    tx: &mut Tx,
    ctx: &Ctx,
    of: &Of<'_>,
    before: &T,
    after: &T,
) -> Result<()> {
    let (before, after) = (form_of(before), form_of(after));
    for (name, label, _) in of.texts {
        let old = before.value(name);
        if !old.is_empty() && old != after.value(name) {
            put(tx, ctx, of, label, old).await?;
        }
    }
    Ok(())
}

/// Keeps one text.
///
/// # Errors
/// The database refuses.
pub async fn put(tx: &mut Tx, ctx: &Ctx, of: &Of<'_>, label: &str, old: &str) -> Result<()> {
    tx.exec(
        sql("insert into roadmap_change (id, municipality_id, plan_id, record_id, what, text, staff_id, at)
             values (:id, :m, :plan, :record, :what, :text, :staff, :now)")
            .bind("id", new_uuid())
            .bind("m", ctx.municipality)
            .bind("plan", of.plan)
            .bind("record", of.record)
            .bind("what", format!("{}の「{label}」", of.name))
            .bind("text", old)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    Ok(())
}

fn read(r: &Row) -> Result<Change> {
    Ok(Change {
        what: r.get("what")?,
        text: r.get("text")?,
        staff: r.get("staff_id")?,
        at: r.get("at")?,
    })
}

/// What stood in a plan before, newest first.
///
/// # Errors
/// The database refuses.
pub async fn of_plan(conn: &mut Conn, ctx: &Ctx, plan: PlanId) -> Result<Vec<Change>> {
    conn.rows(
        sql("select what, text, staff_id, at from roadmap_change
              where plan_id = :plan and municipality_id = :m order by at desc, id desc limit :limit")
            .bind("plan", plan)
            .bind("m", ctx.municipality)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// What stood in one record before, newest first.
///
/// # Errors
/// The database refuses.
pub async fn of_record(conn: &mut Conn, ctx: &Ctx, record: Uuid) -> Result<Vec<Change>> {
    conn.rows(
        sql("select what, text, staff_id, at from roadmap_change
              where record_id = :record and municipality_id = :m order by at desc, id desc limit :limit")
            .bind("record", record)
            .bind("m", ctx.municipality)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}
