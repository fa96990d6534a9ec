//! Sources and the steps that each took.

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    text::fiscal::FiscalYear,
};
use serde_json::json;

use super::{activity, kept};
use crate::{
    model::{ActivityId, KeptSource, Source, SourceId, State, Step},
    rules,
};

/// Sources of some activities in a year; steps of one source.
const SHOWN: i64 = 5000;

const COLUMNS: &str = "select s.id, s.activity_id, s.year, s.kind, s.name, s.cost, s.state, s.amount, s.received_on, s.report, s.note,
       s.version, s.saved_by, s.saved_at from funding_source s";

fn read(r: &Row) -> Result<KeptSource> {
    let it = Source {
        year: r.get("year")?,
        kind: r.get("kind")?,
        name: r.get("name")?,
        cost: r.get("cost")?,
        state: r.get("state")?,
        amount: r.opt("amount")?,
        received_on: r.opt("received_on")?,
        report: r.get("report")?,
        note: r.get("note")?,
    };
    kept(r, it)
}

/// The sources of these activities in a year.
///
/// # Errors
/// The database refuses.
pub(super) async fn of_activities(
    conn: &mut Conn,
    ids: &[ActivityId],
    of: FiscalYear,
) -> Result<Vec<(ActivityId, KeptSource)>> {
    conn.rows(
        sql(COLUMNS)
            .push("where s.activity_id in (:ids) and s.year = :year order by s.activity_id, s.id limit :limit")
            .bind_all("ids", ids.iter().copied())
            .bind("year", i64::from(of.year()))
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(|r| Ok((r.get("activity_id")?, read(r)?)))
    .collect()
}

/// One source, and whose it is.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: SourceId) -> Result<(ActivityId, KeptSource)> {
    let row = conn
        .one(
            sql(COLUMNS)
                .push("join funding_activity a on a.id = s.activity_id where s.id = :id and a.municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    Ok((row.get("activity_id")?, read(&row)?))
}

/// The steps of a source, the first one first.
///
/// # Errors
/// The database refuses.
pub async fn steps(conn: &mut Conn, id: SourceId) -> Result<Vec<Step>> {
    conn.rows(
        sql("select state, staff_id, at from funding_step where source_id = :id order by place limit :limit")
            .bind("id", id)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Step {
            state: r.get("state")?,
            staff: r.get("staff_id")?,
            at: r.get("at")?,
        })
    })
    .collect()
}

/// Saves a source of an activity: a new one, or with `known` (id and the version seen) a changed one.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between; otherwise what
/// [`rules::step`] says.
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    of: ActivityId,
    known: Option<(SourceId, i64)>,
    source: &Source,
) -> Result<SourceId> {
    rules::need_planner(ctx)?;
    activity::one(tx, ctx, of).await?;
    let id = known.map_or_else(SourceId::new, |(id, _)| id);
    let before = match known {
        Some((id, seen)) => {
            let (_, stored) = one(tx, ctx, id).await?;
            // Who was slower is told so before any other mistake.
            if stored.version != seen {
                return Err(Error::Changed);
            }
            Some(stored.it.state)
        }
        None => None,
    };
    rules::step(before, source)?;
    let q = match known {
        Some((_, seen)) => sql("update funding_source set year = :year, kind = :kind, name = :name, cost = :cost, state = :state,
                    amount = :amount, received_on = :received, report = :report, note = :note,
                    version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and activity_id = :activity and version = :seen")
            .bind("seen", seen),
        None => sql("insert into funding_source (id, activity_id, year, kind, name, cost, state, amount, received_on, report, note,
                    version, saved_by, saved_at)
             values (:id, :activity, :year, :kind, :name, :cost, :state, :amount, :received, :report, :note, 1, :staff, :now)"),
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("activity", of)
            .bind("year", i64::from(source.year.year()))
            .bind("kind", source.kind)
            .bind("name", source.name.as_str())
            .bind("cost", source.cost)
            .bind("state", source.state)
            .bind("amount", source.amount)
            .bind("received", source.received_on)
            .bind("report", source.report.as_str())
            .bind("note", source.note.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    if before != Some(source.state) {
        tx.exec(
            sql("insert into funding_step (source_id, place, state, staff_id, at)
                 select :id, coalesce(max(place), 0) + 1, :state, :staff, :now from funding_step where source_id = :id")
                .bind("id", id)
                .bind("state", source.state)
                .bind("staff", ctx.actor.staff)
                .bind("now", ctx.now()),
        )
        .await?;
    }
    if source.state != State::Dropped {
        activity::unsay(tx, of, source.year).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("funding.source").detail(json!({ "source": id, "state": source.state })),
    )
    .await?;
    Ok(id)
}
