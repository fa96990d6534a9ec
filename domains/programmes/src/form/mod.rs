//! The national form (実施計画書) as one table: its blocks, which keep their printed numbers, its
//! headings and its fields, in the order in which it is printed.
//!
//! A field's code is its path in the JSON of a read sheet (`engawa-plansheet`), so that reading one
//! needs no second table.

mod fields;
mod parts;
mod read;

use engawa_funding::model::Scheme;

pub use fields::Field;
pub use parts::{PARTS, Part};
pub use read::{Read, of_sheet};

engawa_kernel::code_enum! {
    /// A block of the form; its code is the number printed on it.
    pub enum Block {
        /// 都道府県名・市区町村名
        Head = "0", "都道府県名・市区町村名";
        /// 1-1
        Profile = "1-1", "1-1 自治体の基本情報";
        /// 1-2
        Features = "1-2", "1-2 地域の特徴";
        /// 2
        Vision = "2", "2 事業を実施する上でのビジョン";
        /// 3
        Community = "3", "3 地域力強化推進事業";
        /// 4
        MultiAgency = "4", "4 多機関の協働による包括的支援体制構築事業";
        /// 5
        Prefectural = "5", "5 都道府県事業";
        /// Whatever follows the form.
        Attachments = "9", "別紙・図";
    }
}

impl Block {
    /// The blocks that are programmes: they carry a ○ on the form, and a state here.
    pub const PROGRAMMES: [Self; 3] = [Self::Community, Self::MultiAgency, Self::Prefectural];

    /// Whether it is a programme.
    #[must_use]
    pub fn is_programme(self) -> bool {
        Self::PROGRAMMES.contains(&self)
    }

    /// What the ledger of sources and the contracts call it.
    #[must_use]
    pub const fn scheme(self) -> Option<Scheme> {
        match self {
            Self::Community => Some(Scheme::Community),
            Self::MultiAgency => Some(Scheme::MultiAgency),
            Self::Prefectural => Some(Scheme::Prefectural),
            _ => None,
        }
    }

    /// Its fields in the order of the form.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        PARTS
            .iter()
            .filter(move |part| part.block == self)
            .flat_map(|part| part.fields.iter().copied())
    }
}

impl Field {
    /// The block that it stands in.
    #[must_use]
    pub fn block(self) -> Block {
        let (head, _) = self
            .as_code()
            .split_once('.')
            .unwrap_or((self.as_code(), ""));
        match head {
            "profile" => Block::Profile,
            "features" => Block::Features,
            "vision" => Block::Vision,
            "community_strengthening" => Block::Community,
            "multi_agency" => Block::MultiAgency,
            "prefectural" => Block::Prefectural,
            "attachments" => Block::Attachments,
            _ => Block::Head,
        }
    }

    /// Whether a figure is read from it.
    #[must_use]
    pub const fn is_figure(self) -> bool {
        matches!(
            self,
            Self::Population
                | Self::Households
                | Self::AgingRate
                | Self::WelfareRate
                | Self::Area
                | Self::AssociationRate
                | Self::ElementarySchools
                | Self::JuniorHighSchools
                | Self::ActivityPopulation
                | Self::DeskPopulation
                | Self::Promoters
        )
    }

    /// Whether the form gives it one line.
    #[must_use]
    pub const fn is_short(self) -> bool {
        matches!(self, Self::Prefecture | Self::Municipality) || self.is_figure()
    }

    /// The unit that the form prints behind it.
    #[must_use]
    pub const fn printed_unit(self) -> &'static str {
        match self {
            Self::Population | Self::ActivityPopulation | Self::DeskPopulation => "人",
            Self::Households => "世帯",
            Self::AgingRate | Self::WelfareRate | Self::AssociationRate => "%",
            Self::Area => "km²",
            Self::ElementarySchools | Self::JuniorHighSchools => "校",
            Self::Promoters => "人",
            _ => "",
        }
    }

    /// The form's boxes for goals.
    pub const GOALS: [Self; 4] = [
        Self::ActivityGoal,
        Self::DeskGoal,
        Self::MultiGoal,
        Self::PrefecturalGoal,
    ];

    /// The same as (code, words), to choose from: which box of which programme.
    pub const GOAL_BOXES: [(&'static str, &'static str); 4] = [
        (
            Self::ActivityGoal.as_code(),
            "3 地域力強化推進事業 ④ア（住民が課題を把握し解決できる環境）",
        ),
        (
            Self::DeskGoal.as_code(),
            "3 地域力強化推進事業 ④イ（相談を包括的に受け止める体制）",
        ),
        (
            Self::MultiGoal.as_code(),
            "4 多機関の協働による包括的支援体制構築事業 ⑧",
        ),
        (Self::PrefecturalGoal.as_code(), "5 都道府県事業 ⑤"),
    ];

    /// Whether it tells of single persons: left out of what is shown outside the planners.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::PromoterBackground)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_once_on_the_form_in_its_own_block() {
        let printed: Vec<Field> = PARTS
            .iter()
            .flat_map(|p| p.fields.iter().copied())
            .collect();
        assert_eq!(printed.len(), Field::ALL.len());
        for field in Field::ALL {
            assert_eq!(
                printed.iter().filter(|f| **f == field).count(),
                1,
                "{field:?}"
            );
        }
        for part in PARTS {
            for field in part.fields {
                assert_eq!(field.block(), part.block, "{field:?}");
            }
        }
    }

    #[test]
    fn blocks_keep_the_numbers_printed_on_the_form() {
        let numbers: Vec<&str> = Block::ALL.iter().map(|b| b.as_code()).collect();
        assert_eq!(numbers, ["0", "1-1", "1-2", "2", "3", "4", "5", "9"]);
    }
}
