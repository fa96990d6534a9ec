//! Targets beside actuals for a year, as one reader may see them: what the indicators' own screens
//! show and what plan sheets print.

use std::collections::HashSet;

use chrono::NaiveDate;
use engawa_kernel::{context::Ctx, db::Conn, error::Result, text::fiscal::FiscalYear};

use crate::{
    model::{Count, Denominator, Rule, Unit},
    period::Period,
    report::Reader,
    rules::{
        nested::{self, Entry},
        pace::{self, Standing},
        said,
    },
    store::{
        actual::{self, Actual, Counter},
        indicator::{self, Dated, Indicator, IndicatorId},
    },
    words::Words,
};

/// What stands where no domain brings the events.
pub const NO_RECORDS: &str = "まだ記録がありません";
/// What stands where a rate has nothing to be divided by.
pub const NO_BASE: &str = "割る数が0です";
/// What stands where a number is too small to leave the municipality.
pub const HIDDEN: &str = "非公表";

/// One indicator in a year.
#[derive(Debug, Clone)]
pub struct Progress {
    /// What is followed.
    pub indicator: Indicator,
    /// Its rule in words.
    pub rule: String,
    /// What was promised for the year.
    pub targets: Vec<Dated>,
    /// What happened.
    pub actual: Actual,
    /// How each target stands; none where nothing can be said by a number.
    pub standings: Vec<Option<Standing>>,
    /// The reader may not see the number.
    pub hide: bool,
}

impl Progress {
    /// The actual in words, as the reader may see it: 「320件」, 「31.6%（12 ÷ 38）」.
    #[must_use]
    pub fn said(&self) -> String {
        match self.actual {
            Actual::NoRecords => NO_RECORDS.into(),
            Actual::NoBase => NO_BASE.into(),
            Actual::Number { .. } if self.hide => HIDDEN.into(),
            Actual::Number { value, count, of } => {
                let number = format!("{value}{}", said::counter(&self.indicator.rule));
                of.map_or_else(
                    || number.clone(),
                    |of| format!("{number}（{count} ÷ {of}）"),
                )
            }
        }
    }
}

/// What these indicators stand at in a year, in the same order; the counter tells afterwards up to
/// when it counted.
///
/// # Errors
/// The database refuses.
pub async fn of_year(
    conn: &mut Conn,
    ctx: &Ctx,
    reader: &Reader,
    all: Vec<Indicator>,
    year: FiscalYear,
    counter: &mut Counter,
) -> Result<Vec<Progress>> {
    let words = Words::load(conn, ctx).await?;
    let hide = hidden_in(conn, ctx, reader, counter, Period::year(year)).await?;
    let mut promised = indicator::targets(conn, ctx, year).await?;
    let mut found = Vec::with_capacity(all.len());
    for indicator in all {
        let targets = promised.remove(&indicator.id).unwrap_or_default();
        let actual = counter
            .actual(conn, ctx, &indicator.rule, Period::year(year))
            .await?;
        found.push(Progress {
            rule: said::rule(&ctx.engine.sources, &words, &indicator.rule),
            standings: standings(ctx, &indicator, &targets, actual, year),
            hide: hidden(reader, actual) || hide.contains(&indicator.id),
            indicator,
            targets,
            actual,
        });
    }
    Ok(found)
}

/// The indicators whose number in a period a reader may not see, wherever it stands: one follows from
/// the others on whatever pages they are, so all that are followed then are looked at together.
///
/// # Errors
/// The database refuses.
pub async fn hidden_in(
    conn: &mut Conn,
    ctx: &Ctx,
    reader: &Reader,
    counter: &mut Counter,
    period: Period,
) -> Result<HashSet<IndicatorId>> {
    if matches!(reader, Reader::Inside) {
        return Ok(HashSet::new());
    }
    let all = indicator::list(conn, ctx, period.from).await?;
    let all: Vec<&Indicator> = all.iter().collect();
    hidden_of(conn, ctx, reader, counter, period, &all).await
}

/// As [`hidden_in`], for one indicator in many periods: only those are counted from which something may
/// follow for it.
pub struct Beside {
    reader: Reader,
    of: IndicatorId,
    /// With the indicator itself.
    near: Vec<Indicator>,
}

impl Beside {
    /// Those that are followed since a day.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn of(
        conn: &mut Conn,
        ctx: &Ctx,
        reader: Reader,
        i: &Indicator,
        since: NaiveDate,
    ) -> Result<Self> {
        let near = match reader {
            Reader::Inside => Vec::new(),
            Reader::Outside { .. } => connected(&i.rule, indicator::list(conn, ctx, since).await?),
        };
        Ok(Self {
            reader,
            of: i.id,
            near,
        })
    }

    /// Whether the reader may not see the indicator's number of a period, which lies after that day.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn hides(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        counter: &mut Counter,
        (period, actual): (Period, Actual),
    ) -> Result<bool> {
        if hidden(&self.reader, actual) {
            return Ok(true);
        }
        let followed = |i: &&Indicator| i.ended_on.is_none_or(|on| on >= period.from);
        let near: Vec<&Indicator> = self.near.iter().filter(followed).collect();
        let hidden = hidden_of(conn, ctx, &self.reader, counter, period, &near).await?;
        Ok(hidden.contains(&self.of))
    }
}

async fn hidden_of(
    conn: &mut Conn,
    ctx: &Ctx,
    reader: &Reader,
    counter: &mut Counter,
    period: Period,
    all: &[&Indicator],
) -> Result<HashSet<IndicatorId>> {
    let wholes = wholes(all.iter().map(|i| &i.rule));
    let rules = all.iter().map(|i| &i.rule).chain(&wholes);
    let mut lines = Vec::with_capacity(all.len() + wholes.len());
    for rule in rules {
        lines.push((rule, counter.actual(conn, ctx, rule, period).await?));
    }
    let hide = hidden_together(reader, &lines);
    let hidden = all.iter().zip(hide).filter(|(_, hide)| *hide);
    Ok(hidden.map(|(i, _)| i.id).collect())
}

/// What these rules count parts of: statistics show it to every reader, so it belongs to every list.
#[must_use]
pub fn wholes<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Vec<Rule> {
    let mut seen = HashSet::new();
    let counts = rules.into_iter().flat_map(Rule::counts);
    let first = counts.filter(|c| seen.insert(c.of_what()));
    first.map(|c| Rule::plain(c.whole())).collect()
}

/// The indicators that count what this rule counts, and those that count what those do: a rate leads
/// from the events of its number to those it is divided by.
fn connected(rule: &Rule, mut rest: Vec<Indicator>) -> Vec<Indicator> {
    let of_what = |rule: &Rule| -> Vec<(String, Unit)> {
        let counts = rule.counts().map(Count::of_what);
        counts
            .map(|(source, unit)| (source.to_owned(), unit))
            .collect()
    };
    let mut known: HashSet<_> = of_what(rule).into_iter().collect();
    let mut found = Vec::new();
    loop {
        let near = |i: &mut Indicator| of_what(&i.rule).iter().any(|c| known.contains(c));
        let more: Vec<Indicator> = rest.extract_if(.., near).collect();
        if more.is_empty() {
            return found;
        }
        known.extend(more.iter().flat_map(|i| of_what(&i.rule)));
        found.extend(more);
    }
}

/// Which numbers of a list a reader may not see: small ones, and those from which such a one follows.
#[must_use]
pub fn hidden_together(reader: &Reader, lines: &[(&Rule, Actual)]) -> Vec<bool> {
    let alone = lines.iter().map(|(_, a)| hidden(reader, *a)).collect();
    let Reader::Outside { limit, .. } = reader else {
        return alone;
    };
    let mut entries = Vec::new();
    for (line, (rule, actual)) in lines.iter().enumerate() {
        if let Actual::Number { count: n, of, .. } = *actual {
            let count = &rule.count;
            entries.push(Entry { line, count, n });
            if let (Some(Denominator::Counted(count)), Some(n)) = (&rule.per, of) {
                entries.push(Entry { line, count, n });
            }
        }
    }
    nested::hide(&entries, alone, *limit)
}

/// How each target stands; none where nothing can be said by a number.
#[must_use]
pub fn standings(
    ctx: &Ctx,
    i: &Indicator,
    targets: &[Dated],
    actual: Actual,
    year: FiscalYear,
) -> Vec<Option<Standing>> {
    targets
        .iter()
        .map(|d| {
            actual.value().map(|value| {
                pace::standing(
                    &d.target,
                    value,
                    Period::year(year),
                    ctx.today(),
                    actual::adds_up(&i.rule),
                )
            })
        })
        .collect()
}

/// Whether a reader outside may not see it: the number or what it is divided by is small.
#[must_use]
pub fn hidden(reader: &Reader, actual: Actual) -> bool {
    let Actual::Number { count, of, .. } = actual else {
        return false;
    };
    small(reader, count, of)
}

/// The same of a number that was kept.
#[must_use]
pub fn small(reader: &Reader, count: i64, of: Option<i64>) -> bool {
    let Reader::Outside { limit, .. } = reader else {
        return false;
    };
    let small = |n: i64| n > 0 && n < *limit;
    // A share of nearly all tells how few are left.
    small(count) || of.is_some_and(|of| small(of) || small(of - count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Filter;

    fn count(source: &str, unit: Unit, mark: &str) -> Count {
        Count {
            source: source.into(),
            unit,
            filter: Filter {
                marks: vec![mark.into()],
                ..Filter::default()
            },
        }
    }

    fn follows(name: &str, rule: Rule) -> Indicator {
        Indicator {
            id: IndicatorId::new(),
            name: name.into(),
            block: String::new(),
            outcome: false,
            rule,
            edition: 1,
            note: String::new(),
            ended_on: None,
            version: 1,
        }
    }

    #[test]
    fn a_rate_leads_on_to_what_counts_like_its_base() {
        let new = count("consultation", Unit::Events, "new");
        let plans = count("plan", Unit::Events, "agreed");
        let rate = Rule {
            count: new.clone(),
            per: Some(Denominator::Counted(plans.clone())),
        };
        let all = vec![
            follows(
                "人数",
                Rule::plain(count("consultation", Unit::Persons, "new")),
            ),
            follows("プラン", Rule::plain(plans)),
            follows("割合", rate),
            follows("訪問", Rule::plain(count("visit", Unit::Events, "kept"))),
        ];
        let near = connected(&Rule::plain(new.clone()), all);
        let names: Vec<&str> = near.iter().map(|i| i.name.as_str()).collect();
        assert_eq!(names, ["割合", "プラン"]);
        let wholes = wholes(near.iter().map(|i| &i.rule));
        assert_eq!(wholes[0], Rule::plain(new.whole()));
        assert_eq!(wholes.len(), 2);
    }
}
