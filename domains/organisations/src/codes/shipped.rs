//! The codes that come with the program, from the vocabulary of requirements.md and the forms of
//! 生活困窮者自立支援. Codes never change; words are a first proposal.

use super::{
    CodeList, Shipped,
    shipped_places::{
        AREA_KIND, BODY_KIND, CONTRACT_MODE, DESK_FUNCTION, EMPLOYMENT, PROGRAMME, QUALIFICATION,
    },
};

pub(super) const fn of(list: CodeList) -> &'static [Shipped] {
    match list {
        CodeList::Channel => CHANNEL,
        CodeList::Route => ROUTE,
        CodeList::Issue => ISSUE,
        CodeList::HouseholdType => HOUSEHOLD_TYPE,
        CodeList::Kinship => KINSHIP,
        CodeList::Triage => TRIAGE,
        CodeList::Urgency => URGENCY,
        CodeList::Outcome => OUTCOME,
        CodeList::ClosureReason => CLOSURE_REASON,
        CodeList::ContactKind => CONTACT_KIND,
        CodeList::ConsentState => CONSENT_STATE,
        CodeList::TeamRole => TEAM_ROLE,
        CodeList::Residence => RESIDENCE,
        CodeList::BodyKind => BODY_KIND,
        CodeList::DeskFunction => DESK_FUNCTION,
        CodeList::AreaKind => AREA_KIND,
        CodeList::EmergencyKind => EMERGENCY_KIND,
        CodeList::ContractMode => CONTRACT_MODE,
        CodeList::DroppedReason => DROPPED_REASON,
        CodeList::IssueEnd => ISSUE_END,
        CodeList::Programme => PROGRAMME,
        CodeList::Qualification => QUALIFICATION,
        CodeList::Employment => EMPLOYMENT,
    }
}

const CHANNEL: &[Shipped] = &[
    ("visit_in", "来所"),
    ("phone", "電話"),
    ("night_phone", "夜間電話"),
    ("home_visit", "訪問"),
    ("accompany", "同行"),
    ("letter", "手紙"),
    ("mail_web", "メール・Web"),
    ("sns", "SNS"),
    ("event", "行事・サロン"),
    ("meeting", "会議"),
    ("agency", "機関から"),
    ("paper_slip", "紙票"),
];

const ROUTE: &[Shipped] = &[
    ("self", "本人"),
    ("family", "家族・知人"),
    ("resident", "住民情報・苦情"),
    ("commissioner", "民生委員・児童委員"),
    ("neighbourhood", "自治会・町内会"),
    ("welfare_helper", "福祉協力員等"),
    ("place_operator", "拠点運営者"),
    ("business", "企業・事業者"),
    ("specialist", "専門機関"),
    ("internal_section", "庁内課"),
    ("needy_desk", "生活困窮の窓口"),
    ("health_centre", "保健福祉センター"),
    ("outreach", "アウトリーチ"),
    ("list_visit", "名簿訪問"),
    ("survey", "調査"),
    ("conference", "会議での把握"),
    ("other", "その他"),
];

const ISSUE: &[Shipped] = &[
    ("illness", "病気や健康、障害のこと"),
    ("housing", "住まいのこと"),
    ("income", "収入・生活費のこと"),
    ("rent_loan", "家賃やローンの支払いのこと"),
    ("tax_utility", "税金や公共料金等の支払いのこと"),
    ("debt", "債務のこと"),
    ("job_search", "仕事探し、就職のこと"),
    ("workplace", "仕事上の不安やトラブル"),
    ("community_relation", "地域との関係のこと"),
    ("family_relation", "家族との関係のこと"),
    ("child_rearing", "子育てのこと"),
    ("care", "介護のこと"),
    ("withdrawal", "ひきこもり"),
    ("school_absence", "不登校"),
    ("abuse_dv", "DV・虐待"),
    ("no_food", "食べるものがない"),
    ("mental", "メンタルヘルス"),
    ("dependence", "依存"),
    ("suicidal", "自殺念慮"),
    ("young_carer", "ヤングケアラー"),
    ("double_care", "ダブルケア"),
    ("p8050", "8050"),
    ("after_parents", "親なきあと"),
    ("dementia", "認知症(疑いを含む)"),
    ("dementia_alone", "独居の認知症"),
    ("wandering", "徘徊・行方不明"),
    ("abuse_elderly", "高齢者虐待"),
    ("abuse_disabled", "障害者虐待"),
    ("abuse_child", "児童虐待"),
    ("dv", "DV"),
    ("rights", "権利擁護"),
    ("arrears", "滞納"),
    ("budgeting", "家計管理"),
    ("eviction", "立退き"),
    ("hoarding", "ごみ屋敷"),
    ("overgrown", "草木繁茂"),
    ("many_animals", "動物の多頭飼育"),
    ("neighbour_trouble", "近隣トラブル"),
    ("consumer_harm", "消費者被害・悪質商法"),
    ("isolation", "孤立・孤独死"),
    ("shopping", "買い物"),
    ("transport", "移動"),
    ("snow", "除雪"),
    ("foreign_language", "外国籍・言語"),
    ("released", "刑余"),
    ("disaster", "被災"),
    ("marriage_birth", "結婚・出産・育児"),
    ("education", "教育"),
    ("untreated", "医療未受診・治療中断"),
    ("self_neglect", "セルフネグレクト"),
    ("no_kin", "身寄りなし"),
    ("development", "発達の課題"),
    ("gap", "制度の狭間"),
    ("other", "その他"),
    ("unknown", "まだ分からない"),
];

const HOUSEHOLD_TYPE: &[Shipped] = &[
    ("elderly_alone", "独居高齢"),
    ("elderly_couple", "高齢夫婦"),
    ("p8050", "8050"),
    ("single_parent", "ひとり親"),
    ("double_care", "ダブルケア"),
    ("jobless_isolated", "無業・孤立"),
    ("foreign", "外国人"),
    ("disabled_elderly_parent", "障害者と高齢の親"),
    ("disaster", "被災"),
    ("other", "その他"),
    ("unknown", "不明"),
];

const KINSHIP: &[Shipped] = &[
    ("self", "本人"),
    ("spouse", "配偶者"),
    ("partner", "内縁・パートナー"),
    ("father", "父"),
    ("mother", "母"),
    ("son", "息子"),
    ("daughter", "娘"),
    ("child", "子"),
    ("brother", "兄弟"),
    ("sister", "姉妹"),
    ("grandfather", "祖父"),
    ("grandmother", "祖母"),
    ("grandchild", "孫"),
    ("father_in_law", "義父"),
    ("mother_in_law", "義母"),
    ("child_in_law", "子の配偶者"),
    ("uncle_aunt", "おじ・おば"),
    ("nephew_niece", "おい・めい"),
    ("relative", "その他の親族"),
    ("cohabitant", "同居人"),
    ("friend", "知人・友人"),
    ("guardian", "後見人等"),
    ("other", "その他"),
    ("unknown", "不明"),
];

const TRIAGE: &[Shipped] = &[
    ("information", "情報提供で終了"),
    ("hand_over", "つなぐ"),
    ("towards_consent", "同意に向け継続"),
    ("accept", "受理・プラン"),
    ("watch", "見守り"),
    ("suspended", "中断"),
];

const URGENCY: &[Shipped] = &[
    ("emergency", "緊急"),
    ("soon", "早め"),
    ("normal", "通常"),
    ("unknown", "不明"),
];

const OUTCOME: &[Shipped] = &[
    ("answered", "回答"),
    ("guided", "案内のみ"),
    ("handed_over", "つないだ"),
    ("accepted", "受けた"),
    ("coordinated", "調整(つながり確認済)"),
    ("policy_decided", "方針決定"),
    ("study_started", "検討開始"),
    ("continuing", "継続"),
    ("watching", "見守り"),
    ("solved", "解決"),
    ("closed", "終結"),
    ("withdrawn", "取下げ"),
];

const CLOSURE_REASON: &[Shipped] = &[
    ("achieved", "目標達成・課題解決"),
    ("other_agency", "他制度・他機関へ"),
    ("refused", "本人の申出・拒否"),
    ("moved", "転居"),
    ("facility", "施設入所・長期入院"),
    ("imprisoned", "収監"),
    ("death", "死亡"),
    ("no_contact", "連絡途絶"),
    ("other", "その他"),
];

const CONTACT_KIND: &[Shipped] = &[
    ("interview", "面談"),
    ("phone", "電話相談・連絡"),
    ("home_visit", "訪問"),
    ("accompany", "同行"),
    ("letter", "手紙"),
    ("mail", "メール・SNS"),
    ("internal_meeting", "所内会議"),
    ("support_meeting", "支援会議等"),
    ("other_meeting", "その他の会議"),
    ("agency_call", "他機関との電話照会・協議"),
    ("agency_meeting", "他機関との会議"),
    ("community", "地域活動"),
    ("resource", "資源開発"),
    ("record", "記録"),
    ("other", "その他"),
];

const CONSENT_STATE: &[Shipped] = &[
    ("not_explained", "未説明"),
    ("given", "有"),
    ("partial", "一部"),
    ("refused", "無"),
    ("withdrawn", "撤回"),
    ("not_yet", "未取得"),
    ("proxy", "代理"),
];

const TEAM_ROLE: &[Shipped] = &[
    ("lead", "主担当"),
    ("co_lead", "副担当"),
    ("coordinator", "調整"),
    ("supporter", "支援"),
    ("watcher", "見守り"),
    ("specialist", "専門助言"),
    ("decider", "決裁・管理"),
    ("family", "家族・親族"),
    ("neighbour", "近隣・地域"),
    ("other", "その他"),
];

const RESIDENCE: &[Shipped] = &[
    ("resident", "住民"),
    ("works_here", "在勤"),
    ("studies_here", "在学"),
    ("treated_here", "通院"),
    ("other_town", "他市町村"),
    ("registered_elsewhere", "住民票は他市町村"),
    ("unknown", "不明"),
];

const EMERGENCY_KIND: &[Shipped] = &[
    ("life", "生命・身体の危険"),
    ("suicide", "自殺のおそれ"),
    ("abuse", "虐待"),
    ("dv", "DV"),
    ("no_food_shelter", "食・住まいがない"),
    ("medical", "急病・けが"),
    ("missing", "行方不明"),
    ("disaster", "災害"),
    ("other", "その他"),
];

const DROPPED_REASON: &[Shipped] = &[
    ("no_contact", "連絡がとれない"),
    ("moved", "転居"),
    ("refused", "本人の申出・拒否"),
    ("resolved", "相談前に解決"),
    ("duplicate", "重複して受け付けた"),
    ("death", "死亡"),
    ("other", "その他"),
];

const ISSUE_END: &[Shipped] = &[
    ("solved", "解決"),
    ("eased", "軽くなった"),
    ("other_agency", "他機関が対応"),
    ("watching", "見守りへ"),
    ("unsolved", "解決せず終了"),
    ("not_applicable", "該当しなかった"),
];
