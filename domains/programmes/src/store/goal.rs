//! Goals and how each year went.

use std::collections::HashMap;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    text::fiscal::FiscalYear,
};
use serde_json::json;

use crate::{
    goals::{Goal, GoalId, Kept, Look, Rating, Subject},
    rules,
};

/// Goals of one year that are listed.
const SHOWN: i64 = 500;

const COLUMNS: &str = "select id, year, field, indicator_id, text, number, unit, subject, subject_name, due, why_not_counted, version
       from programme_goal";

fn read(r: &Row) -> Result<Kept> {
    Ok(Kept {
        id: r.get("id")?,
        version: r.get("version")?,
        goal: Goal {
            year: r.get("year")?,
            field: r.get("field")?,
            indicator: r.opt("indicator_id")?,
            text: r.get("text")?,
            number: r.get("number")?,
            unit: r.get("unit")?,
            subject: Subject::from_code(&r.get::<String>("subject")?),
            subject_name: r.get("subject_name")?,
            due: r.get("due")?,
            why_not_counted: r.get("why_not_counted")?,
        },
        years: Vec::new(),
    })
}

/// Goals set in a year or before and not longer than five years ago, in the order of the form: a goal
/// is looked back on for as long as a plan usually runs.
///
/// # Errors
/// The database refuses.
pub async fn list(conn: &mut Conn, ctx: &Ctx, of: FiscalYear) -> Result<Vec<Kept>> {
    let mut goals = conn
        .rows(
            sql(COLUMNS)
                .push("where municipality_id = :m and year <= :year and year > :year - 5 order by year desc, id limit :limit")
                .bind("m", ctx.municipality)
                .bind("year", i64::from(of.year()))
                .bind("limit", SHOWN),
        )
        .await?
        .iter()
        .map(read)
        .collect::<Result<Vec<_>>>()?;
    looks(conn, &mut goals).await?;
    Ok(goals)
}

async fn looks(conn: &mut Conn, goals: &mut [Kept]) -> Result<()> {
    let ids: Vec<GoalId> = goals.iter().map(|g| g.id).collect();
    let mut found: HashMap<GoalId, Vec<Look>> = HashMap::new();
    for ids in ids.chunks(400) {
        let rows = conn
            .rows(
                sql(
                    "select goal_id, year, rating, evidence, version from programme_goal_year
                      where goal_id in (:ids) order by goal_id, year desc",
                )
                .bind_all("ids", ids.iter().copied()),
            )
            .await?;
        for r in &rows {
            found.entry(r.get("goal_id")?).or_default().push(Look {
                year: r.get("year")?,
                rating: r.get::<Rating>("rating")?,
                evidence: r.get("evidence")?,
                version: r.get("version")?,
            });
        }
    }
    for goal in goals {
        goal.years = found.remove(&goal.id).unwrap_or_default();
    }
    Ok(())
}

/// One goal.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: GoalId) -> Result<Kept> {
    let row = conn
        .one(
            sql(COLUMNS)
                .push("where id = :id and municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    let mut goal = [read(&row)?];
    looks(conn, &mut goal).await?;
    let [goal] = goal;
    Ok(goal)
}

/// Saves a goal: a new one, or with `known` (id and the version seen) a changed one.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between.
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    known: Option<(GoalId, i64)>,
    goal: &Goal,
) -> Result<GoalId> {
    rules::need_planner(ctx)?;
    let id = known.map_or_else(GoalId::new, |(id, _)| id);
    let q = match known {
        Some((_, seen)) => sql("update programme_goal set year = :year, field = :field, indicator_id = :indicator, text = :text, number = :number, unit = :unit,
                    subject = :subject, subject_name = :name, due = :due, why_not_counted = :why,
                    version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and municipality_id = :m and version = :seen")
            .bind("seen", seen),
        None => sql("insert into programme_goal (id, municipality_id, year, field, indicator_id, text, number, unit, subject, subject_name, due,
                    why_not_counted, version, saved_by, saved_at)
             values (:id, :m, :year, :field, :indicator, :text, :number, :unit, :subject, :name, :due, :why, 1, :staff, :now)"),
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("year", i64::from(goal.year.year()))
            .bind("field", goal.field)
            .bind("indicator", goal.indicator)
            .bind("text", goal.text.as_str())
            .bind("number", goal.number.as_str())
            .bind("unit", goal.unit.as_str())
            .bind("subject", goal.subject.map_or("", Subject::as_code))
            .bind("name", goal.subject_name.as_str())
            .bind("due", goal.due.as_str())
            .bind("why", goal.why_not_counted.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.goal").detail(json!({ "goal": id })),
    )
    .await?;
    Ok(id)
}

/// Saves how a year went, on top of what was seen (0: nothing yet).
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between.
pub async fn rate(
    tx: &mut Tx,
    ctx: &Ctx,
    id: GoalId,
    of: FiscalYear,
    rating: Rating,
    evidence: &str,
    seen: i64,
) -> Result<()> {
    rules::need_planner(ctx)?;
    one(tx, ctx, id).await?;
    let q = if seen == 0 {
        sql("insert into programme_goal_year (goal_id, year, rating, evidence, version, saved_by, saved_at)
             values (:id, :year, :rating, :evidence, 1, :staff, :now) on conflict (goal_id, year) do nothing")
    } else {
        sql("update programme_goal_year set rating = :rating, evidence = :evidence, version = version + 1,
                    saved_by = :staff, saved_at = :now
              where goal_id = :id and year = :year and version = :seen")
            .bind("seen", seen)
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("year", i64::from(of.year()))
            .bind("rating", rating)
            .bind("evidence", evidence)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.goal_rated")
            .detail(json!({ "goal": id, "year": of.year(), "rating": rating })),
    )
    .await
}

/// A goal's look back on a year, if there is one.
#[must_use]
pub fn look(goal: &Kept, of: FiscalYear) -> Option<&Look> {
    goal.years.iter().find(|y| y.year == of)
}

/// A year that a goal can be looked back on: not before it was set.
///
/// # Errors
/// [`Error::NotFound`]
pub fn within(goal: &Kept, of: FiscalYear) -> Result<()> {
    if of >= goal.goal.year && of.year() < goal.goal.year.year() + 5 {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}
