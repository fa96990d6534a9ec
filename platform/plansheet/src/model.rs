//! The shape of a read sheet: exactly the JSON that the importer's contract gives.
//!
//! Every text is `None` where the sheet leaves the field blank or lacks the row.

use serde::{Deserialize, Serialize};

/// One municipality's (or prefecture's) filled-in plan sheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanSheet {
    /// 都道府県名.
    pub prefecture: Option<String>,
    /// 市区町村名; `None` on a prefecture's own sheet.
    pub municipality: Option<String>,
    /// The ○ marks as meant.
    pub programmes: Programmes,
    /// 1-1.
    pub profile: Profile,
    /// 1-2.
    pub features: Option<String>,
    /// 2.
    pub vision: Vision,
    /// Block 3 地域力強化推進事業.
    pub community_strengthening: Option<CommunityStrengthening>,
    /// Block 4 多機関の協働による包括的支援体制構築事業.
    pub multi_agency: Option<MultiAgency>,
    /// Block 5 都道府県事業.
    pub prefectural: Option<Prefectural>,
    /// Whatever follows the form: diagrams' text, slides.
    pub attachments: Option<String>,
    /// Everything doubtful, each as `path: 日本語の説明`.
    pub warnings: Vec<String>,
    /// The words a number or a mark was read from; not part of the JSON.
    #[serde(skip)]
    pub quotes: Vec<Quote>,
}

/// The words of the sheet that a value was read from, to show beside a proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote {
    /// The field, such as `profile.population`.
    pub field: String,
    /// The sheet's words.
    pub words: String,
}

/// Which programmes carry a ○.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programmes {
    /// 地域力強化推進事業.
    pub community_strengthening: bool,
    /// 多機関の協働による包括的支援体制構築事業.
    pub multi_agency: bool,
    /// 都道府県事業.
    pub prefectural: bool,
}

/// A rate as printed, never converted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// The figure.
    pub value: f64,
    /// `%`, `‰` or nothing, as printed.
    pub unit: Option<String>,
}

/// 1-1 自治体の基本情報.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// 人口, persons.
    pub population: Option<u64>,
    /// 世帯数.
    pub households: Option<u64>,
    /// 高齢化率.
    pub aging_rate: Option<Rate>,
    /// 生活保護受給率.
    pub welfare_rate: Option<Rate>,
    /// 面積, km².
    pub area_km2: Option<f64>,
    /// 地縁組織（自治会、町内会等）加入率.
    pub association_rate: Option<Rate>,
    /// 公立小学校数.
    pub elementary_schools: Option<u64>,
    /// 公立中学校数.
    pub junior_high_schools: Option<u64>,
    /// 地域包括支援センター.
    pub community_support_centers: Option<String>,
    /// 生活困窮者自立相談支援事業.
    pub self_reliance_desks: Option<String>,
}

/// 2 ビジョン.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vision {
    /// 本事業に取り組む目的・狙い.
    pub aim: Option<String>,
    /// 本事業を通じて人と地域に起こしたい変化.
    pub change: Option<String>,
}

/// Block 3 地域力強化推進事業.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunityStrengthening {
    /// ①実施主体（委託先）.
    pub implementer: Option<String>,
    /// ②事業名.
    pub name: Option<String>,
    /// ③事業実施の必要性.
    pub need: Option<String>,
    /// ④ア.
    pub a: CommunityActivity,
    /// ④イ.
    pub b: CommunityDesk,
    /// ④ウ その他.
    pub other: Option<String>,
    /// ⑤多機関の協働による包括的支援体制構築事業実施計画.
    pub multi_agency_plan: Option<String>,
}

/// ④ア: residents find and solve their area's issues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunityActivity {
    /// （対象地域）.
    pub target_area: Option<String>,
    /// （対象地域の範囲）.
    pub area_unit: Option<String>,
    /// （人口）, the sheet's words.
    pub population: Option<String>,
    /// （ア）参加を促す活動を行う者に対する支援.
    pub participation_support: Targeted,
    /// （イ）拠点の整備.
    pub base: Base,
    /// （ウ）研修の実施.
    pub training: Targeted,
    /// （エ）その他.
    pub other: Option<String>,
    /// 財源等の確保.
    pub funding: Option<String>,
    /// 連携する他の法定事業等.
    pub linked_programmes: Option<String>,
    /// 事業の成果目標.
    pub goal: Option<String>,
}

/// ④イ: consultations are taken in whole, near the resident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunityDesk {
    /// （対象地域）.
    pub target_area: Option<String>,
    /// （対象地域の範囲）.
    pub area_unit: Option<String>,
    /// （人口）, the sheet's words.
    pub population: Option<String>,
    /// （ア）受け止める場の整備.
    pub desk: Desk,
    /// （イ）場の周知.
    pub publicity: Option<String>,
    /// （ウ）早期把握.
    pub early_detection: Option<String>,
    /// （エ）バックアップ体制の構築.
    pub backup: Backup,
    /// 連携する他の法定事業等.
    pub linked_programmes: Option<String>,
    /// 事業の成果目標.
    pub goal: Option<String>,
}

/// Whom something is for, and what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targeted {
    /// For whom.
    pub target: Option<String>,
    /// What.
    pub content: Option<String>,
}

/// A place where residents meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// （拠点の場所）.
    pub place: Option<String>,
    /// （運営主体）.
    pub operator: Option<String>,
}

/// A place where consultations are taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// （場所・機関等の名称）.
    pub place: Option<String>,
    /// （相談を受け止める人）.
    pub receiver: Option<String>,
}

/// Who stands behind the desks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// （バックアップの内容）.
    pub content: Option<String>,
    /// （バックアップする人）.
    pub by: Option<String>,
}

/// Block 4 多機関の協働による包括的支援体制構築事業.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MultiAgency {
    /// ①実施主体（委託先）.
    pub implementer: Option<String>,
    /// ②事業名.
    pub name: Option<String>,
    /// ③事業実施の必要性、体制等.
    pub need: Option<String>,
    /// ④相談支援包括化推進員の配置予定人数, the sheet's words.
    pub promoters: Option<String>,
    /// ⑤経歴等.
    pub promoter_background: Option<String>,
    /// ⑥配置する相談支援機関.
    pub promoter_host: Option<String>,
    /// ⑦ア 取組の概要.
    pub overview: Option<String>,
    /// ⑦イ（個別事例の検討）.
    pub case_meeting: Meeting,
    /// ⑦イ（ネットワーク構築）.
    pub network_meeting: Meeting,
    /// ⑦ウ 自主財源.
    pub own_funding: Option<String>,
    /// ⑦エ 新たな社会資源.
    pub new_resources: Option<String>,
    /// ⑦オ その他.
    pub other: Option<String>,
    /// ⑧事業の成果目標.
    pub goal: Option<String>,
    /// ⑨地域力強化推進事業実施計画.
    pub community_plan: Option<String>,
}

/// A meeting series.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// How often, who comes.
    pub how: Option<String>,
    /// （既存の会議の名称）.
    pub existing: Option<String>,
}

/// Block 5 都道府県事業.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prefectural {
    /// ①実施主体（委託先）.
    pub implementer: Option<String>,
    /// ②事業名.
    pub name: Option<String>,
    /// ③事業実施の必要性、体制等.
    pub need: Option<String>,
    /// ④（ア）.
    pub specialist: Specialist,
    /// ④（イ）.
    pub municipal_support: Targeted,
    /// ⑤事業の成果目標.
    pub goal: Option<String>,
}

/// ④（ア）: those one municipality alone cannot support.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specialist {
    /// （対象とする専門的な支援を必要とする者）.
    pub target: Option<String>,
    /// （構築する支援体制）.
    pub system: Option<String>,
    /// （支援体制構築に向けたプロセス）.
    pub process: Option<String>,
}
