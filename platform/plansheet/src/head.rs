//! The names and the ○ marks above the first heading.

use unicode_normalization::UnicodeNormalization;

use crate::lines::Row;
use crate::model::{Programmes, Quote};
use crate::warnings::Warnings;

const PREFECTURE: &[&str] = &["都道府県名"];
const MUNICIPALITY: &[&str] = &["市区町村名", "市町村名", "区市町村名"];
const PROGRAMMES: &[&str] = &["実施事業", "実施する事業"];
/// A word of each programme's label that no other has.
const LABELS: [&[&str]; 3] = [
    &["地域力強化推進事業", "地域力強化"],
    &[
        "多機関の協働による包括的支援体制構築事業",
        "多機関の協働",
        "多機関",
    ],
    &["都道府県事業"],
];
/// Between two cells.
const CELL: char = '\u{2}';

/// What the head of a sheet says.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) prefecture: Option<String>,
    pub(crate) municipality: Option<String>,
    pub(crate) marks: Marks,
    /// Labels recognised.
    pub(crate) labels: usize,
}

/// The marks, under both ways of reading those that stand before a label.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    /// A mark belongs to the label in front of it, as the form's table has it.
    after: [bool; 3],
    /// A mark belongs to the label behind it.
    before: [bool; 3],
    /// A mark stands in front of the first label.
    leads: bool,
    /// Some mark is glued to the label behind it.
    glued: bool,
}

/// Reads the rows above 1-1.
pub(crate) fn head(rows: &[Row], warnings: &mut Warnings, quotes: &mut Vec<Quote>) -> Head {
    let mut text = String::new();
    let mut title = None;
    for row in rows.iter().take(40) {
        let words = row.text();
        if title.is_none() && !row.is_blank() && !squeeze(&words).contains("都道府県") {
            title = Some(words);
        }
        for (_, cell) in row.paragraphs() {
            text.extend(cell.nfkc().filter(|c| !c.is_whitespace()));
            text.push(CELL);
        }
    }
    let (mut prefecture, a) = between(&text, PREFECTURE, &[MUNICIPALITY, PROGRAMMES]);
    let (mut municipality, b) = between(&text, MUNICIPALITY, &[PROGRAMMES, PREFECTURE]);
    let c = find(&text, PROGRAMMES);
    by_title(
        title.as_deref(),
        &mut prefecture,
        &mut municipality,
        warnings,
    );
    let marks = c
        .and_then(|(_, end)| text.get(end..))
        .map(|rest| {
            quotes.push(Quote {
                field: "programmes".to_owned(),
                words: rest.replace(CELL, " ").trim().to_owned(),
            });
            marks(rest)
        })
        .unwrap_or_default();
    Head {
        prefecture,
        municipality,
        marks,
        labels: usize::from(a) + usize::from(b) + usize::from(c.is_some()),
    }
}

fn squeeze(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// Where the first of `words` stands: begin and end.
fn find(text: &str, words: &[&str]) -> Option<(usize, usize)> {
    words
        .iter()
        .find_map(|word| text.find(word).map(|at| (at, at + word.len())))
}

/// What stands between a label and the next; and whether the label is there.
fn between(text: &str, label: &[&str], next: &[&[&str]]) -> (Option<String>, bool) {
    let Some((_, end)) = find(text, label) else {
        return (None, false);
    };
    let rest = text.get(end..).unwrap_or_default();
    let stop = next
        .iter()
        .filter_map(|words| find(rest, words).map(|(at, _)| at))
        .min()
        .unwrap_or(rest.len().min(120));
    let value = rest
        .get(..stop)
        .unwrap_or_default()
        .split(CELL)
        .map(|cell| cell.trim_matches(|c: char| matches!(c, ':' | '※' | '-' | '―' | 'ー')))
        .find(|cell| !cell.is_empty())
        .map(str::to_owned);
    (value.filter(|value| value.chars().count() <= 30), true)
}

/// The first line repeats the names: it fills what the table lost, and must agree with the rest.
fn by_title(
    title: Option<&str>,
    prefecture: &mut Option<String>,
    municipality: &mut Option<String>,
    warnings: &mut Warnings,
) {
    let Some(title) = title else { return };
    let words: Vec<&str> = title.split_whitespace().collect();
    let (first, second) = match words.as_slice() {
        [first] => (*first, None),
        [first, second] => (*first, Some(*second)),
        _ => return,
    };
    if !first.ends_with(['都', '道', '府', '県']) || first.chars().count() > 5 {
        return;
    }
    match prefecture {
        None => {
            *prefecture = Some(first.to_owned());
            warnings.add(
                "prefecture",
                "表に都道府県名がないため、1行目から読みました。",
            );
        }
        Some(name) if squeeze(name) != squeeze(first) => warnings.add(
            "prefecture",
            format!("1行目は「{first}」、表は「{name}」です。表の名を採りました。"),
        ),
        Some(_) => {}
    }
    match (municipality.as_deref(), second) {
        (None, Some(second)) => {
            *municipality = Some(second.to_owned());
            warnings.add(
                "municipality",
                "表に市区町村名がないため、1行目から読みました。",
            );
        }
        (Some(name), Some(second)) if squeeze(name) != squeeze(second) => warnings.add(
            "municipality",
            format!("1行目は「{second}」、表は「{name}」です。表の名を採りました。"),
        ),
        _ => {}
    }
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '○' | '〇'
            | '◯'
            | '●'
            | '◎'
            | '⭕'
            | '◉'
            | '✓'
            | '✔'
            | '☑'
            | '☒'
            | '✅'
            | 'レ'
            | '✕'
    )
}

fn marks(text: &str) -> Marks {
    let mut out = Marks::default();
    // the gaps before, between and behind the three labels
    let mut gaps: Vec<&str> = Vec::new();
    let mut rest = text;
    for words in LABELS {
        let Some((at, end)) = find(rest, words) else {
            return out;
        };
        gaps.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    // a note below the table may speak of ○
    let behind: String = rest
        .chars()
        .take(3)
        .take_while(|c| is_mark(*c) || *c == CELL)
        .collect();
    gaps.push(&behind);
    let marked: Vec<bool> = gaps.iter().map(|gap| gap.contains(is_mark)).collect();
    for (nth, (before, after)) in marked.iter().zip(marked.iter().skip(1)).enumerate() {
        if let (Some(b), Some(a)) = (out.before.get_mut(nth), out.after.get_mut(nth)) {
            (*b, *a) = (*before, *after);
        }
    }
    out.leads = marked.first().copied().unwrap_or_default();
    out.glued = gaps.iter().take(3).any(|gap| gap.ends_with(is_mark));
    out
}

impl Marks {
    /// The marks as meant; `filled` tells which blocks are filled in.
    pub(crate) fn meant(self, filled: [bool; 3], warnings: &mut Warnings) -> Programmes {
        let none = [false; 3];
        let meant = if self.leads {
            self.before
        } else if self.after == none && filled != none {
            warnings.add(
                "programmes",
                "実施事業の○が読み取れません。記入のある事業を実施するものとしました。",
            );
            return programmes(filled);
        } else if self.glued
            && self.after != filled
            && self.before == filled
            && self
                .after
                .iter()
                .zip(filled)
                .any(|(mark, filled)| *mark && !filled)
        {
            warnings.add(
                "programmes",
                "○がどの事業のものか、位置からは決まりません。記入のある事業に合わせました。",
            );
            self.before
        } else {
            self.after
        };
        let names = [
            ("community_strengthening", "地域力強化推進事業"),
            ("multi_agency", "多機関の協働による包括的支援体制構築事業"),
            ("prefectural", "都道府県事業"),
        ];
        for ((mark, filled), (field, name)) in meant.iter().zip(filled).zip(names) {
            let path = format!("programmes.{field}");
            if *mark && !filled {
                warnings.add(
                    &path,
                    format!("{name}に○がありますが、その欄の記入がありません。"),
                );
            } else if !mark && filled {
                warnings.add(
                    &path,
                    format!("{name}の欄に記入がありますが、○がありません。"),
                );
            }
        }
        programmes(meant)
    }
}

fn programmes(marks: [bool; 3]) -> Programmes {
    let [community_strengthening, multi_agency, prefectural] = marks;
    Programmes {
        community_strengthening,
        multi_agency,
        prefectural,
    }
}
