//! The municipality's own days.

use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
};

use crate::rules::Deadlines;

/// What a municipality sets, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Reply to an emergency.
    pub emergency_days: i64,
    /// Reply soon.
    pub soon_days: i64,
    /// Reply as usual.
    pub normal_days: i64,
    /// For the sender's next move.
    pub own_move_days: i64,
    /// Between two layers of the ladder.
    pub layer_days: i64,
    /// After which a desk's card counts as old.
    pub stale_days: i64,
    /// As the user saw it; 0: nothing was set yet.
    pub version: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            emergency_days: 1,
            soon_days: 3,
            normal_days: 7,
            own_move_days: 3,
            layer_days: 3,
            stale_days: 180,
            version: 0,
        }
    }
}

impl Settings {
    /// As the rules take them.
    #[must_use]
    pub fn deadlines(self) -> Deadlines {
        let days = |n: i64| u64::try_from(n).unwrap_or_default();
        Deadlines {
            emergency: days(self.emergency_days),
            soon: days(self.soon_days),
            normal: days(self.normal_days),
            own_move: days(self.own_move_days),
        }
    }
}

/// The days in force; the shipped ones where nothing was set.
///
/// # Errors
/// The database refuses.
pub async fn load(conn: &mut Conn, ctx: &Ctx) -> Result<Settings> {
    let row = conn
        .row(
            sql("select * from referrals_setting where municipality_id = :m")
                .bind("m", ctx.municipality),
        )
        .await?;
    let Some(r) = row else {
        return Ok(Settings::default());
    };
    Ok(Settings {
        emergency_days: r.get("emergency_days")?,
        soon_days: r.get("soon_days")?,
        normal_days: r.get("normal_days")?,
        own_move_days: r.get("own_move_days")?,
        layer_days: r.get("layer_days")?,
        stale_days: r.get("stale_days")?,
        version: r.get("version")?,
    })
}

/// Sets them. Logged.
///
/// # Errors
/// The actor may not, or somebody else did in between.
pub async fn save(tx: &mut Tx, ctx: &Ctx, s: Settings) -> Result<()> {
    ctx.need(Duty::Configure)?;
    let q = if s.version == 0 {
        sql("insert into referrals_setting (municipality_id, emergency_days, soon_days, normal_days, own_move_days, layer_days, stale_days, version)
             values (:m, :emergency, :soon, :normal, :own, :layer, :stale, 1) on conflict (municipality_id) do nothing")
    } else {
        sql("update referrals_setting set emergency_days = :emergency, soon_days = :soon, normal_days = :normal, own_move_days = :own,
                    layer_days = :layer, stale_days = :stale, version = version + 1
              where municipality_id = :m and version = :version")
            .bind("version", s.version)
    };
    tx.exec_versioned(
        q.bind("m", ctx.municipality)
            .bind("emergency", s.emergency_days)
            .bind("soon", s.soon_days)
            .bind("normal", s.normal_days)
            .bind("own", s.own_move_days)
            .bind("layer", s.layer_days)
            .bind("stale", s.stale_days),
    )
    .await?;
    audit::append(tx, ctx, Entry::new("referral.settings")).await
}
