//! Activities, and each with its sources of a fiscal year.

use std::collections::HashMap;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
    text::fiscal::FiscalYear,
};
use serde_json::json;

use super::{kept, source};
use crate::{
    model::{Activity, ActivityId, Answer, KeptActivity, KeptSource, Scheme, State, Year},
    rules,
};

/// Activities that one page lists.
const SHOWN: i64 = 500;
/// Ids that one statement asks for.
const CHUNK: usize = 400;

const COLUMNS: &str =
    "select id, scheme, name, last_year, note, version, saved_by, saved_at from funding_activity";

fn read(r: &Row) -> Result<KeptActivity> {
    let it = Activity {
        scheme: r.get("scheme")?,
        name: r.get("name")?,
        last_year: r.opt("last_year")?,
        note: r.get("note")?,
    };
    kept(r, it)
}

/// The activities of a year with their sources, by programme and name.
///
/// # Errors
/// The database refuses.
pub async fn of_year(conn: &mut Conn, ctx: &Ctx, of: FiscalYear) -> Result<Vec<Year>> {
    let activities = conn
        .rows(
            sql(COLUMNS)
                .push("where municipality_id = :m and (last_year is null or last_year >= :year) order by scheme, name, id limit :limit")
                .bind("m", ctx.municipality)
                .bind("year", i64::from(of.year()))
                .bind("limit", SHOWN),
        )
        .await?
        .iter()
        .map(read)
        .collect::<Result<Vec<_>>>()?;
    with_sources(conn, activities, of).await
}

async fn with_sources(
    conn: &mut Conn,
    activities: Vec<KeptActivity>,
    of: FiscalYear,
) -> Result<Vec<Year>> {
    let ids: Vec<ActivityId> = activities.iter().map(|a| a.id).collect();
    let mut sources: HashMap<ActivityId, Vec<KeptSource>> = HashMap::new();
    let mut answers: HashMap<ActivityId, Answer> = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        for (activity, found) in source::of_activities(conn, ids, of).await? {
            sources.entry(activity).or_default().push(found);
        }
        let rows = conn
            .rows(
                sql("select activity_id, answer from funding_answer where activity_id in (:ids) and year = :year")
                    .bind_all("ids", ids.iter().copied())
                    .bind("year", i64::from(of.year())),
            )
            .await?;
        for r in &rows {
            answers.insert(r.get("activity_id")?, r.get("answer")?);
        }
    }
    Ok(activities
        .into_iter()
        .map(|activity| Year {
            sources: {
                let mut these = sources.remove(&activity.id).unwrap_or_default();
                these.sort_by_key(|s| s.it.cost);
                these
            },
            answer: answers.get(&activity.id).copied().unwrap_or(Answer::Unsaid),
            activity,
        })
        .collect())
}

/// One activity.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: ActivityId) -> Result<KeptActivity> {
    let row = conn
        .one(
            sql(COLUMNS)
                .push("where id = :id and municipality_id = :m")
                .bind("id", id)
                .bind("m", ctx.municipality),
        )
        .await?;
    read(&row)
}

/// One activity with its sources of a year.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn in_year(conn: &mut Conn, ctx: &Ctx, id: ActivityId, of: FiscalYear) -> Result<Year> {
    let activity = one(conn, ctx, id).await?;
    with_sources(conn, vec![activity], of)
        .await?
        .pop()
        .ok_or(Error::NotFound)
}

/// Saves an activity: a new one, or with `known` (id and the version seen) a changed one.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between; [`Error::Forbidden`] for who does not plan.
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    known: Option<(ActivityId, i64)>,
    activity: &Activity,
) -> Result<ActivityId> {
    rules::need_planner(ctx)?;
    let id = known.map_or_else(ActivityId::new, |(id, _)| id);
    let q = match known {
        Some((_, seen)) => sql("update funding_activity set scheme = :scheme, name = :name, last_year = :last, note = :note,
                    version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and municipality_id = :m and version = :seen")
            .bind("seen", seen),
        None => sql("insert into funding_activity (id, municipality_id, scheme, name, last_year, note, version, saved_by, saved_at)
             values (:id, :m, :scheme, :name, :last, :note, 1, :staff, :now)"),
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("scheme", activity.scheme)
            .bind("name", activity.name.as_str())
            .bind("last", activity.last_year.map(|y| i64::from(y.year())))
            .bind("note", activity.note.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("funding.activity").detail(json!({ "activity": id })),
    )
    .await?;
    Ok(id)
}

/// The activity of a programme with that name, made when there is none.
///
/// # Errors
/// [`Error::Forbidden`] for who does not plan.
pub async fn named(tx: &mut Tx, ctx: &Ctx, scheme: Scheme, name: &str) -> Result<ActivityId> {
    let known = tx
        .row(
            sql("select id from funding_activity where municipality_id = :m and scheme = :scheme and name = :name and last_year is null
                 order by id limit 1")
                .bind("m", ctx.municipality)
                .bind("scheme", scheme)
                .bind("name", name),
        )
        .await?;
    if let Some(row) = known {
        return row.get("id");
    }
    let new = Activity {
        scheme,
        name: name.to_owned(),
        last_year: None,
        note: String::new(),
    };
    save(tx, ctx, None, &new).await
}

/// Says outright that a year has no source, or that it is being considered; or takes that back.
/// `seen` is what stood there: who was slower is told.
///
/// # Errors
/// [`Error::Changed`]; [`Error::Invalid`] beside a living source.
pub async fn say(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ActivityId,
    of: FiscalYear,
    answer: Answer,
    seen: Answer,
) -> Result<()> {
    rules::need_planner(ctx)?;
    let now = in_year(tx, ctx, id, of).await?;
    if now.answer != seen {
        return Err(Error::Changed);
    }
    let living = now
        .sources
        .iter()
        .filter(|s| s.it.state != State::Dropped)
        .count();
    rules::answer(answer, living)?;
    unsay(tx, id, of).await?;
    if answer != Answer::Unsaid {
        tx.exec(
            sql("insert into funding_answer (activity_id, year, answer, saved_by, saved_at) values (:id, :year, :answer, :staff, :now)")
                .bind("id", id)
                .bind("year", i64::from(of.year()))
                .bind("answer", answer)
                .bind("staff", ctx.actor.staff)
                .bind("now", ctx.now()),
        )
        .await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("funding.answer")
            .detail(json!({ "activity": id, "year": of.year(), "answer": answer })),
    )
    .await
}

/// A living source stands there now: what was said of its lack holds no longer.
pub(super) async fn unsay(tx: &mut Tx, id: ActivityId, of: FiscalYear) -> Result<()> {
    tx.exec(
        sql("delete from funding_answer where activity_id = :id and year = :year")
            .bind("id", id)
            .bind("year", i64::from(of.year())),
    )
    .await?;
    Ok(())
}
