//! The municipality's own limit for small numbers.

use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
};
use serde_json::json;

/// What a municipality sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Numbers from 1 to below this are hidden outside the municipality; 0 hides none.
    pub small_limit: i64,
    /// As the user saw it; 0: nothing was set yet.
    pub version: i64,
}

/// In force; five where nothing was set.
///
/// # Errors
/// The database refuses.
pub async fn load(conn: &mut Conn, ctx: &Ctx) -> Result<Settings> {
    let row = conn
        .row(
            sql("select small_limit, version from indicator_setting where municipality_id = :m")
                .bind("m", ctx.municipality),
        )
        .await?;
    row.map_or(
        Ok(Settings {
            small_limit: 5,
            version: 0,
        }),
        |r| {
            Ok(Settings {
                small_limit: r.get("small_limit")?,
                version: r.get("version")?,
            })
        },
    )
}

/// Sets it. Logged.
///
/// # Errors
/// The actor may not, or somebody else did in between.
pub async fn save(tx: &mut Tx, ctx: &Ctx, s: Settings) -> Result<()> {
    ctx.need(Duty::Configure)?;
    let q = if s.version == 0 {
        sql(
            "insert into indicator_setting (municipality_id, small_limit, version) values (:m, :limit, 1) on conflict (municipality_id) do nothing",
        )
    } else {
        sql("update indicator_setting set small_limit = :limit, version = version + 1 where municipality_id = :m and version = :version")
            .bind("version", s.version)
    };
    tx.exec_versioned(q.bind("m", ctx.municipality).bind("limit", s.small_limit))
        .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("indicators.settings").detail(json!({ "small_limit": s.small_limit })),
    )
    .await
}
