//! 窓口: 地域包括支援センター and 自立相談 of 1-1, where consultations are taken in (3 ④イ), and
//! where 推進員 sit (4 ⑥).

use super::{
    Found, Kind, Words, bodies,
    words::{bracket, clean, listed, tells, words as split},
};
use crate::{figure, form::Field};

/// What a desk's name holds.
const DESK: &[&str] = &[
    "センター",
    "窓口",
    "相談所",
    "相談室",
    "支所",
    "出張所",
    "ステーション",
    "公民館",
    "役場",
    "役所",
    "事務所",
    "協議会",
    "社協",
    "支援機関",
    "分室",
];
/// What a section's name ends with.
const SECTION: &[&str] = &["課", "係", "室", "班", "部"];

/// How a desk is run, the longer words before the shorter.
const MODES: &[(&str, &str)] = &[
    ("一部委託", "part_commissioned"),
    ("広域委託", "wide_commissioned"),
    ("直営", "direct"),
    ("委託", "commissioned"),
    ("補助", "subsidised"),
    ("県で実施", "prefecture"),
    ("県が実施", "prefecture"),
    ("県実施", "prefecture"),
    ("都実施", "prefecture"),
    ("道実施", "prefecture"),
    ("府実施", "prefecture"),
];

pub(super) fn find(words: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    found.extend(run(
        words,
        Field::SupportCenters,
        "地域包括支援センター",
        "elderly_centre",
    ));
    found.extend(run(
        words,
        Field::SelfRelianceDesks,
        "自立相談支援機関",
        "self_reliance",
    ));
    found.extend(named(words, Field::DeskPlace, "near_reception"));
    found.extend(named(words, Field::PromoterHost, "multi_agency"));
    found
}

const UNNAMED_NOTE: &str = "名前は計画書にありません。採用するときに、1行に1つずつ名前を書きます。";

/// 「直営：2か所，委託：5か所（…）」
fn run(words: &Words, field: Field, what: &str, function: &str) -> Vec<Found> {
    let text = words.text(field);
    let (base, _) = bracket(text);
    if text.is_empty() || matches!(clean(text).as_str(), "なし" | "無し" | "直営・委託なし")
    {
        return Vec::new();
    }
    let parts = segments(text);
    if parts.is_empty() {
        // 「1か所」, 「主に社協で対応」
        let count = figure::first(&base).map_or_else(|| "1".to_owned(), |f| f.number);
        return vec![counted(words, field, what, function, "", &count, text)];
    }
    parts
        .into_iter()
        .filter_map(|(mode, part)| {
            let (base, _) = bracket(&part);
            let count = figure::first(&base).map(|f| f.number);
            let count = count.or_else(|| (mode == "prefecture").then(|| "1".to_owned()))?;
            let mode = if part.contains("県)") || part.contains("県）") {
                "prefecture"
            } else {
                mode
            };
            Some(counted(words, field, what, function, mode, &count, &part))
        })
        .collect()
}

fn counted(
    words: &Words,
    field: Field,
    what: &str,
    function: &str,
    mode: &str,
    count: &str,
    part: &str,
) -> Found {
    let single = count == "1";
    let mut new = Found::new(
        Kind::Desk,
        if single { what } else { "" },
        field,
        words.text(field),
    )
    .code(function)
    .counted(count, "か所");
    mode.clone_into(&mut new.mode);
    let operator = bodies::names(part, &words.home)
        .into_iter()
        .next()
        .map(|(name, _)| name);
    new.body = match mode {
        "direct" => words.home.clone(),
        _ => operator.unwrap_or_default(),
    };
    if !single {
        new = new.note(UNNAMED_NOTE);
    }
    new
}

/// The text cut where a mode begins: (mode, its part).
fn segments(text: &str) -> Vec<(&'static str, String)> {
    let mut starts: Vec<(usize, &'static str)> = Vec::new();
    let mut level = 0_i32;
    let mut skip = 0;
    for (at, c) in text.char_indices() {
        match c {
            '（' | '(' | '【' => level += 1,
            '）' | ')' | '】' => level = (level - 1).max(0),
            _ => {}
        }
        if level > 0 || at < skip {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        if let Some((word, mode)) = MODES.iter().find(|(word, _)| rest.starts_with(word)) {
            starts.push((at, mode));
            skip = at + word.len();
        }
    }
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|((at, mode), end)| (*mode, text.get(*at..end).unwrap_or_default().to_owned()))
        .collect()
}

fn is_desk(name: &str) -> bool {
    DESK.iter().any(|word| name.contains(word)) || SECTION.iter().any(|end| name.ends_with(end))
}

/// Desks by name: 「町内：○○センター、ふくし相談窓口」, 「地域包括支援センター（東、西）」
fn named(words: &Words, field: Field, function: &str) -> Vec<Found> {
    let text = words.text(field);
    let mut found = Vec::new();
    for item in split(text) {
        // What stands before a colon says where, not what.
        let item = item
            .split_once(['：', ':'])
            .map_or(item.as_str(), |(_, rest)| rest)
            .to_owned();
        let (base, inside) = bracket(&clean(&item));
        let base = without_count(&base);
        let listed: Vec<String> = inside
            .iter()
            .map(|text| listed(text))
            .filter(|names| {
                names.len() >= 2
                    && names
                        .iter()
                        .all(|n| figure::all(n).is_empty() || n.chars().count() > 1)
            })
            .flatten()
            .collect();
        let new = |name: &str| {
            let operator = bodies::names(name, &words.home).into_iter().next();
            let mut new = Found::new(Kind::Desk, name, field, text).code(function);
            (new.mode, new.body) = match operator {
                Some((body, _)) => ("commissioned".into(), body),
                None if name.starts_with(&words.home)
                    || SECTION.iter().any(|e| name.ends_with(e)) =>
                {
                    ("direct".into(), words.home.clone())
                }
                None => Default::default(),
            };
            new
        };
        if !listed.is_empty() && (is_desk(&base) || listed.iter().all(|n| is_desk(n))) {
            found.extend(listed.iter().map(|name| {
                if is_desk(name) {
                    new(name)
                } else {
                    new(&format!("{name}{base}"))
                }
            }));
        } else if is_desk(&base)
            && !tells(&base)
            && !base.contains("種類")
            && base.chars().count() > 2
        {
            found.push(new(&base));
        }
    }
    found
}

/// 「地区センター 3箇所」 without its count.
fn without_count(base: &str) -> String {
    match figure::spans(base).last() {
        Some((figure, start, _)) if !figure.unit.is_empty() => base
            .chars()
            .take(*start)
            .collect::<String>()
            .trim()
            .to_owned(),
        _ => base.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use engawa_plansheet::{
        CommunityDesk, CommunityStrengthening, Desk, MultiAgency, PlanSheet, Profile,
    };

    use super::*;

    fn desks(profile: &str, place: &str, host: &str) -> Vec<String> {
        let sheet = PlanSheet {
            municipality: Some("縁側市".into()),
            profile: Profile {
                community_support_centers: Some(profile.into()),
                ..Profile::default()
            },
            community_strengthening: Some(CommunityStrengthening {
                b: CommunityDesk {
                    desk: Desk {
                        place: Some(place.into()),
                        receiver: None,
                    },
                    ..CommunityDesk::default()
                },
                ..CommunityStrengthening::default()
            }),
            multi_agency: Some(MultiAgency {
                promoter_host: Some(host.into()),
                ..MultiAgency::default()
            }),
            ..PlanSheet::default()
        };
        super::super::find(&sheet)
            .into_iter()
            .filter(|f| f.kind == Kind::Desk)
            .map(|f| format!("{}|{}|{}|{}|{}", f.name, f.code, f.mode, f.number, f.body))
            .collect()
    }

    #[test]
    fn counts_names_and_lists_in_brackets() {
        assert_eq!(
            desks(
                "直営：2 か所，委託：5 か所 (社会福祉法人 縁側会 等)",
                "",
                ""
            ),
            [
                "|elderly_centre|direct|2|縁側市",
                "|elderly_centre|commissioned|5|社会福祉法人縁側会"
            ]
        );
        assert_eq!(
            desks("直営１か所", "", ""),
            ["地域包括支援センター|elderly_centre|direct|1|縁側市"]
        );
        assert_eq!(desks("なし", "", ""), Vec::<String>::new());
        assert_eq!(
            desks(
                "",
                "市内：縁側市社会福祉協議会、ふくし相談窓口 大字単位：福祉協力員",
                ""
            ),
            [
                "縁側市社会福祉協議会|near_reception|commissioned||縁側市社会福祉協議会",
                "ふくし相談窓口|near_reception|||"
            ]
        );
        assert_eq!(
            desks(
                "",
                "",
                "ア地域包括支援センター（東、西） イ在宅支援センター"
            ),
            [
                "東地域包括支援センター|multi_agency|||",
                "西地域包括支援センター|multi_agency|||",
                "在宅支援センター|multi_agency|||"
            ]
        );
        assert_eq!(
            desks(
                "",
                "地区センター(公民館) 3箇所【東地区センター、西地区センター、南地区センター】",
                ""
            ),
            [
                "東地区センター|near_reception|||",
                "西地区センター|near_reception|||",
                "南地区センター|near_reception|||"
            ]
        );
        assert_eq!(
            desks(
                "",
                "集いの場で気軽に話せる相談窓口の整備を行う",
                "縁側市福祉課"
            ),
            ["縁側市福祉課|multi_agency|direct||縁側市"]
        );
    }
}
