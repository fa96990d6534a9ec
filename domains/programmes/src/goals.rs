//! Goals (PRG-14): in words, each year with evidence and a rating; a goal without a number says why
//! it is not counted. The figure in a goal is kept as written; counting it is the matter of the
//! indicator that follows it, if one does.

use engawa_indicators::store::indicator::IndicatorId;
use engawa_kernel::{code_enum, context::Ctx, id_type, text::fiscal::FiscalYear};

use crate::{form::Field, proposals::Found};

id_type!(/// 成果目標
    GoalId);

code_enum! {
    /// Whose change a goal is about.
    pub enum Subject {
        /// 住民・本人
        Person = "person", "人（住民・本人）";
        /// 地域
        Area = "area", "地域";
        /// 機関
        Body = "body", "機関・団体";
        /// 行政
        Town = "town", "自治体（行政）";
    }
}

code_enum! {
    /// How far a goal was reached in a year, as those judge who planned it.
    pub enum Rating {
        /// 達成
        Achieved = "achieved", "達成した";
        /// おおむね達成
        Mostly = "mostly", "おおむね達成した";
        /// 一部
        Partly = "partly", "一部にとどまった";
        /// 未達成
        NotYet = "not_yet", "達成していない";
        /// No rating yet; the evidence is being gathered.
        Open = "open", "まだ評価しない";
    }
}

/// A goal.
#[derive(Debug, Clone)]
pub struct Goal {
    /// 年度 in which it is set.
    pub year: FiscalYear,
    /// The goal box of the form in which it stands.
    pub field: Field,
    /// In words.
    pub text: String,
    /// A figure in the words, plain digits.
    pub number: String,
    /// Its unit.
    pub unit: String,
    /// Whose change.
    pub subject: Option<Subject>,
    /// By name: 東地区の住民.
    pub subject_name: String,
    /// By when, as written.
    pub due: String,
    /// Why it is not counted.
    pub why_not_counted: String,
    /// The indicator that counts what happens.
    pub indicator: Option<IndicatorId>,
}

impl Goal {
    /// A goal as a sheet proposes it.
    #[must_use]
    pub fn proposed(ctx: &Ctx, found: &Found, text: &str) -> Self {
        Self {
            year: FiscalYear::of(ctx.today()),
            field: found.field,
            text: text.to_owned(),
            number: found.number.clone(),
            unit: found.unit.clone(),
            subject: None,
            subject_name: String::new(),
            due: String::new(),
            why_not_counted: String::new(),
            indicator: None,
        }
    }
}

/// A goal as stored, with how each year went.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id.
    pub id: GoalId,
    /// The goal.
    pub goal: Goal,
    /// For saving on top of what one saw.
    pub version: i64,
    /// Newest year first.
    pub years: Vec<Look>,
}

/// How a year went.
#[derive(Debug, Clone)]
pub struct Look {
    /// 年度
    pub year: FiscalYear,
    /// How far.
    pub rating: Rating,
    /// What shows it.
    pub evidence: String,
    /// For saving on top of what one saw.
    pub version: i64,
}
