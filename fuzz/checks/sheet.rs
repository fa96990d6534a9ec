//! An uploaded file that calls itself a sheet: CSV in UTF-8 or Shift_JIS, Excel, or anything else.

/// Reads `data` under each kind of name: the ending must not be trusted.
pub fn check(data: &[u8]) {
    for name in ["sheet.csv", "sheet.xlsx", "sheet.xls", "sheet"] {
        let _ = engawa_sheets::read(data, name);
    }
}
