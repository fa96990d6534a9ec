//! The register of basic and small-area figures (PRG-09): what was counted or estimated, where, on
//! which day, by whom. `rules.rs` warns, `intake.rs` reads a table, `beside.rs` compares a sheet.

pub mod beside;
pub mod intake;
pub mod rules;

use chrono::NaiveDate;
use engawa_kernel::{code_enum, id::AreaId, id_type};

use crate::{figure::grouped, form::Field};

id_type!(/// A registered figure
    FigureId);

code_enum! {
    /// How sure a figure is. Not known and not counted are answers too, and neither is 0.
    pub enum Sure {
        /// Counted.
        Exact = "exact", "確かな数";
        /// 約
        About = "about", "約（おおよそ）";
        /// 推計
        Estimated = "estimated", "推計";
        /// 不明
        Unknown = "unknown", "不明";
        /// 未集計
        NotCounted = "not_counted", "未集計";
    }
}

impl Sure {
    /// Whether there is a number at all.
    #[must_use]
    pub const fn has_number(self) -> bool {
        !matches!(self, Self::Unknown | Self::NotCounted)
    }
}

/// Kinds that the plan sheet asks for, with the field and the usual unit.
pub const KINDS: &[(&str, Field, &str)] = &[
    ("人口", Field::Population, "人"),
    ("世帯数", Field::Households, "世帯"),
    ("高齢化率", Field::AgingRate, "%"),
    ("生活保護受給率", Field::WelfareRate, "%"),
    ("面積", Field::Area, "km²"),
    ("地縁組織加入率", Field::AssociationRate, "%"),
    ("公立小学校数", Field::ElementarySchools, "校"),
    ("公立中学校数", Field::JuniorHighSchools, "校"),
];

/// What the sheet's field is called here; none: the field is no figure of the register.
#[must_use]
pub fn kind_of(field: Field) -> Option<&'static str> {
    KINDS
        .iter()
        .find(|(_, of, _)| *of == field)
        .map(|(kind, ..)| *kind)
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// 人口
    pub kind: String,
    /// None: the whole municipality.
    pub area: Option<AreaId>,
    /// 時点
    pub as_of: NaiveDate,
    /// How sure.
    pub sure: Sure,
    /// Plain digits; empty when there is none.
    pub number: String,
    /// As written.
    pub unit: String,
    /// 出典
    pub source: String,
    /// 注
    pub note: String,
}

impl Figure {
    /// 54,321人, 約3,000世帯, 不明
    #[must_use]
    pub fn shown(&self) -> String {
        let number = format!("{}{}", grouped(&self.number), self.unit);
        match self.sure {
            Sure::Exact | Sure::Estimated => number,
            Sure::About => format!("約{number}"),
            Sure::Unknown | Sure::NotCounted => self.sure.label().to_owned(),
        }
    }

    /// The number, to compare with others of the same unit.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        self.number.parse().ok()
    }
}

/// A figure as stored.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id.
    pub id: FigureId,
    /// The figure.
    pub figure: Figure,
    /// For saving on top of what one saw.
    pub version: i64,
}
