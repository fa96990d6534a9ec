//! What an indicator stands at: its rule, asked over a period.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use engawa_kernel::{context::Ctx, db::Conn, error::Result, source::EventSource};

use super::count::{self, Question};
use crate::{
    model::{Count, Denominator, Rule, Unit},
    period::Period,
    rules::target::Amount,
};

/// The answer; never a 0 that means "nobody knows".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actual {
    /// No domain brings these events yet.
    NoRecords,
    /// A rate of nothing.
    NoBase,
    /// The number, of a rate in per cent.
    Number {
        /// As compared with the target.
        value: Amount,
        /// What was counted.
        count: i64,
        /// What it was divided by.
        of: Option<i64>,
    },
}

impl Actual {
    /// The number, where there is one.
    #[must_use]
    pub const fn value(self) -> Option<Amount> {
        match self {
            Self::Number { value, .. } => Some(value),
            Self::NoRecords | Self::NoBase => None,
        }
    }
}

/// Asks once for what several indicators count alike. The default is for somebody who reads: where
/// there are many events, what was recorded in the last minutes may be missing.
#[derive(Default)]
pub struct Counter {
    known: HashMap<String, i64>,
    exact: bool,
    counted_at: Option<DateTime<Utc>>,
}

/// The source of a code, if a domain brings it.
#[must_use]
pub fn source(ctx: &Ctx, code: &str) -> Option<&'static EventSource> {
    ctx.engine.sources.iter().copied().find(|s| s.code == code)
}

/// The question that a count asks over a period; none while no domain brings the events.
#[must_use]
pub fn question(ctx: &Ctx, count: &Count, period: Period) -> Option<Question> {
    source(ctx, &count.source).map(|source| Question {
        source,
        unit: count.unit,
        filter: count.filter.clone(),
        period,
        rows: None,
        columns: None,
    })
}

/// Whether the number grows as the year goes on, so that half a year stands at about half: what is
/// counted at the end of a period and a rate do not.
#[must_use]
pub const fn adds_up(rule: &Rule) -> bool {
    rule.per.is_none() && !matches!(rule.count.unit, Unit::Open)
}

impl Counter {
    /// Counts all that there is now: for what is written down.
    #[must_use]
    pub fn exact() -> Self {
        Self {
            exact: true,
            ..Self::default()
        }
    }

    /// What was recorded after this moment is not in every number; none: it is.
    #[must_use]
    pub const fn counted_at(&self) -> Option<DateTime<Utc>> {
        self.counted_at
    }

    /// What a rule gives over a period.
    ///
    /// # Errors
    /// The database refuses, or the rule names what there is not.
    pub async fn actual(
        &mut self,
        conn: &mut Conn,
        ctx: &Ctx,
        rule: &Rule,
        period: Period,
    ) -> Result<Actual> {
        let Some(count) = self.count(conn, ctx, &rule.count, period).await? else {
            return Ok(Actual::NoRecords);
        };
        let of = match &rule.per {
            None => None,
            Some(Denominator::Fixed(n)) => Some(*n),
            Some(Denominator::Counted(other)) => {
                match self.count(conn, ctx, other, period).await? {
                    Some(n) => Some(n),
                    None => return Ok(Actual::NoRecords),
                }
            }
        };
        Ok(match of {
            None => Actual::Number {
                value: Amount::whole(count),
                count,
                of: None,
            },
            Some(0) => Actual::NoBase,
            // Per cent with one place: 31.6.
            Some(of) => Actual::Number {
                value: Amount((count.saturating_mul(1_000) + of / 2) / of * 100),
                count,
                of: Some(of),
            },
        })
    }

    /// One count; none while no domain brings the events.
    ///
    /// # Errors
    /// As [`Counter::actual`].
    pub async fn count(
        &mut self,
        conn: &mut Conn,
        ctx: &Ctx,
        what: &Count,
        period: Period,
    ) -> Result<Option<i64>> {
        let Some(question) = question(ctx, what, period) else {
            return Ok(None);
        };
        let key = format!(
            "{} {} {}",
            period.from,
            period.to,
            serde_json::to_string(what)?
        );
        if let Some(n) = self.known.get(&key) {
            return Ok(Some(*n));
        }
        let n = if self.exact {
            count::total(conn, ctx, &question).await?
        } else {
            let found = count::figures(conn, ctx, &question).await?;
            self.counted_at = earlier(self.counted_at, found.counted_at);
            found.total
        };
        self.known.insert(key, n);
        Ok(Some(n))
    }
}

/// The earlier of two moments up to which was counted.
#[must_use]
pub fn earlier(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
