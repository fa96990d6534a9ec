//! Ledger words → codes of the municipality's lists.

use engawa_organisations::codes::{CodeList, Labels};

use super::text::folded;

/// Words seen in ledgers, each with its code; the first that the cell holds counts. The lists' own
/// words come before these, and a code that the municipality hides is never chosen.
const CHANNELS: &[(&str, &str)] = &[
    ("来所", "visit_in"),
    ("来庁", "visit_in"),
    ("来館", "visit_in"),
    ("窓口", "visit_in"),
    ("面接", "visit_in"),
    ("面談", "visit_in"),
    ("夜間", "night_phone"),
    ("電話", "phone"),
    ("tel", "phone"),
    ("℡", "phone"),
    ("架電", "phone"),
    ("同行", "accompany"),
    ("訪問", "home_visit"),
    ("メール", "mail_web"),
    ("mail", "mail_web"),
    ("web", "mail_web"),
    ("fax", "letter"),
    ("手紙", "letter"),
    ("文書", "letter"),
    ("郵送", "letter"),
    ("sns", "sns"),
    ("line", "sns"),
    ("サロン", "event"),
    ("行事", "event"),
    ("会議", "meeting"),
    ("機関", "agency"),
];

const ROUTES: &[(&str, &str)] = &[
    ("本人", "self"),
    ("家族", "family"),
    ("親族", "family"),
    ("知人", "family"),
    ("友人", "family"),
    ("民生", "commissioner"),
    ("児童委員", "commissioner"),
    ("自治会", "neighbourhood"),
    ("町内会", "neighbourhood"),
    ("福祉協力員", "welfare_helper"),
    ("近隣", "resident"),
    ("近所", "resident"),
    ("住民", "resident"),
    ("病院", "specialist"),
    ("医療", "specialist"),
    ("包括", "specialist"),
    ("ケアマネ", "specialist"),
    ("介護支援専門員", "specialist"),
    ("警察", "specialist"),
    ("学校", "specialist"),
    ("社協", "specialist"),
    ("関係機関", "specialist"),
    ("専門機関", "specialist"),
    ("事業所", "specialist"),
    ("自立相談", "needy_desk"),
    ("生活困窮", "needy_desk"),
    ("保健", "health_centre"),
    ("庁内", "internal_section"),
    ("他課", "internal_section"),
    ("アウトリーチ", "outreach"),
    ("その他", "other"),
];

const ISSUES: &[(&str, &str)] = &[
    ("8050", "p8050"),
    ("引きこもり", "withdrawal"),
    ("ひきこもり", "withdrawal"),
    ("不登校", "school_absence"),
    ("ヤングケアラー", "young_carer"),
    ("ダブルケア", "double_care"),
    ("高齢者虐待", "abuse_elderly"),
    ("障害者虐待", "abuse_disabled"),
    ("児童虐待", "abuse_child"),
    ("dv", "dv"),
    ("虐待", "abuse_dv"),
    ("権利擁護", "rights"),
    ("成年後見", "rights"),
    ("認知症", "dementia"),
    ("ごみ屋敷", "hoarding"),
    ("ゴミ屋敷", "hoarding"),
    ("依存", "dependence"),
    ("自殺", "suicidal"),
    ("精神", "mental"),
    ("メンタル", "mental"),
    ("家計", "budgeting"),
    ("債務", "debt"),
    ("借金", "debt"),
    ("滞納", "arrears"),
    ("家賃", "rent_loan"),
    ("ローン", "rent_loan"),
    ("税", "tax_utility"),
    ("公共料金", "tax_utility"),
    ("食料", "no_food"),
    ("食べるもの", "no_food"),
    ("生活困窮", "income"),
    ("生活費", "income"),
    ("収入", "income"),
    ("経済", "income"),
    ("就労", "job_search"),
    ("就職", "job_search"),
    ("求職", "job_search"),
    ("仕事", "job_search"),
    ("住まい", "housing"),
    ("住居", "housing"),
    ("子育て", "child_rearing"),
    ("育児", "child_rearing"),
    ("介護", "care"),
    ("家族", "family_relation"),
    ("近隣", "community_relation"),
    ("地域", "community_relation"),
    ("障害", "illness"),
    ("障がい", "illness"),
    ("病気", "illness"),
    ("健康", "illness"),
    ("医療", "illness"),
];

const URGENCIES: &[(&str, &str)] = &[
    ("緊急", "emergency"),
    ("高", "soon"),
    ("急", "soon"),
    ("通常", "normal"),
    ("普通", "normal"),
    ("中", "normal"),
    ("低", "normal"),
];

/// The code of a cell, and whether the cell said exactly its word.
#[must_use]
pub fn code(labels: &Labels, list: CodeList, text: &str) -> Option<(String, bool)> {
    let cell = folded(text);
    if cell.is_empty() {
        return None;
    }
    let options = labels.options(list);
    if let Some((code, label)) = options.iter().find(|(_, l)| folded(l) == cell) {
        return Some(((*code).to_owned(), *label == text));
    }
    let known = match list {
        CodeList::Channel => CHANNELS,
        CodeList::Route => ROUTES,
        CodeList::Issue => ISSUES,
        CodeList::Urgency => URGENCIES,
        _ => &[],
    };
    known
        .iter()
        .find(|(word, code)| cell.contains(&folded(word)) && options.iter().any(|(c, _)| c == code))
        .map(|(_, code)| ((*code).to_owned(), false))
}

/// The parts of a cell with several words.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', '，', ',', '／', '/', '・', ';', '；', '\n', '\r'])
        .map(str::trim)
        .filter(|p| !p.is_empty())
}

/// 男, 女, M, F, 男性 …, and the digits of JIS X 0303 that exports of registers have.
#[must_use]
pub fn sex(text: &str) -> Option<engawa_people::Sex> {
    use engawa_people::Sex;
    match folded(text).as_str() {
        "男" | "男性" | "1" | "m" | "male" | "男子" | "♂" => Some(Sex::Male),
        "女" | "女性" | "2" | "f" | "female" | "女子" | "♀" => Some(Sex::Female),
        "その他" | "他" => Some(Sex::Other),
        "" | "不明" | "不詳" | "-" | "―" | "?" => Some(Sex::Unknown),
        _ => None,
    }
}

/// What a cell about the end says without a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// ○, 終結, 済 …
    Yes,
    /// 継続, ×, 対応中 …
    No,
}

/// Reads such a cell; none: it says something else.
#[must_use]
pub fn end(text: &str) -> Option<End> {
    let cell = folded(text);
    let no = [
        "継続",
        "対応中",
        "支援中",
        "未",
        "×",
        "✕",
        "x",
        "no",
        "否",
        "見守り",
        "中",
        "open",
        "-",
        "―",
    ];
    let yes = [
        "○", "〇", "◯", "●", "済", "終結", "終了", "完了", "完", "有", "yes", "レ", "✓", "✔",
        "close", "closed", "1",
    ];
    if no.iter().any(|w| cell == folded(w))
        || cell.starts_with('未')
        || cell.starts_with("継続")
        || cell.ends_with("中")
    {
        return Some(End::No);
    }
    let said = yes.iter().any(|w| cell == folded(w));
    let begins = ["済", "終結", "終了", "完了", "処理済"]
        .iter()
        .any(|w| cell.starts_with(w));
    (said || begins).then_some(End::Yes)
}
