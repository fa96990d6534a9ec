//! Everything doubtful, said to the person who imports the sheet.

use crate::figures::{Figure, Unit, figures};
use crate::fold::squeezed;
use crate::model::{PlanSheet, Rate};
use crate::profile::short;

/// The list of doubts, each once.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Vec<String>);

/// More would help nobody.
const MOST: usize = 200;

impl Warnings {
    pub(crate) fn add(&mut self, path: &str, text: impl AsRef<str>) {
        let warning = format!("{path}: {}", text.as_ref());
        if self.0.len() < MOST && !self.0.contains(&warning) {
            self.0.push(warning);
        }
    }

    pub(crate) fn into_vec(self) -> Vec<String> {
        self.0
    }
}

/// Doubts that show only once the whole sheet is read.
pub(crate) fn check(sheet: &PlanSheet, warnings: &mut Warnings) {
    rates(sheet, warnings);
    counts(sheet, warnings);
    welfare_in_prose(sheet, warnings);
    populations(sheet, warnings);
    implementers(sheet, warnings);
    hints(sheet, warnings);
}

/// The form's own instructions that nobody replaced by an answer.
fn hints(sheet: &PlanSheet, warnings: &mut Warnings) {
    for (path, text) in [
        (
            "profile.community_support_centers",
            &sheet.profile.community_support_centers,
        ),
        (
            "profile.self_reliance_desks",
            &sheet.profile.self_reliance_desks,
        ),
    ] {
        if let Some(text) = text
            && ["記入してください", "記載してください", "記入例"]
                .iter()
                .any(|hint| text.contains(hint))
        {
            warnings.add(
                path,
                format!(
                    "様式の注意書き「{}」が残っています。記入がなかったようです。",
                    short(text)
                ),
            );
        }
    }
}

/// Rates that their unit makes implausible. Nothing is converted.
fn rates(sheet: &PlanSheet, warnings: &mut Warnings) {
    let profile = &sheet.profile;
    let shown = |rate: &Rate| {
        format!(
            "{} ({})",
            rate.value,
            rate.unit.as_deref().unwrap_or("単位なし")
        )
    };
    if let Some(rate) = &profile.welfare_rate {
        let path = "profile.welfare_rate";
        let odd = match rate.unit.as_deref() {
            // the highest municipal rates are near 6 %, the lowest above 0.05 %
            Some("%") if rate.value > 6.0 => {
                Some("％としては高すぎます。‰の書き誤りかもしれません")
            }
            Some("%") if rate.value < 0.05 => {
                Some("％としては低すぎます。割合（1に対する比）か単位の書き誤りかもしれません")
            }
            Some("‰") if rate.value > 60.0 => Some("‰としても高すぎます"),
            Some("‰") if rate.value < 0.5 => {
                Some("‰としては低すぎます。％の書き誤りかもしれません")
            }
            None => Some("単位がありません"),
            _ => None,
        };
        if let Some(odd) = odd {
            warnings.add(
                path,
                format!(
                    "生活保護受給率が{}とあります。{odd}。書かれたとおり読み、換算していません。",
                    shown(rate)
                ),
            );
        }
    }
    for (path, name, rate, low, high) in [
        (
            "profile.aging_rate",
            "高齢化率",
            &profile.aging_rate,
            8.0,
            75.0,
        ),
        (
            "profile.association_rate",
            "加入率",
            &profile.association_rate,
            2.0,
            100.0,
        ),
    ] {
        let Some(rate) = rate else { continue };
        let percent = rate.unit.as_deref() == Some("%");
        if !percent || rate.value < low || rate.value > high {
            warnings.add(
                path,
                format!("{name}が{}とあります。値か単位を確かめてください。書かれたとおり読み、換算していません。", shown(rate)),
            );
        }
    }
}

/// Counts that cannot all be right.
fn counts(sheet: &PlanSheet, warnings: &mut Warnings) {
    let profile = &sheet.profile;
    if let (Some(people), Some(households)) = (profile.population, profile.households)
        && (households == 0 || people < households || people > households.saturating_mul(6))
    {
        warnings.add(
            "profile.households",
            format!("人口{people}人に対して世帯数{households}世帯は不自然です。"),
        );
    }
    if let Some(area) = profile.area_km2 {
        // the largest municipality has 2,178 km², the largest prefecture 83,424 km²
        let most = if sheet.municipality.is_some() {
            2_200.0
        } else {
            84_000.0
        };
        if area <= 0.0 || area > most {
            warnings.add(
                "profile.area_km2",
                format!("面積{area}km²は不自然です。単位か桁を確かめてください。"),
            );
        }
    }
    if sheet.municipality.is_some() {
        for (path, name, value) in [
            (
                "profile.elementary_schools",
                "公立小学校数",
                profile.elementary_schools,
            ),
            (
                "profile.junior_high_schools",
                "公立中学校数",
                profile.junior_high_schools,
            ),
        ] {
            if let Some(value) = value.filter(|value| *value > 500) {
                warnings.add(path, format!("{name}{value}校は多すぎます。"));
            }
        }
    }
}

/// Welfare rates in prose that are far from the table's.
fn welfare_in_prose(sheet: &PlanSheet, warnings: &mut Warnings) {
    let Some(table) = &sheet.profile.welfare_rate else {
        return;
    };
    let mut found = Vec::new();
    for text in prose(sheet) {
        for word in ["保護率", "保護受給率"] {
            for (at, _) in text.match_indices(word).take(20) {
                let behind: String = text
                    .get(at + word.len()..)
                    .unwrap_or_default()
                    .chars()
                    .take(30)
                    .collect();
                let figure = figures(&behind)
                    .into_iter()
                    .find(|figure| matches!(figure.unit, Unit::Percent | Unit::Permille));
                if let Some(figure) = figure.filter(|figure| apart(table, figure)) {
                    found.push((figure, short(&behind)));
                }
            }
        }
    }
    for (figure, words) in found {
        let sign = if figure.unit == Unit::Permille {
            "‰"
        } else {
            "%"
        };
        warnings.add(
            "profile.welfare_rate",
            format!(
                "1-1の生活保護受給率は{} ({})ですが、本文には{}{sign}とあります（「{words}」）。単位か値のどちらかが誤りかもしれません。",
                table.value,
                table.unit.as_deref().unwrap_or("単位なし"),
                figure.value
            ),
        );
    }
}

/// Five times as much or a fifth, once both are in ‰.
fn apart(table: &Rate, figure: &Figure) -> bool {
    let table = table.value
        * if table.unit.as_deref() == Some("‰") {
            1.0
        } else {
            10.0
        };
    let figure = figure.value
        * if figure.unit == Unit::Permille {
            1.0
        } else {
            10.0
        };
    table > 0.0 && figure > 0.0 && (figure / table >= 5.0 || table / figure >= 5.0)
}

/// The texts that speak of the municipality as a whole.
fn prose(sheet: &PlanSheet) -> Vec<&str> {
    let mut texts = vec![
        sheet.features.as_deref(),
        sheet.vision.aim.as_deref(),
        sheet.vision.change.as_deref(),
    ];
    if let Some(block) = &sheet.community_strengthening {
        texts.push(block.need.as_deref());
    }
    if let Some(block) = &sheet.multi_agency {
        texts.extend([block.need.as_deref(), block.overview.as_deref()]);
    }
    texts.into_iter().flatten().collect()
}

/// Populations of the whole municipality that differ from 1-1's or from each other.
fn populations(sheet: &PlanSheet, warnings: &mut Warnings) {
    let Some(block) = &sheet.community_strengthening else {
        return;
    };
    let name = sheet
        .municipality
        .as_deref()
        .map(squeezed)
        .unwrap_or_default();
    for (half, area, unit, population) in [
        (
            "ア",
            &block.a.target_area,
            &block.a.area_unit,
            &block.a.population,
        ),
        (
            "イ",
            &block.b.target_area,
            &block.b.area_unit,
            &block.b.population,
        ),
    ] {
        let words = population.as_deref().unwrap_or_default();
        let list: Vec<Figure> = figures(words)
            .into_iter()
            .filter(|figure| matches!(figure.unit, Unit::Person | Unit::Bare | Unit::Other))
            .collect();
        let [figure] = list.as_slice() else { continue };
        let here = figure.value.round().abs() as u64;
        let whole = [area, unit].iter().any(|text| {
            let text = squeezed(text.as_deref().unwrap_or_default());
            !text.is_empty()
                && (text.ends_with("全域")
                    || text.ends_with("全体")
                    || text == name
                    || matches!(
                        text.as_str(),
                        "市内" | "町内" | "村内" | "区内" | "市" | "町" | "村" | "区"
                    ))
        });
        let Some(total) = sheet.profile.population else {
            continue;
        };
        let rough = figure.doubtful
            || ["約", "およそ", "おおよそ", "概ね", "程度", "あたり", "平均"]
                .iter()
                .any(|word| words.contains(word));
        if whole && here != total && !rough {
            warnings.add(
                "profile.population",
                format!(
                    "全域の人口が二とおりあります。1-1は{total}人、3の{half}は「{}」です。",
                    short(words)
                ),
            );
        } else if here > total {
            warnings.add(
                "profile.population",
                format!(
                    "3の{half}の対象地域の人口「{}」が、1-1の人口{total}人を超えています。",
                    short(words)
                ),
            );
        }
    }
}

/// An implementer that names another municipality than the head of the sheet.
fn implementers(sheet: &PlanSheet, warnings: &mut Warnings) {
    let Some(name) = sheet.municipality.as_deref().map(squeezed) else {
        return;
    };
    let prefecture = sheet
        .prefecture
        .as_deref()
        .map(squeezed)
        .unwrap_or_default();
    for (path, text) in [
        (
            "community_strengthening.implementer",
            sheet
                .community_strengthening
                .as_ref()
                .and_then(|block| block.implementer.as_deref()),
        ),
        (
            "multi_agency.implementer",
            sheet
                .multi_agency
                .as_ref()
                .and_then(|block| block.implementer.as_deref()),
        ),
    ] {
        let Some(text) = text else { continue };
        let folded = squeezed(text);
        let first: String = folded
            .strip_prefix(prefecture.as_str())
            .unwrap_or(&folded)
            .chars()
            .take_while(|c| !matches!(c, '(' | '社' | '一' | '委'))
            .collect();
        let names_one = first.ends_with(['市', '町', '村', '区']) && first.chars().count() >= 3;
        if names_one && !folded.contains(&name) {
            warnings.add(
                path,
                format!(
                    "実施主体「{}」の自治体名が、表の市区町村名と違います。",
                    short(text)
                ),
            );
        }
    }
}
