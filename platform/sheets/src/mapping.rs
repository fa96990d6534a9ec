use unicode_normalization::UnicodeNormalization;

use crate::{Cell, ERROR_COLUMN, Table, TableRow};

/// A field that a file may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Name in the program.
    pub key: &'static str,
    /// Name officers know; used in messages.
    pub label: &'static str,
    /// Other labels seen in real files.
    pub aliases: &'static [&'static str],
}

/// Which column of a table fills which field; shown to the officer before anything is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    found: Vec<(&'static str, usize)>,
    /// Columns asked for that no header names.
    pub missing: Vec<Column>,
    /// Headers (index, label) that name no field; their values are not taken in.
    pub unknown: Vec<(usize, String)>,
}

impl Mapping {
    /// Matches headers with labels, then with aliases. Width (ｱ/ア, ＡＢＣ/ABC), case, spaces and
    /// the marks ＊ and ※ do not matter. A field takes the first header that fits; a second one
    /// is reported as unknown. The column of [`crate::error_sheet`] is passed over silently.
    pub fn by_headers(headers: &[String], columns: &[&Column]) -> Self {
        let folded: Vec<String> = headers.iter().map(|header| fold(header)).collect();
        let mut taken = vec![false; headers.len()];
        let mut mapping = Self::default();
        let mut open: Vec<&Column> = columns.to_vec();
        let mut take = |names: &dyn Fn(&Column) -> Vec<String>,
                        found: &mut Vec<(&'static str, usize)>| {
            open.retain(|column| {
                let names = names(column);
                let fits = |(index, header): (usize, &String)| {
                    !taken.get(index).copied().unwrap_or(true) && names.contains(header)
                };
                let Some(index) = folded.iter().enumerate().position(fits) else {
                    return true;
                };
                if let Some(mark) = taken.get_mut(index) {
                    *mark = true;
                }
                found.push((column.key, index));
                false
            });
        };
        take(&|column| vec![fold(column.label)], &mut mapping.found);
        take(
            &|column| column.aliases.iter().map(|alias| fold(alias)).collect(),
            &mut mapping.found,
        );
        mapping.missing = open.into_iter().copied().collect();
        mapping.unknown = headers
            .iter()
            .enumerate()
            .filter(|(index, header)| {
                !taken.get(*index).copied().unwrap_or(true)
                    && !header.is_empty()
                    && header.as_str() != ERROR_COLUMN
            })
            .map(|(index, header)| (index, header.clone()))
            .collect();
        mapping
    }

    /// The officer's own choice on the preview: `column` is filled from header `index`
    /// (0-based), or from none. A header fills one field only; the last choice holds.
    pub fn choose(&mut self, column: &Column, index: Option<usize>, headers: &[String]) {
        for (key, old) in std::mem::take(&mut self.found) {
            if key == column.key || Some(old) == index {
                if let Some(label) = headers.get(old).filter(|_| Some(old) != index) {
                    self.unknown.push((old, label.clone()));
                }
            } else {
                self.found.push((key, old));
            }
        }
        self.missing.retain(|missing| missing.key != column.key);
        match index {
            Some(index) => {
                self.unknown.retain(|(unknown, _)| *unknown != index);
                self.found.push((column.key, index));
            }
            None => self.missing.push(*column),
        }
        self.unknown.sort_unstable();
    }

    /// Index (0-based) of the header that fills a field.
    pub fn index(&self, key: &str) -> Option<usize> {
        self.found
            .iter()
            .find(|(found, _)| *found == key)
            .map(|(_, index)| *index)
    }

    /// The rows of a table, readable by key.
    pub fn rows<'a>(&'a self, table: &'a Table) -> impl Iterator<Item = Row<'a>> {
        table.rows.iter().map(move |row| Row { mapping: self, row })
    }
}

/// A table row seen through a mapping.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    mapping: &'a Mapping,
    row: &'a TableRow,
}

impl<'a> Row<'a> {
    /// Row number as Excel shows it.
    pub fn number(&self) -> usize {
        self.row.number
    }

    /// The cell of a field; `Empty` when the file has no such column.
    pub fn get(&self, key: &str) -> &'a Cell {
        const NONE: &Cell = &Cell::Empty;
        self.mapping
            .index(key)
            .and_then(|index| self.row.cells.get(index))
            .unwrap_or(NONE)
    }

    /// The cell of a field as text; empty when there is none.
    pub fn text(&self, key: &str) -> String {
        self.get(key).as_text()
    }
}

/// Folding for labels only. Never used on values: NFKC changes names.
fn fold(label: &str) -> String {
    label
        .nfkc()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '※'))
        .flat_map(char::to_lowercase)
        .collect()
}
