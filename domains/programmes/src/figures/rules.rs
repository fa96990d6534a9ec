//! Decisions without I/O: reading what officers write, warning of what is probably wrong, and which
//! share of the areas lies above a value.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use engawa_kernel::id::AreaId;

use super::{Figure, KINDS, Kept, Sure};
use crate::figure;

/// Percent of the people on public assistance above which ‰ was probably meant: no municipality has
/// so many, and 11‰ is an ordinary number.
const ASSISTANCE: f64 = 10.0;

/// Number, unit and how sure, out of words such as 約１万2000人, 28.4%, 不明.
///
/// # Errors
/// The sentence for the user.
pub fn read(
    kind: &str,
    words: &str,
    unit: &str,
    said: Option<Sure>,
) -> Result<(Sure, String, String), String> {
    let words = words.trim();
    let found = figure::first(words);
    let has = |list: &[&str]| list.iter().any(|w| words.contains(w));
    let sure = said.unwrap_or_else(|| match &found {
        None if has(&["未集計", "集計中", "調査中", "未把握"]) => Sure::NotCounted,
        None if has(&["不明", "不詳"]) => Sure::Unknown,
        _ if has(&["推計", "見込", "推定"]) => Sure::Estimated,
        _ if has(&["約", "およそ", "程度", "ほど"]) => Sure::About,
        _ => Sure::Exact,
    });
    if !sure.has_number() {
        return match found {
            None => Ok((sure, String::new(), String::new())),
            Some(_) => Err(format!(
                "「{}」を選ぶときは、数を空欄にしてください。",
                sure.label()
            )),
        };
    }
    let found = found.ok_or(
        "数を読み取れませんでした。「54,321」「約1万2000人」「28.4%」のように書くか、「不明」「未集計」を選んでください。",
    )?;
    let usual = KINDS.iter().find(|(known, ..)| *known == kind);
    let unit = match (unit.trim(), found.unit.as_str()) {
        ("", "") => usual.map_or("", |(_, _, unit)| *unit),
        ("", written) => written,
        (given, "") => given,
        (given, written) if same_unit(given, written) => given,
        (given, written) => {
            return Err(format!(
                "数に「{written}」と書いてあり、単位は「{given}」です。どちらかに合わせてください。"
            ));
        }
    };
    Ok((sure, found.number, unit.to_owned()))
}

/// Written in either width, a sign is the same sign.
pub(super) fn same_unit(one: &str, other: &str) -> bool {
    let fold = |u: &str| {
        u.replace('％', "%")
            .replace("㎢", "km²")
            .replace("km2", "km²")
    };
    fold(one) == fold(other)
}

/// What stops a figure from being kept.
///
/// # Errors
/// The sentence for the user.
pub fn check(figure: &Figure, today: NaiveDate) -> Result<(), String> {
    if figure.as_of > today && figure.sure != Sure::Estimated && figure.sure.has_number() {
        return Err(
            "先の日付の数は「推計」です。確かさで「推計」を選ぶか、時点を直してください。".into(),
        );
    }
    Ok(())
}

/// What is probably wrong with a figure by itself. A district far from the whole is no mistake.
#[must_use]
pub fn doubt(figure: &Figure) -> Option<String> {
    let value = figure.value()?;
    let unit = figure.unit.as_str();
    let percent = same_unit(unit, "%");
    if figure.kind == "生活保護受給率" && percent && value > ASSISTANCE {
        return Some(format!(
            "{}%は高すぎます。‰（千人あたり）ではありませんか",
            figure.number
        ));
    }
    if percent && value > 100.0 || unit == "‰" && value > 1000.0 {
        return Some("割合が全体を超えています".into());
    }
    if figure.kind.ends_with('率') && !percent && unit != "‰" && unit != "割" {
        return Some("割合の単位（%か‰）がありません".into());
    }
    if figure.kind == "高齢化率" && unit == "‰" {
        return Some("高齢化率はふつう%です".into());
    }
    None
}

/// Whether these figures for one thing, place and day say different numbers.
#[must_use]
pub fn differ(all: &[&Kept]) -> bool {
    let said = |k: &Kept| (k.figure.number.clone(), k.figure.unit.clone());
    let mut numbers = all.iter().filter(|k| k.figure.sure.has_number());
    let first = numbers.next().map(|k| said(k));
    numbers.any(|k| Some(said(k)) != first)
}

/// Areas above a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Above {
    /// Those above it.
    pub above: Vec<AreaId>,
    /// Areas with a number in this unit.
    pub of: usize,
    /// Areas whose newest number has another unit: not compared.
    pub other_unit: usize,
}

impl Above {
    /// Whole percents; none without an area.
    #[must_use]
    pub fn percent(&self) -> Option<usize> {
        (self.of > 0).then(|| (self.above.len() * 100 + self.of / 2) / self.of)
    }
}

/// How many areas are above a value by their newest figure that is no forecast. Of two numbers of one
/// day the one entered first counts.
#[must_use]
pub fn above(all: &[Kept], bar: f64, unit: &str, today: NaiveDate) -> Above {
    let mut newest: BTreeMap<AreaId, &Kept> = BTreeMap::new();
    for kept in all
        .iter()
        .filter(|k| k.figure.as_of <= today && k.figure.value().is_some())
    {
        let Some(area) = kept.figure.area else {
            continue;
        };
        let best = newest.entry(area).or_insert(kept);
        if (kept.figure.as_of, std::cmp::Reverse(kept.id))
            > (best.figure.as_of, std::cmp::Reverse(best.id))
        {
            *best = kept;
        }
    }
    let mut found = Above::default();
    for (area, kept) in newest {
        if !same_unit(&kept.figure.unit, unit) {
            found.other_unit += 1;
            continue;
        }
        found.of += 1;
        if kept.figure.value().is_some_and(|value| value > bar) {
            found.above.push(area);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::FigureId;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn figure(kind: &str, number: &str, unit: &str) -> Figure {
        Figure {
            kind: kind.into(),
            area: None,
            as_of: day("2026-04-01"),
            sure: Sure::Exact,
            number: number.into(),
            unit: unit.into(),
            source: "住民基本台帳".into(),
            note: String::new(),
        }
    }

    #[test]
    fn figures_are_read_as_officers_write_them_and_units_are_never_converted() {
        let read = |words: &str, unit: &str| {
            read("生活保護受給率", words, unit, None)
                .map(|(s, n, u)| format!("{} {n} {u}", s.as_code()))
        };
        assert_eq!(read("１１．３‰", ""), Ok("exact 11.3 ‰".into()));
        assert_eq!(read("11.3", "‰"), Ok("exact 11.3 ‰".into()));
        assert_eq!(read("約1.1", ""), Ok("about 1.1 %".into()));
        assert_eq!(read("1.2％（推計）", "%"), Ok("estimated 1.2 %".into()));
        assert_eq!(read("不明", ""), Ok("unknown  ".into()));
        assert_eq!(read("未集計", "%"), Ok("not_counted  ".into()));
        assert!(read("11.3%", "‰").unwrap_err().contains("どちらか"));
        assert!(read("たくさん", "").is_err());
        assert!(super::read("人口", "12", "", Some(Sure::Unknown)).is_err());
    }

    #[test]
    fn a_probable_permille_is_warned_and_an_old_district_is_not() {
        let doubt = |kind: &str, number: &str, unit: &str| doubt(&figure(kind, number, unit));
        assert!(doubt("生活保護受給率", "11.3", "%").unwrap().contains('‰'));
        assert_eq!(doubt("生活保護受給率", "11.3", "‰"), None);
        assert_eq!(doubt("生活保護受給率", "1.1", "%"), None);
        // 50 % in a district where the whole has 25 %.
        assert_eq!(doubt("高齢化率", "50", "%"), None);
        assert!(doubt("高齢化率", "250", "‰").is_some());
        assert!(doubt("自治会加入率", "120", "%").is_some());
        assert!(doubt("空き家率", "12", "").is_some());
        assert_eq!(doubt("人口", "54321", "人"), None);
    }

    #[test]
    fn tomorrows_number_is_a_forecast() {
        let mut later = figure("人口", "48000", "人");
        later.as_of = day("2035-10-01");
        assert!(check(&later, day("2026-11-22")).is_err());
        later.sure = Sure::Estimated;
        assert!(check(&later, day("2026-11-22")).is_ok());
    }

    #[test]
    fn a_fifth_of_the_areas_above_forty_percent_is_told_as_a_fifth() {
        let mut all = Vec::new();
        for (n, number) in ["28.1", "41.0", "39.9", "40", "25"].into_iter().enumerate() {
            let mut f = figure("高齢化率", number, if n == 4 { "％" } else { "%" });
            f.area = Some(AreaId::new());
            all.push(Kept {
                id: FigureId::new(),
                figure: f,
                version: 1,
            });
        }
        // A newer number of the second area, a forecast of it, the whole, and one in ‰.
        let second = all[1].clone();
        let mut add = |area: Option<AreaId>, as_of: &str, number: &str, unit: &str| {
            let mut f = figure("高齢化率", number, unit);
            (f.area, f.as_of) = (area, day(as_of));
            all.push(Kept {
                id: FigureId::new(),
                figure: f,
                version: 1,
            });
        };
        add(second.figure.area, "2026-10-01", "42.5", "%");
        add(second.figure.area, "2035-10-01", "39.0", "%");
        add(None, "2026-04-01", "50", "%");
        add(Some(AreaId::new()), "2026-04-01", "450", "‰");
        let found = above(&all, 40.0, "%", day("2026-11-22"));
        assert_eq!(found.above, [second.figure.area.unwrap()]);
        assert_eq!(
            (found.of, found.other_unit, found.percent()),
            (5, 1, Some(20))
        );
        assert_eq!(above(&[], 40.0, "%", day("2026-11-22")).percent(), None);
    }

    #[test]
    fn two_sources_with_one_number_do_not_differ() {
        let kept = |number: &str| Kept {
            id: FigureId::new(),
            figure: figure("人口", number, "人"),
            version: 1,
        };
        let (a, b, c) = (kept("54321"), kept("54321"), kept("53980"));
        assert!(!differ(&[&a, &b]));
        assert!(differ(&[&a, &b, &c]));
        assert!(!differ(&[&a]));
    }
}
