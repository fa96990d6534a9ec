//! From a form or a row of a sheet to checked [`Values`]; and from values back to the text of a
//! sheet's cell. The same reader for both, so that an import obeys every rule that a screen does.

use chrono::NaiveDate;
use engawa_kernel::{
    form::{Form, Posted},
    text::{
        fiscal::FiscalYear,
        wareki::{DateError, parse_date},
    },
};
use engawa_sheets::Row;

use crate::{
    choices::Choices,
    field::{Field, Kind, Record, Values},
};

/// Rows of one group at most.
pub(crate) const MAX_ROWS: usize = 200;

/// Reads every field; messages stand in the form.
pub(crate) fn read(
    form: &mut Form,
    fields: &'static [Field],
    choices: &Choices,
    today: NaiveDate,
) -> Values {
    read_at(form, fields, "", choices, today)
}

fn read_at(
    form: &mut Form,
    fields: &'static [Field],
    prefix: &str,
    choices: &Choices,
    today: NaiveDate,
) -> Values {
    let mut values = Values::default();
    for field in fields {
        let name = format!("{prefix}{}", field.key);
        let (label, required) = (field.label, field.required);
        let found: Vec<String> = match field.kind {
            Kind::Line(max) => one(form.text(&name, label, max, required).replace('\n', " ")),
            Kind::Lines(max) => one(form.text(&name, label, max, required)),
            Kind::Day => form
                .parsed(&name, label, required, |t| parse_date(t, today))
                .map(|d| d.to_string())
                .into_iter()
                .collect(),
            Kind::Year => form
                .parsed(&name, label, required, |t| year(t, today))
                .map(|y| y.to_string())
                .into_iter()
                .collect(),
            Kind::Number(low, high) => form
                .integer(&name, label, low..=high, required)
                .map(|n| n.to_string())
                .into_iter()
                .collect(),
            Kind::Flag => form
                .flag(&name)
                .then(|| "1".to_owned())
                .into_iter()
                .collect(),
            Kind::Pick(_) | Kind::Picks(_) => picks(form, field, &name, choices),
            Kind::Rows(inner) => {
                let rows = read_rows(form, field, inner, &name, choices, today);
                values.rows.insert(field.key, rows);
                continue;
            }
        };
        values.one.insert(field.key, found);
    }
    values
}

fn one(text: String) -> Vec<String> {
    if text.is_empty() { vec![] } else { vec![text] }
}

fn picks(form: &mut Form, field: &Field, name: &str, choices: &Choices) -> Vec<String> {
    let (Kind::Pick(source) | Kind::Picks(source)) = field.kind else {
        return vec![];
    };
    let mut given: Vec<String> = form
        .values(name)
        .into_iter()
        .map(str::trim)
        .filter(|v| !v.is_empty())
        .map(str::to_owned)
        .collect();
    if matches!(field.kind, Kind::Pick(_)) {
        given.truncate(1);
    }
    if given.is_empty() && field.required {
        form.error(
            name,
            field.label,
            format!("「{}」を選んでください。", field.label),
        );
    }
    let mut found = Vec::new();
    for text in given {
        match choices.find(source, &text) {
            Some(code) if !found.contains(&code) => found.push(code),
            Some(_) => {}
            None => {
                let shown: String = text.chars().take(40).collect();
                form.error(
                    name,
                    field.label,
                    format!(
                        "「{}」の「{shown}」は登録されていないか、同じ名前が二つ以上あります。一覧にあるコードか名前を入れてください。",
                        field.label
                    ),
                );
            }
        }
    }
    // One order, so that the same choices compare as the same.
    found.sort_unstable();
    found
}

fn read_rows(
    form: &mut Form,
    field: &Field,
    inner: &'static [Field],
    name: &str,
    choices: &Choices,
    today: NaiveDate,
) -> Vec<Values> {
    let numbers = form.indexed(name);
    if numbers.len() > MAX_ROWS {
        form.error(
            name,
            field.label,
            format!(
                "「{}」は{MAX_ROWS}行までです(いま{}行)。入力はこの画面に残っています。",
                field.label,
                numbers.len()
            ),
        );
        return vec![];
    }
    let mut rows = Vec::new();
    for n in numbers {
        let prefix = format!("{name}[{n}].");
        let blank = inner.iter().all(|f| {
            form.values(&format!("{prefix}{}", f.key))
                .iter()
                .all(|v| v.trim().is_empty())
        });
        if !blank {
            rows.push(read_at(form, inner, &prefix, choices, today));
        }
    }
    rows
}

/// 2026, R8, 令和8年度 …: the western year in which the fiscal year begins.
fn year(text: &str, today: NaiveDate) -> Result<i32, DateError> {
    let bare = text.trim().trim_end_matches('度').trim_end_matches('年');
    if let Ok(western) = bare.parse::<i32>()
        && western > 1900
        && let Ok(year) = FiscalYear::try_from(western)
    {
        return Ok(year.year());
    }
    // 1 May: an era that changes in spring has begun by then.
    parse_date(&format!("{bare}.5.1"), today)
        .or_else(|_| parse_date(&format!("{bare}年5月1日"), today))
        .map(|day| FiscalYear::of(day).year())
}

/// The parts of a cell that holds several values.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', ',', ';', '；', '\n'])
        .map(str::trim)
        .filter(|p| !p.is_empty())
}

/// A row of a sheet as the form that it would have been. Columns that the file does not have keep
/// what is stored (`kept`), so that a file with three columns changes three fields.
pub(crate) fn form_of_row(
    row: &Row,
    fields: &'static [Field],
    has: impl Fn(&str) -> bool,
    kept: Option<&Record>,
) -> Form {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for field in fields {
        if !has(field.key) {
            if let Some(record) = kept {
                let group = format!("{}[", field.key);
                pairs.extend(
                    record
                        .fields
                        .iter()
                        .filter(|(name, _)| name == field.key || name.starts_with(&group))
                        .cloned(),
                );
            }
            continue;
        }
        let text = row.text(field.key);
        match field.kind {
            Kind::Picks(_) => {
                pairs.extend(parts(&text).map(|p| (field.key.to_owned(), p.to_owned())));
            }
            Kind::Flag => {
                let yes = !matches!(
                    text.trim(),
                    "" | "0" | "FALSE" | "いいえ" | "なし" | "無" | "×" | "-"
                );
                if yes {
                    pairs.push((field.key.to_owned(), "1".to_owned()));
                }
            }
            Kind::Rows(inner) => {
                for (n, line) in text
                    .split(['\n', ';', '；'])
                    .map(str::trim)
                    .filter(|l| !l.is_empty())
                    .enumerate()
                {
                    for (f, part) in inner.iter().zip(line.split(['|', '｜'])) {
                        pairs.push((
                            format!("{}[{n}].{}", field.key, f.key),
                            part.trim().to_owned(),
                        ));
                    }
                }
            }
            _ => pairs.push((field.key.to_owned(), text)),
        }
    }
    Form::from_posted(Posted::from_pairs(pairs))
}

/// A field of a record as the text of a cell, in words; what [`form_of_row`] reads again.
pub(crate) fn cell(record: &Record, field: &Field, choices: &Choices) -> String {
    match field.kind {
        Kind::Rows(inner) => {
            let mut lines = Vec::new();
            for n in 0..record.next_row(field.key) {
                let line: Vec<String> = inner
                    .iter()
                    .map(|f| worded(record, f, &format!("{}[{n}].{}", field.key, f.key), choices))
                    .collect();
                lines.push(line.join("｜").trim_end_matches('｜').to_owned());
            }
            lines.join("\n")
        }
        _ => worded(record, field, field.key, choices),
    }
}

fn worded(record: &Record, field: &Field, name: &str, choices: &Choices) -> String {
    let values = record.fields.iter().filter(|(n, _)| n == name);
    let words: Vec<&str> = values
        .map(|(_, value)| match field.kind {
            Kind::Pick(source) | Kind::Picks(source) => match source {
                // A record is named by its code: names may be alike.
                crate::field::Source::Codes(_) | crate::field::Source::Fixed(_) => {
                    choices.label(source, value)
                }
                _ => value.as_str(),
            },
            Kind::Flag => "はい",
            _ => value.as_str(),
        })
        .collect();
    words.join("、")
}

/// What separates rows and parts in a cell, for the notes of an export.
pub(crate) const CELL_NOTE: &str = "一つのセルに複数書くときは「、」で区切ります。行の多い項目(上位圏域、機能、資格など)は、1件を1行にし、中を「｜」で区切ります。コードが同じ行は上書きになり、二重には登録されません。";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fiscal_years_as_officers_write_them() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        for text in ["2026", "R8", "令和8年度", "令和8", "2026年度"] {
            assert_eq!(year(text, today).unwrap(), 2026, "{text}");
        }
        assert_eq!(year("R1", today).unwrap(), 2019);
        assert!(year("いつか", today).is_err());
    }
}
