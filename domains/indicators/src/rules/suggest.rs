//! From the words of a goal to a counting rule: what a plan sheet's 「相談件数 120件」 probably counts.
//! A suggestion only; a person confirms it, and the rule's own page refines it.

use engawa_kernel::source::EventSource;

use crate::model::{Count, Denominator, Filter, LATER, Rule, Unit};

/// Rates that sheets promise: (code, label, counted, divided by).
const RATES: [(&str, &str, Plain, Plain); 2] = [
    (
        "rate:closed",
        "終結率：終結 ÷（新規＋繰越）（%）",
        ("closure", Unit::Events, "stands"),
        ("case", Unit::Active, ""),
    ),
    (
        "rate:decided",
        "方針決定率：方針を決めた相談 ÷ 相談受付（%）",
        ("consultation", Unit::Events, "decided"),
        ("consultation", Unit::Events, ""),
    ),
];

/// Source, unit and mark.
type Plain = (&'static str, Unit, &'static str);

const COURSES: &[&str] = &[
    "研修",
    "講座",
    "学習",
    "養成",
    "講演",
    "フォーラム",
    "セミナー",
    "説明会",
    "教室",
    "カレッジ",
    "修了",
    "勉強会",
    "ワークショップ",
];
const PLACES: &[&str] = &[
    "サロン",
    "居場所",
    "カフェ",
    "食堂",
    "通いの場",
    "縁側",
    "拠点",
    "集いの場",
    "プラザ",
];
const PLACE_COUNTERS: &[&str] = &["か所", "カ所", "ヶ所", "ケ所", "ヵ所", "箇所", "サロン"];

/// Words, the counters with which they mean it (none: any), and what is then counted. The first that
/// fits is taken, so what is special stands above what is general.
const HINTS: &[(&[&str], &[&str], &str)] = &[
    (&["終結"], &["%", "割"], "rate:closed"),
    (&["方針", "解決", "対応"], &["%", "割"], "rate:decided"),
    (COURSES, &["人", "名"], "course_participant"),
    (COURSES, &["回", "講座", "種"], "course"),
    (&["出席"], &["回"], "attendance"),
    (
        &[
            "会議",
            "協議会",
            "部会",
            "委員会",
            "連絡会",
            "ネットワーク",
            "懇談",
            "座談",
            "交流会",
            "交換会",
            "定例会",
            "話し合い",
            "話合い",
            "報告会",
        ],
        &["回", "圏域", "地区"],
        "meeting",
    ),
    (&["検討"], &["件", "人", "名", "ケース"], "meeting_case"),
    (&["会議"], &["件"], "meeting_case"),
    (&["プラン", "支援計画"], &["件"], "plan"),
    (
        &["至らない", "継続中", "未終結"],
        &["件", "ケース", "世帯"],
        "case:open:",
    ),
    (
        &["終結"],
        &["件", "ケース", "世帯", "人"],
        "closure:events:stands",
    ),
    (
        &["つなぎ", "つない", "つなげ", "引継", "引き継", "紹介"],
        &["件", "人", "回"],
        "referral_accepted:events:",
    ),
    (&["調整"], &["件", "人"], "referral_accepted:events:linked"),
    // A house made habitable is no case that was closed.
    (&["ごみ", "ゴミ", "片付け", "草刈"], &[], "home_help"),
    (&["解決"], &["件", "世帯", "人"], "closure:events:stands"),
    (
        &["訪問", "アウトリーチ"],
        &["件", "回", "人", "世帯"],
        "contact:events::home_visit",
    ),
    (
        &["行動", "対応件数", "対応延べ"],
        &["件", "回"],
        "contact:events:",
    ),
    (
        &["住民の相談", "住民主体", "住民による相談", "住民から"],
        &["件"],
        "consultation:events:slip",
    ),
    (
        &["複合", "複雑"],
        &["件", "世帯", "人", "ケース"],
        "consultation:events:compound",
    ),
    (&["資源"], &["件", "か所", "カ所"], "resource"),
    (&["新規"], &["件", "ケース"], "consultation:events:new"),
    (&["新規", "相談"], &["人", "名"], "consultation:persons:"),
    (&["新規", "相談"], &["世帯"], "consultation:households:"),
    // 「出張相談 10回」 are ten openings, not ten consultations.
    (&["相談"], &["件", "ケース"], "consultation:events:"),
    (&["ケース"], &["件", "ケース"], "case:events:"),
    (&["マッチング", "生活支援"], &[], "match"),
    (PLACES, &["人", "名", "回", "組"], "place_session"),
    (
        &[
            "ボランティア",
            "サポーター",
            "協力員",
            "担い手",
            "会員",
            "ヘルパー",
            "登録者",
        ],
        &["人", "名"],
        "helper",
    ),
    (PLACES, PLACE_COUNTERS, "place"),
    (&["場", "窓口"], PLACE_COUNTERS, "place"),
    (&["アンケート", "満足", "評価", "調査"], &[], "survey"),
    (&["就労", "作業", "収穫", "雇用", "仕事"], &[], "work"),
    (&["財源", "寄付", "募金", "ファンド"], &[], "funding"),
    (
        &["周知", "広報", "啓発", "チラシ", "パンフ"],
        &[],
        "publicity",
    ),
    (
        &["資源", "活動"],
        &["件", "団体", "か所", "カ所", "ヶ所", "箇所"],
        "resource",
    ),
    (&[], &["地区", "圏域", "区", "市町村"], "area_reached"),
    (
        &["自治会", "町内会", "行政区", "マップ"],
        &[],
        "area_reached",
    ),
    (&[], &["団体", "機関", "社", "店", "法人"], "body_joined"),
];

/// What somebody may choose to count, as (code, words): everything that a domain brings, then what
/// none brings yet.
#[must_use]
pub fn choices(sources: &[&'static EventSource]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for s in sources {
        let mut add = |unit: Unit, mark: &str, label: String| {
            found.push((format!("{}:{}:{mark}", s.code, unit.as_code()), label));
        };
        add(Unit::Events, "", format!("{}（件）", s.label));
        for mark in s.marks {
            let label = format!("{}のうち「{}」（件）", s.label, mark.label);
            add(Unit::Events, mark.code, label);
        }
        add(Unit::Persons, "", format!("{}の実人数（人）", s.label));
        add(Unit::Households, "", format!("{}の世帯数（世帯）", s.label));
        if s.lasts {
            add(Unit::Open, "", format!("期末に継続中の{}（件）", s.label));
            add(Unit::Active, "", format!("期間中にあった{}（件）", s.label));
        }
        if s.code == "contact" {
            let label = format!("{}のうち訪問（件）", s.label);
            found.push(("contact:events::home_visit".into(), label));
        }
    }
    let known = |code: &str| sources.iter().any(|s| s.code == code);
    for (code, label, counted, divided) in RATES {
        if known(counted.0) && known(divided.0) {
            found.push((code.into(), label.into()));
        }
    }
    for (code, label) in LATER {
        if !known(code) {
            let label = match code {
                "other" => label.to_owned(),
                _ => format!("{label}（記録の仕組みはこれから）"),
            };
            found.push((code.into(), label));
        }
    }
    found
}

/// The rule behind a choice; none where it was not offered.
#[must_use]
pub fn rule_of(sources: &[&'static EventSource], choice: &str) -> Option<Rule> {
    if !choices(sources).iter().any(|(code, _)| code == choice) {
        return None;
    }
    if let Some((_, _, counted, divided)) = RATES.iter().find(|(code, ..)| *code == choice) {
        return Some(Rule {
            count: plain(*counted),
            per: Some(Denominator::Counted(plain(*divided))),
        });
    }
    let mut parts = choice.split(':');
    let source = parts.next()?;
    let unit = parts
        .next()
        .and_then(Unit::from_code)
        .unwrap_or(Unit::Events);
    let said = |part: Option<&str>| part.filter(|p| !p.is_empty()).map(str::to_owned);
    let (mark, kind) = (said(parts.next()), said(parts.next()));
    Some(Rule::plain(Count {
        source: source.to_owned(),
        unit,
        filter: Filter {
            marks: mark.into_iter().collect(),
            kind: kind.into_iter().collect(),
            ..Filter::default()
        },
    }))
}

fn plain((source, unit, mark): Plain) -> Count {
    let marks = Some(mark).filter(|m| !m.is_empty());
    Count {
        source: source.into(),
        unit,
        filter: Filter {
            marks: marks.map(str::to_owned).into_iter().collect(),
            ..Filter::default()
        },
    }
}

/// The choice that the words of a goal suggest, given what stands behind its figure.
#[must_use]
pub fn by_words(sources: &[&'static EventSource], words: &str, counter: &str) -> String {
    let offered = choices(sources);
    // 延べ件, 件/月: what is counted is the same.
    let counter = match counter.split_once(['/', '／']) {
        Some((counted, "日" | "週" | "月" | "年")) => counted,
        _ => counter,
    };
    let counter = counter.trim_start_matches("延べ");
    HINTS
        .iter()
        .filter(|(any, counters, _)| {
            (any.is_empty() || any.iter().any(|w| words.contains(w)))
                && (counters.is_empty() || counters.contains(&counter))
        })
        .map(|(_, _, choice)| bare(sources, choice))
        .find(|choice| offered.iter().any(|(code, _)| code == choice))
        .unwrap_or_else(|| bare(sources, "other"))
}

/// A kind of event that a domain has brought since is chosen with its unit.
fn bare(sources: &[&'static EventSource], choice: &str) -> String {
    if !choice.contains(':') && sources.iter().any(|s| s.code == choice) {
        return format!("{choice}:{}:", Unit::Events.as_code());
    }
    choice.to_owned()
}

#[cfg(test)]
mod tests {
    use engawa_kernel::source::{CountedAs, KindWords, When};

    use super::*;

    const CASE: EventSource = EventSource {
        code: "case",
        label: "ケース",
        counted_as: CountedAs::Case,
        rule: "",
        when: When::Day,
        view: "",
        persons: "",
        issues: None,
        has_channel: false,
        has_route: false,
        has_minutes: false,
        lasts: true,
        kinds: KindWords::None,
        kind_label: "",
        marks: &[],
    };
    const CLOSURE: EventSource = EventSource {
        code: "closure",
        lasts: false,
        marks: &[engawa_kernel::source::Mark {
            code: "stands",
            label: "再開していない",
            holds: "",
        }],
        ..CASE
    };
    const RECEIVED: EventSource = EventSource {
        code: "consultation",
        lasts: false,
        marks: &[engawa_kernel::source::Mark {
            code: "compound",
            label: "複合課題",
            holds: "",
        }],
        ..CASE
    };

    #[test]
    fn the_words_of_a_goal_suggest_what_is_counted() {
        let sources: [&EventSource; 3] = [&CASE, &CLOSURE, &RECEIVED];
        for (words, counter, choice) in [
            ("相談件数 120件", "件", "consultation:events:"),
            ("複合課題の相談 30件", "件", "consultation:events:compound"),
            ("100世帯の新規相談", "世帯", "consultation:households:"),
            ("終結件数10件", "件", "closure:events:stands"),
            ("ごみ屋敷を住民と解決する 2件以上", "件", "home_help"),
            ("終結率70%以上", "%", "rate:closed"),
            ("終結に至らないケースを減らす", "件", "case:open:"),
            ("研修参加者 25人", "人", "course_participant"),
            ("担い手研修 4回", "回", "course"),
            ("推進会議を年6回", "回", "meeting"),
            ("情報交換会", "回/月", "meeting"),
            ("出張お困りごと相談", "回", "other"),
            ("コーディネーターへの相談", "延べ件", "consultation:events:"),
            ("社会資源の新規開拓", "件", "resource"),
            ("支援会議で検討したケース 20件", "件", "meeting_case"),
            ("サロンを5か所増やす", "か所", "place"),
            ("ふれあい協力員 30人増", "人", "helper"),
            ("蕗の収穫50トン", "トン", "work"),
            ("16地区のうち4地区", "地区", "area_reached"),
            ("関係機関と顔の見える関係をつくる", "", "other"),
        ] {
            assert_eq!(by_words(&sources, words, counter), choice, "{words}");
            assert!(rule_of(&sources, choice).is_some(), "{choice}");
        }
    }

    #[test]
    fn what_a_later_domain_brings_is_chosen_then() {
        const MEETING: EventSource = EventSource {
            code: "meeting",
            ..CLOSURE
        };
        let sources: [&EventSource; 1] = [&MEETING];
        let choice = by_words(&sources, "推進会議 6回", "回");
        assert_eq!(choice, "meeting:events:");
        let count = rule_of(&sources, &choice).map(|r| r.count.source);
        assert_eq!(count.as_deref(), Some("meeting"));
    }

    #[test]
    fn nothing_but_the_offered_is_taken() {
        let sources: [&EventSource; 1] = [&CASE];
        for wrong in ["", "case", "case:events:x", "rate:closed", "room:events:"] {
            assert_eq!(rule_of(&sources, wrong), None, "{wrong}");
        }
        let rate = rule_of(&[&CASE, &CLOSURE], "rate:closed");
        assert!(rate.is_some_and(|r| r.per.is_some()));
    }
}
