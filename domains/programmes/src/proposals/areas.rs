//! 圏域: the target area and its range, in each of 3 ④ア and ④イ.

use super::{
    Found, Kind, Words,
    words::{bracket, items, listed, tells},
};
use crate::{figure, form::Field};

/// Words for a kind of area, the longer before the shorter, and its code. The second part is what a
/// listed name gets behind it.
const KINDS: &[(&str, &str, &str)] = &[
    ("小学校区", "elementary", "小学校区"),
    ("中学校区", "junior_high", "中学校区"),
    ("地区社会福祉協議会", "welfare_district", "地区"),
    ("地区社協", "welfare_district", "地区"),
    ("支部社協", "welfare_district", "支部"),
    ("地区民児協", "commissioner_council", "地区"),
    ("連合自治会", "neighbourhood_union", "連合自治会"),
    ("連合町内会", "neighbourhood_union", "連合町内会"),
    ("自治会", "neighbourhood", "自治会"),
    ("町内会", "neighbourhood", "町内会"),
    ("大字", "large_section", ""),
    ("旧市町村", "former_municipality", ""),
    ("旧町村", "former_municipality", ""),
    ("旧町", "former_municipality", ""),
    ("旧村", "former_municipality", ""),
    ("まちづくりセンター", "branch_office", "地区"),
    ("出張所", "branch_office", "地区"),
    ("支所", "branch_office", "地区"),
    ("日常生活圏域", "daily_life", "圏域"),
    ("福祉圏域", "daily_life", "圏域"),
    ("活動圏域", "community", "圏域"),
    ("コミュニティ", "community", ""),
    ("圏域", "daily_life", "圏域"),
    ("学区", "elementary", "学区"),
    ("校区", "elementary", "校区"),
    ("団地", "estate", ""),
    ("地区協議会", "district_council", "地区"),
    ("行政区", "ward", "区"),
    ("町区", "other", ""),
    ("地区", "other", "地区"),
    ("地域", "other", "地域"),
];

/// Ends of an area's own name.
const ENDS: &[&str] = &[
    "区",
    "圏域",
    "地域",
    "町",
    "村",
    "字",
    "団地",
    "自治会",
    "町内会",
    "丁目",
];
/// Beginnings of words for areas without a name.
const UNNAMED: &[&str] = &[
    "各",
    "全",
    "モデル",
    "概ね",
    "おおむね",
    "将来的",
    "一部",
    "当該",
    "当面",
];

pub(super) fn find(words: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    for (area, unit) in [
        (Field::ActivityArea, Field::ActivityUnit),
        (Field::DeskArea, Field::DeskUnit),
    ] {
        let of_unit = kind(words.text(unit), &words.home).map_or("other", |(code, _)| code);
        for field in [area, unit] {
            for item in items(words.text(field)) {
                found.extend(one(words, &item, field, of_unit));
            }
        }
    }
    found
}

/// The kind that a text names, and what its names end with.
fn kind(text: &str, home: &str) -> Option<(&'static str, &'static str)> {
    KINDS
        .iter()
        .find(|(word, ..)| text.contains(word))
        .map(|(word, code, end)| match *word {
            // In a town 行政区 are its neighbourhoods.
            "行政区" if home.ends_with(['町', '村']) => ("neighbourhood", *end),
            _ => (*code, *end),
        })
}

fn one(words: &Words, item: &str, field: Field, of_unit: &'static str) -> Vec<Found> {
    let (base, inside) = bracket(item);
    let new =
        |name: &str, code: &str| Found::new(Kind::Area, name, field, words.text(field)).code(code);
    if is_whole(&base, &words.home) && !words.home.is_empty() {
        let population = figure::first(words.text(Field::Population));
        let number = population.map_or_else(String::new, |f| f.number);
        let unit = if number.is_empty() { "" } else { "人" };
        let whole = new(&words.home, "municipality").counted(&number, unit);
        let mut found = vec![whole];
        // 「市内全域（12地区）」 counts areas below.
        for text in &inside {
            found.extend(
                counted(text, words).map(|f| new("", f.0).counted(&f.1, "").note(UNNAMED_NOTE)),
            );
        }
        return found;
    }
    if tells(&base) {
        return Vec::new();
    }
    let known = kind(&base, &words.home);
    // 「3小学校区（東・西・南）」
    for text in &inside {
        let names = listed(text);
        if let (Some((code, end)), true) = (known, names.len() >= 2)
            && figure::all(text).is_empty()
        {
            let count = figure::first(&base).map(|f| f.number);
            let note = match count {
                Some(n) if n != names.len().to_string() => {
                    format!("計画書には{n}とありますが、名前は{}つです。", names.len())
                }
                _ => String::new(),
            };
            return names
                .iter()
                .map(|name| new(&named(name, end), code).note(note.as_str()))
                .collect();
        }
    }
    let name: String = base
        .strip_prefix(words.home.as_str())
        .unwrap_or(&base)
        .trim()
        .to_owned();
    let own_name = ENDS.iter().any(|end| name.ends_with(end))
        && !UNNAMED.iter().any(|start| name.starts_with(start))
        && !KINDS.iter().any(|(word, ..)| name == *word)
        && figure::all(&name).is_empty()
        && (2..=20).contains(&name.chars().count());
    if own_name {
        let mut found = vec![new(&name, known.map_or(of_unit, |(code, _)| code))];
        found.extend(
            inside
                .iter()
                .flat_map(|text| listed(text))
                .filter(|n| ENDS.iter().any(|e| n.ends_with(e)) && figure::all(n).is_empty())
                .map(|n| {
                    let code = kind(&n, &words.home).map_or("other", |(code, _)| code);
                    new(&n, code)
                }),
        );
        return found;
    }
    let count = inside
        .iter()
        .find_map(|text| figure::first(text))
        .or_else(|| figure::first(&base))
        .map(|f| f.number);
    match known {
        Some((code, _)) if code != "other" || count.is_some() => {
            let number = count.or_else(|| schools(words, code)).unwrap_or_default();
            vec![new("", code).counted(&number, "").note(UNNAMED_NOTE)]
        }
        _ => Vec::new(),
    }
}

const UNNAMED_NOTE: &str = "名前は計画書にありません。採用するときに、1行に1つずつ名前を書きます。";

fn counted(text: &str, words: &Words) -> Option<(&'static str, String)> {
    let figure = figure::first(text)?;
    kind(text, &words.home).map(|(code, _)| (code, figure.number))
}

/// School districts are as many as there are schools.
fn schools(words: &Words, code: &str) -> Option<String> {
    let field = match code {
        "elementary" => Field::ElementarySchools,
        "junior_high" => Field::JuniorHighSchools,
        _ => return None,
    };
    figure::first(words.text(field)).map(|f| f.number)
}

fn named(name: &str, end: &str) -> String {
    // 「東小学校」 of the 小学校区; 「団地」 of the 中学校区 is no 団地.
    if let Some(school) = end.strip_suffix('区').filter(|s| s.ends_with("学校")) {
        return match (name.ends_with(school), name.ends_with('区')) {
            (true, _) => format!("{name}区"),
            (false, true) => name.to_owned(),
            (false, false) => format!("{name}{end}"),
        };
    }
    if end.is_empty() || ENDS.iter().any(|e| name.ends_with(e)) {
        return name.to_owned();
    }
    format!("{name}{end}")
}

/// Whether words mean the whole municipality.
fn is_whole(base: &str, home: &str) -> bool {
    let rest = base.strip_prefix(home).unwrap_or(base).trim();
    let rest = rest
        .strip_prefix(['市', '町', '村', '区', '県'])
        .unwrap_or(rest);
    let rest = rest.strip_prefix('内').unwrap_or(rest);
    (rest.is_empty() && !base.is_empty())
        || matches!(
            rest,
            "全域" | "全地域" | "一円" | "全体" | "全区域" | "の全域" | "全圏域"
        )
}

#[cfg(test)]
mod tests {
    use engawa_plansheet::{CommunityActivity, CommunityStrengthening, PlanSheet, Profile};

    use super::*;

    fn areas(target: &str, unit: &str) -> Vec<(String, String, String)> {
        let sheet = PlanSheet {
            municipality: Some("縁側市".into()),
            profile: Profile {
                elementary_schools: Some(6),
                ..Profile::default()
            },
            community_strengthening: Some(CommunityStrengthening {
                a: CommunityActivity {
                    target_area: Some(target.into()),
                    area_unit: Some(unit.into()),
                    ..CommunityActivity::default()
                },
                ..CommunityStrengthening::default()
            }),
            ..PlanSheet::default()
        };
        super::super::find(&sheet)
            .into_iter()
            .filter(|f| f.kind == Kind::Area)
            .map(|f| (f.name, f.code, f.number))
            .collect()
    }

    fn of(name: &str, code: &str, number: &str) -> (String, String, String) {
        (name.into(), code.into(), number.into())
    }

    #[test]
    fn whole_towns_lists_counts_and_single_areas() {
        assert_eq!(
            areas("市内全域", "3小学校区（東・西小学校・団地）"),
            [
                of("縁側市", "municipality", ""),
                of("東小学校区", "elementary", ""),
                of("西小学校区", "elementary", ""),
                of("団地小学校区", "elementary", "")
            ]
        );
        assert_eq!(
            areas("縁側市全域", "地区社協（12地区）"),
            [
                of("縁側市", "municipality", ""),
                of("", "welfare_district", "12")
            ]
        );
        assert_eq!(
            areas("全域", "小学校区"),
            [of("縁側市", "municipality", ""), of("", "elementary", "6")]
        );
        assert_eq!(areas("見本町", "町区"), [of("見本町", "other", "")]);
        assert_eq!(
            areas("見本町、例示町", "旧町村"),
            [
                of("見本町", "former_municipality", ""),
                of("例示町", "former_municipality", ""),
                of("", "former_municipality", "")
            ]
        );
        assert_eq!(
            areas("縁側市見本地区", "見本地区（上町内会）"),
            [
                of("見本地区", "other", ""),
                of("上町内会", "neighbourhood", "")
            ]
        );
        assert_eq!(
            areas("地域の実情に応じて関係機関が話し合いながら広げていく", ""),
            []
        );
    }
}
