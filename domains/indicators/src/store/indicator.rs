//! Indicators, the rules that they had, and their targets by fiscal year.

use std::collections::HashMap;

use chrono::NaiveDate;
use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
    id::StaffId,
    text::fiscal::FiscalYear,
};
use serde_json::json;

use crate::{
    model::Rule,
    rules::target::{Amount, Target},
};

engawa_kernel::id_type!(/// 指標
    IndicatorId);

/// Indicators of a municipality at most; the longest sheet has about thirty.
pub const LIMIT: i64 = 1_000;
/// Targets of one indicator in one year at most.
pub const TARGETS: usize = 20;

/// What is followed.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Its id.
    pub id: IndicatorId,
    /// 複合課題の相談
    pub name: String,
    /// 事業・ブロック
    pub block: String,
    /// 成果指標; else 活動指標.
    pub outcome: bool,
    /// What is counted.
    pub rule: Rule,
    /// Of the rule.
    pub edition: i64,
    /// In words.
    pub note: String,
    /// No longer followed since.
    pub ended_on: Option<NaiveDate>,
    /// As the user saw it.
    pub version: i64,
}

/// What a form or a plan sheet says.
#[derive(Debug, Clone)]
pub struct NewIndicator {
    /// 指標名
    pub name: String,
    /// 事業・ブロック
    pub block: String,
    /// 成果指標
    pub outcome: bool,
    /// What is counted.
    pub rule: Rule,
    /// In words.
    pub note: String,
    /// No longer followed since.
    pub ended_on: Option<NaiveDate>,
}

/// A target in its year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// What was promised.
    pub target: Target,
    /// By when, if not the end of the year.
    pub due_on: Option<NaiveDate>,
}

impl Dated {
    /// What words promise for a year: 「延べ120件以上」. What is counted stands in the counter.
    #[must_use]
    pub fn read(words: &str, counter: &str) -> Vec<Self> {
        let targets = crate::rules::read::targets(words, counter).into_iter();
        targets
            .map(|target| Self {
                target,
                due_on: None,
            })
            .collect()
    }
}

fn read(r: &Row) -> Result<Indicator> {
    Ok(Indicator {
        id: r.get("id")?,
        name: r.get("name")?,
        block: r.get("block")?,
        outcome: r.get("outcome")?,
        rule: serde_json::from_str(&r.get::<String>("rule")?)?,
        edition: r.get("edition")?,
        note: r.get("note")?,
        ended_on: r.opt("ended_on")?,
        version: r.get("version")?,
    })
}

/// Those that are followed on a day, in order.
///
/// # Errors
/// The database refuses.
pub async fn list(conn: &mut Conn, ctx: &Ctx, on: NaiveDate) -> Result<Vec<Indicator>> {
    conn.rows(
        sql("select id, name, block, outcome, rule, edition, note, ended_on, version from indicator_indicator
              where municipality_id = :m and (ended_on is null or ended_on >= :on) order by place, id limit :limit")
            .bind("m", ctx.municipality)
            .bind("on", on)
            .bind("limit", LIMIT),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// One of them.
///
/// # Errors
/// There is none.
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: IndicatorId) -> Result<Indicator> {
    read(
        &conn
            .one(
                sql("select id, name, block, outcome, rule, edition, note, ended_on, version from indicator_indicator
                      where id = :id and municipality_id = :m")
                    .bind("id", id)
                    .bind("m", ctx.municipality),
            )
            .await?,
    )
}

/// Makes one, at the end of the list. Logged.
///
/// # Errors
/// The actor may not, or the database refuses.
pub async fn add(tx: &mut Tx, ctx: &Ctx, new: &NewIndicator) -> Result<IndicatorId> {
    may(ctx)?;
    let id = IndicatorId::new();
    tx.exec(
        sql("insert into indicator_indicator (id, municipality_id, place, name, block, outcome, rule, edition, note, ended_on, version, saved_by, saved_at)
             select :id, :m, coalesce(max(place), 0) + 1, :name, :block, :outcome, :rule, 1, :note, cast(:ended as date), 1, :by, :now
               from indicator_indicator where municipality_id = :m")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("name", new.name.as_str())
            .bind("block", new.block.as_str())
            .bind("outcome", new.outcome)
            .bind("rule", serde_json::to_string(&new.rule)?)
            .bind("note", new.note.as_str())
            .bind("ended", new.ended_on)
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("indicator.added").detail(json!({ "indicator": id, "rule": new.rule })),
    )
    .await?;
    Ok(id)
}

/// Changes one. Another rule is another edition; the one before is kept. Logged.
///
/// # Errors
/// The actor may not, or somebody else did in between.
pub async fn change(tx: &mut Tx, ctx: &Ctx, old: &Indicator, new: &NewIndicator) -> Result<()> {
    may(ctx)?;
    let edition = if old.rule == new.rule {
        old.edition
    } else {
        tx.exec(
            sql("insert into indicator_edition (indicator_id, edition, rule, saved_by, saved_at)
                 select id, edition, rule, saved_by, saved_at from indicator_indicator where id = :id")
                .bind("id", old.id),
        )
        .await?;
        old.edition + 1
    };
    tx.exec_versioned(
        sql("update indicator_indicator set name = :name, block = :block, outcome = :outcome, rule = :rule, edition = :edition,
                    note = :note, ended_on = :ended, version = version + 1, saved_by = :by, saved_at = :now
              where id = :id and municipality_id = :m and version = :version")
            .bind("name", new.name.as_str())
            .bind("block", new.block.as_str())
            .bind("outcome", new.outcome)
            .bind("rule", serde_json::to_string(&new.rule)?)
            .bind("edition", edition)
            .bind("note", new.note.as_str())
            .bind("ended", new.ended_on)
            .bind("by", ctx.actor.staff)
            .bind("now", ctx.now())
            .bind("id", old.id)
            .bind("m", ctx.municipality)
            .bind("version", old.version),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("indicator.changed")
            .detail(json!({ "indicator": old.id, "edition": edition, "rule": new.rule })),
    )
    .await
}

/// A rule that an indicator had before.
#[derive(Debug, Clone)]
pub struct Edition {
    /// 第n版
    pub edition: i64,
    /// What was counted.
    pub rule: Rule,
    /// Who said so.
    pub saved_by: StaffId,
    /// When.
    pub saved_at: chrono::DateTime<chrono::Utc>,
}

/// The rules that an indicator had before, newest first.
///
/// # Errors
/// The database refuses.
pub async fn editions(conn: &mut Conn, id: IndicatorId) -> Result<Vec<Edition>> {
    conn.rows(
        sql("select edition, rule, saved_by, saved_at from indicator_edition where indicator_id = :id order by edition desc limit 100")
            .bind("id", id),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Edition {
            edition: r.get("edition")?,
            rule: serde_json::from_str(&r.get::<String>("rule")?)?,
            saved_by: r.get("saved_by")?,
            saved_at: r.get("saved_at")?,
        })
    })
    .collect()
}

/// The targets of a year, by indicator.
///
/// # Errors
/// The database refuses.
pub async fn targets(
    conn: &mut Conn,
    ctx: &Ctx,
    year: FiscalYear,
) -> Result<HashMap<IndicatorId, Vec<Dated>>> {
    let mut found: HashMap<IndicatorId, Vec<Dated>> = HashMap::new();
    for r in conn
        .rows(
            sql("select t.indicator_id, t.shape, t.low, t.high, t.baseline, t.level, t.per, t.counter, t.formula, t.raw, t.due_on
                   from indicator_target t join indicator_indicator i on i.id = t.indicator_id
                  where i.municipality_id = :m and t.fiscal_year = :year order by t.indicator_id, t.place limit 20000")
                .bind("m", ctx.municipality)
                .bind("year", year.year()),
        )
        .await?
    {
        found.entry(r.get("indicator_id")?).or_default().push(Dated {
            target: Target {
                shape: r.get("shape")?,
                low: r.opt("low")?.map(Amount),
                high: r.opt("high")?.map(Amount),
                baseline: r.opt("baseline")?.map(Amount),
                level: r.get("level")?,
                per: r.get("per")?,
                counter: r.get("counter")?,
                formula: r.get("formula")?,
                raw: r.get("raw")?,
            },
            due_on: r.opt("due_on")?,
        });
    }
    Ok(found)
}

/// Sets the targets of a year; those that stood there go into the log. Logged.
///
/// # Errors
/// The actor may not, or the database refuses.
pub async fn set_targets(
    tx: &mut Tx,
    ctx: &Ctx,
    id: IndicatorId,
    year: FiscalYear,
    new: &[Dated],
) -> Result<()> {
    may(ctx)?;
    one(tx, ctx, id).await?;
    let before = targets(tx, ctx, year)
        .await?
        .remove(&id)
        .unwrap_or_default();
    tx.exec(
        sql("delete from indicator_target where indicator_id = :id and fiscal_year = :year")
            .bind("id", id)
            .bind("year", year.year()),
    )
    .await?;
    put_targets(tx, id, year, new).await?;
    let words = |all: &[Dated]| all.iter().map(|d| d.target.raw.clone()).collect::<Vec<_>>();
    audit::append(
        tx,
        ctx,
        Entry::new("indicator.targets").detail(json!({
            "indicator": id, "year": year.year(), "before": words(&before), "after": words(new),
        })),
    )
    .await
}

/// Writes targets where none stand.
pub(super) async fn put_targets(
    tx: &mut Tx,
    id: IndicatorId,
    year: FiscalYear,
    new: &[Dated],
) -> Result<()> {
    for (place, dated) in (1_i64..).zip(new.iter().take(TARGETS)) {
        let t = &dated.target;
        tx.exec(
            sql("insert into indicator_target (id, indicator_id, fiscal_year, place, shape, low, high, baseline, level, per, counter, formula, raw, due_on)
                 values (:id, :indicator, :year, :place, :shape, :low, :high, :baseline, :level, :per, :counter, :formula, :raw, :due)")
                .bind("id", engawa_kernel::id::new_uuid())
                .bind("indicator", id)
                .bind("year", year.year())
                .bind("place", place)
                .bind("shape", t.shape)
                .bind("low", t.low.map(|a| a.0))
                .bind("high", t.high.map(|a| a.0))
                .bind("baseline", t.baseline.map(|a| a.0))
                .bind("level", t.level)
                .bind("per", t.per)
                .bind("counter", t.counter.as_str())
                .bind("formula", t.formula.as_str())
                .bind("raw", t.raw.as_str())
                .bind("due", dated.due_on),
        )
        .await?;
    }
    Ok(())
}

/// Commands (`init`, the demo) act as nobody and may.
pub(super) fn may(ctx: &Ctx) -> Result<()> {
    match ctx.via {
        engawa_kernel::context::Via::System => Ok(()),
        _ => ctx.need(Duty::KeepFigures),
    }
}
