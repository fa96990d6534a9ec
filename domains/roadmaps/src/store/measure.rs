//! 施策・取組, with their milestones and ratings.

use std::collections::HashMap;

use engawa_indicators::store::indicator::IndicatorId;
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
};
use serde_json::json;

use super::{change, evidence, kept, milestone, plan, rating};
use crate::{
    model::{KeptMeasure, Measure, MeasureId, PlanId},
    rules, typed,
};

/// Measures of one plan at most.
pub const LIMIT: i64 = 500;

const COLUMNS: &str = "select m.id, m.plan_id, m.place, m.number, m.heading, m.text, m.responsible, m.body, m.budget, m.dropped, m.carried,
              m.version, m.saved_by, m.saved_at, b.text as before_text
       from roadmap_measure m join roadmap_plan p on p.id = m.plan_id left join roadmap_measure b on b.id = m.before_id";

fn read(r: &Row) -> Result<KeptMeasure> {
    let measure = Measure {
        place: r.get("place")?,
        number: r.get("number")?,
        heading: r.get("heading")?,
        text: r.get("text")?,
        responsible: r.get("responsible")?,
        body: r.opt("body")?,
        budget: r.get("budget")?,
        dropped: r.get("dropped")?,
        evidence: Vec::new(),
        indicators: Vec::new(),
    };
    Ok(KeptMeasure {
        kept: kept(r, r.get("id")?, measure)?,
        plan: r.get("plan_id")?,
        before: r.opt("before_text")?,
        carried: r.get("carried")?,
        milestones: Vec::new(),
        ratings: Vec::new(),
    })
}

/// The measures of a plan, in order.
///
/// # Errors
/// The database refuses.
pub async fn of_plan(conn: &mut Conn, ctx: &Ctx, id: PlanId) -> Result<Vec<KeptMeasure>> {
    let mut all = conn
        .rows(
            sql(COLUMNS)
                .push("where m.plan_id = :plan and p.municipality_id = :m order by m.place, m.id limit :limit")
                .bind("plan", id)
                .bind("m", ctx.municipality)
                .bind("limit", LIMIT),
        )
        .await?
        .iter()
        .map(read)
        .collect::<Result<Vec<_>>>()?;
    parts(conn, &mut all).await?;
    Ok(all)
}

/// One measure.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: MeasureId) -> Result<KeptMeasure> {
    let row = conn
        .one(
            sql(COLUMNS)
                .push("where m.id = :id and p.municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    let mut found = [read(&row)?];
    parts(conn, &mut found).await?;
    let [found] = found;
    Ok(found)
}

/// Milestones, ratings, what they rest on and their indicators.
async fn parts(conn: &mut Conn, measures: &mut [KeptMeasure]) -> Result<()> {
    let ids: Vec<MeasureId> = measures.iter().map(|m| m.kept.id).collect();
    let mut milestones = milestone::of(conn, &ids).await?;
    let mut ratings = rating::of(conn, &ids).await?;
    let mut rests = evidence::of(conn, &ids).await?;
    let mut indicators = indicators(conn, &ids).await?;
    for m in measures {
        let id = m.kept.id;
        m.milestones = milestones.remove(&id).unwrap_or_default();
        m.ratings = ratings.remove(&id).unwrap_or_default();
        m.kept.is.evidence = rests.remove(&id).unwrap_or_default();
        m.kept.is.indicators = indicators.remove(&id).unwrap_or_default();
    }
    Ok(())
}

async fn indicators(
    conn: &mut Conn,
    ids: &[MeasureId],
) -> Result<HashMap<MeasureId, Vec<IndicatorId>>> {
    let mut found: HashMap<MeasureId, Vec<IndicatorId>> = HashMap::new();
    for r in conn
        .rows(
            sql(
                "select measure_id, indicator_id from roadmap_measure_indicator
                  where measure_id in (:ids) order by measure_id, indicator_id",
            )
            .bind_all("ids", ids.iter().copied()),
        )
        .await?
    {
        found
            .entry(r.get("measure_id")?)
            .or_default()
            .push(r.get("indicator_id")?);
    }
    Ok(found)
}

/// The place after the last, in steps of ten, so that something fits between.
#[must_use]
pub fn next_place(measures: &[KeptMeasure]) -> i64 {
    measures
        .iter()
        .map(|m| m.kept.is.place)
        .max()
        .map_or(10, |last| (last / 10 + 1) * 10)
}

/// Adds a measure to a plan that is not over.
///
/// # Errors
/// [`Error::Forbidden`], the sentence of the rule that refuses, or a full plan.
pub async fn add(tx: &mut Tx, ctx: &Ctx, of: PlanId, measure: &Measure) -> Result<MeasureId> {
    rules::need_planner(ctx)?;
    rules::need_open(&plan::one(tx, ctx, of).await?.kept.is)?;
    let there = tx
        .count(
            sql("select count(*) as n from roadmap_measure where plan_id = :plan").bind("plan", of),
        )
        .await?;
    if there >= LIMIT {
        return Err(Error::Invalid(format!(
            "一つの計画に書ける施策は{LIMIT}件までです。保存していません。"
        )));
    }
    insert(tx, ctx, of, measure, None, "").await
}

/// Writes a new measure; `before` and `carried`: what comes from the plan before.
pub(super) async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    of: PlanId,
    measure: &Measure,
    before: Option<MeasureId>,
    carried: &str,
) -> Result<MeasureId> {
    let id = MeasureId::new();
    tx.exec(
        sql("insert into roadmap_measure (id, plan_id, before_id, place, number, heading, text, responsible, body, budget, dropped,
                    carried, version, saved_by, saved_at)
             values (:id, :plan, :before, :place, :number, :heading, :text, :responsible, :body, :budget, :dropped,
                    :carried, 1, :staff, :now)")
            .bind("id", id)
            .bind("plan", of)
            .bind("before", before)
            .bind("place", measure.place)
            .bind("number", measure.number.as_str())
            .bind("heading", measure.heading.as_str())
            .bind("text", measure.text.as_str())
            .bind("responsible", measure.responsible.as_str())
            .bind("body", measure.body)
            .bind("budget", measure.budget.as_str())
            .bind("dropped", measure.dropped.as_str())
            .bind("carried", carried)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    links(tx, ctx, id, measure).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("roadmaps.measure_made").detail(json!({ "plan": of, "measure": id })),
    )
    .await?;
    Ok(id)
}

/// Changes a measure on top of the version seen.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between; the sentence of the rule that refuses.
pub async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    id: MeasureId,
    seen: i64,
    measure: &Measure,
) -> Result<()> {
    rules::need_planner(ctx)?;
    let old = one(tx, ctx, id).await?;
    rules::need_open(&plan::one(tx, ctx, old.plan).await?.kept.is)?;
    tx.exec_versioned(
        sql("update roadmap_measure set place = :place, number = :number, heading = :heading, text = :text,
                    responsible = :responsible, body = :body, budget = :budget, dropped = :dropped,
                    version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and version = :seen")
            .bind("place", measure.place)
            .bind("number", measure.number.as_str())
            .bind("heading", measure.heading.as_str())
            .bind("text", measure.text.as_str())
            .bind("responsible", measure.responsible.as_str())
            .bind("body", measure.body)
            .bind("budget", measure.budget.as_str())
            .bind("dropped", measure.dropped.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now())
            .bind("id", id)
            .bind("seen", seen),
    )
    .await?;
    links(tx, ctx, id, measure).await?;
    let name = format!("施策 {}", old.kept.is.number);
    let of = change::Of {
        plan: Some(old.plan),
        record: id.0,
        name: name.trim(),
        texts: &typed::MEASURE,
    };
    change::keep(tx, ctx, &of, &old.kept.is, measure).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("roadmaps.measure").detail(json!({
            "measure": id, "evidence": measure.evidence, "indicators": measure.indicators
        })),
    )
    .await
}

/// What a measure rests on and the indicators that show it; both belong to this municipality.
async fn links(tx: &mut Tx, ctx: &Ctx, id: MeasureId, measure: &Measure) -> Result<()> {
    evidence::need_all(tx, ctx, &measure.evidence).await?;
    let known = engawa_indicators::named(tx, ctx).await?;
    if !measure
        .indicators
        .iter()
        .all(|i| known.iter().any(|(k, _)| k == i))
    {
        return Err(Error::NotFound);
    }
    for text in [
        "delete from roadmap_measure_evidence where measure_id = :id",
        "delete from roadmap_measure_indicator where measure_id = :id",
    ] {
        tx.exec(sql(text).bind("id", id)).await?;
    }
    for other in &measure.evidence {
        tx.exec(
            sql("insert into roadmap_measure_evidence (measure_id, evidence_id) values (:id, :other)")
                .bind("id", id)
                .bind("other", *other),
        )
        .await?;
    }
    for other in &measure.indicators {
        tx.exec(
            sql("insert into roadmap_measure_indicator (measure_id, indicator_id) values (:id, :other)")
                .bind("id", id)
                .bind("other", *other),
        )
        .await?;
    }
    Ok(())
}
