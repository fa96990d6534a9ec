//! 成果のことば

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
};
use serde_json::json;

use super::{change, kept};
use crate::{
    ladder::{STATEMENT, Statement, StatementId},
    model::Kept,
    rules,
};

/// Statements that are listed.
const SHOWN: i64 = 500;

const COLUMNS: &str = "select id, actor, horizon, step, area, text, withdrawn, version, saved_by, saved_at from roadmap_statement";

fn read(r: &Row) -> Result<Kept<StatementId, Statement>> {
    let is = Statement {
        actor: r.get("actor")?,
        horizon: r.get("horizon")?,
        step: r.get("step")?,
        area: r.opt("area")?,
        text: r.get("text")?,
        withdrawn: r.get("withdrawn")?,
    };
    kept(r, r.get("id")?, is)
}

/// All statements, in the order in which they were written.
///
/// # Errors
/// The database refuses.
pub async fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Kept<StatementId, Statement>>> {
    conn.rows(
        sql(COLUMNS)
            .push("where municipality_id = :m order by actor, horizon, id limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// One statement.
///
/// # Errors
/// [`engawa_kernel::error::Error::NotFound`]
pub async fn one(
    conn: &mut Conn,
    ctx: &Ctx,
    id: StatementId,
) -> Result<Kept<StatementId, Statement>> {
    read(
        &conn
            .one(
                sql(COLUMNS)
                    .push("where id = :id and municipality_id = :m")
                    .bind("id", id)
                    .bind("m", ctx.municipality),
            )
            .await?,
    )
}

/// Saves a statement: a new one, or with `known` (what is stored and the version seen) a changed one.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when somebody saved it in between; Forbidden.
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    known: Option<(&Kept<StatementId, Statement>, i64)>,
    statement: &Statement,
) -> Result<StatementId> {
    rules::need_planner(ctx)?;
    let id = known.map_or_else(StatementId::new, |(old, _)| old.id);
    let q = match known {
        Some((_, seen)) => sql("update roadmap_statement set actor = :actor, horizon = :horizon, step = :step, area = :area,
                    text = :text, withdrawn = :withdrawn, version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and municipality_id = :m and version = :seen")
            .bind("seen", seen),
        None => sql("insert into roadmap_statement (id, municipality_id, actor, horizon, step, area, text, withdrawn, version, saved_by, saved_at)
             values (:id, :m, :actor, :horizon, :step, :area, :text, :withdrawn, 1, :staff, :now)"),
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("actor", statement.actor)
            .bind("horizon", statement.horizon)
            .bind("step", statement.step)
            .bind("area", statement.area)
            .bind("text", statement.text.as_str())
            .bind("withdrawn", statement.withdrawn)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    if let Some((old, _)) = known {
        let of = change::Of {
            plan: None,
            record: id.0,
            name: "成果のことば",
            texts: &STATEMENT,
        };
        change::keep(tx, ctx, &of, &old.is, statement).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("roadmaps.statement").detail(json!({ "statement": id })),
    )
    .await?;
    Ok(id)
}
