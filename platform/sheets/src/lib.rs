//! Spreadsheets in and out: the files officers already have, and the files they expect back.
//!
//! | file | what it holds |
//! |---|---|
//! | `read/` | [`read`]: .xlsx, .xls, .ods, CSV and TSV (UTF-8, UTF-16, cp932) into a [`Workbook`] |
//! | `cell.rs` | [`Cell`], and how a cell is written as text |
//! | `table.rs` | [`Table`]: a header row found below title rows, merged cells resolved |
//! | `mapping.rs` | [`Mapping`]: header labels to field keys |
//! | `xlsx.rs` | [`write_xlsx`]: a workbook without macros and without formulas |
//! | `csv_out.rs` | [`write_csv`]: UTF-8 with BOM, or cp932 with every replaced character listed |
//! | `list_out.rs` | [`write_list`]: any list in the three forms in which lists leave |
//! | `fill.rs` | [`fill_named`]: numbers into the named cells of somebody's own workbook |
//! | `error_sheet.rs` | [`error_sheet`]: the refused rows back, with the reason in the last column |
//!
//! The crate knows nothing of cases or people, keeps nothing and reads no clock.
//! Every [`SheetError`] is a Japanese sentence meant for the person who chose the file.

mod cell;
mod csv_out;
mod error;
mod error_sheet;
mod fill;
mod list_out;
mod mapping;
mod read;
mod table;
mod xlsx;

pub use cell::Cell;
pub use csv_out::{Encoding, Loss, write_csv};
pub use error::SheetError;
pub use error_sheet::{ERROR_COLUMN, RowError, error_sheet};
pub use fill::fill_named;
pub use list_out::{FORMS, Written, write_list};
pub use mapping::{Column, Mapping, Row};
pub use read::{Merge, Sheet, Workbook, fuzz_read, read};
pub use table::{Table, TableRow};
pub use xlsx::{Orientation, OutSheet, write_xlsx};

/// Largest file accepted, in bytes (20 MB as officers count it: 20 × 1024 × 1024).
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;
/// Most rows in one sheet, title and header rows included.
pub const MAX_ROWS: usize = 200_000;
/// Most columns in one sheet.
pub const MAX_COLUMNS: usize = 500;
/// Most cells in one file, so that few bytes cannot claim gigabytes of memory.
pub const MAX_CELLS: usize = 5_000_000;
/// Most sheets in one file.
pub const MAX_SHEETS: usize = 200;
/// Longest cell, in UTF-16 units as Excel counts them.
pub const MAX_CELL_CHARS: usize = 32_767;
/// Most bytes a zipped workbook (.xlsx, .ods) may unpack to, measured, not believed.
pub const MAX_UNPACKED_BYTES: u64 = 200 * 1024 * 1024;
/// Most bytes of text in one file once read.
pub const MAX_TEXT_BYTES: usize = 100 * 1024 * 1024;
