//! The roadmap on A4: measures × years, then what was rated, chosen and rested on.

mod ladder;

use engawa_kernel::paper::{Form, Page};
use serde::Serialize;

use crate::{
    model::{Evidence, EvidenceId, Kept, KeptMeasure, PlanState, Whole},
    owner::Bodies,
    roadmap::{self, By, Column},
};

pub use ladder::{LadderPage, said};

/// Years beside each other on one sheet of A4.
const BESIDE: usize = 4;

/// What the template draws.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RoadmapPage {
    /// 第4次縁側市地域福祉計画
    pub name: String,
    /// 地域福祉計画
    pub kind: String,
    /// Whose.
    pub body: String,
    /// 令和6年度〜令和8年度
    pub period: String,
    /// 実施中
    pub state: String,
    /// Being written: said on the first page.
    pub draft: bool,
    /// One table for each few years.
    pub tables: Vec<TablePage>,
    /// Ratings with their words.
    pub ratings: Vec<RatingPage>,
    /// Options that were weighed.
    pub choices: Vec<ChoicePage>,
    /// What the measures rest on.
    pub evidence: Vec<String>,
}

/// Measures × years.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TablePage {
    /// 令和元年度（2019年4月〜2020年3月）
    pub years: Vec<String>,
    /// A measure each.
    pub rows: Vec<RowPage>,
}

/// A measure and its years.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RowPage {
    /// 基本目標・柱, where it begins.
    pub heading: String,
    /// 1-(2) 相談窓口を…
    pub measure: String,
    /// 担当
    pub responsible: String,
    /// What stands in each year.
    pub cells: Vec<String>,
}

/// How a measure went.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RatingPage {
    /// 1-(2) 相談窓口を…
    pub measure: String,
    /// Each year: label, degree, words, evidence.
    pub years: Vec<[String; 4]>,
}

/// Options that were weighed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChoicePage {
    /// What was to be decided.
    pub question: String,
    /// The options, the chosen one marked.
    pub options: Vec<OptionPage>,
    /// Why.
    pub why: String,
}

/// An option.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OptionPage {
    /// Its words.
    pub text: String,
    /// Chosen.
    pub chosen: bool,
}

impl Page for RoadmapPage {
    const FORM: Form = Form {
        name: "roadmap",
        source: include_str!("../../print/roadmap.typ"),
    };
}

impl RoadmapPage {
    /// The page of a plan.
    #[must_use]
    pub fn of(whole: &Whole, bodies: &Bodies, evidence: &[Kept<EvidenceId, Evidence>]) -> Self {
        let plan = &whole.plan.kept.is;
        let columns = roadmap::columns(plan, By::Fiscal);
        Self {
            name: plan.name.clone(),
            kind: plan.kind.label().to_owned(),
            body: bodies.name(plan.body).to_owned(),
            period: plan.period(),
            state: plan.state.label().to_owned(),
            draft: plan.state == PlanState::Draft,
            tables: columns
                .chunks(BESIDE)
                .map(|years| table(whole, bodies, years))
                .collect(),
            ratings: whole.measures.iter().filter_map(rating).collect(),
            choices: whole
                .choices
                .iter()
                .map(|c| ChoicePage {
                    question: c.is.question.clone(),
                    options: (1..)
                        .zip(&c.is.options)
                        .map(|(place, text)| OptionPage {
                            text: text.clone(),
                            chosen: c.is.chosen == Some(place),
                        })
                        .collect(),
                    why: c.is.why.clone(),
                })
                .collect(),
            evidence: cited(whole, evidence),
        }
    }
}

fn table(whole: &Whole, bodies: &Bodies, years: &[Column]) -> TablePage {
    let mut last = "";
    let mut rows = Vec::new();
    for m in &whole.measures {
        let is = &m.kept.is;
        let body = is.body.map_or("", |id| bodies.of(id));
        let dropped = if is.dropped.is_empty() {
            ""
        } else {
            "（取りやめ）"
        };
        rows.push(RowPage {
            heading: if is.heading == last {
                String::new()
            } else {
                is.heading.clone()
            },
            measure: format!("{}{dropped}", is.title()),
            responsible: format!("{body} {}", is.responsible).trim().to_owned(),
            cells: years
                .iter()
                .map(|c| roadmap::words(&roadmap::cell(m, *c)))
                .collect(),
        });
        last = &is.heading;
    }
    TablePage {
        years: years.iter().map(|c| c.label()).collect(),
        rows,
    }
}

fn rating(m: &KeptMeasure) -> Option<RatingPage> {
    (!m.ratings.is_empty()).then(|| RatingPage {
        measure: m.kept.is.title(),
        years: m
            .ratings
            .iter()
            .map(|r| {
                let is = &r.is;
                [
                    is.year.label(),
                    is.degree.label().to_owned(),
                    is.words.clone(),
                    is.evidence.clone(),
                ]
            })
            .collect(),
    })
}

/// What is cited, with the numbers of the measures that cite it.
fn cited(whole: &Whole, evidence: &[Kept<EvidenceId, Evidence>]) -> Vec<String> {
    evidence
        .iter()
        .filter_map(|e| {
            let by: Vec<&str> = whole
                .measures
                .iter()
                .filter(|m| m.kept.is.evidence.contains(&e.id))
                .map(|m| m.kept.is.number.as_str())
                .collect();
            if by.is_empty() {
                return None;
            }
            let finding = match e.is.finding.as_str() {
                "" => String::new(),
                text => format!("：{text}"),
            };
            Some(format!(
                "{}{finding}（施策 {}）",
                e.is.title(),
                by.join("、")
            ))
        })
        .collect()
}
