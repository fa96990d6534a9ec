//! Figures and marks, and the warnings that go with doubtful ones.

#![cfg(test)]

mod form;

use engawa_plansheet::Programmes;
use form::{SHEET, read, warned, with};

#[test]
fn figures_of_every_shape() {
    for (from, to) in [
        ("12,345 (人)", "12, 345 (人)"),
        ("12,345 (人)", "１２，３４５（人）"),
        ("12,345 (人)", "12345"),
        ("人口\t12,345 (人)", "人口 12,345 (人)\t"),
        ("12,345 (人)", "12,345 (人) H31.4.1 現在"),
        ("12,345 (人)", "(令和元年10月1日現在) 12,345 (人)"),
    ] {
        let sheet = read(&with(from, to));
        assert_eq!(sheet.profile.population, Some(12_345), "{to}");
        assert_eq!(sheet.profile.households, Some(5_432), "{to}");
    }
    let sheet = read(&with("34.5 (%)", "34.5. (%)"));
    assert_eq!(sheet.profile.aging_rate.unwrap().value, 34.5);
    let sheet = read(&with("高齢化率\t34.5 (%)", "高齢化率 (%)\t34.5"));
    assert_eq!(sheet.profile.aging_rate.unwrap().unit.as_deref(), Some("%"));
    let sheet = read(&with("98.76 (k m ²)", "1,098 (㎢)"));
    assert_eq!(sheet.profile.area_km2, Some(1_098.0));
}

#[test]
fn a_blank_figure_takes_nothing_from_its_neighbours() {
    let sheet = read(&with(
        "78.9(%)\t公立小学校数\t3(校)",
        "(%)\t公立小学校数 3(校)\t",
    ));
    assert_eq!(sheet.profile.association_rate, None);
    assert_eq!(sheet.profile.elementary_schools, Some(3));
    let sheet = read(&with("78.9(%)", "未集計(%)"));
    assert_eq!(sheet.profile.association_rate, None);
    assert!(warned(&sheet, "profile.association_rate", "未集計"));
}

#[test]
fn labels_in_one_row_and_figures_in_the_next() {
    let sheet = read(&with(
        "人口\t12,345 (人)\t\t世帯数\t5,432 (世帯)\t",
        "人口\t世帯数\n12,345 (人)\t5,432 (世帯)",
    ));
    assert_eq!(sheet.profile.population, Some(12_345));
    assert_eq!(sheet.profile.households, Some(5_432));
    assert!(warned(&sheet, "profile.households", "列の位置"));
}

#[test]
fn a_figure_in_the_wrong_cell_is_taken_by_its_unit_and_warned_of() {
    let sheet = read(&with(
        "人口\t12,345 (人)\t\t世帯数\t5,432 (世帯)\t",
        "人口\t\t世帯数\t12,345 (人) 5,432 (世帯)",
    ));
    assert_eq!(sheet.profile.population, Some(12_345));
    assert_eq!(sheet.profile.households, Some(5_432));
    assert!(warned(&sheet, "profile.population", "ずれた欄"));
    assert!(warned(&sheet, "profile.households", "二つ以上"));
}

#[test]
fn rates_are_never_converted() {
    for (printed, value, unit, odd) in [
        ("12.3 (‰)", 12.3, Some("‰"), None),
        ("12.3 (%)", 12.3, Some("%"), Some("高すぎます")),
        ("0.0123 (%)", 0.0123, Some("%"), Some("低すぎます")),
        ("1.23", 1.23, None, Some("単位がありません")),
    ] {
        let sheet = read(&with("1.23 (%)", printed));
        let rate = sheet.profile.welfare_rate.clone().unwrap();
        assert_eq!((rate.value, rate.unit.as_deref()), (value, unit));
        assert_eq!(odd.is_some(), !sheet.warnings.is_empty(), "{printed}");
        assert!(odd.is_none_or(|odd| warned(&sheet, "profile.welfare_rate", odd)));
    }
}

#[test]
fn prose_against_table() {
    let sheet = read(&with("塩づくりが盛んである。", "生活保護率は25.5%である。"));
    assert!(warned(&sheet, "profile.welfare_rate", "25.5%"));
    let sheet = read(&with("塩づくりが盛んである。", "生活保護率は12.5‰である。"));
    assert!(sheet.warnings.is_empty());
    let sheet = read(&with(
        "町内全域\t中学校区\t12,345人",
        "町内全域\t中学校区\t13,000人",
    ));
    assert!(warned(&sheet, "profile.population", "13,000人"));
    let sheet = read(&with("みなも町(直営)", "みなと町(直営)"));
    assert!(warned(&sheet, "multi_agency.implementer", "みなと町"));
    let sheet = read(&with("青波県 みなも町\n", "青波県 みなも\n"));
    assert!(warned(&sheet, "municipality", "1行目"));
    assert_eq!(sheet.municipality.as_deref(), Some("みなも町"));
}

#[test]
fn a_missing_label_is_named() {
    let sheet = read(&with(
        "エ 新たな社会資源の創出のための取組の概要\t\n仕事の場を増やす。\t\n",
        "",
    ));
    assert!(warned(&sheet, "multi_agency", "「新たな社会資源の創出"));
    let block = sheet.multi_agency.unwrap();
    assert_eq!(block.new_resources, None);
    assert_eq!(block.own_funding.as_deref(), Some("寄附を募る。"));
}

const MARKS: &str =
    "\t地域力強化推進事業\t○ 多機関の協働による 包括的支援体制構築事業\t○ 都道府県事業";

fn marks(row: &str, blocks: [bool; 2]) -> (Programmes, Vec<String>) {
    let mut text = with(MARKS, row);
    let three = text.find("3. 地域力").unwrap();
    let four = text.find("4. 多機関").unwrap();
    if !blocks[1] {
        text.truncate(four);
    }
    if !blocks[0] {
        text.replace_range(three..four, "");
    }
    let sheet = read(&text);
    (sheet.programmes, sheet.warnings)
}

fn programmes(community_strengthening: bool, multi_agency: bool) -> Programmes {
    Programmes {
        community_strengthening,
        multi_agency,
        prefectural: false,
    }
}

#[test]
fn marks_as_meant_not_as_glued() {
    let both = [true, true];
    for (row, blocks, wanted) in [
        (
            "\t地域力強化推進事業\t○\t多機関の協働による包括的支援体制構築事業\t○\t都道府県事業",
            both,
            (true, true),
        ),
        (
            "\t地域力強化推進事業 〇\t多機関の協働による包括的支援体制構築事業 ◯\t都道府県事業",
            both,
            (true, true),
        ),
        (
            "\t○地域力強化推進事業\t○多機関の協働による包括的支援体制構築事業\t都道府県事業",
            both,
            (true, true),
        ),
        (
            "\t地域力強化推進事業\t<input type=\"radio\"/> 多機関の協働による 包括的支援体制構築事業\t都道府県事業",
            [true, false],
            (true, false),
        ),
        (
            "\t地域力強化推進事業\t多機関の協働による 包括的支援体制構築事業\t○ 都道府県事業",
            [false, true],
            (false, true),
        ),
        (
            "\t地域力強化推進事業\t\t多機関の協働による包括的支援体制構築事業\t○\t都道府県事業\t\t※実施する事業に○を記入",
            [false, true],
            (false, true),
        ),
    ] {
        let (read, warnings) = marks(row, blocks);
        assert_eq!(read, programmes(wanted.0, wanted.1), "{row}");
        assert!(warnings.is_empty(), "{row}: {warnings:?}");
    }
}

#[test]
fn marks_that_do_not_agree_with_the_blocks() {
    let row = "\t地域力強化推進事業\t\t多機関の協働による包括的支援体制構築事業\t○\t都道府県事業";
    let (read, warnings) = marks(row, [true, true]);
    assert_eq!(read, programmes(false, true), "as printed");
    assert!(
        warnings
            .iter()
            .any(|w| w.starts_with("programmes.community_strengthening: "))
    );
    let row = "\t地域力強化推進事業\t多機関の協働による包括的支援体制構築事業\t都道府県事業";
    let (read, warnings) = marks(row, [true, false]);
    assert_eq!(read, programmes(true, false), "by the block that is filled");
    assert!(warnings.iter().any(|w| w.starts_with("programmes: ")));
    let row = "\t地域力強化推進事業\t○ 多機関の協働による包括的支援体制構築事業\t都道府県事業";
    let (read, warnings) = marks(row, [false, true]);
    assert_eq!(
        read,
        programmes(false, true),
        "the mark stands before its label"
    );
    assert!(warnings.iter().any(|w| w.starts_with("programmes: ")));
}

#[test]
fn every_figure_keeps_the_words_it_came_from() {
    let sheet = read(SHEET);
    let words = |field: &str| {
        let quote = sheet.quotes.iter().find(|quote| quote.field == field);
        quote.map(|quote| quote.words.as_str())
    };
    assert_eq!(words("profile.population"), Some("12,345 (人)"));
    assert!(words("programmes").unwrap().contains('○'));
}
