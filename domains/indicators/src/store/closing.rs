//! 月の締め: what a month stood at when it was reported. A frozen number is never changed; what was
//! entered later shows as a difference. Closing again makes another edition.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{StaffId, new_uuid},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    actual::{Actual, Counter},
    indicator,
};
use crate::{
    model::{Count, Filter, Rule, Unit},
    period::{Period, month_start},
    rules::target::Amount,
};

/// A closing.
#[derive(Debug, Clone)]
pub struct Closing {
    /// Its id.
    pub id: Uuid,
    /// The month, by its first day.
    pub month: NaiveDate,
    /// 1, 2 …
    pub edition: i64,
    /// When.
    pub closed_at: DateTime<Utc>,
    /// By whom.
    pub closed_by: StaffId,
    /// Why again.
    pub note: String,
}

/// A frozen number.
#[derive(Debug, Clone)]
pub struct Frozen {
    /// As it was called.
    pub label: String,
    /// By which rule it was counted.
    pub rule: Rule,
    /// The number; none: no records yet.
    pub n: Option<Amount>,
}

impl Frozen {
    /// The number as a count; of a rate only the rate was kept.
    #[must_use]
    pub const fn count(&self) -> Actual {
        match self.n {
            Some(value) if self.rule.per.is_none() => Actual::Number {
                value,
                count: value.0 / 1_000,
                of: None,
            },
            _ => Actual::NoRecords,
        }
    }
}

/// The last closings of each month from this one on, newest month first.
///
/// # Errors
/// The database refuses.
pub async fn since(conn: &mut Conn, ctx: &Ctx, month: NaiveDate) -> Result<Vec<Closing>> {
    conn.rows(
        sql("select id, month, edition, closed_at, closed_by, note from indicator_closing c
              where municipality_id = :m and month >= :month
                and not exists (select 1 from indicator_closing n where n.municipality_id = c.municipality_id
                                   and n.month = c.month and n.edition > c.edition)
              order by month desc limit 200")
            .bind("m", ctx.municipality)
            .bind("month", month_start(month)),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Closing {
            id: r.get("id")?,
            month: r.get("month")?,
            edition: r.get("edition")?,
            closed_at: r.get("closed_at")?,
            closed_by: r.get("closed_by")?,
            note: r.get("note")?,
        })
    })
    .collect()
}

/// The newest closing of a month.
///
/// # Errors
/// The database refuses.
pub async fn of_month(conn: &mut Conn, ctx: &Ctx, month: NaiveDate) -> Result<Option<Closing>> {
    Ok(since(conn, ctx, month)
        .await?
        .into_iter()
        .find(|c| c.month == month_start(month)))
}

/// What it froze.
///
/// # Errors
/// The database refuses.
pub async fn frozen(conn: &mut Conn, closing: &Closing) -> Result<Vec<Frozen>> {
    conn.rows(
        sql("select label, rule, n from indicator_frozen where closing_id = :id order by place limit 5000")
            .bind("id", closing.id),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Frozen {
            label: r.get("label")?,
            rule: serde_json::from_str(&r.get::<String>("rule")?)?,
            n: r.opt("n")?.map(Amount),
        })
    })
    .collect()
}

/// Freezes a month that is over: each source in each basic unit, and each indicator. Logged.
///
/// # Errors
/// The actor may not, the month is not over, or the database refuses.
pub async fn close(tx: &mut Tx, ctx: &Ctx, month: NaiveDate, note: &str) -> Result<()> {
    indicator::may(ctx)?;
    let period = Period::month(month);
    if period.to >= ctx.today() {
        return Err(Error::Invalid(
            "まだ終わっていない月は締められません。月が変わってから締めてください。".into(),
        ));
    }
    let last = of_month(tx, ctx, month).await?;
    let closing = new_uuid();
    tx.exec(
        sql("insert into indicator_closing (id, municipality_id, month, edition, closed_at, closed_by, note)
             values (:id, :m, :month, :edition, :now, :by, :note)")
            .bind("id", closing)
            .bind("m", ctx.municipality)
            .bind("month", period.from)
            .bind("edition", last.as_ref().map_or(1, |c| c.edition + 1))
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("note", note),
    )
    .await?;
    let mut counter = Counter::exact();
    for (place, (what, label, rule)) in (1_i64..).zip(subjects(tx, ctx, period).await?) {
        let n = match counter.actual(tx, ctx, &rule, period).await? {
            Actual::Number { value, .. } => Some(value.0),
            Actual::NoRecords | Actual::NoBase => None,
        };
        tx.exec(
            sql("insert into indicator_frozen (closing_id, place, what, label, rule, n) values (:closing, :place, :what, :label, :rule, :n)")
                .bind("closing", closing)
                .bind("place", place)
                .bind("what", what)
                .bind("label", label)
                .bind("rule", serde_json::to_string(&rule)?)
                .bind("n", n),
        )
        .await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("indicators.closed")
            .detail(json!({ "month": period.from, "again": last.is_some() })),
    )
    .await
}

async fn subjects(tx: &mut Tx, ctx: &Ctx, period: Period) -> Result<Vec<(String, String, Rule)>> {
    let mut all = Vec::new();
    for s in &ctx.engine.sources {
        for unit in [Unit::Events, Unit::Persons, Unit::Households, Unit::Open] {
            if unit.fits(s) {
                let count = Count {
                    source: s.code.to_owned(),
                    unit,
                    filter: Filter::default(),
                };
                let label = format!("{}：{}", s.label, unit.label());
                let what = format!("{}:{}", s.code, unit.as_code());
                all.push((what, label, Rule::plain(count)));
            }
        }
    }
    for i in indicator::list(tx, ctx, period.from).await? {
        all.push((i.id.to_string(), format!("指標：{}", i.name), i.rule));
    }
    Ok(all)
}
