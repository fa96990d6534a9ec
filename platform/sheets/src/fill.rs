//! A municipality's own workbook with numbers put into its named cells. Everything else — fonts,
//! borders, column widths, other sheets — stays byte for byte as it was; formulas are worked out
//! again when Excel opens the file.
//!
//! Only `.xlsx` as Excel and LibreOffice write it: the cell is found in the sheet's own text, so that
//! no library has to know every part of a workbook in order to keep it.

use std::{
    collections::HashMap,
    io::{Cursor, Read as _, Write as _},
};

use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{Cell, SheetError, read};

/// Puts values into the cells with these names. A name that the workbook does not have is left out;
/// so is one that stands for more than one cell.
///
/// # Errors
/// The file is no `.xlsx`, too large or broken.
pub fn fill_named(template: &[u8], values: &HashMap<String, Cell>) -> Result<Vec<u8>, SheetError> {
    read::zipped_workbook(template)?;
    let mut archive = ZipArchive::new(Cursor::new(template)).map_err(|_| SheetError::Broken)?;
    let book = part(&mut archive, "xl/workbook.xml")?;
    let rels = part(&mut archive, "xl/_rels/workbook.xml.rels")?;
    let mut by_sheet: HashMap<String, Vec<(Place, &Cell)>> = HashMap::new();
    for (name, sheet, place) in names(&book) {
        if let (Some(value), Some(path)) = (values.get(&name), path_of(&book, &rels, &sheet)) {
            by_sheet.entry(path).or_default().push((place, value));
        }
    }
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let write = |e: zip::result::ZipError| SheetError::Write(e.to_string());
    for n in 0..archive.len() {
        let entry = archive.by_index_raw(n).map_err(|_| SheetError::Broken)?;
        let name = entry.name().map_err(|_| SheetError::Broken)?.into_owned();
        let edits = by_sheet.get(&name);
        if edits.is_none() && name != "xl/workbook.xml" {
            out.raw_copy_file(entry).map_err(write)?;
            continue;
        }
        drop(entry);
        let text = part(&mut archive, &name)?;
        let text = match edits {
            Some(edits) => edits
                .iter()
                .fold(text, |text, (place, value)| put(&text, place, value)),
            None => recalculated(&text),
        };
        out.start_file(name, SimpleFileOptions::default())
            .map_err(write)?;
        out.write_all(text.as_bytes())
            .map_err(|e| SheetError::Write(e.to_string()))?;
    }
    Ok(out.finish().map_err(write)?.into_inner())
}

/// A cell: B5.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    column: String,
    row: u32,
}

impl Place {
    fn read(text: &str) -> Option<Self> {
        let text = text.replace('$', "");
        let digits = text.find(|c: char| c.is_ascii_digit())?;
        let (column, row) = text.split_at(digits);
        (!column.is_empty() && column.len() <= 3 && column.bytes().all(|b| b.is_ascii_uppercase()))
            .then_some(())?;
        Some(Self {
            column: column.to_owned(),
            row: row.parse().ok().filter(|r| *r > 0)?,
        })
    }

    /// Columns sort by their length first: Z before AA.
    fn order(column: &str) -> (usize, &str) {
        (column.len(), column)
    }
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, SheetError> {
    let mut text = String::new();
    archive
        .by_name(name)
        .map_err(|_| SheetError::Broken)?
        .read_to_string(&mut text)
        .map_err(|_| SheetError::Broken)?;
    Ok(text)
}

/// Names that stand for one cell: (name, sheet, place).
fn names(book: &str) -> Vec<(String, String, Place)> {
    elements(book, "definedName")
        .filter_map(|(tag, text)| {
            let target = plain(text);
            let (sheet, place) = target.rsplit_once('!')?;
            let sheet = sheet
                .strip_prefix('\'')
                .and_then(|s| s.strip_suffix('\''))
                .map_or_else(|| sheet.to_owned(), |s| s.replace("''", "'"));
            Some((attribute(tag, "name")?, sheet, Place::read(place)?))
        })
        .collect()
}

/// The part that holds a sheet.
fn path_of(book: &str, rels: &str, sheet: &str) -> Option<String> {
    let (tag, _) = elements(book, "sheet")
        .find(|(tag, _)| attribute(tag, "name").as_deref() == Some(sheet))?;
    let id = attribute(tag, "r:id")?;
    let (tag, _) = elements(rels, "Relationship")
        .find(|(tag, _)| attribute(tag, "Id").as_deref() == Some(&id))?;
    let target = attribute(tag, "Target")?;
    Some(match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("xl/{target}"),
    })
}

/// Elements of this name: (start tag, text).
fn elements<'a>(xml: &'a str, name: &'static str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = find_tag(xml, name, at)?;
        at = found.end;
        Some((
            &xml[found.start..found.tag_end],
            &xml[found.tag_end..found.text_end],
        ))
    })
}

struct Found {
    start: usize,
    tag_end: usize,
    text_end: usize,
    end: usize,
}

/// The next element of this name. Elements of the names asked for here never nest in themselves.
fn find_tag(xml: &str, name: &str, from: usize) -> Option<Found> {
    let mut at = from;
    loop {
        let start = at + xml.get(at..)?.find(&format!("<{name}"))?;
        let after = start + 1 + name.len();
        let next = xml.get(after..)?.chars().next()?;
        if !matches!(next, ' ' | '>' | '/' | '\n' | '\r' | '\t') {
            at = after;
            continue;
        }
        let tag_end = after + xml.get(after..)?.find('>')? + 1;
        if xml[start..tag_end].ends_with("/>") {
            return Some(Found {
                start,
                tag_end,
                text_end: tag_end,
                end: tag_end,
            });
        }
        let close = format!("</{name}>");
        let text_end = tag_end + xml.get(tag_end..)?.find(&close)?;
        return Some(Found {
            start,
            tag_end,
            text_end,
            end: text_end + close.len(),
        });
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let end = at + tag.get(at..)?.find('"')?;
    Some(plain(&tag[at..end]))
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

/// The cell with its value, in the style that it had.
fn element(place: &Place, style: Option<String>, value: &Cell) -> String {
    let style = style.map(|s| format!(" s=\"{s}\"")).unwrap_or_default();
    let at = format!("{}{}", place.column, place.row);
    match value {
        Cell::Number(n) => format!("<c r=\"{at}\"{style}><v>{n}</v></c>"),
        other => {
            let text: String = other
                .as_text()
                .chars()
                .filter(|c| !c.is_control())
                .collect();
            let text = text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            format!(
                "<c r=\"{at}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
            )
        }
    }
}

/// The sheet with one cell more, or another value in it.
fn put(sheet: &str, place: &Place, value: &Cell) -> String {
    let mut at = 0;
    while let Some(row) = find_tag(sheet, "row", at) {
        let number: Option<u32> =
            attribute(&sheet[row.start..row.tag_end], "r").and_then(|r| r.parse().ok());
        match number {
            Some(n) if n == place.row => return in_row(sheet, &row, place, value),
            Some(n) if n > place.row => return with_row(sheet, row.start, place, value),
            _ => at = row.end,
        }
    }
    if let Some(end) = sheet.find("</sheetData>") {
        return with_row(sheet, end, place, value);
    }
    match find_tag(sheet, "sheetData", 0) {
        Some(empty) => format!(
            "{}<sheetData>{}</sheetData>{}",
            &sheet[..empty.start],
            new_row(place, value),
            &sheet[empty.end..]
        ),
        None => sheet.to_owned(),
    }
}

fn new_row(place: &Place, value: &Cell) -> String {
    format!(
        "<row r=\"{}\">{}</row>",
        place.row,
        element(place, None, value)
    )
}

fn with_row(sheet: &str, at: usize, place: &Place, value: &Cell) -> String {
    format!("{}{}{}", &sheet[..at], new_row(place, value), &sheet[at..])
}

fn in_row(sheet: &str, row: &Found, place: &Place, value: &Cell) -> String {
    if row.text_end == row.tag_end && row.end == row.tag_end {
        // <row r="5"/>
        let tag = sheet[row.start..row.tag_end].trim_end_matches("/>");
        return format!(
            "{}{tag}>{}</row>{}",
            &sheet[..row.start],
            element(place, None, value),
            &sheet[row.end..]
        );
    }
    let text = &sheet[row.tag_end..row.text_end];
    let mut at = 0;
    while let Some(cell) = find_tag(text, "c", at) {
        let tag = &text[cell.start..cell.tag_end];
        let column = attribute(tag, "r")
            .and_then(|r| Place::read(&r))
            .map(|p| p.column);
        let new = |style| element(place, style, value);
        let (start, end) = (row.tag_end + cell.start, row.tag_end + cell.end);
        match column {
            Some(c) if c == place.column => {
                return format!(
                    "{}{}{}",
                    &sheet[..start],
                    new(attribute(tag, "s")),
                    &sheet[end..]
                );
            }
            Some(c) if Place::order(&c) > Place::order(&place.column) => {
                return format!("{}{}{}", &sheet[..start], new(None), &sheet[start..]);
            }
            _ => at = cell.end,
        }
    }
    format!(
        "{}{}{}",
        &sheet[..row.text_end],
        element(place, None, value),
        &sheet[row.text_end..]
    )
}

/// Formulas show what they showed with the old numbers until somebody asks: Excel is told to.
fn recalculated(book: &str) -> String {
    match find_tag(book, "calcPr", 0) {
        Some(found) => {
            let tag = &book[found.start..found.tag_end];
            if tag.contains("fullCalcOnLoad") {
                return book.to_owned();
            }
            let rest = &tag["<calcPr".len()..];
            format!(
                "{}<calcPr fullCalcOnLoad=\"1\"{rest}{}",
                &book[..found.start],
                &book[found.tag_end..]
            )
        }
        None => book.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{Format, Workbook as Book};

    fn template() -> Vec<u8> {
        let mut book = Book::new();
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet().set_name("月 報").unwrap();
        sheet.write(0, 0, "相談").unwrap();
        sheet.write_blank(0, 1, &bold).unwrap();
        sheet.write(4, 27, "右端").unwrap();
        sheet.write_formula(8, 0, "=B1*2").unwrap();
        book.define_name("SODAN", "='月 報'!$B$1").unwrap();
        book.define_name("NAKA", "='月 報'!$C$5").unwrap();
        book.define_name("SAIGO", "='月 報'!$A$30").unwrap();
        book.define_name("HANI", "='月 報'!$A$1:$B$2").unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn named_cells_are_filled_and_the_rest_stays() {
        let values = HashMap::from([
            ("SODAN".to_owned(), Cell::Number(1234.0)),
            ("NAKA".to_owned(), Cell::Number(31.6)),
            ("SAIGO".to_owned(), Cell::text("非公表 <5 & 0")),
            ("HANI".to_owned(), Cell::Number(9.0)),
            ("NAI".to_owned(), Cell::Number(9.0)),
        ]);
        let filled = fill_named(&template(), &values).unwrap();
        let book = crate::read(&filled, "a.xlsx").unwrap();
        let sheet = &book.sheets[0];
        let at = |r: usize, c: usize| {
            sheet
                .rows
                .get(r)
                .and_then(|row| row.get(c))
                .cloned()
                .unwrap_or_default()
        };
        assert_eq!(at(0, 0), Cell::text("相談"));
        assert_eq!(at(0, 1), Cell::Number(1234.0));
        assert_eq!(at(4, 2), Cell::Number(31.6));
        assert_eq!(at(4, 27), Cell::text("右端"));
        assert_eq!(at(29, 0), Cell::text("非公表 <5 & 0"));
        // Filled again, the value is replaced, not doubled.
        let twice = fill_named(
            &filled,
            &HashMap::from([("SODAN".to_owned(), Cell::Number(5.0))]),
        )
        .unwrap();
        let mut archive = ZipArchive::new(Cursor::new(&twice[..])).unwrap();
        let xml = part(&mut archive, "xl/worksheets/sheet1.xml").unwrap();
        assert_eq!(xml.matches("r=\"B1\"").count(), 1);
        assert!(xml.contains("r=\"B1\" s=\"1\""), "the style stays");
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", b"no,sheet", &template()[..200]] {
            assert!(fill_named(bytes, &HashMap::new()).is_err());
        }
    }
}
