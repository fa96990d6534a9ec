use std::collections::BTreeMap;

use crate::{Cell, Orientation, OutSheet, Table};

/// Header of the added column; [`crate::Mapping`] passes it over when the file comes back.
pub const ERROR_COLUMN: &str = "直すところ";

/// Why a row was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Row number as Excel shows it ([`crate::TableRow::number`]).
    pub row: usize,
    /// Header of the cell in question, or `None` for the row as a whole.
    pub column: Option<String>,
    /// What is wrong and what to write instead, in Japanese.
    pub message: String,
}

/// The refused rows as they came, with [`ERROR_COLUMN`] last; corrected, the file can be read again.
///
/// Several errors of a row share one cell. Errors naming no row of the table go to the notes,
/// so that none is lost.
pub fn error_sheet(table: &Table, errors: &[RowError]) -> OutSheet {
    // an error column from an earlier round gives way to the new one
    let keep: Vec<usize> = (0..table.headers.len())
        .filter(|index| {
            table
                .headers
                .get(*index)
                .is_none_or(|header| header != ERROR_COLUMN)
        })
        .collect();
    let mut headers: Vec<String> = keep
        .iter()
        .filter_map(|i| table.headers.get(*i).cloned())
        .collect();
    headers.push(ERROR_COLUMN.to_owned());
    let mut by_row: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for error in errors {
        by_row.entry(error.row).or_default().push(sentence(error));
    }
    let mut rows = Vec::new();
    for row in &table.rows {
        if let Some(messages) = by_row.remove(&row.number) {
            let mut cells: Vec<Cell> = keep
                .iter()
                .map(|i| row.cells.get(*i).cloned().unwrap_or_default())
                .collect();
            cells.push(Cell::text(format!(
                "元の{}行目：{}",
                row.number,
                messages.join("／")
            )));
            rows.push(cells);
        }
    }
    let mut notes = vec![
        format!("取り込めなかった行だけを{}件並べています。", rows.len()),
        format!(
            "「{ERROR_COLUMN}」を見て直し、このファイルをそのまま取り込んでください。「{ERROR_COLUMN}」の列は消さなくてかまいません。"
        ),
    ];
    let elsewhere = by_row.into_iter();
    notes
        .extend(elsewhere.map(|(row, messages)| format!("元の{row}行目：{}", messages.join("／"))));
    OutSheet {
        name: "取り込めなかった行".to_owned(),
        headers,
        rows,
        notes,
        orientation: Orientation::Landscape,
    }
}

fn sentence(error: &RowError) -> String {
    match &error.column {
        Some(column) => format!("「{column}」{}", error.message),
        None => error.message.clone(),
    }
}
