//! Reading a file whose name may lie: the content decides.

mod excel;
mod guard;
mod limits;
mod text;

pub(crate) use limits::too_long;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Cell, MAX_FILE_BYTES, SheetError};

/// A file as read: sheets in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workbook {
    /// At least one sheet with at least one value.
    pub sheets: Vec<Sheet>,
}

/// One sheet; `rows[0]` is row 1 of Excel, and rows may differ in length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Name on the tab; for a CSV the file name without its ending.
    pub name: String,
    /// Cells from A1 on; trailing empty cells and rows are left out.
    pub rows: Vec<Vec<Cell>>,
    /// Merged areas; only .xlsx and .xls have them. [`crate::Table`] resolves them.
    pub merges: Vec<Merge>,
}

/// A merged area, 0-based, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// Last row.
    pub bottom: usize,
    /// Last column.
    pub right: usize,
}

/// Reads a workbook or a delimited text file.
///
/// The format is taken from the content; `file_name` only names the sheet of a CSV and settles
/// a doubt between comma and tab.
///
/// # Errors
/// Any [`SheetError`] except `NoHeader` and `Write`. Never panics, whatever the bytes.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Workbook, SheetError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(SheetError::FileTooLarge);
    }
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    // The readers of other hands index into slices; a panic there is a broken file, not our end.
    let workbook = catch_unwind(AssertUnwindSafe(|| read_by_content(bytes, file_name)))
        .unwrap_or(Err(SheetError::Broken))?;
    if workbook.sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(SheetError::Empty);
    }
    Ok(workbook)
}

/// Whether the bytes are an .xlsx that is safe to unpack.
pub(crate) fn zipped_workbook(bytes: &[u8]) -> Result<(), SheetError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(SheetError::FileTooLarge);
    }
    match guard::container(bytes)? {
        guard::Container::Xlsx => Ok(()),
        guard::Container::Xls | guard::Container::Ods | guard::Container::Text => {
            Err(SheetError::NotASheet)
        }
    }
}

fn read_by_content(bytes: &[u8], file_name: &str) -> Result<Workbook, SheetError> {
    match guard::container(bytes)? {
        guard::Container::Xlsx => excel::read_xlsx(bytes),
        guard::Container::Xls => excel::read_xls(bytes),
        guard::Container::Ods => excel::read_ods(bytes),
        guard::Container::Text => text::read_text(bytes, file_name),
    }
}

/// Entry for fuzzing: the first byte picks a file name, the rest is the file.
pub fn fuzz_read(data: &[u8]) {
    let Some((first, bytes)) = data.split_first() else {
        return;
    };
    let name = ["a.xlsx", "a.xls", "a.ods", "a.csv", "a.tsv", ""][usize::from(first % 6)];
    if let Ok(workbook) = read(bytes, name) {
        for sheet in &workbook.sheets {
            if let Ok(table) = crate::Table::from_sheet(sheet, None) {
                let cells: Vec<_> = table.rows.iter().map(|row| row.cells.clone()).collect();
                let _ = crate::write_csv(&table.headers, &cells, crate::Encoding::Cp932);
            }
        }
    }
}
