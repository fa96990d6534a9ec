//! What sheets propose.

use std::collections::{HashMap, HashSet};

use engawa_kernel::{
    context::Ctx,
    db::{Conn, Row, Sql, Tx, sql},
    error::Result,
};

use crate::{
    model::UploadId,
    proposals::{Found, Kind, Proposal, ProposalId, State},
};

/// Proposals of one kind on the page.
const SHOWN: i64 = 400;

const COLUMNS: &str =
    "select id, kind, state, name, code, body, mode, number, unit, note, field, words, version
       from programme_proposal";

fn read(r: &Row) -> Result<Proposal> {
    Ok(Proposal {
        id: r.get("id")?,
        state: r.get("state")?,
        version: r.get("version")?,
        found: Found {
            kind: r.get("kind")?,
            name: r.get("name")?,
            code: r.get("code")?,
            body: r.get("body")?,
            mode: r.get("mode")?,
            number: r.get("number")?,
            unit: r.get("unit")?,
            note: r.get("note")?,
            field: r.get("field")?,
            words: r.get("words")?,
        },
    })
}

fn bound(q: Sql, found: &Found) -> Sql {
    q.bind("name", found.name.as_str())
        .bind("code", found.code.as_str())
        .bind("body", found.body.as_str())
        .bind("mode", found.mode.as_str())
}

/// Keeps what was found, undecided.
///
/// # Errors
/// The database refuses.
pub async fn keep(tx: &mut Tx, ctx: &Ctx, upload: UploadId, found: &[Found]) -> Result<()> {
    for (place, f) in (0_i64..).zip(found) {
        let q = sql("insert into programme_proposal (id, municipality_id, upload_id, place, kind, state, name, code, body, mode,
                            number, unit, note, field, words, version)
                     values (:id, :m, :upload, :place, :kind, :state, :name, :code, :body, :mode, :number, :unit, :note, :field, :words, 1)");
        tx.exec(
            bound(q, f)
                .bind("id", ProposalId::new())
                .bind("m", ctx.municipality)
                .bind("upload", upload)
                .bind("place", place)
                .bind("kind", f.kind)
                .bind("state", State::Open)
                .bind("number", f.number.as_str())
                .bind("unit", f.unit.as_str())
                .bind("note", f.note.as_str())
                .bind("field", f.field)
                .bind("words", f.words.as_str()),
        )
        .await?;
    }
    Ok(())
}

/// Kinds and names that were proposed before.
///
/// # Errors
/// The database refuses.
pub async fn names(conn: &mut Conn, ctx: &Ctx) -> Result<HashSet<(Kind, String)>> {
    conn.rows(
        sql("select distinct kind, name from programme_proposal where municipality_id = :m limit 20000")
            .bind("m", ctx.municipality),
    )
    .await?
    .iter()
    .map(|r| Ok((r.get("kind")?, r.get("name")?)))
    .collect()
}

/// One proposal.
///
/// # Errors
/// Not found.
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: ProposalId) -> Result<Proposal> {
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

/// Proposals of a kind in the order of the form.
///
/// # Errors
/// The database refuses.
pub async fn of_kind(conn: &mut Conn, ctx: &Ctx, kind: Kind) -> Result<Vec<Proposal>> {
    conn.rows(
        sql(COLUMNS)
            .push("where municipality_id = :m and kind = :kind order by state, upload_id, place limit :limit")
            .bind("m", ctx.municipality)
            .bind("kind", kind)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// What waits for a decision, by kind.
///
/// # Errors
/// The database refuses.
pub async fn open(conn: &mut Conn, ctx: &Ctx) -> Result<HashMap<Kind, u32>> {
    conn.rows(
        sql("select kind, count(*) as n from programme_proposal where municipality_id = :m and state = 'open' group by kind")
            .bind("m", ctx.municipality),
    )
    .await?
    .iter()
    .map(|r| Ok((r.get("kind")?, u32::try_from(r.get::<i64>("n")?).unwrap_or(u32::MAX))))
    .collect()
}

/// Stores a decision on top of what was seen.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when somebody decided in between.
pub async fn decided(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ProposalId,
    seen: i64,
    state: State,
    found: &Found,
) -> Result<()> {
    let q = sql("update programme_proposal set state = :state, name = :name, code = :code, body = :body, mode = :mode,
                        decided_by = :staff, decided_at = :now, version = version + 1
                  where id = :id and municipality_id = :m and version = :seen");
    tx.exec_versioned(
        bound(q, found)
            .bind("state", state)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now())
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("seen", seen),
    )
    .await
}
