//! Plans and what lies in them. The names of the fields are those of the forms and of the JSON.

use chrono::{DateTime, NaiveDate, Utc};
use engawa_indicators::store::indicator::IndicatorId;
use engawa_kernel::{
    code_enum,
    id::{BodyId, StaffId},
    id_type,
    text::fiscal::FiscalYear,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

id_type!(/// 計画
    PlanId);
id_type!(/// 施策・取組
    MeasureId);
id_type!(/// 工程
    MilestoneId);
id_type!(/// 施策の根拠
    EvidenceId);
id_type!(/// 選択肢の検討
    ChoiceId);

code_enum! {
    /// What kind of plan.
    #[schema(as = RoadmapPlanKind)]
    pub enum PlanKind {
        /// 社会福祉法107条・108条
        Welfare = "welfare", "地域福祉計画・地域福祉支援計画";
        /// 社会福祉協議会の計画
        Activity = "activity", "地域福祉活動計画";
        /// 社会福祉法106条の5
        Multilayer = "multilayer", "重層的支援体制整備事業実施計画";
        /// 障害者計画・障害福祉計画・障害児福祉計画
        Disability = "disability", "障害者計画・障害福祉計画";
        /// 老人福祉計画・介護保険事業計画
        Elderly = "elderly", "高齢者福祉計画・介護保険事業計画";
        /// こども計画
        Children = "children", "こども計画・子ども・子育て支援事業計画";
        /// 生活困窮者自立支援
        Needy = "needy", "生活困窮者自立支援の計画";
        /// 成年後見制度利用促進基本計画
        Guardianship = "guardianship", "成年後見制度利用促進基本計画";
        /// 自殺対策計画
        Suicide = "suicide", "自殺対策計画";
        /// 総合計画
        General = "general", "総合計画";
        /// 構想・ビジョン
        Vision = "vision", "構想・ビジョン";
        /// 工程表だけのもの
        Steps = "steps", "工程表（計画書のないもの）";
        /// その他
        Other = "other", "その他の計画";
    }
}

code_enum! {
    /// Where a plan stands; [`crate::rules::may_become`] says what follows what.
    #[schema(as = RoadmapPlanState)]
    pub enum PlanState {
        /// Being written.
        Draft = "draft", "策定中";
        /// It holds.
        InForce = "in_force", "実施中";
        /// Its time is over: it is rated, but its text stays.
        Ended = "ended", "終了";
    }
}

code_enum! {
    /// Where a milestone stands.
    #[schema(as = RoadmapMilestoneState)]
    pub enum MilestoneState {
        /// 予定
        Planned = "planned", "予定";
        /// 取組中
        UnderWay = "under_way", "取組中";
        /// 完了
        Done = "done", "完了";
        /// 延期; says why.
        Postponed = "postponed", "延期";
        /// 取りやめ; says why.
        Dropped = "dropped", "取りやめ";
    }
}

impl MilestoneState {
    /// Whether it goes into the next plan's notes.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::UnderWay | Self::Postponed)
    }
}

code_enum! {
    /// 実行度: how far a measure was carried out in a year.
    #[schema(as = RoadmapDegree)]
    pub enum Degree {
        /// As planned.
        Full = "a", "A 計画どおり実行した";
        /// Nearly.
        Mostly = "b", "B おおむね実行した";
        /// In part.
        Partly = "c", "C 一部だけ実行した";
        /// Not.
        Not = "d", "D 実行していない";
        /// No rating yet; the evidence is being gathered.
        Open = "open", "まだ評価しない";
    }
}

/// A record as stored.
#[derive(Debug, Clone)]
pub struct Kept<I, T> {
    /// Its id.
    pub id: I,
    /// What it says.
    pub is: T,
    /// For saving on top of what one saw.
    pub version: i64,
    /// Who saved it last.
    pub saved_by: StaffId,
    /// When.
    pub saved_at: DateTime<Utc>,
}

/// 計画
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoadmapPlan)]
pub struct Plan {
    /// What kind.
    pub kind: PlanKind,
    /// 第4次縁側市地域福祉計画
    pub name: String,
    /// Whose; none: the municipality's.
    pub body: Option<BodyId>,
    /// 上位計画
    pub above: Option<PlanId>,
    /// First fiscal year.
    #[schema(value_type = i32)]
    pub first_year: FiscalYear,
    /// Last fiscal year.
    #[schema(value_type = i32)]
    pub last_year: FiscalYear,
    /// Where it stands.
    pub state: PlanState,
    /// How it came about, who decided it.
    #[serde(default)]
    pub note: String,
}

impl Plan {
    /// Its fiscal years.
    #[must_use]
    pub fn years(&self) -> Vec<FiscalYear> {
        (self.first_year.year()..=self.last_year.year())
            .filter_map(|y| FiscalYear::try_from(y).ok())
            .collect()
    }

    /// 令和6年度〜令和8年度
    #[must_use]
    pub fn period(&self) -> String {
        if self.first_year == self.last_year {
            return self.first_year.label();
        }
        format!("{}〜{}", self.first_year, self.last_year)
    }
}

/// A plan as stored.
#[derive(Debug, Clone)]
pub struct KeptPlan {
    /// The plan.
    pub kept: Kept<PlanId, Plan>,
    /// The plan that it was made from.
    pub before: Option<PlanId>,
}

/// 施策・取組
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoadmapMeasure)]
pub struct Measure {
    /// Order in the plan.
    pub place: i64,
    /// As printed: 1-(2).
    #[serde(default)]
    pub number: String,
    /// 基本目標・柱
    #[serde(default)]
    pub heading: String,
    /// What is to be done.
    pub text: String,
    /// 担当, in words.
    #[serde(default)]
    pub responsible: String,
    /// 担当, a registered one.
    pub body: Option<BodyId>,
    /// 予算・財源, as written.
    #[serde(default)]
    pub budget: String,
    /// Why it was given up; empty: it goes on.
    #[serde(default)]
    pub dropped: String,
    /// What it rests on.
    #[serde(default)]
    pub evidence: Vec<EvidenceId>,
    /// 指標 that show it.
    #[serde(default)]
    pub indicators: Vec<IndicatorId>,
}

impl Measure {
    /// 1-(2) 相談窓口を…
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.number, self.text).trim().to_owned()
    }
}

/// A measure as stored, with its roadmap.
#[derive(Debug, Clone)]
pub struct KeptMeasure {
    /// The measure.
    pub kept: Kept<MeasureId, Measure>,
    /// Its plan.
    pub plan: PlanId,
    /// What the plan before said, where it comes from one.
    pub before: Option<String>,
    /// Ratings and open milestones of the plan before, in words.
    pub carried: String,
    /// By year.
    pub milestones: Vec<Kept<MilestoneId, Milestone>>,
    /// By year.
    pub ratings: Vec<Kept<(), Rating>>,
}

impl KeptMeasure {
    /// Whether it says what the plan before said.
    #[must_use]
    pub fn unchanged(&self) -> bool {
        self.before.as_ref() == Some(&self.kept.is.text)
    }

    /// How it was rated for a year.
    #[must_use]
    pub fn rating(&self, year: FiscalYear) -> Option<&Kept<(), Rating>> {
        self.ratings.iter().find(|r| r.is.year == year)
    }
}

/// 工程
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoadmapMilestone)]
pub struct Milestone {
    /// By the end of this fiscal year …
    #[schema(value_type = i32)]
    pub year: FiscalYear,
    /// … or by this day in it.
    pub due_on: Option<NaiveDate>,
    /// What shall stand by then.
    pub text: String,
    /// Where it stands.
    pub state: MilestoneState,
    /// Why it was postponed or given up.
    #[serde(default)]
    pub reason: String,
    /// Postponed to.
    #[schema(value_type = Option<i32>)]
    pub to_year: Option<FiscalYear>,
}

impl Milestone {
    /// The day by which it shall stand.
    #[must_use]
    pub fn due(&self) -> NaiveDate {
        self.due_on.unwrap_or_else(|| self.year.last_day())
    }
}

/// How a year went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoadmapRating)]
pub struct Rating {
    /// Fiscal year.
    #[schema(value_type = i32)]
    pub year: FiscalYear,
    /// 実行度
    pub degree: Degree,
    /// In words.
    #[serde(default)]
    pub words: String,
    /// What shows it.
    #[serde(default)]
    pub evidence: String,
}

/// What measures rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoadmapEvidence)]
pub struct Evidence {
    /// 住民アンケート（令和7年度）
    pub source: String,
    /// 問5
    #[serde(default)]
    pub part: String,
    /// What it says.
    #[serde(default)]
    pub finding: String,
}

impl Evidence {
    /// 住民アンケート（令和7年度） 問5
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.source, self.part).trim().to_owned()
    }
}

/// Options that were weighed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoadmapChoice)]
pub struct Choice {
    /// The measure that it is about; none: the plan.
    pub measure: Option<MeasureId>,
    /// What was to be decided.
    pub question: String,
    /// In order.
    pub options: Vec<String>,
    /// The place of the chosen one, from 1; none: not decided.
    pub chosen: Option<i64>,
    /// Why.
    #[serde(default)]
    pub why: String,
}

/// Everything that a plan holds.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The plan.
    pub plan: KeptPlan,
    /// In order.
    pub measures: Vec<KeptMeasure>,
    /// In the order in which they came up.
    pub choices: Vec<Kept<ChoiceId, Choice>>,
}
