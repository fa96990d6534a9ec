//! The fields in the shape of the contract, copies compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::form::{Occurrence, Reading};
use crate::labels::{Block, Label, Part};
use crate::merge::{Agreement, merge};
use crate::model::{
    Backup, Base, CommunityActivity, CommunityDesk, CommunityStrengthening, Desk, Meeting,
    MultiAgency, Prefectural, Specialist, Targeted, Vision,
};
use crate::resolve::Slot;
use crate::warnings::Warnings;

/// The fields of one sheet; taking one compares its printings.
pub(crate) struct Fields<'a> {
    values: &'a BTreeMap<Slot, Vec<Occurrence>>,
    guessed: &'a BTreeSet<Slot>,
    warnings: &'a mut Warnings,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(reading: &'a Reading, warnings: &'a mut Warnings) -> Self {
        Self {
            values: &reading.values,
            guessed: &reading.guessed,
            warnings,
        }
    }

    fn take(&mut self, path: &str, block: Block, part: Part, label: Label) -> Option<String> {
        let slot = Slot { block, part, label };
        let (text, agreement) = merge(self.values.get(&slot)?);
        match agreement {
            Agreement::One => {}
            Agreement::Differs => self.warnings.add(
                path,
                format!(
                    "「{}」が二か所にあり、内容が違います。先の記載を採りました。",
                    label.words()
                ),
            ),
            Agreement::Joined => self.warnings.add(
                path,
                format!(
                    "「{}」の見出しが続けて二度あります。内容をつなげました。",
                    label.words()
                ),
            ),
            Agreement::Loose => self.warnings.add(
                path,
                format!(
                    "「{}」の見出しがないため、欄の位置から読みました。",
                    label.words()
                ),
            ),
        }
        if self.guessed.contains(&slot) && text.is_some() {
            self.warnings.add(
                path,
                format!(
                    "「{}」の途中で表の区切りが失われています。隣の欄の内容が混じっていないか確かめてください。",
                    label.words()
                ),
            );
        }
        text
    }

    pub(crate) fn features(&mut self) -> Option<String> {
        self.take(
            "features",
            Block::Features,
            Part::Whole,
            Label::FeaturesHeading,
        )
    }

    pub(crate) fn vision(&mut self) -> Vision {
        let mut take = |path, label| self.take(path, Block::Vision, Part::Whole, label);
        Vision {
            aim: take("vision.aim", Label::Aim),
            change: take("vision.change", Label::Change),
        }
    }

    /// Block 3; `None` when nothing is filled in.
    pub(crate) fn community(&mut self) -> Option<CommunityStrengthening> {
        let a = self.activity();
        let b = self.desk();
        let mut take = |name: &str, label| {
            let path = format!("community_strengthening.{name}");
            self.take(&path, Block::Community, Part::Whole, label)
        };
        let block = CommunityStrengthening {
            implementer: take("implementer", Label::Implementer),
            name: take("name", Label::Name),
            need: take("need", Label::Need),
            a,
            b,
            other: take("other", Label::OtherOfCommunity),
            multi_agency_plan: take("multi_agency_plan", Label::MultiAgencyPlan),
        };
        (block != CommunityStrengthening::default()).then_some(block)
    }

    fn activity(&mut self) -> CommunityActivity {
        let mut take = |name: &str, label| {
            let path = format!("community_strengthening.a.{name}");
            self.take(&path, Block::Community, Part::A, label)
        };
        CommunityActivity {
            target_area: take("target_area", Label::TargetArea),
            area_unit: take("area_unit", Label::AreaUnit),
            population: take("population", Label::Population),
            participation_support: Targeted {
                target: take("participation_support.target", Label::SupportTarget),
                content: take("participation_support.content", Label::SupportContent),
            },
            base: Base {
                place: take("base.place", Label::BasePlace),
                operator: take("base.operator", Label::BaseOperator),
            },
            training: Targeted {
                target: take("training.target", Label::TrainingTarget),
                content: take("training.content", Label::TrainingContent),
            },
            other: take("other", Label::OtherOfA),
            funding: take("funding", Label::Funding),
            linked_programmes: take("linked_programmes", Label::Linked),
            goal: take("goal", Label::Goal),
        }
    }

    fn desk(&mut self) -> CommunityDesk {
        let mut take = |name: &str, label| {
            let path = format!("community_strengthening.b.{name}");
            self.take(&path, Block::Community, Part::B, label)
        };
        CommunityDesk {
            target_area: take("target_area", Label::TargetArea),
            area_unit: take("area_unit", Label::AreaUnit),
            population: take("population", Label::Population),
            desk: Desk {
                place: take("desk.place", Label::DeskPlace),
                receiver: take("desk.receiver", Label::DeskReceiver),
            },
            publicity: take("publicity", Label::PublicityHow),
            early_detection: take("early_detection", Label::EarlyHow),
            backup: Backup {
                content: take("backup.content", Label::BackupContent),
                by: take("backup.by", Label::BackupBy),
            },
            linked_programmes: take("linked_programmes", Label::Linked),
            goal: take("goal", Label::Goal),
        }
    }

    /// Block 4; `None` when nothing is filled in.
    pub(crate) fn multi_agency(&mut self) -> Option<MultiAgency> {
        let mut take = |name: &str, part, label| {
            let path = format!("multi_agency.{name}");
            self.take(&path, Block::MultiAgency, part, label)
        };
        let block = MultiAgency {
            case_meeting: Meeting {
                how: take("case_meeting.how", Part::Case, Label::CaseHow),
                existing: take("case_meeting.existing", Part::Case, Label::Existing),
            },
            network_meeting: Meeting {
                how: take("network_meeting.how", Part::Network, Label::NetworkHow),
                existing: take("network_meeting.existing", Part::Network, Label::Existing),
            },
            implementer: take("implementer", Part::Whole, Label::Implementer),
            name: take("name", Part::Whole, Label::Name),
            need: take("need", Part::Whole, Label::Need),
            promoters: take("promoters", Part::Whole, Label::Promoters),
            promoter_background: take("promoter_background", Part::Whole, Label::Background),
            promoter_host: take("promoter_host", Part::Whole, Label::Host),
            overview: take("overview", Part::Whole, Label::Overview),
            own_funding: take("own_funding", Part::Whole, Label::OwnFunding),
            new_resources: take("new_resources", Part::Whole, Label::NewResources),
            other: take("other", Part::Whole, Label::OtherOfMultiAgency),
            goal: take("goal", Part::Whole, Label::Goal),
            community_plan: take("community_plan", Part::Whole, Label::CommunityPlan),
        };
        (block != MultiAgency::default()).then_some(block)
    }

    /// Block 5; `None` when nothing is filled in.
    pub(crate) fn prefectural(&mut self) -> Option<Prefectural> {
        let mut take = |name: &str, label| {
            let path = format!("prefectural.{name}");
            self.take(&path, Block::Prefectural, Part::Whole, label)
        };
        let block = Prefectural {
            implementer: take("implementer", Label::Implementer),
            name: take("name", Label::Name),
            need: take("need", Label::Need),
            specialist: Specialist {
                target: take("specialist.target", Label::SpecialistTarget),
                system: take("specialist.system", Label::SpecialistSystem),
                process: take("specialist.process", Label::SpecialistProcess),
            },
            municipal_support: Targeted {
                target: take("municipal_support.target", Label::MunicipalTarget),
                content: take("municipal_support.content", Label::MunicipalContent),
            },
            goal: take("goal", Label::Goal),
        };
        (block != Prefectural::default()).then_some(block)
    }
}
