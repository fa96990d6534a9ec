//! 実行度: how each year went.

use std::collections::HashMap;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
};
use serde_json::json;

use super::{change, kept};
use crate::{
    model::{Kept, KeptMeasure, MeasureId, Rating},
    rules, typed,
};

/// The ratings of measures, by year.
///
/// # Errors
/// The database refuses.
pub async fn of(
    conn: &mut Conn,
    ids: &[MeasureId],
) -> Result<HashMap<MeasureId, Vec<Kept<(), Rating>>>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for r in conn
        .rows(
            sql("select measure_id, year, degree, words, evidence, version, saved_by, saved_at from roadmap_rating
                  where measure_id in (:ids) order by measure_id, year")
                .bind_all("ids", ids.iter().copied()),
        )
        .await?
    {
        let is = Rating {
            year: r.get("year")?,
            degree: r.get("degree")?,
            words: r.get("words")?,
            evidence: r.get("evidence")?,
        };
        found
            .entry(r.get("measure_id")?)
            .or_default()
            .push(kept(&r, (), is)?);
    }
    Ok(found)
}

/// Saves how a year of a measure went, on top of what was seen (0: nothing yet). A plan that is over
/// is rated too.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between; [`Error::Forbidden`].
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    measure: &KeptMeasure,
    rating: &Rating,
    seen: i64,
) -> Result<()> {
    rules::need_planner(ctx)?;
    let id = measure.kept.id;
    let old = measure.rating(rating.year);
    if old.map_or(0, |o| o.version) != seen {
        return Err(Error::Changed);
    }
    let q = if seen == 0 {
        sql("insert into roadmap_rating (measure_id, year, degree, words, evidence, version, saved_by, saved_at)
             values (:id, :year, :degree, :words, :evidence, 1, :staff, :now) on conflict (measure_id, year) do nothing")
    } else {
        sql("update roadmap_rating set degree = :degree, words = :words, evidence = :evidence, version = version + 1,
                    saved_by = :staff, saved_at = :now
              where measure_id = :id and year = :year and version = :seen")
            .bind("seen", seen)
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("year", i64::from(rating.year.year()))
            .bind("degree", rating.degree)
            .bind("words", rating.words.as_str())
            .bind("evidence", rating.evidence.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    if let Some(old) = old {
        let name = format!("施策 {} の{}の評価", measure.kept.is.number, rating.year);
        let of = change::Of {
            plan: Some(measure.plan),
            record: id.0,
            name: &name,
            texts: &typed::RATING,
        };
        change::keep(tx, ctx, &of, &old.is, rating).await?;
        if old.is.degree != rating.degree {
            change::put(tx, ctx, &of, "実行度", old.is.degree.label()).await?;
        }
    }
    audit::append(
        tx,
        ctx,
        Entry::new("roadmaps.rated").detail(json!({
            "measure": id, "year": rating.year.year(), "degree": rating.degree
        })),
    )
    .await
}
