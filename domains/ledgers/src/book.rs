//! A file as one ledger: the sheets with the same header one after the other (a tab for each month
//! is the usual form), ditto marks resolved, signs that no ordinary font has listed.

use engawa_sheets::{
    Cell, ERROR_COLUMN, RowError, SheetError, Table, TableRow, error_sheet, read, write_xlsx,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Rows that one file may have.
pub const MAX_ROWS: usize = 200_000;

/// A ledger as read, kept between upload and import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Labels of the columns.
    pub headers: Vec<String>,
    /// In the order of the file.
    pub rows: Vec<BookRow>,
    /// Sheets that have another header or none; they are not read.
    pub left_out: Vec<String>,
    /// Sheets that were read.
    pub sheets: Vec<String>,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookRow {
    /// Place of its sheet in [`Book::sheets`].
    pub sheet: usize,
    /// Row number as Excel shows it.
    pub number: usize,
    /// One text for each header.
    pub cells: Vec<String>,
    /// Columns whose cell said 〃 or 同上 and now holds what stands above.
    pub ditto: Vec<usize>,
}

impl Book {
    /// Reads a file. Of several headers the one with the most rows counts.
    ///
    /// # Errors
    /// The sentence for the user; nothing was kept.
    pub fn read(bytes: &[u8], file_name: &str) -> Result<Self, String> {
        let book = read(bytes, file_name).map_err(|e| e.to_string())?;
        let mut tables: Vec<(String, Table)> = Vec::new();
        let mut left_out = Vec::new();
        let mut trouble: Option<SheetError> = None;
        for sheet in book.sheets.iter().filter(|s| !s.rows.is_empty()) {
            match Table::from_sheet(sheet, None) {
                Ok(table) => tables.push((sheet.name.clone(), table)),
                Err(e) => {
                    left_out.push(sheet.name.clone());
                    trouble = Some(e);
                }
            }
        }
        let rows_with = |headers: &[String]| -> usize {
            let same = tables.iter().filter(|(_, t)| t.headers == headers);
            same.map(|(_, t)| t.rows.len()).sum()
        };
        let headers = tables
            .iter()
            .map(|(_, t)| t.headers.clone())
            .rev()
            .max_by_key(|h| rows_with(h))
            .ok_or_else(|| trouble.unwrap_or(SheetError::Empty).to_string())?;
        let mut out = Self {
            headers,
            left_out,
            ..Self::default()
        };
        for (name, table) in tables {
            if table.headers == out.headers {
                out.take(name, table.rows);
            } else {
                out.left_out.push(name);
            }
        }
        if out.headers.iter().any(|h| h == ERROR_COLUMN) {
            // Our own file of refused rows, mended: its second sheet only explains the first.
            out.left_out.clear();
        }
        if out.rows.is_empty() {
            return Err("見出しの下に、取り込む行がありません。".into());
        }
        if out.rows.len() > MAX_ROWS {
            return Err(format!(
                "一度に取り込めるのは{MAX_ROWS}行までです(このファイルは{}行)。何も取り込んでいません。年度で分けてください。",
                out.rows.len()
            ));
        }
        Ok(out)
    }

    fn take(&mut self, name: String, rows: Vec<TableRow>) {
        let sheet = self.sheets.len();
        self.sheets.push(name);
        let mut above: Vec<String> = vec![String::new(); self.headers.len()];
        for row in rows {
            let mut cells: Vec<String> = row.cells.iter().map(Cell::as_text).collect();
            cells.resize(self.headers.len(), String::new());
            // The header once more, as at the top of each printed page.
            if cells == self.headers {
                continue;
            }
            let mut ditto = Vec::new();
            for (column, cell) in cells.iter_mut().enumerate() {
                if is_ditto(cell)
                    && let Some(text) = above.get(column).filter(|t| !t.is_empty())
                {
                    cell.clone_from(text);
                    ditto.push(column);
                }
            }
            above.clone_from(&cells);
            self.rows.push(BookRow {
                sheet,
                number: row.number,
                cells,
                ditto,
            });
        }
    }

    /// Under which the choice of columns is remembered: the labels. Mended rows that were refused
    /// have one more column, the last; they are the same ledger.
    #[must_use]
    pub fn signature(&self) -> String {
        let labels = self.headers.iter().map(String::as_str);
        hash(labels.filter(|label| *label != ERROR_COLUMN))
    }

    /// What a message calls a row.
    #[must_use]
    pub fn label(&self, row: &BookRow) -> String {
        match self.sheets.get(row.sheet) {
            Some(name) if self.sheets.len() > 1 => format!("「{name}」の{}行目", row.number),
            _ => format!("{}行目", row.number),
        }
    }

    /// The refused rows as an Excel file that can be mended and read again. `errors`: place in
    /// [`Book::rows`], column, message.
    ///
    /// # Errors
    /// The workbook could not be made.
    pub fn refused(
        &self,
        errors: &[(usize, Option<String>, String)],
    ) -> Result<Vec<u8>, SheetError> {
        let table = Table {
            headers: self.headers.clone(),
            header_row: 1,
            rows: self
                .rows
                .iter()
                .enumerate()
                .map(|(place, row)| TableRow {
                    number: place + 1,
                    cells: row.cells.iter().map(|c| Cell::text(c.as_str())).collect(),
                })
                .collect(),
        };
        let errors: Vec<RowError> = errors
            .iter()
            .map(|(place, column, message)| RowError {
                row: place + 1,
                column: column.clone(),
                message: message.clone(),
            })
            .collect();
        let mut sheet = error_sheet(&table, &errors);
        for row in &mut sheet.rows {
            // 「元の12行目」 counts places here; the office counts rows of its own sheet.
            if let Some(Cell::Text(text)) = row.last_mut()
                && let Some((place, rest)) = text
                    .strip_prefix("元の")
                    .and_then(|t| t.split_once("行目："))
                && let Some(of) = place
                    .parse::<usize>()
                    .ok()
                    .and_then(|p| self.rows.get(p.saturating_sub(1)))
            {
                *text = format!("元の{}：{rest}", self.label(of));
            }
        }
        write_xlsx(&[sheet])
    }
}

/// A hash of texts, each apart from the next.
pub(crate) fn hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.as_bytes());
        sha.update([0]);
    }
    sha.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

fn is_ditto(cell: &str) -> bool {
    matches!(
        cell.trim(),
        "〃" | "〃〃" | "同上" | "同" | "″" | "''" | "\"" | "々" | "ヽ" | "↓"
    )
}

/// Signs that other machines cannot show: 外字 of one's own machine, what could not be read, 〓.
#[must_use]
pub fn odd_signs(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| {
            matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10fffd}' | '\u{fffd}' | '〓')
        })
        .collect()
}
