//! The register of figures.

use chrono::NaiveDate;
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
};
use serde_json::json;

use crate::{
    figures::{Figure, FigureId, Kept},
    rules,
};

/// Figures of one kind that are read at once: some hundred blocks over ten years.
const SHOWN: i64 = 5_000;
/// Kinds that are listed.
const KINDS: i64 = 100;

const FIGURE: &str = "select id, kind, area_id, as_of, state, number, unit, source, note, version from programme_figure
      where municipality_id = :m and removed_at is null";

fn read(r: &Row) -> Result<Kept> {
    Ok(Kept {
        id: r.get("id")?,
        version: r.get("version")?,
        figure: Figure {
            kind: r.get("kind")?,
            area: r.opt("area_id")?,
            as_of: r.get("as_of")?,
            sure: r.get("state")?,
            number: r.get("number")?,
            unit: r.get("unit")?,
            source: r.get("source")?,
            note: r.get("note")?,
        },
    })
}

/// Kinds that have figures, with how many.
///
/// # Errors
/// The database refuses.
pub async fn kinds(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(String, i64)>> {
    conn.rows(
        sql("select kind, count(*) as n from programme_figure where municipality_id = :m and removed_at is null
              group by kind order by kind limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", KINDS),
    )
    .await?
    .iter()
    .map(|r| Ok((r.get("kind")?, r.get("n")?)))
    .collect()
}

/// All figures of a kind, newest day first.
///
/// # Errors
/// The database refuses.
pub async fn of_kind(conn: &mut Conn, ctx: &Ctx, kind: &str) -> Result<Vec<Kept>> {
    conn.rows(
        sql(FIGURE)
            .push("and kind = :kind order by as_of desc, id limit :limit")
            .bind("m", ctx.municipality)
            .bind("kind", kind)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The whole municipality's figures of all kinds, newest day first.
///
/// # Errors
/// The database refuses.
pub async fn whole(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Kept>> {
    conn.rows(
        sql(FIGURE)
            .push("and area_id is null order by as_of desc, id limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// One figure.
///
/// # Errors
/// [`engawa_kernel::error::Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: FigureId) -> Result<Kept> {
    let q = sql(FIGURE)
        .push("and id = :id")
        .bind("m", ctx.municipality)
        .bind("id", id);
    read(&conn.one(q).await?)
}

/// Others for the same thing, place and day.
///
/// # Errors
/// The database refuses.
pub async fn beside(conn: &mut Conn, ctx: &Ctx, kind: &str, as_of: NaiveDate) -> Result<Vec<Kept>> {
    conn.rows(
        sql(FIGURE)
            .push("and kind = :kind and as_of = :as_of order by id limit :limit")
            .bind("m", ctx.municipality)
            .bind("kind", kind)
            .bind("as_of", as_of)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Saves a figure: a new one, or with `known` (id and the version seen) a changed one.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when somebody saved it in between;
/// [`engawa_kernel::error::Error::Forbidden`] for who does not plan.
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    known: Option<(FigureId, i64)>,
    figure: &Figure,
) -> Result<FigureId> {
    rules::need_planner(ctx)?;
    let id = known.map_or_else(FigureId::new, |(id, _)| id);
    let q = match known {
        Some((_, seen)) => sql("update programme_figure set kind = :kind, area_id = :area, as_of = :as_of, state = :state, number = :number,
                    unit = :unit, source = :source, note = :note, version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and municipality_id = :m and version = :seen and removed_at is null")
            .bind("seen", seen),
        None => sql("insert into programme_figure (id, municipality_id, kind, area_id, as_of, state, number, unit, source, note,
                    version, saved_by, saved_at)
             values (:id, :m, :kind, :area, :as_of, :state, :number, :unit, :source, :note, 1, :staff, :now)"),
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("kind", figure.kind.as_str())
            .bind("area", figure.area)
            .bind("as_of", figure.as_of)
            .bind("state", figure.sure)
            .bind("number", figure.number.as_str())
            .bind("unit", figure.unit.as_str())
            .bind("source", figure.source.as_str())
            .bind("note", figure.note.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.figure").detail(json!({ "figure": id })),
    )
    .await?;
    Ok(id)
}

/// Takes a figure back; it stays with its date.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when somebody saved it in between.
pub async fn remove(tx: &mut Tx, ctx: &Ctx, id: FigureId, seen: i64) -> Result<()> {
    rules::need_planner(ctx)?;
    tx.exec_versioned(
        sql("update programme_figure set removed_at = :now, saved_by = :staff, saved_at = :now, version = version + 1
              where id = :id and municipality_id = :m and version = :seen and removed_at is null")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("seen", seen)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    let detail = json!({ "figure": id });
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.figure_removed").detail(detail),
    )
    .await
}

/// Takes rows in; those that say what is stored already are passed over. Tells how many are new.
///
/// # Errors
/// The database refuses.
pub async fn take_in(tx: &mut Tx, ctx: &Ctx, rows: &[Figure]) -> Result<usize> {
    rules::need_planner(ctx)?;
    let mut kinds: Vec<&str> = rows.iter().map(|f| f.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut known = std::collections::HashSet::new();
    for kind in kinds {
        known.extend(
            of_kind(tx, ctx, kind)
                .await?
                .iter()
                .map(|k| same(&k.figure)),
        );
    }
    let mut new = 0;
    for figure in rows {
        if known.insert(same(figure)) {
            save(tx, ctx, None, figure).await?;
            new += 1;
        }
    }
    let detail = json!({ "rows": rows.len(), "new": new });
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.figures_taken_in").detail(detail),
    )
    .await?;
    Ok(new)
}

/// What makes two rows one: everything but the note.
fn same(f: &Figure) -> (String, String, NaiveDate, String, String) {
    (
        f.kind.clone(),
        f.area.map(|a| a.to_string()).unwrap_or_default(),
        f.as_of,
        format!("{} {}{}", f.sure.as_code(), f.number, f.unit),
        f.source.clone(),
    )
}
