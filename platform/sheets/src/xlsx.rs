use std::collections::BTreeSet;

use chrono::Datelike;
use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, Workbook as Book, Worksheet, XlsxError,
};

use crate::read::too_long;
use crate::{Cell, MAX_CELL_CHARS, MAX_COLUMNS, MAX_ROWS, SheetError};

const FONT: &str = "游ゴシック";
/// A4 in Excel's list of papers.
const A4: u8 = 9;
/// Column widths in half-width characters.
const NARROWEST: usize = 6;
const WIDEST: usize = 40;
const NOTES_SHEET: &str = "説明";

/// Which way the paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// 縦.
    #[default]
    Portrait,
    /// 横.
    Landscape,
}

/// A sheet to write: one table, header in row 1, one value per cell, nothing merged
/// (the Digital Agency's rules for machine-readable tables).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutSheet {
    /// Wanted name of the tab; made to fit Excel's rules.
    pub name: String,
    /// Header labels.
    pub headers: Vec<String>,
    /// Rows of values.
    pub rows: Vec<Vec<Cell>>,
    /// Remarks; they go to a sheet 「説明」 at the end, never into the table.
    pub notes: Vec<String>,
    /// A4, fitted to one page in width.
    pub orientation: Orientation,
}

/// Writes an .xlsx without macros and without a single formula.
///
/// Text stays text whatever it starts with, leading zeros stay, and a column that holds text is
/// formatted as text so that they survive editing.
///
/// # Errors
/// `CellTooLong`, `TooManyRows`, `TooManyColumns` (nothing is cut silently) or `Write`.
pub fn write_xlsx(sheets: &[OutSheet]) -> Result<Vec<u8>, SheetError> {
    let mut book = Book::new();
    let mut names = BTreeSet::new();
    let formats = Formats::new();
    for sheet in sheets {
        let name = unique_name(&sheet.name, &mut names);
        let page = book.add_worksheet();
        page.set_name(&name).map_err(failed)?;
        write_sheet(page, sheet, &name, &formats)?;
    }
    let notes: Vec<[&str; 2]> = sheets
        .iter()
        .flat_map(|sheet| {
            sheet
                .notes
                .iter()
                .map(|note| [sheet.name.as_str(), note.as_str()])
        })
        .collect();
    if !notes.is_empty() || sheets.is_empty() {
        let sheet = OutSheet {
            headers: vec!["シート".to_owned(), NOTES_SHEET.to_owned()],
            rows: notes
                .iter()
                .map(|line| line.iter().map(|text| Cell::text(*text)).collect())
                .collect(),
            ..OutSheet::default()
        };
        let name = unique_name(NOTES_SHEET, &mut names);
        let page = book.add_worksheet();
        page.set_name(&name).map_err(failed)?;
        write_sheet(page, &sheet, &name, &formats)?;
    }
    book.save_to_buffer().map_err(failed)
}

struct Formats {
    header: Format,
    text: Format,
    number: Format,
    date: Format,
    date_time: Format,
}

impl Formats {
    fn new() -> Self {
        let base = Format::new()
            .set_font_name(FONT)
            .set_align(FormatAlign::Top);
        Self {
            header: base
                .clone()
                .set_bold()
                .set_num_format("@")
                .set_text_wrap()
                .set_background_color(Color::RGB(0x00E8_ECEF))
                .set_border_bottom(FormatBorder::Thin),
            text: base.clone().set_num_format("@").set_text_wrap(),
            number: base.clone(),
            date: base.clone().set_num_format("yyyy/mm/dd"),
            date_time: base.set_num_format("yyyy/mm/dd hh:mm"),
        }
    }
}

fn write_sheet(
    page: &mut Worksheet,
    sheet: &OutSheet,
    name: &str,
    formats: &Formats,
) -> Result<(), SheetError> {
    let width = sheet
        .rows
        .iter()
        .map(Vec::len)
        .max()
        .unwrap_or(0)
        .max(sheet.headers.len());
    if sheet.rows.len() >= MAX_ROWS {
        return Err(SheetError::TooManyRows {
            sheet: name.to_owned(),
        });
    }
    if width > MAX_COLUMNS {
        return Err(SheetError::TooManyColumns {
            sheet: name.to_owned(),
        });
    }
    for (column, header) in sheet.headers.iter().enumerate() {
        write_text(page, (0, column), header, name, &formats.header)?;
    }
    for (row, cells) in sheet.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            write_cell(page, (row + 1, column), cell, name, formats)?;
        }
    }
    for column in 0..width {
        let cells = || sheet.rows.iter().filter_map(move |row| row.get(column));
        let at = small(column);
        if cells().any(|cell| matches!(cell, Cell::Text(_))) {
            page.set_column_format(at, &formats.text).map_err(failed)?;
        }
        let header = sheet
            .headers
            .get(column)
            .map_or(0, |header| half_widths(header));
        let widest = cells()
            .map(|cell| half_widths(&cell.as_text()))
            .max()
            .unwrap_or(0)
            .max(header);
        page.set_column_width(at, f64::from(small(widest.clamp(NARROWEST, WIDEST) + 2)))
            .map_err(failed)?;
    }
    page.set_freeze_panes(1, 0).map_err(failed)?;
    page.set_repeat_rows(0, 0).map_err(failed)?;
    page.set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_footer("&A　&P / &N");
    match sheet.orientation {
        Orientation::Portrait => page.set_portrait(),
        Orientation::Landscape => page.set_landscape(),
    };
    Ok(())
}

fn write_cell(
    page: &mut Worksheet,
    (row, column): (usize, usize),
    cell: &Cell,
    sheet: &str,
    formats: &Formats,
) -> Result<(), SheetError> {
    let (r, c) = (large(row), small(column));
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => return write_text(page, (row, column), text, sheet, &formats.text),
        Cell::Number(number) if number.is_finite() => {
            page.write_number_with_format(r, c, *number, &formats.number)
        }
        // Excel's calendar starts on 1 March 1900 without error; 明治 goes in as text
        Cell::Date(date) if (1901..=9999).contains(&date.year()) => {
            page.write_datetime_with_format(r, c, *date, &formats.date)
        }
        Cell::DateTime(at) if (1901..=9999).contains(&at.year()) => {
            page.write_datetime_with_format(r, c, *at, &formats.date_time)
        }
        Cell::Bool(value) => page.write_boolean_with_format(r, c, *value, &formats.number),
        Cell::Number(_) | Cell::Date(_) | Cell::DateTime(_) => {
            return write_text(page, (row, column), &cell.as_text(), sheet, &formats.text);
        }
    }
    .map(|_| ())
    .map_err(failed)
}

/// Always a string cell: `=1+1` is written as those four characters.
fn write_text(
    page: &mut Worksheet,
    (row, column): (usize, usize),
    text: &str,
    sheet: &str,
    format: &Format,
) -> Result<(), SheetError> {
    if too_long(text) || text.chars().count() > MAX_CELL_CHARS {
        return Err(SheetError::CellTooLong {
            sheet: sheet.to_owned(),
            row: row + 1,
            column: column + 1,
        });
    }
    page.write_string_with_format(large(row), small(column), text, format)
        .map(|_| ())
        .map_err(failed)
}

fn failed(error: XlsxError) -> SheetError {
    SheetError::Write(error.to_string())
}

fn large(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

fn small(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// Width of the longest line: ASCII and half-width kana count one, all else two.
fn half_widths(text: &str) -> usize {
    let line = |line: &str| {
        line.chars()
            .map(|c| {
                if c.is_ascii() || ('\u{FF61}'..='\u{FF9F}').contains(&c) {
                    1
                } else {
                    2
                }
            })
            .sum()
    };
    text.lines().map(line).max().unwrap_or(0)
}

/// Excel's rules: 1–31 UTF-16 units, none of `[]:*?/\`, no apostrophe at the ends, unique
/// without regard to case, not "History".
fn unique_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let full_width = |c: char| match c {
        '[' => '［',
        ']' => '］',
        ':' => '：',
        '*' => '＊',
        '?' => '？',
        '/' => '／',
        '\\' => '＼',
        c if c.is_control() => ' ',
        c => c,
    };
    let clean: String = wanted.chars().map(full_width).collect();
    let clean = clean.trim().trim_matches('\'').trim();
    let base = match clean {
        "" => "シート",
        name if name.eq_ignore_ascii_case("history") => "履歴",
        name => name,
    };
    let mut number = 1_usize;
    loop {
        let suffix = if number == 1 {
            String::new()
        } else {
            format!("({number})")
        };
        let kept = cut(base, 31 - suffix.len());
        let name = format!("{}{suffix}", kept.trim_end_matches(['\'', ' ']));
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        number += 1;
    }
}

/// The longest start of at most so many UTF-16 units.
fn cut(text: &str, units: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.len_utf16();
        if used > units {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tab_names_follow_excel() {
        let mut taken = BTreeSet::new();
        assert_eq!(
            unique_name("4/1:相談[新規]", &mut taken),
            "4／1：相談［新規］"
        );
        assert_eq!(unique_name("'", &mut taken), "シート");
        assert_eq!(unique_name("", &mut taken), "シート(2)");
        assert_eq!(unique_name("History", &mut taken), "履歴");
        let long = "𠮷".repeat(20);
        assert_eq!(unique_name(&long, &mut taken), "𠮷".repeat(15));
        assert_eq!(
            unique_name(&long, &mut taken),
            format!("{}(2)", "𠮷".repeat(14))
        );
    }
}
