//! Programmes beside ours.

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
};
use serde_json::json;

use crate::{
    links::{Kept, Link, LinkId},
    rules,
};

/// Links that are listed.
const SHOWN: i64 = 500;

const COLUMNS: &str =
    "select id, block, programme, name, body, basis, share, note, version from programme_link";

fn read(r: &Row) -> Result<Kept> {
    Ok(Kept {
        id: r.get("id")?,
        version: r.get("version")?,
        link: Link {
            block: r.get("block")?,
            programme: r.get("programme")?,
            name: r.get("name")?,
            body: r.get("body")?,
            basis: r.get("basis")?,
            share: r.get("share")?,
            note: r.get("note")?,
        },
    })
}

/// All links, by our programme and name.
///
/// # Errors
/// The database refuses.
pub async fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Kept>> {
    conn.rows(
        sql(COLUMNS)
            .push("where municipality_id = :m order by block, name, id limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// One link.
///
/// # Errors
/// Not found.
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: LinkId) -> Result<Kept> {
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

/// Saves a link: a new one, or with `known` (id and the version seen) a changed one.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when somebody saved it in between.
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    known: Option<(LinkId, i64)>,
    link: &Link,
) -> Result<LinkId> {
    rules::need_planner(ctx)?;
    let id = known.map_or_else(LinkId::new, |(id, _)| id);
    let q = match known {
        Some((_, seen)) => sql("update programme_link set block = :block, programme = :programme, name = :name, body = :body,
                    basis = :basis, share = :share, note = :note, version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and municipality_id = :m and version = :seen")
            .bind("seen", seen),
        None => sql("insert into programme_link (id, municipality_id, block, programme, name, body, basis, share, note, version, saved_by, saved_at)
             values (:id, :m, :block, :programme, :name, :body, :basis, :share, :note, 1, :staff, :now)"),
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("block", link.block)
            .bind("programme", link.programme.as_str())
            .bind("name", link.name.as_str())
            .bind("body", link.body.as_str())
            .bind("basis", link.basis.as_str())
            .bind("share", link.share.as_str())
            .bind("note", link.note.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.link").detail(json!({ "link": id })),
    )
    .await?;
    Ok(id)
}
