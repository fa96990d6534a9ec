//! 選択肢: what was weighed and chosen.

use std::collections::HashMap;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
};
use serde_json::json;

use super::{change, kept, measure, plan};
use crate::{
    model::{Choice, ChoiceId, Kept, PlanId},
    rules, typed,
};

/// Choices of one plan at most.
const LIMIT: i64 = 200;

const COLUMNS: &str = "select c.id, c.plan_id, c.measure_id, c.question, c.chosen, c.why, c.version, c.saved_by, c.saved_at
       from roadmap_choice c";

fn read(r: &Row) -> Result<Kept<ChoiceId, Choice>> {
    let is = Choice {
        measure: r.opt("measure_id")?,
        question: r.get("question")?,
        options: Vec::new(),
        chosen: r.opt("chosen")?,
        why: r.get("why")?,
    };
    kept(r, r.get("id")?, is)
}

/// The choices of a plan, in the order in which they came up.
///
/// # Errors
/// The database refuses.
pub async fn of_plan(conn: &mut Conn, id: PlanId) -> Result<Vec<Kept<ChoiceId, Choice>>> {
    let mut all = conn
        .rows(
            sql(COLUMNS)
                .push("where c.plan_id = :plan order by c.id limit :limit")
                .bind("plan", id)
                .bind("limit", LIMIT),
        )
        .await?
        .iter()
        .map(read)
        .collect::<Result<Vec<_>>>()?;
    options(conn, &mut all).await?;
    Ok(all)
}

async fn options(conn: &mut Conn, all: &mut [Kept<ChoiceId, Choice>]) -> Result<()> {
    let mut found: HashMap<ChoiceId, Vec<String>> = HashMap::new();
    for r in conn
        .rows(
            sql("select choice_id, text from roadmap_option where choice_id in (:ids) order by choice_id, place")
                .bind_all("ids", all.iter().map(|c| c.id)),
        )
        .await?
    {
        found.entry(r.get("choice_id")?).or_default().push(r.get("text")?);
    }
    for choice in all {
        choice.is.options = found.remove(&choice.id).unwrap_or_default();
    }
    Ok(())
}

/// One choice, with its plan.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ChoiceId,
) -> Result<(PlanId, Kept<ChoiceId, Choice>)> {
    let row = conn
        .one(
            sql(COLUMNS)
                .push("join roadmap_plan p on p.id = c.plan_id where c.id = :id and p.municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    let mut found = [read(&row)?];
    options(conn, &mut found).await?;
    let [found] = found;
    Ok((row.get("plan_id")?, found))
}

/// Saves a choice: a new one, or with `known` (what is stored and the version seen) a changed one.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between; [`Error::Forbidden`]; a plan that is over.
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    of: PlanId,
    known: Option<(&Kept<ChoiceId, Choice>, i64)>,
    choice: &Choice,
) -> Result<ChoiceId> {
    rules::need_planner(ctx)?;
    rules::need_open(&plan::one(tx, ctx, of).await?.kept.is)?;
    if let Some(about) = choice.measure
        && measure::one(tx, ctx, about).await?.plan != of
    {
        return Err(Error::NotFound);
    }
    let id = known.map_or_else(ChoiceId::new, |(old, _)| old.id);
    let q = match known {
        Some((_, seen)) => sql("update roadmap_choice set measure_id = :measure, question = :question, chosen = :chosen, why = :why,
                    version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and plan_id = :plan and version = :seen")
            .bind("seen", seen),
        None => {
            full(tx, of).await?;
            sql("insert into roadmap_choice (id, plan_id, measure_id, question, chosen, why, version, saved_by, saved_at)
             values (:id, :plan, :measure, :question, :chosen, :why, 1, :staff, :now)")
        }
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("plan", of)
            .bind("measure", choice.measure)
            .bind("question", choice.question.as_str())
            .bind("chosen", choice.chosen)
            .bind("why", choice.why.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    tx.exec(sql("delete from roadmap_option where choice_id = :id").bind("id", id))
        .await?;
    for (place, text) in (1_i64..).zip(&choice.options) {
        tx.exec(
            sql("insert into roadmap_option (choice_id, place, text) values (:id, :place, :text)")
                .bind("id", id)
                .bind("place", place)
                .bind("text", text.as_str()),
        )
        .await?;
    }
    if let Some((old, _)) = known {
        history(tx, ctx, of, old, choice).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("roadmaps.choice")
            .detail(json!({ "plan": of, "choice": id, "chosen": choice.chosen })),
    )
    .await?;
    Ok(id)
}

async fn full(conn: &mut Conn, of: PlanId) -> Result<()> {
    let there = conn
        .count(
            sql("select count(*) as n from roadmap_choice where plan_id = :plan").bind("plan", of),
        )
        .await?;
    if there < LIMIT {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "一つの計画に書ける選択肢の検討は{LIMIT}件までです。保存していません。"
    )))
}

async fn history(
    tx: &mut Tx,
    ctx: &Ctx,
    plan: PlanId,
    old: &Kept<ChoiceId, Choice>,
    new: &Choice,
) -> Result<()> {
    let of = change::Of {
        plan: Some(plan),
        record: old.id.0,
        name: "選択肢の検討",
        texts: &typed::CHOICE,
    };
    change::keep(tx, ctx, &of, &old.is, new).await?;
    for (n, text) in old.is.options.iter().enumerate() {
        if new.options.get(n) != Some(text) {
            change::put(tx, ctx, &of, &format!("案{}", n + 1), text).await?;
        }
    }
    if let Some(before) = old.is.chosen.filter(|_| old.is.chosen != new.chosen) {
        change::put(tx, ctx, &of, "選んだ案", &format!("案{before}")).await?;
    }
    Ok(())
}
