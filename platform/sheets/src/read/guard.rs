//! What kind of file it is, and whether opening it is safe, before a reader spends memory on it.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read};

use crate::{MAX_CELLS, MAX_COLUMNS, MAX_SHEETS, MAX_UNPACKED_BYTES, SheetError};

/// The format, from the content alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Xlsx,
    Xls,
    Ods,
    Text,
}

/// Decides the format and refuses bombs, passwords and formats that are not supported.
pub(super) fn container(bytes: &[u8]) -> Result<Container, SheetError> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        zipped(bytes)
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        compound(bytes)
    } else {
        Ok(Container::Text)
    }
}

/// Unpacks every entry into nothing and counts: declared sizes can lie.
fn zipped(bytes: &[u8]) -> Result<Container, SheetError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetError::Broken)?;
    let mut names = BTreeSet::new();
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| SheetError::Broken)?;
        if entry.size() > left {
            return Err(SheetError::UnpackedTooLarge);
        }
        if let Ok(name) = entry.name() {
            names.insert(name.to_ascii_lowercase());
        }
        let unpacked = io::copy(&mut entry.by_ref().take(left + 1), &mut io::sink())
            .map_err(|_| SheetError::Broken)?;
        left = left
            .checked_sub(unpacked)
            .ok_or(SheetError::UnpackedTooLarge)?;
    }
    if names.contains("xl/workbook.bin") {
        Err(SheetError::BinaryWorkbook)
    } else if names.contains("content.xml") {
        Ok(Container::Ods)
    } else if names.iter().any(|name| name.starts_with("xl/")) {
        Ok(Container::Xlsx)
    } else {
        Err(SheetError::NotASheet)
    }
}

/// Excel 97–2003 is a compound file; an encrypted .xlsx is one too.
fn compound(bytes: &[u8]) -> Result<Container, SheetError> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| SheetError::Broken)?;
    if file.exists("EncryptedPackage") {
        return Err(SheetError::Password);
    }
    let name = ["Workbook", "Book"]
        .into_iter()
        .find(|name| file.is_stream(name));
    let Some(name) = name else {
        return Err(SheetError::NotASheet);
    };
    let mut stream = Vec::new();
    file.open_stream(name)
        .and_then(|stream_file| {
            stream_file
                .take(bytes.len() as u64)
                .read_to_end(&mut stream)
        })
        .map_err(|_| SheetError::Broken)?;
    check_records(&stream)?;
    Ok(Container::Xls)
}

/// Walks the records as the reader will, and adds up the rectangles it would reserve.
fn check_records(stream: &[u8]) -> Result<(), SheetError> {
    let mut starts = Vec::new();
    for (kind, data) in records(stream) {
        match kind {
            // FilePass: encrypted
            0x002F if word(data, 0) != Some(0) => return Err(SheetError::Password),
            // BoundSheet8: where a sheet starts
            0x0085 => starts.push(double_word(data, 0).ok_or(SheetError::Broken)?),
            0x000A => break,
            _ => {}
        }
    }
    if starts.len() > MAX_SHEETS {
        return Err(SheetError::TooManySheets);
    }
    let mut cells = 0_usize;
    for start in starts {
        let sheet = stream.get(start..).ok_or(SheetError::Broken)?;
        cells = cells.saturating_add(sheet_area(sheet)?);
        if cells > MAX_CELLS {
            return Err(SheetError::TooManyCells);
        }
    }
    Ok(())
}

/// Cells the reader will make room for: the declared size, or the values' bounding box.
fn sheet_area(sheet: &[u8]) -> Result<usize, SheetError> {
    let (mut seen_start, mut depth) = (false, 0_usize);
    let (mut declared, mut top, mut bottom, mut left, mut right) =
        (0, usize::MAX, 0, usize::MAX, 0);
    for (kind, data) in records(sheet) {
        match kind {
            0x0809 if seen_start => depth += 1,
            0x0809 => seen_start = true,
            0x000A if depth > 0 => depth -= 1,
            0x000A => break,
            _ if depth > 0 => {}
            0x0200 => declared = declared.max(declared_area(data)),
            0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD | 0x00BD | 0x0006 => {
                let (Some(row), Some(column)) = (word(data, 0), word(data, 2)) else {
                    continue;
                };
                // MulRk runs over several columns, its last one is the last word
                let last = if kind == 0x00BD {
                    word(data, data.len().saturating_sub(2))
                } else {
                    None
                };
                let last = last.unwrap_or(column).max(column);
                if last >= MAX_COLUMNS {
                    return Err(SheetError::Broken);
                }
                (top, bottom) = (top.min(row), bottom.max(row));
                (left, right) = (left.min(column), right.max(last));
            }
            _ => {}
        }
    }
    let used = if top > bottom {
        0
    } else {
        (bottom - top + 1) * (right - left + 1)
    };
    Ok(used.max(declared))
}

/// Rows × columns of a Dimensions record.
fn declared_area(data: &[u8]) -> usize {
    let (rows, columns) = if data.len() == 10 {
        (
            (word(data, 0), word(data, 2)),
            (word(data, 4), word(data, 6)),
        )
    } else {
        (
            (double_word(data, 0), double_word(data, 4)),
            (word(data, 8), word(data, 10)),
        )
    };
    let span = |(from, to): (Option<usize>, Option<usize>)| match (from, to) {
        (Some(from), Some(to)) if to >= from => to - from,
        // turned round: the reader starts such a range at zero
        (_, Some(to)) => to,
        _ => 0,
    };
    span(rows).saturating_mul(span(columns))
}

fn records(mut rest: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, length) = (word(rest, 0)?, word(rest, 2)?);
        let data = rest.get(4..4 + length)?;
        rest = rest.get(4 + length..)?;
        Some((kind, data))
    })
}

fn word(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    Some(usize::from(u16::from_le_bytes(bytes.try_into().ok()?)))
}

fn double_word(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
}
