//! An uploaded ledger: any file, read row by row with the columns that its labels propose.

/// Reads `data` to the end: every row is understood or told why not.
pub fn check(data: &[u8]) {
    engawa_ledgers::fuzz_ledger(data);
}
