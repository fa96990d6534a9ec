//! 工程: milestones.

use std::collections::HashMap;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
};
use serde_json::json;

use super::{change, kept, measure};
use crate::{
    model::{Kept, Measure, MeasureId, Milestone, MilestoneId, PlanId},
    rules, typed,
};

/// Milestones of one measure at most.
const LIMIT: i64 = 200;

const COLUMNS: &str = "select s.id, s.measure_id, s.year, s.due_on, s.text, s.state, s.reason, s.to_year, s.version, s.saved_by, s.saved_at
       from roadmap_milestone s";

fn read(r: &Row) -> Result<Kept<MilestoneId, Milestone>> {
    let is = Milestone {
        year: r.get("year")?,
        due_on: r.opt("due_on")?,
        text: r.get("text")?,
        state: r.get("state")?,
        reason: r.get("reason")?,
        to_year: r.opt("to_year")?,
    };
    kept(r, r.get("id")?, is)
}

/// The milestones of measures, by year.
///
/// # Errors
/// The database refuses.
pub async fn of(
    conn: &mut Conn,
    ids: &[MeasureId],
) -> Result<HashMap<MeasureId, Vec<Kept<MilestoneId, Milestone>>>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for r in conn
        .rows(
            sql(COLUMNS)
                .push("where s.measure_id in (:ids) order by s.measure_id, s.year, s.due_on, s.id")
                .bind_all("ids", ids.iter().copied()),
        )
        .await?
    {
        found
            .entry(r.get("measure_id")?)
            .or_default()
            .push(read(&r)?);
    }
    // Without a day it is the end of the year; the engines put null on different ends.
    for all in found.values_mut() {
        all.sort_by_key(|m: &Kept<MilestoneId, Milestone>| m.is.due());
    }
    Ok(found)
}

/// One milestone, with its measure.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(
    conn: &mut Conn,
    ctx: &Ctx,
    id: MilestoneId,
) -> Result<(MeasureId, Kept<MilestoneId, Milestone>)> {
    let row = conn
        .one(
            sql(COLUMNS)
                .push("join roadmap_measure m on m.id = s.measure_id join roadmap_plan p on p.id = m.plan_id")
                .push("where s.id = :id and p.municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    Ok((row.get("measure_id")?, read(&row)?))
}

/// Adds a milestone to a measure.
///
/// # Errors
/// [`Error::Forbidden`]; a measure with too many.
pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    of: MeasureId,
    milestone: &Milestone,
) -> Result<MilestoneId> {
    rules::need_planner(ctx)?;
    if i64::try_from(measure::one(tx, ctx, of).await?.milestones.len()).unwrap_or(LIMIT) >= LIMIT {
        return Err(Error::Invalid(format!(
            "一つの施策に書ける工程は{LIMIT}件までです。保存していません。"
        )));
    }
    let id = MilestoneId::new();
    let q = sql("insert into roadmap_milestone (id, measure_id, year, due_on, text, state, reason, to_year, version, saved_by, saved_at)
             values (:id, :measure, :year, :due, :text, :state, :reason, :to, 1, :staff, :now)")
        .bind("measure", of);
    put(tx, ctx, q, id, milestone).await?;
    log(tx, ctx, of, id, milestone).await?;
    Ok(id)
}

async fn put(
    tx: &mut Tx,
    ctx: &Ctx,
    q: engawa_kernel::db::Sql,
    id: MilestoneId,
    m: &Milestone,
) -> Result<()> {
    tx.exec_versioned(
        q.bind("id", id)
            .bind("year", i64::from(m.year.year()))
            .bind("due", m.due_on)
            .bind("text", m.text.as_str())
            .bind("state", m.state)
            .bind("reason", m.reason.as_str())
            .bind("to", m.to_year.map(|y| i64::from(y.year())))
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await
}

/// Changes a milestone on top of the version seen. `of`: its plan and measure, for the history.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between.
pub async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    of: (PlanId, MeasureId, &Measure),
    old: &Kept<MilestoneId, Milestone>,
    seen: i64,
    milestone: &Milestone,
) -> Result<()> {
    rules::need_planner(ctx)?;
    let q = sql("update roadmap_milestone set year = :year, due_on = :due, text = :text, state = :state, reason = :reason,
                    to_year = :to, version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and version = :seen")
        .bind("seen", seen);
    put(tx, ctx, q, old.id, milestone).await?;
    let name = format!("施策 {} の{}の工程", of.2.number, old.is.year);
    let kept = change::Of {
        plan: Some(of.0),
        record: old.id.0,
        name: &name,
        texts: &typed::MILESTONE,
    };
    change::keep(tx, ctx, &kept, &old.is, milestone).await?;
    if old.is.state != milestone.state {
        change::put(tx, ctx, &kept, "状態", old.is.state.label()).await?;
    }
    log(tx, ctx, of.1, old.id, milestone).await
}

async fn log(tx: &mut Tx, ctx: &Ctx, of: MeasureId, id: MilestoneId, m: &Milestone) -> Result<()> {
    audit::append(
        tx,
        ctx,
        Entry::new("roadmaps.milestone").detail(json!({
            "measure": of, "milestone": id, "year": m.year.year(), "state": m.state
        })),
    )
    .await
}
