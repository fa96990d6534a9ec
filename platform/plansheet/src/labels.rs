//! The form's labels as one table.

use std::sync::LazyLock;

use crate::fold::fold;

/// A part of the form under a heading of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Block {
    /// Names and ○ marks, before any heading.
    Head,
    /// 1-1.
    Profile,
    /// 1-2.
    Features,
    /// 2.
    Vision,
    /// 3 地域力強化推進事業.
    Community,
    /// 4 多機関の協働.
    MultiAgency,
    /// 5 都道府県事業.
    Prefectural,
}

/// A printed label. Those that several blocks share are one label; its place in the form tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[rustfmt::skip]
pub(crate) enum Label {
    // headings
    ProfileHeading, FeaturesHeading, VisionHeading, CommunityHeading, MultiAgencyHeading, PrefecturalHeading,
    // 2
    Aim, Change,
    // 3, 4 and 5
    Implementer, Name, Need, Content, Goal,
    // 3
    PartA, PartB, TargetArea, AreaUnit, Population, Linked, Funding,
    SupportHeading, SupportTarget, SupportContent, BaseHeading, BasePlace, BaseOperator,
    TrainingHeading, TrainingTarget, TrainingContent, OtherOfA,
    DeskHeading, DeskPlace, DeskReceiver, PublicityHeading, PublicityHow, EarlyHeading, EarlyHow,
    BackupHeading, BackupContent, BackupBy, OtherOfCommunity, MultiAgencyPlan,
    // 4
    Promoters, Background, Host, Overview, Meetings, CaseHow, NetworkHow, Existing,
    OwnFunding, NewResources, OtherOfMultiAgency, CommunityPlan,
    // 5
    SpecialistHeading, SpecialistTarget, SpecialistSystem, SpecialistProcess,
    MunicipalHeading, MunicipalTarget, MunicipalContent,
}

/// What stands in front of a label's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `3. …` alone on its line.
    Heading,
    /// `③…`, `ア…` or `(ア)…`.
    Numbered,
    /// Nothing.
    Plain,
    /// The label itself stands in brackets.
    Bracketed,
}

/// One row of the table.
pub(crate) struct Entry {
    pub(crate) label: Label,
    pub(crate) style: Style,
    /// Where it belongs; `None` for what blocks 3, 4 and 5 share.
    pub(crate) block: Option<Block>,
    /// Its words.
    pub(crate) words: &'static str,
    /// Words without which nothing is this label, however near; several are alternatives.
    pub(crate) keys: &'static [&'static str],
    /// `words`, folded.
    pub(crate) folded: Vec<char>,
}

macro_rules! table {
    ($($style:ident $block:tt $label:ident $words:literal [$($key:literal)*];)*) => {
        vec![$(Entry {
            label: Label::$label,
            style: Style::$style,
            block: table!(@$block),
            words: $words,
            keys: &[$($key),*],
            folded: fold($words),
        }),*]
    };
    (@_) => { None };
    (@$block:ident) => { Some(Block::$block) };
}

/// Every label, in the order of the form. Where one has two wordings, the longer stands first.
pub(crate) static TABLE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    table! {
        Heading Profile ProfileHeading "自治体の基本情報" [];
        Heading Profile ProfileHeading "自治体の基本情報等" [];
        Heading Features FeaturesHeading "地域の特徴(地域性、地場産業、観光等)" ["地域の特徴"];
        Heading Features FeaturesHeading "地域の特徴" [];
        Heading Vision VisionHeading "事業を実施する上でのビジョンについて" ["ビジョン"];
        Heading Community CommunityHeading "地域力強化推進事業について" ["について"];
        Heading MultiAgency MultiAgencyHeading "多機関の協働による包括的支援体制構築事業について" ["について"];
        Heading Prefectural PrefecturalHeading "都道府県事業について" ["について"];

        Plain Vision Aim "本事業に取り組む目的・狙い" ["狙" "目的" "ねらい"];
        Plain Vision Change "本事業を通じて人と地域に起こしたい変化" ["変化"];

        Numbered _ Implementer "実施主体(委託先)" ["主体"];
        Numbered _ Implementer "実施主体" ["主体"];
        Numbered _ Name "事業名" ["名"];
        Numbered _ Need "事業実施の必要性、体制等" ["必要"];
        Numbered _ Need "事業実施の必要性" ["必要"];
        Numbered _ Content "事業内容" ["内容"];

        Numbered Community PartA "「住民に身近な圏域」において、地域住民等が主体的に地域生活課題を把握し解決することができる環境の整備" ["圏域"];
        Bracketed Community TargetArea "対象地域" [];
        Bracketed Community AreaUnit "対象地域の範囲" [];
        Bracketed Community Population "人口" [];
        Numbered Community SupportHeading "地域住民の参加を促す活動を行う者に対する支援" ["参加を促す"];
        Bracketed Community SupportTarget "支援する対象" [];
        Bracketed Community SupportContent "支援の内容" [];
        Numbered Community BaseHeading "地域住民等が相互に交流を図ることができる拠点の整備" ["拠点"];
        Bracketed Community BasePlace "拠点の場所" [];
        Bracketed Community BaseOperator "運営主体" [];
        Numbered Community TrainingHeading "地域住民等に対する研修の実施" ["研修"];
        Bracketed Community TrainingTarget "研修の対象" [];
        Bracketed Community TrainingContent "研修の内容" [];
        Numbered Community OtherOfA "その他" ["他"];
        Plain Community Funding "地域の課題を地域で解決していくための財源等の確保" ["財源"];
        Plain Community Linked "事業実施にあたり連携する他の法定事業等(自主事業含む)" ["連携する"];
        Plain Community Linked "事業実施にあたり連携する他の法定事業等" ["連携する"];
        Numbered Community PartB "「住民に身近な圏域」において、地域生活課題に関する相談を包括的に受け止める体制の整備" ["圏域"];
        Numbered Community DeskHeading "地域住民の相談を包括的に受け止める場の整備" ["整備"];
        Bracketed Community DeskPlace "場所・機関等の名称" [];
        Bracketed Community DeskReceiver "相談を受け止める人" [];
        Numbered Community PublicityHeading "地域住民の相談を包括的に受け止める場の周知" ["周知"];
        Bracketed Community PublicityHow "周知方法" [];
        Numbered Community EarlyHeading "地域の関係者等との連携による地域生活課題の早期把握" ["早期"];
        Bracketed Community EarlyHow "把握の方法" [];
        Numbered Community BackupHeading "地域住民の相談を包括的に受け止める場のバックアップ体制の構築" ["バックアップ"];
        Bracketed Community BackupContent "バックアップの内容" [];
        Bracketed Community BackupBy "バックアップする人" [];
        Numbered Community OtherOfCommunity "その他" ["他"];
        Numbered Community MultiAgencyPlan "多機関の協働による包括的支援体制構築事業実施計画" ["実施計画"];

        Numbered MultiAgency Promoters "相談支援包括化推進員の配置予定人数" ["人数"];
        Numbered MultiAgency Background "相談支援包括化推進員の経歴等" ["経歴"];
        Numbered MultiAgency Host "相談支援包括化推進員を配置する相談支援機関の種類・名称" ["機関"];
        Numbered MultiAgency Overview "包括的な相談支援体制の構築に向けた取組の概要" ["概要"];
        Numbered MultiAgency Meetings "相談支援包括化推進会議の開催方法" ["会議"];
        Bracketed MultiAgency CaseHow "個別事例の検討" [];
        Bracketed MultiAgency NetworkHow "ネットワーク構築" [];
        Bracketed MultiAgency Existing "既存の会議の名称" [];
        Numbered MultiAgency OwnFunding "自主財源の確保のための取組の概要" ["財源"];
        Numbered MultiAgency NewResources "新たな社会資源の創出のための取組の概要" ["資源"];
        Numbered MultiAgency OtherOfMultiAgency "その他" ["他"];
        Numbered MultiAgency CommunityPlan "地域力強化推進事業実施計画" ["実施計画"];

        Numbered Prefectural SpecialistHeading "単独の市区町村では解決が難しく、専門的な支援を必要とする者等に対する支援体制を市町村と構築" ["専門的"];
        Bracketed Prefectural SpecialistTarget "対象とする専門的な支援を必要とする者" [];
        Bracketed Prefectural SpecialistSystem "構築する支援体制" [];
        Bracketed Prefectural SpecialistProcess "支援体制構築に向けたプロセス" [];
        Numbered Prefectural MunicipalHeading "市区町村において包括的な支援体制を整備するにあたり、都道府県域で推進していく必要がある取組や、市区町村間の情報共有の場づくり、市区町村への技術的助言" ["助言"];
        Bracketed Prefectural MunicipalTarget "対象" [];
        Bracketed Prefectural MunicipalContent "取組内容" [];

        Numbered _ Goal "事業の成果目標" ["成果"];
    }
});

/// The note that the form prints behind the two meeting labels.
pub(crate) static MEETING_NOTE: LazyLock<Vec<char>> =
    LazyLock::new(|| fold("※会議の開催回数や参加者等を記載"));

impl Label {
    /// The block that a heading opens.
    pub(crate) fn opens(self) -> Option<Block> {
        Some(match self {
            Self::ProfileHeading => Block::Profile,
            Self::FeaturesHeading => Block::Features,
            Self::VisionHeading => Block::Vision,
            Self::CommunityHeading => Block::Community,
            Self::MultiAgencyHeading => Block::MultiAgency,
            Self::PrefecturalHeading => Block::Prefectural,
            _ => return None,
        })
    }

    /// The block it always belongs to; `None` for shared labels.
    pub(crate) fn block(self) -> Option<Block> {
        TABLE
            .iter()
            .find(|entry| entry.label == self)
            .and_then(|entry| entry.block)
    }

    /// The words the form prints.
    pub(crate) fn words(self) -> &'static str {
        TABLE
            .iter()
            .find(|entry| entry.label == self)
            .map_or("", |entry| entry.words)
    }

    /// How often one block has it.
    pub(crate) fn times(self) -> usize {
        match self {
            Self::TargetArea | Self::AreaUnit | Self::Population | Self::Linked => 2,
            Self::Existing => 2,
            Self::Implementer | Self::Name | Self::Need | Self::Content => 2,
            Self::Goal => 3,
            _ => 1,
        }
    }

    /// The label has a field of its own.
    pub(crate) fn has_field(self) -> bool {
        !matches!(
            self,
            Self::ProfileHeading
                | Self::VisionHeading
                | Self::CommunityHeading
                | Self::MultiAgencyHeading
                | Self::PrefecturalHeading
                | Self::Content
                | Self::PartA
                | Self::PartB
                | Self::SupportHeading
                | Self::BaseHeading
                | Self::TrainingHeading
                | Self::DeskHeading
                | Self::PublicityHeading
                | Self::EarlyHeading
                | Self::BackupHeading
                | Self::Meetings
                | Self::SpecialistHeading
                | Self::MunicipalHeading
        )
    }

    /// The form prints it in the same row behind `other`.
    pub(crate) fn stands_beside(self, other: Self) -> bool {
        matches!(
            (other, self),
            (Self::TargetArea, Self::AreaUnit)
                | (Self::AreaUnit, Self::Population)
                | (Self::SupportTarget, Self::SupportContent)
                | (Self::BasePlace, Self::BaseOperator)
                | (Self::TrainingTarget, Self::TrainingContent)
                | (Self::DeskPlace, Self::DeskReceiver)
                | (Self::BackupContent, Self::BackupBy)
                | (Self::CaseHow | Self::NetworkHow, Self::Existing)
        )
    }

    /// Which half of block 3 it stands in, where only one has it.
    pub(crate) fn part(self) -> Option<Part> {
        Some(match self {
            Self::PartA
            | Self::SupportHeading
            | Self::SupportTarget
            | Self::SupportContent
            | Self::BaseHeading
            | Self::BasePlace
            | Self::BaseOperator
            | Self::TrainingHeading
            | Self::TrainingTarget
            | Self::TrainingContent
            | Self::OtherOfA
            | Self::Funding => Part::A,
            Self::PartB
            | Self::DeskHeading
            | Self::DeskPlace
            | Self::DeskReceiver
            | Self::PublicityHeading
            | Self::PublicityHow
            | Self::EarlyHeading
            | Self::EarlyHow
            | Self::BackupHeading
            | Self::BackupContent
            | Self::BackupBy => Part::B,
            _ => return None,
        })
    }
}

/// A half of a block that has labels twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Part {
    /// Labels that stand once in their block.
    Whole,
    /// Block 3 ア.
    A,
    /// Block 3 イ.
    B,
    /// Block 4 （個別事例の検討）.
    Case,
    /// Block 4 （ネットワーク構築）.
    Network,
}
