//! Plans.

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
};
use serde_json::json;

use super::{change, choice, kept, measure};
use crate::{
    model::{KeptPlan, Plan, PlanId, Whole},
    rules, typed,
};

/// Plans that are listed.
const SHOWN: i64 = 300;

const COLUMNS: &str = "select id, kind, name, body, above, before_id, first_year, last_year, state, note, version, saved_by, saved_at
       from roadmap_plan";

fn read(r: &Row) -> Result<KeptPlan> {
    let plan = Plan {
        kind: r.get("kind")?,
        name: r.get("name")?,
        body: r.opt("body")?,
        above: r.opt("above")?,
        first_year: r.get("first_year")?,
        last_year: r.get("last_year")?,
        state: r.get("state")?,
        note: r.get("note")?,
    };
    Ok(KeptPlan {
        kept: kept(r, r.get("id")?, plan)?,
        before: r.opt("before_id")?,
    })
}

/// All plans, the newest period first.
///
/// # Errors
/// The database refuses.
pub async fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<KeptPlan>> {
    conn.rows(
        sql(COLUMNS)
            .push("where municipality_id = :m order by first_year desc, name, id limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// One plan.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: PlanId) -> Result<KeptPlan> {
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

/// A plan with everything in it.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn whole(conn: &mut Conn, ctx: &Ctx, id: PlanId) -> Result<Whole> {
    Ok(Whole {
        plan: one(conn, ctx, id).await?,
        measures: measure::of_plan(conn, ctx, id).await?,
        choices: choice::of_plan(conn, id).await?,
    })
}

/// The plan that was made from this one, the newest.
///
/// # Errors
/// The database refuses.
pub async fn after(conn: &mut Conn, ctx: &Ctx, id: PlanId) -> Result<Option<KeptPlan>> {
    conn.row(
        sql(COLUMNS)
            .push("where before_id = :id and municipality_id = :m order by id desc limit 1")
            .bind("id", id)
            .bind("m", ctx.municipality),
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Makes a plan; `before`: from that one.
///
/// # Errors
/// [`Error::Forbidden`] for who does not plan.
pub async fn add(tx: &mut Tx, ctx: &Ctx, plan: &Plan, before: Option<PlanId>) -> Result<PlanId> {
    rules::need_planner(ctx)?;
    need_above(tx, ctx, None, plan).await?;
    let id = PlanId::new();
    tx.exec(
        sql("insert into roadmap_plan (id, municipality_id, kind, name, body, above, before_id, first_year, last_year, state, note,
                    version, saved_by, saved_at)
             values (:id, :m, :kind, :name, :body, :above, :before, :first, :last, :state, :note, 1, :staff, :now)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("kind", plan.kind)
            .bind("name", plan.name.as_str())
            .bind("body", plan.body)
            .bind("above", plan.above)
            .bind("before", before)
            .bind("first", i64::from(plan.first_year.year()))
            .bind("last", i64::from(plan.last_year.year()))
            .bind("state", plan.state)
            .bind("note", plan.note.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    log(tx, ctx, "roadmaps.plan_made", id, plan).await?;
    Ok(id)
}

/// Changes a plan on top of the version seen.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between; the sentence of the rule that refuses.
pub async fn change(tx: &mut Tx, ctx: &Ctx, id: PlanId, seen: i64, plan: &Plan) -> Result<()> {
    rules::need_planner(ctx)?;
    let old = one(tx, ctx, id).await?.kept;
    if old.version != seen {
        return Err(Error::Changed);
    }
    rules::may_become(old.is.state, plan.state)?;
    need_above(tx, ctx, Some(id), plan).await?;
    need_room(tx, id, plan).await?;
    tx.exec_versioned(
        sql("update roadmap_plan set kind = :kind, name = :name, body = :body, above = :above, first_year = :first,
                    last_year = :last, state = :state, note = :note, version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and municipality_id = :m and version = :seen")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("kind", plan.kind)
            .bind("name", plan.name.as_str())
            .bind("body", plan.body)
            .bind("above", plan.above)
            .bind("first", i64::from(plan.first_year.year()))
            .bind("last", i64::from(plan.last_year.year()))
            .bind("state", plan.state)
            .bind("note", plan.note.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now())
            .bind("seen", seen),
    )
    .await?;
    let of = change::Of {
        plan: Some(id),
        record: id.0,
        name: "計画",
        texts: &typed::PLAN,
    };
    change::keep(tx, ctx, &of, &old.is, plan).await?;
    log(tx, ctx, "roadmaps.plan", id, plan).await
}

async fn log(tx: &mut Tx, ctx: &Ctx, what: &'static str, id: PlanId, plan: &Plan) -> Result<()> {
    let detail = json!({
        "plan": id, "state": plan.state, "first": plan.first_year.year(), "last": plan.last_year.year()
    });
    audit::append(tx, ctx, Entry::new(what).detail(detail)).await
}

/// Plans above plans at most.
const DEEP: usize = 10;

/// The plan above is one of this municipality's, and does not stand under this one.
async fn need_above(conn: &mut Conn, ctx: &Ctx, id: Option<PlanId>, plan: &Plan) -> Result<()> {
    let mut next = plan.above;
    for _ in 0..DEEP {
        let Some(above) = next else { return Ok(()) };
        if Some(above) == id {
            break;
        }
        next = one(conn, ctx, above).await?.kept.is.above;
    }
    Err(Error::Invalid(
        "上位計画をたどると、この計画に戻ってしまいます。保存していません。別の計画を選んでください。".into(),
    ))
}

/// No milestone and no rating falls out of the plan's years.
async fn need_room(conn: &mut Conn, id: PlanId, plan: &Plan) -> Result<()> {
    let outside = conn
        .count(
            sql("select (select count(*) from roadmap_milestone s join roadmap_measure m on m.id = s.measure_id
                          where m.plan_id = :id and (s.year < :first or s.year > :last))
                      + (select count(*) from roadmap_rating g join roadmap_measure m on m.id = g.measure_id
                          where m.plan_id = :id and (g.year < :first or g.year > :last)) as n")
                .bind("id", id)
                .bind("first", i64::from(plan.first_year.year()))
                .bind("last", i64::from(plan.last_year.year())),
        )
        .await?;
    if outside == 0 {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "期間を{}にすると、期間の外になる工程や評価が{outside}件あります。保存していません。先に工程の年度を直してください。",
        plan.period()
    )))
}
