//! 1-1: figures beside their labels, in a table of any width.

use crate::figures::{Figure, Unit, figures};
use crate::fold::{Folded, fold, nearest_beginning};
use crate::lines::Row;
use crate::model::{Profile, Quote, Rate};
use crate::warnings::Warnings;

/// A label of 1-1: its words, what it must contain, the unit of its figure, its field.
struct Item {
    words: &'static str,
    key: &'static str,
    unit: Option<Unit>,
    field: &'static str,
}

const ITEMS: [Item; 10] = [
    item("人口", "人口", Some(Unit::Person), "population"),
    item("世帯数", "世帯", Some(Unit::Household), "households"),
    item("高齢化率", "高齢", Some(Unit::Percent), "aging_rate"),
    item(
        "生活保護受給率",
        "保護",
        Some(Unit::Percent),
        "welfare_rate",
    ),
    item("面積", "面積", Some(Unit::SquareKm), "area_km2"),
    item(
        "地縁組織(自治会、町内会等)加入率",
        "加入率",
        Some(Unit::Percent),
        "association_rate",
    ),
    item(
        "公立小学校数",
        "小学",
        Some(Unit::School),
        "elementary_schools",
    ),
    item(
        "公立中学校数",
        "中学",
        Some(Unit::School),
        "junior_high_schools",
    ),
    item(
        "地域包括支援センター",
        "センター",
        None,
        "community_support_centers",
    ),
    item(
        "生活困窮者自立相談支援事業",
        "生活困窮",
        None,
        "self_reliance_desks",
    ),
];

const fn item(
    words: &'static str,
    key: &'static str,
    unit: Option<Unit>,
    field: &'static str,
) -> Item {
    Item {
        words,
        key,
        unit,
        field,
    }
}

/// Rows, and cells in one row, beyond which nothing is a table of ten fields any more.
const MOST_ROWS: usize = 100;
const MOST_CELLS: usize = 60;

/// What stands beside one label.
#[derive(Clone, Debug, Default)]
struct Beside {
    seen: bool,
    text: String,
    /// The text came from the row below, by its column.
    shifted: bool,
}

/// Reads 1-1 from its rows.
pub(crate) fn profile(
    rows: &[Row],
    warnings: &mut Warnings,
    quotes: &mut Vec<Quote>,
) -> (Profile, usize) {
    let found = collect(rows, warnings);
    let labels = found.iter().filter(|beside| beside.seen).count();
    let mut read: Vec<Vec<Figure>> = found.iter().map(|beside| figures(&beside.text)).collect();
    let mut values: Vec<Option<Figure>> = Vec::new();
    for (nth, (item, beside)) in ITEMS.iter().zip(&found).enumerate() {
        let figure = item
            .unit
            .and_then(|unit| pick(item, unit, beside, read.get(nth), warnings));
        values.push(figure);
        if !beside.text.is_empty() {
            quotes.push(Quote {
                field: format!("profile.{}", item.field),
                words: beside.text.clone(),
            });
        }
    }
    steal(&mut values, &mut read, warnings);
    let text = |nth: usize| {
        found
            .get(nth)
            .map(|beside| beside.text.clone())
            .filter(|text| !text.is_empty())
    };
    let figure = |nth: usize| values.get(nth).copied().flatten();
    let count = |nth: usize| figure(nth).map(|figure| figure.value.round().abs() as u64);
    let rate = |nth: usize| figure(nth).map(|figure| rate(figure, &text(nth).unwrap_or_default()));
    let profile = Profile {
        population: count(0),
        households: count(1),
        aging_rate: rate(2),
        welfare_rate: rate(3),
        area_km2: figure(4).map(|figure| figure.value),
        association_rate: rate(5),
        elementary_schools: count(6),
        junior_high_schools: count(7),
        community_support_centers: text(8),
        self_reliance_desks: text(9),
    };
    (profile, labels)
}

/// The words beside every label.
fn collect(rows: &[Row], warnings: &mut Warnings) -> Vec<Beside> {
    let mut found: Vec<Beside> = ITEMS.iter().map(|_| Beside::default()).collect();
    let mut open: Option<usize> = None;
    // the labels of a row that holds nothing else, with their columns
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    for row in rows.iter().take(MOST_ROWS) {
        let mut labels: Vec<(usize, usize)> = Vec::new();
        let mut filled = false;
        let cells = row.cells.iter().take(MOST_CELLS).enumerate();
        for (column, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
            let cell = cell.join("\n");
            let mut rest = cell.as_str();
            if let Some((nth, end)) = label(rest, &found) {
                labels.push((column, nth));
                open = Some(nth);
                if let Some(beside) = found.get_mut(nth) {
                    beside.seen = true;
                }
                rest = rest.get(end..).unwrap_or_default().trim();
            } else if labels.is_empty() && waiting.len() > 1 {
                let nth = waiting.iter().rev().find(|(from, _)| *from <= column);
                if let Some(beside) = nth.and_then(|(_, nth)| found.get_mut(*nth)) {
                    beside.shifted = true;
                    join(&mut beside.text, rest);
                }
                continue;
            } else if labels.is_empty() && row.gap {
                note(rest, warnings);
                continue;
            }
            while let Some((at, nth, end)) = label_inside(rest, &found) {
                filled |= give(&mut found, open, rest.get(..at).unwrap_or_default());
                open = Some(nth);
                if let Some(beside) = found.get_mut(nth) {
                    beside.seen = true;
                }
                rest = rest.get(end..).unwrap_or_default();
            }
            filled |= give(&mut found, open, rest);
        }
        waiting = if filled { Vec::new() } else { labels };
    }
    found
}

fn give(found: &mut [Beside], open: Option<usize>, text: &str) -> bool {
    let text = text.trim().trim_start_matches([':', '：']).trim_start();
    let Some(beside) = open.and_then(|nth| found.get_mut(nth)) else {
        return false;
    };
    join(&mut beside.text, text);
    text.chars()
        .any(|c| !matches!(c, '(' | ')' | '（' | '）' | '%' | '％'))
}

fn join(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

/// A line below the table that belongs to no label.
fn note(text: &str, warnings: &mut Warnings) {
    warnings.add(
        "profile",
        format!(
            "1-1の表の外に「{}」とあります。どの項目にも入れていません。",
            short(text)
        ),
    );
}

/// The label that a cell begins with.
fn label(text: &str, found: &[Beside]) -> Option<(usize, usize)> {
    let folded = Folded::new(text, 40);
    let mut best: Option<(usize, usize, usize)> = None;
    for (nth, item) in ITEMS.iter().enumerate() {
        let words = fold(item.words);
        let (distance, end) = nearest_beginning(&words, &folded);
        let allowed = if words.len() < 5 { 0 } else { words.len() / 4 };
        let again = found.get(nth).is_some_and(|beside| beside.seen);
        // words in a text field may begin with a label's words
        if distance > allowed || (again && item.unit.is_none()) {
            continue;
        }
        let matched: String = folded.chars.iter().take(end).collect();
        let glued = words.len() < 5 && !folded.closed(end) && !starts_value(&folded, end);
        if glued || !matched.contains(&fold(item.key).iter().collect::<String>()) {
            continue;
        }
        if best.is_none_or(|(least, _, _)| distance < least) {
            best = Some((distance, nth, folded.end(end)));
        }
    }
    best.map(|(_, nth, end)| (nth, end))
}

/// A figure or a bracket follows.
fn starts_value(folded: &Folded, end: usize) -> bool {
    folded
        .chars
        .get(end)
        .is_some_and(|c| c.is_numeric() || *c == '(')
}

/// A label of a figure behind white space inside a cell: where it begins and ends.
fn label_inside(text: &str, found: &[Beside]) -> Option<(usize, usize, usize)> {
    let text: String = text.chars().take(300).collect();
    text.char_indices()
        .filter(|(_, c)| c.is_whitespace())
        .find_map(|(at, c)| {
            let from = at + c.len_utf8();
            let rest = text.get(from..)?;
            let folded = Folded::new(rest, 24);
            ITEMS.iter().enumerate().find_map(|(nth, item)| {
                let words = fold(item.words);
                let unseen = found.get(nth).is_some_and(|beside| !beside.seen);
                let here = item.unit.is_some() && unseen && folded.chars.starts_with(&words);
                let ends = folded.closed(words.len()) || starts_value(&folded, words.len());
                (here && ends).then(|| (at, nth, from + folded.end(words.len())))
            })
        })
}

/// The figure of a field among those beside its label.
fn pick(
    item: &Item,
    unit: Unit,
    beside: &Beside,
    read: Option<&Vec<Figure>>,
    warnings: &mut Warnings,
) -> Option<Figure> {
    let path = format!("profile.{}", item.field);
    let read = read?;
    let fits = |figure: &Figure| {
        figure.unit == unit
            || figure.unit == Unit::Bare
            || (unit == Unit::Percent && figure.unit == Unit::Permille)
    };
    let Some(figure) = read.iter().find(|figure| fits(figure)).copied() else {
        if !read.is_empty() {
            warnings.add(
                &path,
                format!(
                    "「{}」の単位が{}のものではありません。値を入れていません。",
                    short(&beside.text),
                    item.words
                ),
            );
        } else if says_something(&beside.text) {
            warnings.add(
                &path,
                format!(
                    "「{}」を数として読めません。空欄としました。",
                    short(&beside.text)
                ),
            );
        }
        return None;
    };
    if read.len() > 1 {
        warnings.add(
            &path,
            format!(
                "「{}」に数が二つ以上あります。{}を採りました。",
                short(&beside.text),
                figure.value
            ),
        );
    }
    if figure.doubtful || (unit != Unit::SquareKm && counts(unit) && figure.value.fract() != 0.0) {
        warnings.add(
            &path,
            format!(
                "「{}」は端数のない数として読めません。{}としました。",
                short(&beside.text),
                figure.value.round()
            ),
        );
    }
    if beside.shifted {
        warnings.add(
            &path,
            format!(
                "値は項目の下の行から、列の位置で読みました（「{}」）。",
                short(&beside.text)
            ),
        );
    }
    Some(figure)
}

fn counts(unit: Unit) -> bool {
    matches!(unit, Unit::Person | Unit::Household | Unit::School)
}

/// More than a unit in brackets or a dash.
fn says_something(text: &str) -> bool {
    text.chars()
        .any(|c| c.is_alphabetic() && !"kmKM人世帯校".contains(c))
}

/// A blank field takes the figure with its unit that slipped into another field's cell.
fn steal(values: &mut [Option<Figure>], read: &mut [Vec<Figure>], warnings: &mut Warnings) {
    for (nth, item) in ITEMS.iter().enumerate() {
        let Some(unit) = item
            .unit
            .filter(|unit| counts(*unit) || *unit == Unit::SquareKm)
        else {
            continue;
        };
        if values.get(nth).copied().flatten().is_some() || unit == Unit::School {
            continue;
        }
        let slipped = read
            .iter()
            .enumerate()
            .filter(|(from, _)| {
                ITEMS
                    .get(*from)
                    .is_some_and(|i| i.unit.is_some_and(|u| u != unit))
            })
            .find_map(|(_, list)| list.iter().find(|figure| figure.unit == unit).copied());
        if let (Some(figure), Some(value)) = (slipped, values.get_mut(nth)) {
            *value = Some(figure);
            warnings.add(
                &format!("profile.{}", item.field),
                format!("値{}は、ずれた欄から単位を頼りに読みました。", figure.value),
            );
        }
    }
}

/// A rate with the unit that stands behind it or, failing that, anywhere in its cell.
fn rate(figure: Figure, text: &str) -> Rate {
    let unit = match figure.unit {
        Unit::Percent => Some("%"),
        Unit::Permille => Some("‰"),
        _ if text.contains('‰') => Some("‰"),
        _ if text.contains(['%', '％']) => Some("%"),
        _ => None,
    };
    Rate {
        value: figure.value,
        unit: unit.map(str::to_owned),
    }
}

/// The beginning of a text, for a warning.
pub(crate) fn short(text: &str) -> String {
    let mut out: String = text.chars().take(30).collect();
    if text.chars().nth(30).is_some() {
        out.push('…');
    }
    out.replace('\n', " ")
}
