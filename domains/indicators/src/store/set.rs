//! The municipality's own reporting sets, and its layouts for all of them.

use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::new_uuid,
};
use serde_json::json;

use crate::sets::{self, Set};

/// Own sets at most.
const LIMIT: i64 = 100;

/// A set with what the municipality added.
#[derive(Debug, Clone)]
pub struct Filed {
    /// The definition.
    pub set: Set,
    /// Uploaded; else it came with the program.
    pub own: bool,
    /// The name of the layout's file; empty: none.
    pub layout_name: String,
}

/// All of them: the shipped ones, reworded where the municipality did so, and its own.
///
/// # Errors
/// The database refuses.
pub async fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Filed>> {
    let mut all: Vec<Filed> = sets::shipped()
        .into_iter()
        .map(|set| Filed {
            set,
            own: false,
            layout_name: String::new(),
        })
        .collect();
    for r in conn
        .rows(
            sql("select body, layout_name from indicator_set where municipality_id = :m order by code limit :limit")
                .bind("m", ctx.municipality)
                .bind("limit", LIMIT),
        )
        .await?
    {
        let set: Set = serde_json::from_str(&r.get::<String>("body")?)?;
        let layout_name = r.get("layout_name")?;
        match all.iter_mut().find(|f| f.set.code == set.code) {
            Some(filed) => {
                filed.own = filed.set != set;
                filed.set = set;
                filed.layout_name = layout_name;
            }
            None => all.push(Filed { set, own: true, layout_name }),
        }
    }
    Ok(all)
}

/// One of them.
///
/// # Errors
/// There is none.
pub async fn one(conn: &mut Conn, ctx: &Ctx, code: &str) -> Result<Filed> {
    list(conn, ctx)
        .await?
        .into_iter()
        .find(|f| f.set.code == code)
        .ok_or(Error::NotFound)
}

/// The layout of a set.
///
/// # Errors
/// The database refuses.
pub async fn layout(conn: &mut Conn, ctx: &Ctx, code: &str) -> Result<Option<Vec<u8>>> {
    let row = conn
        .row(
            sql("select layout from indicator_set where municipality_id = :m and code = :code")
                .bind("m", ctx.municipality)
                .bind("code", code),
        )
        .await?;
    row.map_or(Ok(None), |r| r.opt("layout"))
}

/// Files a definition; the layout stays. Logged.
///
/// # Errors
/// The actor may not, or the database refuses.
pub async fn file(tx: &mut Tx, ctx: &Ctx, set: &Set) -> Result<()> {
    ctx.need(Duty::KeepFigures)?;
    tx.exec(
        sql("insert into indicator_set (id, municipality_id, code, body, layout, layout_name, version, saved_by, saved_at)
             values (:id, :m, :code, :body, cast(:none as bytea), '', 1, :by, :now)
             on conflict (municipality_id, code) do update set body = excluded.body, version = indicator_set.version + 1,
                saved_by = excluded.saved_by, saved_at = excluded.saved_at")
            .bind("id", new_uuid())
            .bind("m", ctx.municipality)
            .bind("code", set.code.as_str())
            .bind("body", serde_json::to_string(set)?)
            .bind("none", None::<Vec<u8>>)
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("indicators.set").detail(json!({ "code": set.code })),
    )
    .await
}

/// Keeps a layout for a set. Logged.
///
/// # Errors
/// The actor may not, or the database refuses.
pub async fn keep_layout(
    tx: &mut Tx,
    ctx: &Ctx,
    set: &Set,
    name: &str,
    bytes: Vec<u8>,
) -> Result<()> {
    file(tx, ctx, set).await?;
    tx.exec(
        sql("update indicator_set set layout = :layout, layout_name = :name where municipality_id = :m and code = :code")
            .bind("layout", bytes)
            .bind("name", name)
            .bind("m", ctx.municipality)
            .bind("code", set.code.as_str()),
    )
    .await?;
    Ok(())
}
