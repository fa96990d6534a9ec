use crate::{Encoding, Loss, OutSheet, SheetError, write_csv, write_xlsx};

/// The three forms in which any list leaves: (code, label).
pub const FORMS: [(&str, &str); 3] = [
    ("xlsx", "Excel"),
    ("csv", "CSV(UTF-8)"),
    ("cp932", "CSV(Shift_JIS・Windows-31J)"),
];

/// A list written in one of [`FORMS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub mime: &'static str,
    /// The ending of its name.
    pub ending: &'static str,
    /// Characters that Windows-31J could not take, each with its place; show them before the file
    /// is handed over.
    pub losses: Vec<Loss>,
}

/// Writes a list. None: there is no such form.
///
/// # Errors
/// The workbook could not be made.
pub fn write_list(form: &str, list: OutSheet) -> Result<Option<Written>, SheetError> {
    let csv = |encoding, mime| {
        let (bytes, losses) = write_csv(&list.headers, &list.rows, encoding);
        Written {
            bytes,
            mime,
            ending: "csv",
            losses,
        }
    };
    Ok(Some(match form {
        "csv" => csv(Encoding::Utf8Bom, "text/csv; charset=utf-8"),
        "cp932" => csv(Encoding::Cp932, "text/csv; charset=Shift_JIS"),
        "xlsx" => Written {
            bytes: write_xlsx(&[list])?,
            mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ending: "xlsx",
            losses: Vec::new(),
        },
        _ => return Ok(None),
    }))
}
