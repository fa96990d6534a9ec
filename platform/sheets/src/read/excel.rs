//! Workbooks through calamine.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Range, Reader, SheetType, Xls, Xlsx};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::limits::Collector;
use super::{Merge, Workbook};
use crate::{Cell, SheetError};

/// Cells are read one by one, so a value in XFD1048576 costs a refusal, not the memory.
pub(super) fn read_xlsx(bytes: &[u8]) -> Result<Workbook, SheetError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| SheetError::Broken)?;
    let mut out = Collector::default();
    for name in worksheet_names(book.sheets_metadata()) {
        out.start_sheet(&name)?;
        let mut reader = book
            .worksheet_cells_reader(&name)
            .map_err(|_| SheetError::Broken)?;
        let zeros: Vec<usize> = reader
            .styles()
            .iter()
            .map(|style| {
                style
                    .number_format
                    .as_ref()
                    .map_or(0, |f| zero_digits(&f.format_code))
            })
            .collect();
        while let Some((cell, style)) = reader
            .next_cell_with_style_id()
            .map_err(|_| SheetError::Broken)?
        {
            let (row, column) = place(cell.get_position());
            let value = match cell.get_value() {
                DataRef::SharedString(text) => Cell::text(*text),
                other => pad(
                    data_cell(&Data::from(other.clone())),
                    zeros.get(style).copied(),
                ),
            };
            out.put(row, column, value)?;
        }
        drop(reader);
        let merges = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        out.merges(merges.into_iter().map(merge));
    }
    Ok(out.finish())
}

/// Excel 97–2003; `guard` has checked the sizes that calamine will reserve.
pub(super) fn read_xls(bytes: &[u8]) -> Result<Workbook, SheetError> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|_| SheetError::Broken)?;
    let mut out = Collector::default();
    for name in worksheet_names(book.sheets_metadata()) {
        out.start_sheet(&name)?;
        let range = book
            .worksheet_range(&name)
            .map_err(|_| SheetError::Broken)?;
        put_range(&mut out, &range)?;
        out.merges(
            book.merge_cells_by_sheet_name(&name)
                .unwrap_or_default()
                .into_iter()
                .map(merge),
        );
    }
    Ok(out.finish())
}

/// OpenDocument, as LibreOffice writes it.
pub(super) fn read_ods(bytes: &[u8]) -> Result<Workbook, SheetError> {
    let mut book = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::OdsError::Password => SheetError::Password,
        calamine::OdsError::CellLimitExceeded { .. } => SheetError::TooManyCells,
        _ => SheetError::Broken,
    })?;
    let mut out = Collector::default();
    for name in worksheet_names(book.sheets_metadata()) {
        out.start_sheet(&name)?;
        let range = book
            .worksheet_range(&name)
            .map_err(|_| SheetError::Broken)?;
        put_range(&mut out, &range)?;
    }
    Ok(out.finish())
}

fn worksheet_names(sheets: &[calamine::Sheet]) -> Vec<String> {
    sheets
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet)
        .map(|s| s.name.clone())
        .collect()
}

fn put_range(out: &mut Collector, range: &Range<Data>) -> Result<(), SheetError> {
    let (top, left) = place(range.start().unwrap_or_default());
    for (row, column, data) in range.used_cells() {
        out.put(top + row, left + column, data_cell(data))?;
    }
    Ok(())
}

fn place((row, column): (u32, u32)) -> (usize, usize) {
    (
        usize::try_from(row).unwrap_or(usize::MAX),
        usize::try_from(column).unwrap_or(usize::MAX),
    )
}

fn merge(area: calamine::Dimensions) -> Merge {
    let ((top, left), (bottom, right)) = (place(area.start), place(area.end));
    Merge {
        top,
        left,
        bottom,
        right,
    }
}

fn data_cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        #[expect(
            clippy::cast_precision_loss,
            reason = "Excel itself stores numbers as f64"
        )]
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) if number.is_finite() => Cell::Number(*number),
        Data::Float(number) => Cell::text(number.to_string()),
        Data::String(text) => Cell::text(text.as_str()),
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(at) => date_cell(at),
        Data::DateTimeIso(text) => iso_cell(text),
        Data::DurationIso(text) => Cell::text(iso_duration(text).unwrap_or_else(|| text.clone())),
        // kept visible ("#REF!"), so that the row is refused rather than read as blank
        Data::Error(error) => Cell::text(error.to_string()),
    }
}

/// calamine knows the file's epoch (1900 or 1904) and Excel's 29 February 1900.
fn date_cell(at: &ExcelDateTime) -> Cell {
    let value = at.as_f64();
    if at.is_duration() || (0.0..1.0).contains(&value) {
        let minutes = (value * 24.0 * 60.0).round();
        return Cell::text(format!(
            "{}:{:02}",
            (minutes / 60.0).floor(),
            minutes.rem_euclid(60.0)
        ));
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    let time = NaiveTime::from_hms_opt(u32::from(hour), u32::from(minute), u32::from(second));
    match (date, time) {
        (Some(date), Some(time)) if value >= 1.0 => {
            whole_day_or_time(NaiveDateTime::new(date, time))
        }
        _ => Cell::Number(value),
    }
}

fn iso_cell(text: &str) -> Cell {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Cell::Date(date);
    }
    let plain = text.trim_end_matches('Z');
    match NaiveDateTime::parse_from_str(plain, "%Y-%m-%dT%H:%M:%S%.f") {
        Ok(at) => whole_day_or_time(at),
        Err(_) => Cell::text(text),
    }
}

/// `PT10H30M00S` is 10:30.
fn iso_duration(text: &str) -> Option<String> {
    let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
    let (minutes, _) = rest.split_once('M')?;
    Some(format!(
        "{}:{:02}",
        hours.parse::<u32>().ok()?,
        minutes.parse::<u32>().ok()?
    ))
}

fn whole_day_or_time(at: NaiveDateTime) -> Cell {
    if at.num_seconds_from_midnight() == 0 {
        Cell::Date(at.date())
    } else {
        Cell::DateTime(at)
    }
}

/// A number shown with a format of zeros only ("000000" for 団体コード) is a code, not an amount.
fn zero_digits(format: &str) -> usize {
    let zeros = !format.is_empty() && format.len() <= 20 && format.bytes().all(|b| b == b'0');
    if zeros && format.len() > 1 {
        format.len()
    } else {
        0
    }
}

fn pad(cell: Cell, digits: Option<usize>) -> Cell {
    match (&cell, digits) {
        (Cell::Number(number), Some(digits))
            if digits > 0 && *number >= 0.0 && number.fract() == 0.0 =>
        {
            Cell::Text(format!("{:0>digits$}", cell.as_text()))
        }
        _ => cell,
    }
}
