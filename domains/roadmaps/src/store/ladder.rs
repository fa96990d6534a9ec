//! What the ladder counts, and what people judged.

use std::collections::HashMap;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    id::AreaId,
    text::fiscal::FiscalYear,
};
use serde_json::json;

use super::{change, kept};
use crate::{
    ladder::{Rated, Rule, STANDING, Settings, Standing, Step},
    model::Kept,
    rules,
};

/// What the municipality set; the shipped rules until it did.
///
/// # Errors
/// The database refuses.
pub async fn settings(conn: &mut Conn, ctx: &Ctx) -> Result<Settings> {
    let row = conn
        .row(
            sql("select noticed, received, solved, resources, kinds, version, saved_by, saved_at from roadmap_ladder
                  where municipality_id = :m")
                .bind("m", ctx.municipality),
        )
        .await?;
    let Some(r) = row else {
        return Ok(Settings::default());
    };
    let rule = |step: Step| -> Result<Rule> {
        Ok(Rule::read(&r.get::<String>(step.as_code())?).unwrap_or(Rule::Nothing))
    };
    Ok(Settings {
        rules: [
            rule(Step::Noticed)?,
            rule(Step::Received)?,
            rule(Step::Solved)?,
            rule(Step::Resources)?,
        ],
        kinds: r
            .get::<String>("kinds")?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        version: r.get("version")?,
        saved: Some((r.get("saved_by")?, r.get("saved_at")?)),
    })
}

/// Sets what is counted, on top of the version seen (0: never set).
///
/// # Errors
/// [`Error::Changed`] when somebody did in between; [`Error::Forbidden`].
pub async fn set(tx: &mut Tx, ctx: &Ctx, new: &Settings) -> Result<()> {
    rules::need_planner(ctx)?;
    let q = if new.version == 0 {
        sql("insert into roadmap_ladder (municipality_id, noticed, received, solved, resources, kinds, version, saved_by, saved_at)
             values (:m, :noticed, :received, :solved, :resources, :kinds, 1, :staff, :now) on conflict (municipality_id) do nothing")
    } else {
        sql("update roadmap_ladder set noticed = :noticed, received = :received, solved = :solved, resources = :resources,
                    kinds = :kinds, version = version + 1, saved_by = :staff, saved_at = :now
              where municipality_id = :m and version = :seen")
            .bind("seen", new.version)
    };
    tx.exec_versioned(
        q.bind("m", ctx.municipality)
            .bind("noticed", new.rule(Step::Noticed).code())
            .bind("received", new.rule(Step::Received).code())
            .bind("solved", new.rule(Step::Solved).code())
            .bind("resources", new.rule(Step::Resources).code())
            .bind("kinds", new.kinds.join(" "))
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    let rules: HashMap<&str, String> = Step::ALL
        .into_iter()
        .map(|step| (step.as_code(), new.rule(step).code()))
        .collect();
    audit::append(
        tx,
        ctx,
        Entry::new("roadmaps.ladder_rules").detail(json!({ "rules": rules, "kinds": new.kinds })),
    )
    .await
}

const COLUMNS: &str =
    "select area_id, noticed, noticed_words, received, received_words, solved, solved_words,
              resources, resources_words, version, saved_by, saved_at
       from roadmap_standing";

fn read(r: &Row) -> Result<Kept<(), Standing>> {
    let rated = |step: Step| -> Result<Option<Rated>> {
        Ok(Rated::from_code(&r.get::<String>(step.as_code())?))
    };
    let is = Standing {
        noticed: rated(Step::Noticed)?,
        noticed_words: r.get("noticed_words")?,
        received: rated(Step::Received)?,
        received_words: r.get("received_words")?,
        solved: rated(Step::Solved)?,
        solved_words: r.get("solved_words")?,
        resources: rated(Step::Resources)?,
        resources_words: r.get("resources_words")?,
    };
    kept(r, (), is)
}

/// What people judged in a year, by area.
///
/// # Errors
/// The database refuses.
pub async fn standings(
    conn: &mut Conn,
    ctx: &Ctx,
    year: FiscalYear,
) -> Result<HashMap<AreaId, Kept<(), Standing>>> {
    conn.rows(
        sql(COLUMNS)
            .push("where municipality_id = :m and year = :year limit 20000")
            .bind("m", ctx.municipality)
            .bind("year", i64::from(year.year())),
    )
    .await?
    .iter()
    .map(|r| Ok((r.get("area_id")?, read(r)?)))
    .collect()
}

/// What people judged of an area in a year, if anybody did.
///
/// # Errors
/// The database refuses.
pub async fn standing(
    conn: &mut Conn,
    ctx: &Ctx,
    area: AreaId,
    year: FiscalYear,
) -> Result<Option<Kept<(), Standing>>> {
    conn.row(
        sql(COLUMNS)
            .push("where municipality_id = :m and area_id = :area and year = :year")
            .bind("m", ctx.municipality)
            .bind("area", area)
            .bind("year", i64::from(year.year())),
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Saves what people judge of an area in a year, on top of what was seen (0: nothing yet). The caller
/// has made sure that the area is the municipality's.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between; [`Error::Forbidden`].
pub async fn judge(
    tx: &mut Tx,
    ctx: &Ctx,
    area: (AreaId, &str),
    year: FiscalYear,
    new: &Standing,
    seen: i64,
) -> Result<()> {
    rules::need_planner(ctx)?;
    let old = standing(tx, ctx, area.0, year).await?;
    if old.as_ref().map_or(0, |o| o.version) != seen {
        return Err(Error::Changed);
    }
    let code = |step: Step| new.of(step).0.map_or("", Rated::as_code);
    let q = if seen == 0 {
        sql("insert into roadmap_standing (area_id, year, municipality_id, noticed, noticed_words, received, received_words,
                    solved, solved_words, resources, resources_words, version, saved_by, saved_at)
             values (:area, :year, :m, :noticed, :noticed_words, :received, :received_words,
                    :solved, :solved_words, :resources, :resources_words, 1, :staff, :now) on conflict (area_id, year) do nothing")
    } else {
        sql("update roadmap_standing set noticed = :noticed, noticed_words = :noticed_words, received = :received,
                    received_words = :received_words, solved = :solved, solved_words = :solved_words, resources = :resources,
                    resources_words = :resources_words, version = version + 1, saved_by = :staff, saved_at = :now
              where area_id = :area and year = :year and municipality_id = :m and version = :seen")
            .bind("seen", seen)
    };
    tx.exec_versioned(
        q.bind("area", area.0)
            .bind("year", i64::from(year.year()))
            .bind("m", ctx.municipality)
            .bind("noticed", code(Step::Noticed))
            .bind("noticed_words", new.noticed_words.as_str())
            .bind("received", code(Step::Received))
            .bind("received_words", new.received_words.as_str())
            .bind("solved", code(Step::Solved))
            .bind("solved_words", new.solved_words.as_str())
            .bind("resources", code(Step::Resources))
            .bind("resources_words", new.resources_words.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    if let Some(old) = &old {
        let name = format!("{}の{year}", area.1);
        let of = change::Of {
            plan: None,
            record: area.0.0,
            name: &name,
            texts: &STANDING,
        };
        change::keep(tx, ctx, &of, &old.is, new).await?;
        for step in Step::ALL {
            if let Some(before) = old.is.of(step).0.filter(|b| Some(*b) != new.of(step).0) {
                change::put(tx, ctx, &of, step.label(), before.label()).await?;
            }
        }
    }
    audit::append(
        tx,
        ctx,
        Entry::new("roadmaps.ladder_judged")
            .detail(json!({ "area": area.0, "year": year.year(), "steps": Step::ALL.map(code) })),
    )
    .await
}
