//! 前年度の目標と実績: what stands beside the goal boxes of a sheet — what was promised the year
//! before, what happened, how it was judged, and what is promised now.
//!
//! A draft counts anew each time it is looked at. Approving keeps the table with the version, since an
//! approved version never changes; entries that come later show on the indicator's own page.

use std::collections::HashMap;

use chrono::NaiveDate;
use engawa_indicators::{
    period::Period,
    progress::{self, Progress},
    report::Reader,
    rules::pace::State,
    store::{
        actual::{Actual, Counter},
        indicator::{self, IndicatorId},
    },
};
use engawa_kernel::{context::Ctx, db::Conn, error::Result, text::fiscal::FiscalYear};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    form::Field,
    goals::{Kept, Rating},
    model::{Origin, Sheet, Version},
    store::{goal, sheet},
};

/// One goal of the year before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanSheetResult)]
pub struct Line {
    /// In which goal box of the form.
    pub field: Field,
    /// The goal in words.
    pub goal: String,
    /// By which rule it is counted; empty: it is looked back on in words.
    pub rule: String,
    /// What was promised for the year before.
    pub target: String,
    /// What happened, in words.
    pub actual: String,
    /// The number itself, where there is one.
    pub count: Option<i64>,
    /// What it was divided by.
    pub of: Option<i64>,
    /// Whether it stays inside the municipality: it is small, or a small one follows from it and the
    /// other indicators' numbers.
    #[serde(default)]
    pub held_back: bool,
    /// 達成, 未達成 …, where a number can say so.
    pub standing: String,
    /// How those who planned it judge the year.
    pub rating: String,
    /// What shows it; of a goal that nobody counts, why not.
    pub evidence: String,
    /// What is promised for the sheet's own year.
    pub next: String,
}

/// The table of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlanSheetResults)]
pub struct Results {
    /// The year before, as the western year in which it begins.
    pub year: i32,
    /// Counted up to the end of this day.
    pub until: NaiveDate,
    /// In the order of the form.
    pub lines: Vec<Line>,
}

impl Results {
    /// 令和7年度
    #[must_use]
    pub fn year_label(&self) -> String {
        FiscalYear::try_from(self.year).map_or_else(|_| String::new(), |y| y.label())
    }

    /// The lines of one goal box.
    pub fn of(&self, field: Field) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.field == field)
    }

    /// Whether there is anything to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The same without the numbers that this reader may not see.
    #[must_use]
    pub fn for_reader(mut self, reader: &Reader) -> Self {
        if matches!(reader, Reader::Inside) {
            return self;
        }
        for line in &mut self.lines {
            let Some(count) = line.count else { continue };
            if line.held_back || progress::small(reader, count, line.of) {
                progress::HIDDEN.clone_into(&mut line.actual);
                line.standing.clear();
                (line.count, line.of) = (None, None);
            }
        }
        self
    }
}

/// What stands beside the goals of a version; nothing for another municipality's sheet.
///
/// # Errors
/// The database refuses.
pub async fn load(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &Sheet,
    version: &Version,
    reader: &Reader,
) -> Result<Option<Results>> {
    if of.origin == Origin::Other {
        return Ok(None);
    }
    let kept = sheet::results(conn, version.id).await?;
    let found = match kept {
        Some(kept) => serde_json::from_str(&kept)?,
        None => count(conn, ctx, of, &mut Counter::default()).await?,
    };
    Ok(Some(found.for_reader(reader)).filter(|r| !r.is_empty()))
}

/// Counts the year before a sheet, every number: what is written down by [`Counter::exact`].
///
/// # Errors
/// The database refuses.
pub async fn count(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &Sheet,
    counter: &mut Counter,
) -> Result<Results> {
    let Ok(before) = FiscalYear::try_from(of.year.year() - 1) else {
        return Ok(Results {
            year: of.year.year(),
            until: ctx.today(),
            lines: Vec::new(),
        });
    };
    let mut goals = goal::list(conn, ctx, before).await?;
    goals.retain(|k| goal::within(k, before).is_ok());
    let followed: Vec<IndicatorId> = goals.iter().filter_map(|k| k.goal.indicator).collect();
    let mut indicators = indicator::list(conn, ctx, before.first_day()).await?;
    indicators.retain(|i| followed.contains(&i.id));
    let mut next = indicator::targets(conn, ctx, of.year).await?;
    let counted =
        progress::of_year(conn, ctx, &Reader::Inside, indicators, before, counter).await?;
    let anybody = Reader::anybody(conn, ctx).await?;
    let held_back = progress::hidden_in(conn, ctx, &anybody, counter, Period::year(before)).await?;
    let counted: HashMap<IndicatorId, Progress> =
        counted.into_iter().map(|p| (p.indicator.id, p)).collect();
    let mut lines: Vec<Line> = goals
        .iter()
        .map(|k| {
            let progress = k.goal.indicator.and_then(|id| counted.get(&id));
            let promised = k.goal.indicator.and_then(|id| next.remove(&id));
            let next = words(promised.as_deref().unwrap_or_default());
            let mut line = line(k, before, progress, &next);
            line.held_back = k.goal.indicator.is_some_and(|id| held_back.contains(&id));
            line
        })
        .collect();
    lines.sort_by_key(|line| Field::GOALS.iter().position(|f| *f == line.field));
    let last_day = of.year.first_day().pred_opt().unwrap_or_default();
    Ok(Results {
        year: before.year(),
        until: last_day.min(ctx.today()),
        lines,
    })
}

fn line(k: &Kept, before: FiscalYear, progress: Option<&Progress>, next: &str) -> Line {
    let look = goal::look(k, before);
    let evidence = look.map_or("", |l| l.evidence.as_str());
    let number = progress.map(|p| p.actual);
    let (count, of) = match number {
        Some(Actual::Number { count, of, .. }) => (Some(count), of),
        _ => (None, None),
    };
    let standing = progress.and_then(|p| {
        let states: Vec<State> = p
            .standings
            .iter()
            .flatten()
            .filter_map(|s| s.state)
            .collect();
        // Of several targets the one that is furthest behind speaks.
        states.into_iter().max_by_key(|s| *s as u8)
    });
    Line {
        field: k.goal.field,
        goal: k.goal.text.clone(),
        rule: progress.map(|p| p.rule.clone()).unwrap_or_default(),
        target: match progress {
            Some(p) if !p.targets.is_empty() => words(&p.targets),
            _ => counted_in_words(k),
        },
        actual: progress.map(Progress::said).unwrap_or_default(),
        count,
        of,
        held_back: false,
        standing: standing.map(|s| s.label().to_owned()).unwrap_or_default(),
        rating: look
            .map(|l| l.rating)
            .filter(|r| *r != Rating::Open)
            .map(|r| r.label().to_owned())
            .unwrap_or_default(),
        evidence: if evidence.is_empty() && !k.goal.why_not_counted.is_empty() {
            format!("数えない理由：{}", k.goal.why_not_counted)
        } else {
            evidence.to_owned()
        },
        next: next.to_owned(),
    }
}

fn words(targets: &[indicator::Dated]) -> String {
    let all: Vec<String> = targets.iter().map(|d| d.target.text()).collect();
    all.join("、")
}

/// The figure in the words of a goal that no indicator follows.
fn counted_in_words(k: &Kept) -> String {
    let g = &k.goal;
    format!("{}{}", crate::figure::grouped(&g.number), g.unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn large(held_back: bool) -> Results {
        let line = Line {
            field: Field::GOALS[0],
            goal: "訪問する".into(),
            rule: "訪問の件数".into(),
            target: "100件".into(),
            actual: "120件".into(),
            count: Some(120),
            of: None,
            held_back,
            standing: "達成".into(),
            rating: String::new(),
            evidence: String::new(),
            next: String::new(),
        };
        Results {
            year: 2025,
            until: NaiveDate::MIN,
            lines: vec![line],
        }
    }

    #[test]
    fn a_large_number_from_which_a_small_one_follows_stays_inside() {
        let outside = || Reader::Outside {
            own: Vec::new(),
            limit: 5,
        };
        let shown = large(true).for_reader(&outside()).lines.remove(0);
        assert_eq!(
            (shown.actual.as_str(), shown.count),
            (progress::HIDDEN, None)
        );
        assert_eq!(shown.standing, "");
        assert_eq!(large(false).for_reader(&outside()), large(false));
        assert_eq!(large(true).for_reader(&Reader::Inside), large(true));
    }
}
