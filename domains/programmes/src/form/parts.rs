//! The form's headings with the fields below each.

use super::{Block, Field};

/// A heading of the form and the fields below it.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// In which block.
    pub block: Block,
    /// As printed; empty: the block's own fields.
    pub heading: &'static str,
    /// In the form's order.
    pub fields: &'static [Field],
}

const fn part(block: Block, heading: &'static str, fields: &'static [Field]) -> Part {
    Part {
        block,
        heading,
        fields,
    }
}

/// The whole form from top to bottom.
pub const PARTS: &[Part] = &[
    part(Block::Head, "", &[Field::Prefecture, Field::Municipality]),
    part(
        Block::Profile,
        "",
        &[
            Field::Population,
            Field::Households,
            Field::AgingRate,
            Field::WelfareRate,
            Field::Area,
            Field::AssociationRate,
            Field::ElementarySchools,
            Field::JuniorHighSchools,
            Field::SupportCenters,
            Field::SelfRelianceDesks,
        ],
    ),
    part(Block::Features, "", &[Field::Features]),
    part(Block::Vision, "", &[Field::Aim, Field::Change]),
    part(
        Block::Community,
        "",
        &[
            Field::CommunityImplementer,
            Field::CommunityName,
            Field::CommunityNeed,
        ],
    ),
    part(
        Block::Community,
        "④ア 「住民に身近な圏域」において、地域住民等が主体的に地域生活課題を把握し解決することができる環境の整備",
        &[
            Field::ActivityArea,
            Field::ActivityUnit,
            Field::ActivityPopulation,
        ],
    ),
    part(
        Block::Community,
        "（ア）地域住民の参加を促す活動を行う者に対する支援",
        &[Field::SupportTarget, Field::SupportContent],
    ),
    part(
        Block::Community,
        "（イ）地域住民等が相互に交流を図ることができる拠点の整備",
        &[Field::BasePlace, Field::BaseOperator],
    ),
    part(
        Block::Community,
        "（ウ）地域住民等に対する研修の実施",
        &[Field::TrainingTarget, Field::TrainingContent],
    ),
    part(
        Block::Community,
        "（エ）その他・財源・連携・目標",
        &[
            Field::ActivityOther,
            Field::Funding,
            Field::ActivityLinks,
            Field::ActivityGoal,
        ],
    ),
    part(
        Block::Community,
        "④イ 「住民に身近な圏域」において、地域生活課題に関する相談を包括的に受け止める体制の整備",
        &[Field::DeskArea, Field::DeskUnit, Field::DeskPopulation],
    ),
    part(
        Block::Community,
        "（ア）地域住民の相談を包括的に受け止める場の整備",
        &[Field::DeskPlace, Field::DeskReceiver],
    ),
    part(
        Block::Community,
        "（イ）地域住民の相談を包括的に受け止める場の周知",
        &[Field::Publicity],
    ),
    part(
        Block::Community,
        "（ウ）地域の関係者等との連携による地域生活課題の早期把握",
        &[Field::EarlyDetection],
    ),
    part(
        Block::Community,
        "（エ）地域住民の相談を包括的に受け止める場のバックアップ体制の構築",
        &[Field::BackupContent, Field::BackupBy],
    ),
    part(
        Block::Community,
        "④イ 連携・目標",
        &[Field::DeskLinks, Field::DeskGoal],
    ),
    part(
        Block::Community,
        "④ウ その他、⑤ 多機関の協働の計画",
        &[Field::CommunityOther, Field::MultiAgencyPlan],
    ),
    part(
        Block::MultiAgency,
        "",
        &[
            Field::MultiImplementer,
            Field::MultiName,
            Field::MultiNeed,
            Field::Promoters,
            Field::PromoterBackground,
            Field::PromoterHost,
        ],
    ),
    part(
        Block::MultiAgency,
        "⑦ア 包括的な相談支援体制の構築に向けた取組の概要",
        &[Field::Overview],
    ),
    part(
        Block::MultiAgency,
        "⑦イ 相談支援包括化推進会議の開催方法",
        &[
            Field::CaseMeeting,
            Field::CaseMeetingName,
            Field::NetworkMeeting,
            Field::NetworkMeetingName,
        ],
    ),
    part(
        Block::MultiAgency,
        "⑦ウ〜オ 自主財源、社会資源、その他",
        &[Field::OwnFunding, Field::NewResources, Field::MultiOther],
    ),
    part(
        Block::MultiAgency,
        "⑧ 成果目標、⑨ 地域力強化の計画",
        &[Field::MultiGoal, Field::CommunityPlan],
    ),
    part(
        Block::Prefectural,
        "",
        &[
            Field::PrefecturalImplementer,
            Field::PrefecturalName,
            Field::PrefecturalNeed,
        ],
    ),
    part(
        Block::Prefectural,
        "④（ア）単独の市区町村では解決が難しく、専門的な支援を必要とする者等に対する支援体制を市町村と構築",
        &[
            Field::SpecialistTarget,
            Field::SpecialistSystem,
            Field::SpecialistProcess,
        ],
    ),
    part(
        Block::Prefectural,
        "④（イ）都道府県域で推進していく必要がある取組、市区町村間の情報共有の場づくり、市区町村への技術的助言",
        &[Field::MunicipalTarget, Field::MunicipalContent],
    ),
    part(Block::Prefectural, "⑤ 成果目標", &[Field::PrefecturalGoal]),
    part(Block::Attachments, "", &[Field::Attachments]),
];
