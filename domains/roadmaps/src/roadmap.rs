//! 工程表: a plan as measures × years, by fiscal or by calendar year. What screen, paper and workbook
//! draw.

use chrono::{Datelike as _, NaiveDate};
use engawa_kernel::text::{
    fiscal::FiscalYear,
    wareki::{self, Calendar},
};

use crate::model::{KeptMeasure, Milestone, Plan, Rating, Whole};

/// Years that fit beside each other on a screen.
pub const BESIDE: usize = 6;

/// By which years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// 年度
    Fiscal,
    /// 暦年: a milestone stands in the year of the day by which it shall stand.
    Calendar,
}

/// A year of the roadmap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// 年度
    Fiscal(FiscalYear),
    /// 暦年
    Calendar(i32),
}

impl Column {
    /// 令和元年度（2019年4月〜2020年3月） or 令和元年（2019年）: both calendars at once.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Fiscal(year) => format!("{year}（{}）", span(year)),
            Self::Calendar(year) => {
                let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default();
                format!(
                    "{}（{year}年）",
                    wareki::year_text(last, Calendar::Japanese)
                )
            }
        }
    }

    fn holds(self, m: &Milestone) -> bool {
        match self {
            Self::Fiscal(year) => m.year == year,
            Self::Calendar(year) => m.due().year() == year,
        }
    }
}

/// 2019年4月〜2020年3月
#[must_use]
pub fn span(year: FiscalYear) -> String {
    format!("{}年4月〜{}年3月", year.year(), year.year() + 1)
}

/// The day by which a milestone shall stand, in both calendars: 令和2年3月31日（2020年3月31日）.
#[must_use]
pub fn due(m: &Milestone) -> String {
    let day = m.due();
    format!(
        "{}（{}）",
        wareki::format_date(day, Calendar::Japanese),
        wareki::format_date(day, Calendar::Western)
    )
}

/// What stands in a cell.
#[derive(Debug, Clone, Default)]
pub struct Cell<'a> {
    /// Milestones of the year.
    pub milestones: Vec<&'a Milestone>,
    /// Milestones of earlier years that were put off to this one (by fiscal year only).
    pub late: Vec<&'a Milestone>,
    /// The year's rating (by fiscal year only: it is of one).
    pub rating: Option<&'a Rating>,
}

/// A plan's years as columns.
#[must_use]
pub fn columns(plan: &Plan, by: By) -> Vec<Column> {
    match by {
        By::Fiscal => plan.years().into_iter().map(Column::Fiscal).collect(),
        By::Calendar => (plan.first_year.year()..=plan.last_year.year() + 1)
            .map(Column::Calendar)
            .collect(),
    }
}

/// Those that are shown: all, or [`BESIDE`] of them from `from`; by default such that this year is
/// among them.
#[must_use]
pub fn window(all: &[Column], from: Option<usize>, today: NaiveDate) -> (usize, &[Column]) {
    let now = all.iter().position(|c| match c {
        Column::Fiscal(year) => year.contains(today),
        Column::Calendar(year) => *year == today.year(),
    });
    let most = all.len().saturating_sub(BESIDE);
    let from = from
        .unwrap_or_else(|| now.map_or(most, |n| n.saturating_sub(1)))
        .min(most);
    let to = (from + BESIDE).min(all.len());
    (from, all.get(from..to).unwrap_or(all))
}

/// What stands in a measure's row under a column.
#[must_use]
pub fn cell<'a>(measure: &'a KeptMeasure, column: Column) -> Cell<'a> {
    let milestones = measure.milestones.iter().map(|m| &m.is);
    Cell {
        milestones: milestones.clone().filter(|m| column.holds(m)).collect(),
        late: match column {
            Column::Fiscal(year) => milestones.filter(|m| m.to_year == Some(year)).collect(),
            Column::Calendar(_) => Vec::new(),
        },
        rating: match column {
            Column::Fiscal(year) => measure.rating(year).map(|r| &r.is),
            Column::Calendar(_) => None,
        },
    }
}

/// A cell in words, one thing in each line: for the workbook and the paper.
#[must_use]
pub fn words(c: &Cell) -> String {
    let mut lines: Vec<String> = Vec::new();
    for m in &c.milestones {
        let mut line = format!("【{}】{}", m.state.label(), m.text);
        if m.due_on.is_some() {
            line += &format!("（{}まで）", due(m));
        }
        if let Some(to) = m.to_year {
            line += &format!("（{to}へ延期）");
        }
        if !m.reason.is_empty() {
            line += &format!("（理由: {}）", m.reason);
        }
        lines.push(line);
    }
    for m in &c.late {
        lines.push(format!("【延期分】{}（{}から）", m.text, m.year));
    }
    if let Some(r) = c.rating {
        lines.push(format!("実行度: {}", r.degree.label()));
    }
    lines.join("\n")
}

/// How many milestones stand where: (done, all).
#[must_use]
pub fn done(whole: &Whole) -> (usize, usize) {
    let all = whole.measures.iter().flat_map(|m| &m.milestones);
    let done = all
        .clone()
        .filter(|m| m.is.state == crate::model::MilestoneState::Done)
        .count();
    (done, all.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_calendars_say_the_same_day() {
        let year = FiscalYear::try_from(2019).unwrap();
        assert_eq!(
            Column::Fiscal(year).label(),
            "令和元年度（2019年4月〜2020年3月）"
        );
        assert_eq!(Column::Calendar(2020).label(), "令和2年（2020年）");
        let m = Milestone {
            year,
            due_on: None,
            text: String::new(),
            state: crate::model::MilestoneState::Planned,
            reason: String::new(),
            to_year: None,
        };
        assert_eq!(due(&m), "令和2年3月31日（2020年3月31日）");
        assert!(Column::Calendar(2020).holds(&m) && Column::Fiscal(year).holds(&m));
    }

    #[test]
    fn a_long_plan_shows_this_year_first() {
        let all: Vec<Column> = (2010..2030).map(Column::Calendar).collect();
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let (from, shown) = window(&all, None, day);
        assert_eq!((from, shown.len()), (14, BESIDE));
        assert_eq!(window(&all, Some(99), day).0, 14);
        assert_eq!(window(&all, Some(0), day).0, 0);
        assert_eq!(window(&all[..3], None, day), (0, &all[..3]));
    }
}
