//! 台帳の取り込み: last year's ledgers of consultations, as Excel or CSV, become consultations.
//!
//! | file | holds |
//! |---|---|
//! | [`fields`] | what a row may say, and the labels that offices give it |
//! | [`book`] | a file as one ledger: sheets of a year, ditto marks, 外字 |
//! | [`read`] | a row of cells → an entry, its repairs, its faults; no I/O |
//! | [`check`] | every row looked at before anything is taken in; what makes two rows the same |
//! | [`run`] | taking in, some hundred rows in a transaction; resumed after a kill |
//! | `undo.rs` | taking back as a whole |
//! | `store/` | every SQL statement |
//! | `screens/` | one file per URL under `/ledgers` |
//! | `api.rs` | `/api/v1/ledgers` |
//!
//! Consultations and persons are made by the functions of their own crates, with the same keys, log
//! and events as those of today. What is said about people waits in this crate's tables only until
//! it lies in rooms.

mod api;
pub mod book;
pub mod check;
pub mod fields;
pub mod model;
pub mod read;
pub mod run;
mod screens;
mod store;
mod undo;

use axum::Router;
use engawa_kernel::context::Engine;
use utoipa_axum::router::OpenApiRouter;

/// The screens.
pub fn routes() -> Router<Engine> {
    screens::routes()
}

/// The JSON API.
pub fn api() -> OpenApiRouter<Engine> {
    api::router()
}

/// Entry for fuzzing: any bytes as a file, read to the end with the columns that its labels propose.
pub fn fuzz_ledger(data: &[u8]) {
    let Ok(book) = book::Book::read(data, "ledger.csv") else {
        return;
    };
    let choice = check::proposed(&book.headers);
    let labels = engawa_organisations::codes::Labels::default();
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or_default();
    let mut reader = read::Reader::new(&book, &choice, &labels, today);
    for row in &book.rows {
        let reading = reader.row(row);
        assert_ne!(
            reading.entry.is_some(),
            !reading.faults.is_empty(),
            "a row is either understood or told why not"
        );
    }
}
