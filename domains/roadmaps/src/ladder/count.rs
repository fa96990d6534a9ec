//! The ladder of a year as a reader may see it: each step counted by area through the indicators'
//! counting, with what people judged.

use std::collections::HashMap;

use engawa_indicators::{
    model::{Count, Dim, Key},
    period::Period,
    report::{self, Reader},
    rules::said,
    store::{actual, count::Question, indicator},
    words::Words,
};
use engawa_kernel::{
    access::Duty, context::Ctx, db::Conn, error::Result, id::AreaId, text::fiscal::FiscalYear,
};
use engawa_organisations::figures::{self, AreaOfKinds};

use super::{
    Rule, Settings, Standing, Step,
    chain::{Counted, Verdict, breaks_at, verdict},
};
use crate::{model::Kept, store::ladder};

/// Areas that are shown; more can only be read one kind at a time.
pub const AREAS: usize = 200;

/// Kinds of areas that hold the municipality or are it.
const ABOVE: [&str; 4] = ["prefecture", "prefecture_part", "wide", "municipality"];

/// An area on the ladder.
#[derive(Debug, Clone)]
pub struct Rung {
    /// The area.
    pub area: AreaId,
    /// As people call it.
    pub name: String,
    /// What was counted, by step.
    pub counted: [Counted; 4],
    /// What people judged; none: nobody did.
    pub judged: Option<Kept<(), Standing>>,
}

impl Rung {
    /// How each step stands.
    #[must_use]
    pub fn verdicts(&self) -> [Verdict; 4] {
        let mut at = 0;
        Step::ALL.map(|step| {
            let counted = self.counted.get(at).copied().unwrap_or(Counted::Nothing);
            at += 1;
            verdict(counted, self.judged.as_ref().and_then(|j| j.is.of(step).0))
        })
    }

    /// Where the chain breaks.
    #[must_use]
    pub fn breaks_at(&self) -> Option<Step> {
        breaks_at(&self.verdicts())
    }
}

/// The ladder of a year.
#[derive(Debug, Clone)]
pub struct Ladder {
    /// 年度
    pub year: FiscalYear,
    /// Areas in order.
    pub rungs: Vec<Rung>,
    /// Areas that are not shown.
    pub more: usize,
    /// What is counted for each step, in words.
    pub rules: [String; 4],
    /// Numbers that the reader may not see.
    pub hidden: usize,
    /// What the municipality set.
    pub settings: Settings,
}

impl Ladder {
    /// An area's name, where it stands on this ladder.
    #[must_use]
    pub fn area_name(&self, id: AreaId) -> &str {
        let rung = self.rungs.iter().find(|r| r.area == id);
        rung.map_or("ほかの圏域", |r| r.name.as_str())
    }
}

/// The areas of the ladder.
///
/// # Errors
/// The database refuses.
pub async fn areas(
    conn: &mut Conn,
    ctx: &Ctx,
    settings: &Settings,
    year: FiscalYear,
) -> Result<Vec<AreaOfKinds>> {
    let all = figures::areas_between(conn, ctx, year.first_day(), year.last_day()).await?;
    let wanted = |a: &AreaOfKinds| {
        if settings.kinds.is_empty() {
            !a.kinds.iter().any(|k| ABOVE.contains(&k.as_str()))
        } else {
            a.kinds.iter().any(|k| settings.kinds.contains(k))
        }
    };
    Ok(all.into_iter().filter(wanted).collect())
}

/// Counts and judges.
///
/// # Errors
/// [`engawa_kernel::error::Error::Forbidden`] for who may not read figures; the database refuses.
pub async fn ladder(conn: &mut Conn, ctx: &Ctx, year: FiscalYear) -> Result<Ladder> {
    ctx.need(Duty::ReadFigures)?;
    let settings = ladder::settings(conn, ctx).await?;
    let mut areas = areas(conn, ctx, &settings, year).await?;
    let more = areas.len().saturating_sub(AREAS);
    areas.truncate(AREAS);
    let words = Words::load(conn, ctx).await?;
    let reader = Reader::of(conn, ctx).await?;
    let mut judged = ladder::standings(conn, ctx, year).await?;
    let (mut counted, mut rules, mut hidden) = (Vec::new(), Vec::new(), 0);
    for step in Step::ALL {
        let (by, said) =
            by_area(conn, ctx, &words, &reader, settings.rule(step), step, year).await?;
        if let By::Areas(shown) = &by {
            hidden += shown.values().filter(|n| n.is_none()).count();
        }
        counted.push(by);
        rules.push(said);
    }
    let rungs = areas
        .into_iter()
        .map(|a| {
            let mut of = counted.iter().map(|by| by.of(a.id));
            Rung {
                counted: std::array::from_fn(|_| of.next().unwrap_or(Counted::Nothing)),
                judged: judged.remove(&a.id),
                area: a.id,
                name: a.name,
            }
        })
        .collect();
    let mut rules = rules.into_iter();
    Ok(Ladder {
        year,
        rungs,
        more,
        rules: std::array::from_fn(|_| rules.next().unwrap_or_default()),
        hidden,
        settings,
    })
}

/// A step counted by area.
enum By {
    Not(Counted),
    Areas(HashMap<AreaId, Option<i64>>),
}

impl By {
    fn of(&self, area: AreaId) -> Counted {
        match self {
            Self::Not(why) => *why,
            Self::Areas(shown) => match shown.get(&area) {
                Some(Some(n)) => Counted::Number(*n),
                Some(None) => Counted::Hidden,
                None => Counted::Number(0),
            },
        }
    }
}

#[allow(clippy::too_many_arguments)]
async fn by_area(
    conn: &mut Conn,
    ctx: &Ctx,
    words: &Words,
    reader: &Reader,
    rule: Rule,
    step: Step,
    year: FiscalYear,
) -> Result<(By, String)> {
    let count: Count = match rule {
        Rule::Nothing => {
            return Ok((
                By::Not(Counted::Nothing),
                "数えません（評価だけで見ます）".into(),
            ));
        }
        Rule::Standard => step.standard(),
        Rule::Indicator(id) => match indicator::one(conn, ctx, id).await {
            Ok(i) if i.rule.per.is_none() && i.rule.count.unit.splits_by(Dim::Area) => i.rule.count,
            _ => {
                return Ok((
                    By::Not(Counted::NotByArea),
                    "選ばれた指標は、圏域ごとには数えられません".into(),
                ));
            }
        },
    };
    let said = match rule {
        Rule::Standard => step.standard_words().to_owned(),
        _ => said::count(&ctx.engine.sources, words, &count),
    };
    let Some(question) = actual::question(ctx, &count, Period::year(year)) else {
        return Ok((By::Not(Counted::NoRecords), said));
    };
    let question = Question {
        rows: Some(Dim::Area),
        ..question
    };
    let report = report::make(conn, ctx, words, reader, question, false).await?;
    let shown = report
        .rows
        .iter()
        .zip(&report.cells)
        .filter_map(|((key, _), cells)| match key {
            Key::Id(id) => Some((AreaId(*id), cells.last().copied().flatten())),
            _ => None,
        })
        .collect();
    Ok((By::Areas(shown), said))
}
