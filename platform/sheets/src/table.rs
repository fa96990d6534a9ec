use crate::{Cell, MAX_CELLS, MAX_ROWS, Sheet, SheetError};

/// How many rows at the top may be titles, remarks or blank before the header.
const TITLE_ROWS: usize = 50;

/// One table of a sheet: a header and the rows under it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Trimmed labels; two-line headers are joined ("本人 氏名"). May contain empty labels.
    pub headers: Vec<String>,
    /// The last header row as Excel shows it (1-based).
    pub header_row: usize,
    /// Rows with at least one value.
    pub rows: Vec<TableRow>,
}

/// A row of a [`Table`]; exactly as many cells as the table has headers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableRow {
    /// Row number as Excel shows it (1-based): what an error message names.
    pub number: usize,
    /// Trimmed cells.
    pub cells: Vec<Cell>,
}

impl Table {
    /// Finds the header row, resolves merged cells, trims.
    ///
    /// Without `header_row` (1-based, as Excel shows it) the header is the first row with two or
    /// more text cells that is not much narrower than what follows; so title rows are skipped. A cell merged
    /// over several rows counts for each of them (one 世帯 over its members); a header merged
    /// over several columns is joined with the line below it.
    ///
    /// # Errors
    /// `NoHeader` when no such row is found; `TooManyCells` when the filled table grows too large.
    pub fn from_sheet(sheet: &Sheet, header_row: Option<usize>) -> Result<Self, SheetError> {
        let no_header = || SheetError::NoHeader {
            sheet: sheet.name.clone(),
        };
        let top = match header_row {
            Some(number) => number.checked_sub(1).ok_or_else(no_header)?,
            None => find_header(sheet).ok_or_else(no_header)?,
        };
        let first = sheet
            .rows
            .get(top)
            .filter(|row| !row.is_empty())
            .ok_or_else(no_header)?;
        let bottom = header_bottom(sheet, top);
        let mut rows = sheet.rows.clone();
        fill_merges(sheet, top, &mut rows)?;

        let header_rows = rows.get(top..=bottom).unwrap_or_default();
        let width = header_rows
            .iter()
            .map(Vec::len)
            .max()
            .unwrap_or(first.len());
        let headers: Vec<String> = (0..width)
            .map(|column| label(header_rows, column))
            .collect();
        let body: Vec<_> = rows.into_iter().enumerate().skip(bottom + 1).collect();
        // values beside the headers stay, under an empty label, rather than being cut off
        let width = body
            .iter()
            .map(|(_, row)| row.len())
            .max()
            .unwrap_or(0)
            .max(width);
        if width.saturating_mul(body.len()) > MAX_CELLS * 4 {
            return Err(SheetError::TooManyCells);
        }
        let mut table = Self {
            headers,
            header_row: bottom + 1,
            rows: Vec::new(),
        };
        table.headers.resize(width, String::new());
        for (index, mut cells) in body {
            cells.iter_mut().for_each(trim);
            if cells.iter().any(|cell| !cell.is_empty()) {
                cells.resize(width, Cell::Empty);
                table.rows.push(TableRow {
                    number: index + 1,
                    cells,
                });
            }
        }
        Ok(table)
    }
}

/// The first row with two texts that is about as wide as the table below it, so that
/// 「相談者名簿」 beside 「作成日 …」 is a title and not a header.
fn find_header(sheet: &Sheet) -> Option<usize> {
    let candidates = || {
        sheet
            .rows
            .iter()
            .take(TITLE_ROWS)
            .enumerate()
            .filter_map(|(index, row)| {
                let texts = row
                    .iter()
                    .filter(|cell| matches!(cell, Cell::Text(_)))
                    .count();
                (texts >= 2).then_some((index, texts))
            })
    };
    let covered = |index: usize, texts: usize| {
        let merges = sheet.merges.iter().filter(|merge| merge.top == index);
        merges.map(|merge| merge.right - merge.left).sum::<usize>() + texts
    };
    let widest = |index: usize| {
        let below = sheet.rows.iter().skip(index).take(20);
        below
            .map(|row| row.iter().filter(|cell| !cell.is_empty()).count())
            .max()
            .unwrap_or(0)
    };
    candidates()
        .find(|(index, texts)| covered(*index, *texts) * 2 > widest(*index))
        .or_else(|| candidates().next())
        .map(|(index, _)| index)
}

/// The last row of a header whose labels span columns or rows.
fn header_bottom(sheet: &Sheet, top: usize) -> usize {
    let own: Vec<_> = sheet
        .merges
        .iter()
        .filter(|merge| merge.top == top)
        .collect();
    let tall = own.iter().map(|merge| merge.bottom).max().unwrap_or(top);
    // a label over several columns has its parts in the next line, which is blank elsewhere
    let next = sheet
        .rows
        .get(top + 1)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let parted = |column: usize| {
        own.iter()
            .any(|m| m.right > m.left && (m.left..=m.right).contains(&column))
    };
    let next_is_label = next.iter().any(|cell| !cell.is_empty())
        && next.iter().enumerate().all(|(column, cell)| match cell {
            Cell::Text(_) => parted(column),
            other => other.is_empty(),
        });
    let bottom = if tall == top && next_is_label {
        top + 1
    } else {
        tall
    };
    // three header lines at most; beyond that it is a form, not a table
    bottom.min(top + 2).min(sheet.rows.len().saturating_sub(1))
}

/// Copies the first cell of a merged area into the rest of it: all of it in the header,
/// downwards only in the body.
fn fill_merges(sheet: &Sheet, top: usize, rows: &mut [Vec<Cell>]) -> Result<(), SheetError> {
    let mut filled = 0_usize;
    for merge in sheet.merges.iter().filter(|merge| merge.top >= top) {
        let value = rows
            .get(merge.top)
            .and_then(|row| row.get(merge.left))
            .cloned()
            .unwrap_or_default();
        if value.is_empty() {
            continue;
        }
        let right = if merge.top == top {
            merge.right
        } else {
            merge.left
        };
        for row in rows
            .iter_mut()
            .take(merge.bottom.min(MAX_ROWS) + 1)
            .skip(merge.top)
        {
            filled = filled.saturating_add(right + 1 - merge.left);
            if filled > MAX_CELLS {
                return Err(SheetError::TooManyCells);
            }
            if row.len() <= right {
                row.resize(right + 1, Cell::Empty);
            }
            for cell in row
                .iter_mut()
                .take(right + 1)
                .skip(merge.left)
                .filter(|cell| cell.is_empty())
            {
                *cell = value.clone();
            }
        }
    }
    Ok(())
}

/// Labels of one column from top to bottom, each once, joined with a space.
fn label(header_rows: &[Vec<Cell>], column: usize) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cell in header_rows.iter().filter_map(|row| row.get(column)) {
        let part = cell
            .as_text()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if !part.is_empty() && parts.last() != Some(&part) {
            parts.push(part);
        }
    }
    parts.join(" ")
}

fn trim(cell: &mut Cell) {
    if let Cell::Text(text) = cell {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            *cell = Cell::Empty;
        } else if trimmed.len() < text.len() {
            *cell = Cell::Text(trimmed.to_owned());
        }
    }
}
