//! 成果の4段階 on A4: each area's chain and where it breaks, then the statements, for meetings.

use engawa_kernel::paper::{Form, Page};
use serde::Serialize;

use crate::{
    ladder::{
        Actor, Horizon, Statement, StatementId, Step,
        chain::{Counted, Verdict},
        count::{Ladder, Rung},
    },
    model::Kept,
};

/// What the template draws, as its reader may see it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LadderPage {
    /// 令和7年度（2025年4月〜2026年3月）
    pub year: String,
    /// The four steps, each with how it is counted.
    pub steps: Vec<[String; 2]>,
    /// An area each.
    pub areas: Vec<AreaPage>,
    /// Areas that do not stand here, for their number.
    pub more: usize,
    /// Whether small numbers are hidden.
    pub hidden: bool,
    /// 短期, 中期, 長期
    pub horizons: Vec<String>,
    /// Whose change, then what is aimed at by each horizon.
    pub outcomes: Vec<(String, Vec<Vec<String>>)>,
}

/// An area.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AreaPage {
    /// As people call it.
    pub name: String,
    /// 「解決」で切れています
    pub breaks: String,
    /// The four steps.
    pub steps: Vec<StepPage>,
}

/// How a step stands in an area.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StepPage {
    /// ● ある
    pub verdict: String,
    /// 12件
    pub counted: String,
    /// What people wrote.
    pub words: String,
    /// The chain breaks here.
    pub breaks: bool,
}

impl Page for LadderPage {
    const FORM: Form = Form {
        name: "ladder",
        source: include_str!("../../print/ladder.typ"),
    };
}

impl LadderPage {
    /// The page of a year.
    #[must_use]
    pub fn of(ladder: &Ladder, statements: &[Kept<StatementId, Statement>]) -> Self {
        let steps = Step::ALL.into_iter().zip(&ladder.rules);
        Self {
            year: ladder.year.label(),
            steps: steps
                .map(|(step, rule)| [step.label().to_owned(), rule.clone()])
                .collect(),
            areas: ladder.rungs.iter().map(area).collect(),
            more: ladder.more,
            hidden: ladder.hidden > 0,
            horizons: Horizon::ALL.map(|h| h.label().to_owned()).into(),
            outcomes: Actor::ALL
                .map(|actor| {
                    (
                        actor.label().to_owned(),
                        outcomes(actor, ladder, statements),
                    )
                })
                .into(),
        }
    }
}

fn area(rung: &Rung) -> AreaPage {
    let at = rung.breaks_at();
    let steps = Step::ALL.into_iter().zip(rung.verdicts()).zip(rung.counted);
    AreaPage {
        name: rung.name.clone(),
        breaks: at.map_or_else(String::new, |s| format!("「{}」で切れています", s.label())),
        steps: steps
            .map(|((step, verdict), counted)| StepPage {
                verdict: format!("{} {}", mark(verdict), verdict.label()),
                counted: said(counted),
                words: words(rung, step),
                breaks: at == Some(step),
            })
            .collect(),
    }
}

/// The signs of the picture on the screen.
const fn mark(verdict: Verdict) -> char {
    match verdict {
        Verdict::Stands => '●',
        Verdict::Partly => '◐',
        Verdict::Missing => '○',
        Verdict::Unknown => '？',
    }
}

/// What was counted, or why there is no number.
#[must_use]
pub fn said(counted: Counted) -> String {
    match counted {
        Counted::Nothing => String::new(),
        Counted::NoRecords => "まだ記録がありません".into(),
        Counted::NotByArea => "圏域では数えられません".into(),
        Counted::Hidden => "非公表".into(),
        Counted::Number(n) => format!("{}件", engawa_indicators::words::number(n)),
    }
}

fn words(rung: &Rung, step: Step) -> String {
    let Some(judged) = &rung.judged else {
        return String::new();
    };
    let (rated, words) = judged.is.of(step);
    let rated = rated.map_or_else(String::new, |r| format!("評価: {}", r.label()));
    let parts = [rated.as_str(), words]
        .into_iter()
        .filter(|w| !w.is_empty());
    parts.collect::<Vec<_>>().join("\n")
}

/// What is aimed at for an actor, by horizon, with its step and area.
fn outcomes(
    actor: Actor,
    ladder: &Ladder,
    all: &[Kept<StatementId, Statement>],
) -> Vec<Vec<String>> {
    let said = |s: &Statement| match s.area.map(|id| ladder.area_name(id)) {
        Some(area) => format!("［{}］{}（{area}）", s.step.label(), s.text),
        None => format!("［{}］{}", s.step.label(), s.text),
    };
    let of = |horizon: Horizon| {
        let live = all.iter().map(|s| &s.is).filter(|s| !s.withdrawn);
        let here = live.filter(|s| s.actor == actor && s.horizon == horizon);
        here.map(said).collect()
    };
    Horizon::ALL.map(of).into()
}
