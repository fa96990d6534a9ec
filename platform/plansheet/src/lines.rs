//! The sheet as rows of cells of paragraphs, however it was printed.

use crate::markup::{self, CELL, PARA, ROW};

/// One printed row: a table row, or a line of plain text as its only cell.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Cells from left to right; each holds its paragraphs, none of them blank.
    pub(crate) cells: Vec<Vec<String>>,
    /// A blank line stands above.
    pub(crate) gap: bool,
    /// The line had more than one cell, blank ones counted.
    pub(crate) tabbed: bool,
}

impl Row {
    /// The paragraphs of the row, each with its cell's number.
    pub(crate) fn paragraphs(&self) -> impl Iterator<Item = (usize, &str)> {
        self.cells
            .iter()
            .enumerate()
            .flat_map(|(column, cell)| cell.iter().map(move |text| (column, text.as_str())))
    }

    /// Nothing is written in it.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(Vec::is_empty)
    }

    /// All its words, cells separated by a space.
    pub(crate) fn text(&self) -> String {
        let texts: Vec<&str> = self.paragraphs().map(|(_, text)| text).collect();
        texts.join(" ")
    }
}

/// The rows of a text. Blank lines and ruled lines (`---`) leave a gap, no row; a table row whose
/// cells are all blank stays, for it says that a field was left blank.
pub(crate) fn rows(text: &str) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    let mut gap = true;
    for line in text.lines().flat_map(|line| line.split('\r')) {
        let line = markup::strip(line);
        if is_page_number(&line) {
            continue;
        }
        let line = piped(line);
        let mut first = true;
        let pieces: Vec<&str> = line.split(ROW).collect();
        for piece in &pieces {
            let row = row(piece, gap && first);
            let says_blank = pieces.len() == 1 && (row.tabbed || line.contains(PARA));
            let again = row.is_blank() && out.last().is_some_and(Row::is_blank);
            if (row.is_blank() && !says_blank) || again || is_ruled(&row) {
                continue;
            }
            first = false;
            out.push(row);
        }
        gap = if first {
            gap || line.trim().is_empty()
        } else {
            false
        };
    }
    out
}

/// A table row drawn with `|`, or with its cells set apart by spaces, as one with cells.
fn piped(line: String) -> String {
    if line.contains(CELL) {
        return line;
    }
    let inner = line
        .trim()
        .strip_prefix('|')
        .and_then(|line| line.strip_suffix('|'));
    match inner {
        Some(inner) => inner.replace('|', "\u{2}"),
        None => spaced(&line),
    }
}

/// Three spaces in a row (or two wide ones) between words stand for the edge of a cell.
fn spaced(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut spaces = String::new();
    for c in line.chars() {
        if matches!(c, ' ' | '\u{3000}') {
            spaces.push(c);
            continue;
        }
        let width: usize = spaces.chars().map(|c| if c == ' ' { 2 } else { 3 }).sum();
        if width >= 6 && !out.is_empty() {
            out.push(CELL);
        } else {
            out.push_str(&spaces);
        }
        spaces.clear();
        out.push(c);
    }
    out
}

fn row(piece: &str, gap: bool) -> Row {
    let cells: Vec<Vec<String>> = piece
        .split(CELL)
        .map(|cell| {
            cell.split(PARA)
                .map(tidy)
                .filter(|text| !text.is_empty())
                .collect()
        })
        .collect();
    Row {
        tabbed: cells.len() > 1,
        gap,
        cells,
    }
}

/// Without white space around it and around its lines.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text
        .split(markup::BREAK)
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

/// A row of dashes, as drawn under the head of a table.
fn is_ruled(row: &Row) -> bool {
    let mut dashes = 0;
    for (_, text) in row.paragraphs() {
        if !text.chars().all(|c| matches!(c, '-' | ':' | '|' | ' ')) {
            return false;
        }
        dashes += text.chars().filter(|c| *c == '-').count();
    }
    dashes >= 2
}

/// `- 12 -` or `3/10` alone on a line.
fn is_page_number(line: &str) -> bool {
    let line = line.trim();
    if line.len() > 16 {
        return false;
    }
    let inner = line.trim_matches(|c: char| matches!(c, '-' | '－' | '―' | ' '));
    let framed = inner.len() < line.len() && line.starts_with(['-', '－', '―']);
    let is_number = |text: &str| {
        !text.trim().is_empty()
            && text
                .trim()
                .chars()
                .all(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
    };
    (framed && line.ends_with(['-', '－', '―']) && is_number(inner))
        || inner
            .split_once('/')
            .is_some_and(|(page, of)| is_number(page) && is_number(of))
}
