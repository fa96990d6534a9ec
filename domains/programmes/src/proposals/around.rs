//! 推進員, linked statutory programmes, meetings, places and funds.

use super::{
    Found, Kind, Words,
    words::{bracket, clean, items, tells, words as split},
};
use crate::{figure, form::Field, model::FieldState, rules};

/// Words of statutory programmes and their codes; the longer before the shorter.
const PROGRAMMES: &[(&str, &str)] = &[
    ("生活支援体制整備", "life_support_system"),
    ("生活支援コーディネーター", "life_support_system"),
    ("地域ケア会議", "community_care_meeting"),
    ("地域ケア推進", "community_care_meeting"),
    ("介護予防", "care_prevention"),
    ("在宅医療", "home_medical_care"),
    ("包括的支援事業", "elderly_comprehensive"),
    ("地域包括支援センター", "elderly_comprehensive"),
    ("多機関の協働", "multi_agency"),
    ("就労準備", "job_preparation"),
    ("家計", "household_budget"),
    ("学習", "learning"),
    ("住居確保", "housing_benefit"),
    ("生活困窮", "self_reliance"),
    ("自立相談", "self_reliance"),
    ("生活保護", "public_assistance"),
    ("成年後見", "guardianship"),
    ("権利擁護", "guardianship"),
    ("日常生活自立支援", "daily_self_reliance"),
    ("生活福祉資金", "life_fund"),
    ("要保護児童", "child_protection"),
    ("避難行動", "evacuation"),
    ("利用者支援", "user_support"),
    ("子育て支援拠点", "child_place"),
    ("地域活動支援センター", "disability_activity"),
    ("相談支援事業", "disability_consultation"),
    ("障害者相談", "disability_consultation"),
    ("障害児者相談", "disability_consultation"),
];
/// What makes an entry a programme at all.
const IS_PROGRAMME: &[&str] = &["事業", "制度", "プログラム", "法に基づく"];

/// Words of money.
const MONEY: &[&str] = &[
    "募金",
    "基金",
    "助成",
    "補助",
    "会費",
    "寄付",
    "寄附",
    "財源",
    "配分金",
    "売上",
    "収益",
    "ファンディング",
    "CSR",
    "ＣＳＲ",
    "納税",
    "交付金",
    "拠出",
    "バザー",
    "参加費",
    "委託料",
];

/// A longer piece tells about money; it names no source.
const LONGEST_FUND: usize = 35;

pub(super) fn find(words: &Words) -> Vec<Found> {
    let mut found = promoters(words);
    found.extend(links(words));
    found.extend(meetings(words));
    found.extend(places(words));
    found.extend(funds(words));
    found
}

/// 「常勤1人、非常勤1人」 at 「総合相談センター」
fn promoters(words: &Words) -> Vec<Found> {
    let text = words.text(Field::Promoters);
    let (base, _) = bracket(text);
    let people: Vec<f64> = figure::all(&base)
        .into_iter()
        .filter(|f| matches!(f.unit.as_str(), "人" | "名" | ""))
        .filter_map(|f| f.number.parse().ok())
        .collect();
    if people.is_empty() || base.contains("行わない") || base.contains("配置しない") {
        return Vec::new();
    }
    let host = words.text(Field::PromoterHost);
    let name = format!("相談支援包括化推進員（{}）", clean(text));
    let mut new = Found::new(Kind::Coordinator, name, Field::Promoters, text)
        .counted(&people.iter().sum::<f64>().to_string(), "人")
        .note("氏名は計画書にありません。職員を登録し、窓口に配置してください。");
    new.body = host
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(100)
        .collect();
    vec![new]
}

fn links(words: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    for field in [Field::ActivityLinks, Field::DeskLinks] {
        for item in split(words.text(field)) {
            // What follows a leader explains.
            let item = item.split('…').next().unwrap_or_default();
            let (base, _) = bracket(item);
            let name = base.trim_end_matches("との連携").trim();
            let known = PROGRAMMES.iter().find(|(word, _)| name.contains(word));
            let is = IS_PROGRAMME.iter().any(|word| name.contains(word));
            let code = match (known, is) {
                (Some((_, code)), _) => code,
                (None, true) if name.contains("自主") || name.contains("社協") => "own",
                (None, true) => "other",
                (None, false) => continue,
            };
            if !name.is_empty() && name.chars().count() <= 60 {
                found.push(Found::new(Kind::Link, name, field, words.text(field)).code(code));
            }
        }
    }
    found
}

fn meetings(words: &Words) -> Vec<Found> {
    let series = [
        (
            Field::CaseMeeting,
            Field::CaseMeetingName,
            "個別事例の検討",
            "case",
        ),
        (
            Field::NetworkMeeting,
            Field::NetworkMeetingName,
            "ネットワーク構築",
            "network",
        ),
    ];
    let mut found = Vec::new();
    for (how, name, plain, code) in series {
        let text = words.text(how);
        let existing = words.text(name);
        let named: Vec<String> = match rules::state_of(existing) {
            FieldState::Value => split(existing)
                .into_iter()
                .filter(|n| !tells(n) && !n.contains("に基づく") && !bracket(n).0.is_empty())
                .collect(),
            _ => Vec::new(),
        };
        let names = if named.is_empty() && rules::state_of(text) == FieldState::Value {
            vec![format!("相談支援包括化推進会議（{plain}）")]
        } else {
            named
        };
        for meeting in names {
            let mut new = Found::new(
                Kind::Meeting,
                meeting,
                how,
                if text.is_empty() { existing } else { text },
            )
            .code(code);
            new.body = cadence(text);
            found.push(new.note(if existing.is_empty() {
                "新しい会議として読みました。"
            } else {
                ""
            }));
        }
    }
    found
}

/// How often, in the sheet's words: 「月1回」, 「年に4～10回」, 「随時」.
fn cadence(text: &str) -> String {
    const MARKS: &[&str] = &[
        "毎月",
        "毎週",
        "隔月",
        "月に",
        "月1",
        "月１",
        "回/月",
        "年に",
        "年間",
        "回/年",
        "か月に",
        "カ月に",
        "ヶ月に",
        "か月ごと",
        "月 1",
        "年1",
        "年2",
        "年3",
        "年4",
        "年6",
        "年 ",
        "四半期",
        "定期",
        "随時",
        "適宜",
        "必要に応じ",
        "その都度",
        "事案発生時",
    ];
    let pieces: Vec<String> = split(text);
    let found = pieces.iter().find(|p| {
        MARKS.iter().any(|m| p.contains(m)) || figure::all(p).iter().any(|f| f.unit == "回")
    });
    found.map_or_else(String::new, |piece| {
        // 「【開催】随時」 says 随時.
        let (base, _) = bracket(piece);
        let said = if base.is_empty() { piece } else { &base };
        said.chars().take(40).collect()
    })
}

fn places(words: &Words) -> Vec<Found> {
    let text = words.text(Field::BasePlace);
    let operator = words.text(Field::BaseOperator);
    items(text)
        .into_iter()
        .filter(|item| !tells(item) && rules::state_of(item) == FieldState::Value)
        .map(|item| {
            let mut new = Found::new(Kind::Place, item, Field::BasePlace, text);
            new.body = operator.chars().take(100).collect();
            new
        })
        .collect()
}

fn funds(words: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    for (field, block) in [
        (Field::Funding, "地域力強化"),
        (Field::OwnFunding, "多機関協働"),
    ] {
        let text = words.text(field);
        let money = |item: &String| MONEY.iter().any(|word| item.contains(word));
        let mut named: Vec<String> = items(text)
            .into_iter()
            .filter(|item| money(item) && item.chars().count() <= LONGEST_FUND)
            .collect();
        if named.is_empty() {
            named.extend(Some(clean(text)).filter(money));
        }
        for item in named {
            let state = if text.contains("検討") {
                "検討中"
            } else {
                ""
            };
            let mut new = Found::new(Kind::Fund, item, field, text).note(state);
            block.clone_into(&mut new.body);
            found.push(new);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_often_a_meeting_is_held() {
        assert_eq!(cadence("毎月開催。参加者は15名で構成。"), "毎月開催");
        assert_eq!(
            cadence("住民を対象に、年に4～10回実施。"),
            "年に4～10回実施"
        );
        assert_eq!(cadence("【開催】随時"), "随時");
        assert_eq!(cadence("・定例会 1回/3か月"), "定例会1回/3か月");
        assert_eq!(cadence("関係者が集まる"), "");
    }
}
