//! What stood in a field before.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::{StaffId, new_uuid},
};

use crate::{
    form::Field,
    model::{SheetId, VersionId},
};

/// Changes shown on the page of versions.
const SHOWN: i64 = 300;

/// A text that was replaced.
#[derive(Debug, Clone)]
pub struct Change {
    /// In which version, by its number.
    pub number: i64,
    /// Of which field.
    pub field: Field,
    /// What stood there.
    pub text: String,
    /// Who replaced it.
    pub staff: StaffId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Keeps the old text of a field that is about to be replaced.
///
/// # Errors
/// The database refuses.
pub async fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    version: VersionId,
    field: Field,
    text: &str,
) -> Result<()> {
    tx.exec(
        sql("insert into programme_change (id, version_id, field, text, staff_id, at) values (:id, :version, :field, :text, :staff, :now)")
            .bind("id", new_uuid())
            .bind("version", version)
            .bind("field", field)
            .bind("text", text)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    Ok(())
}

/// The newest changes of a sheet.
///
/// # Errors
/// The database refuses.
pub async fn of_sheet(conn: &mut Conn, sheet: SheetId) -> Result<Vec<Change>> {
    conn.rows(
        sql(
            "select v.number, c.field, c.text, c.staff_id, c.at from programme_version v
               join programme_change c on c.version_id = v.id
              where v.sheet_id = :sheet order by c.at desc, c.id desc limit :limit",
        )
        .bind("sheet", sheet)
        .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Change {
            number: r.get("number")?,
            field: r.get("field")?,
            text: r.get("text")?,
            staff: r.get("staff_id")?,
            at: r.get("at")?,
        })
    })
    .collect()
}
