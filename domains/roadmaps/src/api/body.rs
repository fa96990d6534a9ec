//! What goes in and out as JSON.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{
    Choice, ChoiceId, Evidence, EvidenceId, Kept, KeptMeasure, KeptPlan, Measure, MeasureId,
    Milestone, MilestoneId, Plan, PlanId, Rating, Whole,
};

/// A record with its id.
#[derive(Serialize, ToSchema)]
#[schema(as = RoadmapPlanItem)]
pub(super) struct PlanItem {
    pub(super) id: PlanId,
    /// Send it back when you save.
    pub(super) version: i64,
    pub(super) saved_at: DateTime<Utc>,
    /// The plan that it was made from.
    pub(super) before: Option<PlanId>,
    #[serde(flatten)]
    pub(super) plan: Plan,
}

/// Plans.
#[derive(Serialize, ToSchema)]
#[schema(as = RoadmapPlanItems)]
pub(super) struct PlanItems {
    pub(super) items: Vec<PlanItem>,
}

/// A milestone with its id.
#[derive(Serialize, ToSchema)]
#[schema(as = RoadmapMilestoneItem)]
pub(super) struct MilestoneItem {
    pub(super) id: MilestoneId,
    pub(super) version: i64,
    #[serde(flatten)]
    pub(super) milestone: Milestone,
}

/// A rating.
#[derive(Serialize, ToSchema)]
#[schema(as = RoadmapRatingItem)]
pub(super) struct RatingItem {
    pub(super) version: i64,
    #[serde(flatten)]
    pub(super) rating: Rating,
}

/// A measure with its roadmap.
#[derive(Serialize, ToSchema)]
#[schema(as = RoadmapMeasureItem)]
pub(super) struct MeasureItem {
    pub(super) id: MeasureId,
    pub(super) version: i64,
    /// It says what the plan before said.
    pub(super) unchanged: bool,
    /// Ratings and open milestones of the plan before, in words.
    pub(super) carried: String,
    #[serde(flatten)]
    pub(super) measure: Measure,
    pub(super) milestones: Vec<MilestoneItem>,
    pub(super) ratings: Vec<RatingItem>,
}

/// Options that were weighed.
#[derive(Serialize, ToSchema)]
#[schema(as = RoadmapChoiceItem)]
pub(super) struct ChoiceItem {
    pub(super) id: ChoiceId,
    pub(super) version: i64,
    #[serde(flatten)]
    pub(super) choice: Choice,
}

/// A plan with everything in it.
#[derive(Serialize, ToSchema)]
#[schema(as = RoadmapPlanDetail)]
pub(super) struct PlanDetail {
    #[serde(flatten)]
    pub(super) plan: PlanItem,
    pub(super) measures: Vec<MeasureItem>,
    pub(super) choices: Vec<ChoiceItem>,
}

/// What a measure may rest on.
#[derive(Serialize, ToSchema)]
#[schema(as = RoadmapEvidenceItem)]
pub(super) struct EvidenceItem {
    pub(super) id: EvidenceId,
    pub(super) version: i64,
    #[serde(flatten)]
    pub(super) evidence: Evidence,
    /// The measures that cite it.
    pub(super) cited_by: Vec<MeasureId>,
}

/// Findings.
#[derive(Serialize, ToSchema)]
#[schema(as = RoadmapEvidenceItems)]
pub(super) struct EvidenceItems {
    pub(super) items: Vec<EvidenceItem>,
}

/// A record to be saved on top of a version.
#[derive(Deserialize, ToSchema)]
#[schema(as = RoadmapPlanSave)]
pub(super) struct PlanSave {
    /// The version that you saw.
    pub(super) version: i64,
    #[serde(flatten)]
    pub(super) plan: Plan,
}

/// A measure to be saved on top of a version.
#[derive(Deserialize, ToSchema)]
#[schema(as = RoadmapMeasureSave)]
pub(super) struct MeasureSave {
    /// The version that you saw.
    pub(super) version: i64,
    #[serde(flatten)]
    pub(super) measure: Measure,
}

/// A milestone to be saved on top of a version.
#[derive(Deserialize, ToSchema)]
#[schema(as = RoadmapMilestoneSave)]
pub(super) struct MilestoneSave {
    /// The version that you saw.
    pub(super) version: i64,
    #[serde(flatten)]
    pub(super) milestone: Milestone,
}

/// A rating to be saved.
#[derive(Deserialize, ToSchema)]
#[schema(as = RoadmapRatingSave)]
pub(super) struct RatingSave {
    /// The version that you saw; 0: there is none yet.
    pub(super) version: i64,
    #[serde(flatten)]
    pub(super) rating: Rating,
}

/// Where something was made.
#[derive(Serialize, ToSchema)]
#[schema(as = RoadmapMade)]
pub(super) struct Made {
    pub(super) location: String,
}

pub(super) fn plan_item(k: KeptPlan) -> PlanItem {
    PlanItem {
        id: k.kept.id,
        version: k.kept.version,
        saved_at: k.kept.saved_at,
        before: k.before,
        plan: k.kept.is,
    }
}

pub(super) fn measure_item(m: KeptMeasure) -> MeasureItem {
    MeasureItem {
        id: m.kept.id,
        version: m.kept.version,
        unchanged: m.unchanged(),
        carried: m.carried,
        measure: m.kept.is,
        milestones: m
            .milestones
            .into_iter()
            .map(|s| MilestoneItem {
                id: s.id,
                version: s.version,
                milestone: s.is,
            })
            .collect(),
        ratings: m
            .ratings
            .into_iter()
            .map(|r| RatingItem {
                version: r.version,
                rating: r.is,
            })
            .collect(),
    }
}

pub(super) fn detail(whole: Whole) -> PlanDetail {
    let choice = |c: Kept<ChoiceId, Choice>| ChoiceItem {
        id: c.id,
        version: c.version,
        choice: c.is,
    };
    PlanDetail {
        plan: plan_item(whole.plan),
        measures: whole.measures.into_iter().map(measure_item).collect(),
        choices: whole.choices.into_iter().map(choice).collect(),
    }
}
