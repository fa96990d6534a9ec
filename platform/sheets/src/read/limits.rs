use super::{Merge, Sheet};
use crate::{
    Cell, MAX_CELL_CHARS, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, MAX_TEXT_BYTES, SheetError,
};

/// Collects the sheets of one file and refuses before memory is spent.
#[derive(Debug, Default)]
pub(super) struct Collector {
    sheets: Vec<Sheet>,
    cells: usize,
    text_bytes: usize,
}

impl Collector {
    /// Starts the next sheet; later cells go there.
    pub(super) fn start_sheet(&mut self, name: &str) -> Result<(), SheetError> {
        if self.sheets.len() >= MAX_SHEETS {
            return Err(SheetError::TooManySheets);
        }
        self.sheets.push(Sheet {
            name: name.to_owned(),
            ..Sheet::default()
        });
        Ok(())
    }

    /// Puts a cell at a 0-based place. Empty cells take no room.
    pub(super) fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), SheetError> {
        let Some(sheet) = self.sheets.last_mut() else {
            return Ok(());
        };
        if cell.is_empty() {
            return Ok(());
        }
        if row >= MAX_ROWS {
            return Err(SheetError::TooManyRows {
                sheet: sheet.name.clone(),
            });
        }
        if column >= MAX_COLUMNS {
            return Err(SheetError::TooManyColumns {
                sheet: sheet.name.clone(),
            });
        }
        if let Cell::Text(text) = &cell {
            self.text_bytes = self.text_bytes.saturating_add(text.len());
            if self.text_bytes > MAX_TEXT_BYTES {
                return Err(SheetError::TooMuchText);
            }
            if too_long(text) {
                let sheet = sheet.name.clone();
                return Err(SheetError::CellTooLong {
                    sheet,
                    row: row + 1,
                    column: column + 1,
                });
            }
        }
        if sheet.rows.len() <= row {
            sheet.rows.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = sheet.rows.get_mut(row) {
            if cells.len() <= column {
                self.cells += column + 1 - cells.len();
                if self.cells > MAX_CELLS {
                    return Err(SheetError::TooManyCells);
                }
                cells.resize_with(column + 1, Cell::default);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = cell;
            }
        }
        Ok(())
    }

    /// Notes merged areas of the current sheet; those outside the values are dropped.
    pub(super) fn merges(&mut self, merges: impl IntoIterator<Item = Merge>) {
        if let Some(sheet) = self.sheets.last_mut() {
            let rows = sheet.rows.len();
            sheet.merges.extend(
                merges
                    .into_iter()
                    .filter(|m| {
                        m.top < rows
                            && m.left < MAX_COLUMNS
                            && m.top <= m.bottom
                            && m.left <= m.right
                    })
                    .map(|m| Merge {
                        right: m.right.min(MAX_COLUMNS - 1),
                        ..m
                    }),
            );
        }
    }

    pub(super) fn finish(self) -> super::Workbook {
        super::Workbook {
            sheets: self.sheets,
        }
    }
}

/// Longer than Excel allows? Counted in UTF-16 units, as Excel does.
pub(crate) fn too_long(text: &str) -> bool {
    text.len() > MAX_CELL_CHARS && text.encode_utf16().count() > MAX_CELL_CHARS
}
