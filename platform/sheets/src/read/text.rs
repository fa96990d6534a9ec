//! CSV and TSV: which encoding, which delimiter, which rows.

use csv::ReaderBuilder;
use encoding_rs::{SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

use super::Workbook;
use super::limits::Collector;
use crate::{Cell, SheetError};

/// Reads delimited text. Blank lines stay rows, so that row numbers are those Excel shows.
pub(super) fn read_text(bytes: &[u8], file_name: &str) -> Result<Workbook, SheetError> {
    let mut text = decode(bytes)?;
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1a}' | '\u{85}'))
    {
        return Err(SheetError::NotASheet);
    }
    if looks_like_html(&text) {
        return Err(SheetError::Html);
    }
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    // DOS end-of-file mark, still written by old systems
    let body = text.trim_end_matches('\u{1a}');
    let mut out = Collector::default();
    out.start_sheet(sheet_name(file_name))?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(body, file_name))
        .from_reader(body.as_bytes());
    let mut record = csv::StringRecord::new();
    let (mut row, mut place) = (0, 0);
    while reader
        .read_record(&mut record)
        .map_err(|_| SheetError::NotASheet)?
    {
        // the csv reader skips blank lines: count them in the text it passed over
        let next = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        row += body.get(place..next).map_or(0, blank_lines);
        place = next;
        for (column, field) in record.iter().enumerate() {
            out.put(row, column, field_cell(field))?;
        }
        row += 1;
    }
    Ok(out.finish())
}

/// Line breaks before the first character of a record.
fn blank_lines(passed: &str) -> usize {
    passed.bytes().take_while(|b| *b == b'\n').count()
}

/// `="00123"` is how systems keep leading zeros, `'=…` how [`crate::write_csv`] disarms formulas.
fn field_cell(field: &str) -> Cell {
    let inner = field
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = inner.filter(|inner| !inner.contains('"')) {
        return Cell::text(inner);
    }
    match field.strip_prefix('\'') {
        Some(rest) if crate::csv_out::starts_a_formula(rest) => Cell::text(rest),
        _ => Cell::text(field),
    }
}

fn sheet_name(file_name: &str) -> &str {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    match base.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ if base.is_empty() => "シート1",
        _ => base,
    }
}

/// BOM first, then strict UTF-8, then UTF-16 without BOM, then cp932.
fn decode(bytes: &[u8]) -> Result<String, SheetError> {
    let strict = |encoding: &'static encoding_rs::Encoding, bytes: &[u8]| {
        encoding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .map(|text| text.into_owned())
    };
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        return strict(encoding, bytes.get(length..).unwrap_or_default())
            .ok_or(SheetError::UnknownEncoding);
    }
    if let Some(encoding) = utf16_without_bom(bytes) {
        return strict(encoding, bytes).ok_or(SheetError::NotASheet);
    }
    if bytes.contains(&0) {
        return Err(SheetError::NotASheet);
    }
    strict(UTF_8, bytes)
        .or_else(|| strict(SHIFT_JIS, bytes))
        .ok_or(SheetError::UnknownEncoding)
}

/// Line ends and delimiters leave zero bytes on one side only.
fn utf16_without_bom(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if !bytes.len().is_multiple_of(2) || !bytes.contains(&0) {
        return None;
    }
    let zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).any(|b| *b == 0);
    match (zeros(0), zeros(1)) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

fn looks_like_html(text: &str) -> bool {
    let start: String = text
        .trim_start()
        .chars()
        .take(15)
        .collect::<String>()
        .to_ascii_lowercase();
    ["<html", "<!doctype html", "<table", "<head", "<meta"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

/// The delimiter that the first lines use most, outside quotes; the file name settles a draw.
fn delimiter(text: &str, file_name: &str) -> u8 {
    let (mut commas, mut tabs, mut semicolons, mut quoted) = (0_u32, 0_u32, 0_u32, false);
    for c in text.chars().take(20_000) {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => commas += 1,
            '\t' if !quoted => tabs += 1,
            ';' if !quoted => semicolons += 1,
            _ => {}
        }
    }
    let is_tsv = file_name.to_ascii_lowercase().ends_with(".tsv");
    if tabs > commas || (is_tsv && tabs == commas) {
        b'\t'
    } else if commas == 0 && semicolons > 0 {
        b';'
    } else {
        b','
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
        let workbook = read_text(bytes, name).unwrap();
        workbook.sheets[0]
            .rows
            .iter()
            .map(|row| row.iter().map(Cell::as_text).collect())
            .collect()
    }

    #[test]
    fn blank_lines_keep_their_row_numbers() {
        let rows = texts("\n\na,b\r\n\r\n\"x\ny\",z\n\nend".as_bytes(), "a.csv");
        assert_eq!(rows.len(), 7, "{rows:?}");
        assert_eq!(rows[2], ["a", "b"]);
        assert_eq!(rows[4], ["x\ny", "z"]);
        assert_eq!(rows[6], ["end"]);
    }

    #[test]
    fn every_usual_encoding_is_read() {
        let text = "氏名,電話\r\n髙﨑①㈱,０９０\r\nﾊﾝｶｸ,0312345678\r\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16_be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let want = [
            ["氏名", "電話"],
            ["髙﨑①㈱", "０９０"],
            ["ﾊﾝｶｸ", "0312345678"],
        ];
        let bom = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            bom(b"\xEF\xBB\xBF", text.as_bytes()),
            bom(b"\xFF\xFE", &utf16),
            bom(b"\xFE\xFF", &utf16_be),
            utf16,
            utf16_be,
            SHIFT_JIS.encode(text).0.into_owned(),
        ] {
            assert_eq!(texts(&bytes, "名簿.csv"), want);
        }
    }

    #[test]
    fn tabs_and_kept_zeros() {
        assert_eq!(
            texts(b"a\tb,c\n=\"00123\"\t'=1+1\n", "a.txt"),
            [["a", "b,c"], ["00123", "=1+1"]]
        );
        assert_eq!(sheet_name("令和8年度.名簿.csv"), "令和8年度.名簿");
        assert_eq!(read_text(b"<html><table>", "a.xls"), Err(SheetError::Html));
    }
}
