//! 全件出力と復元: everything that a municipality has, as CSV files with a schema that says what they
//! are, and back from there into an empty installation, on either engine.
//!
//! | file | holds |
//! |---|---|
//! | `schema.rs` | `schema.json`: tables, columns, counts, hashes |
//! | `catalogue.rs` | tables and columns as the database itself knows them |
//! | `cell.rs` | a value ↔ a cell of a CSV |
//! | `folder.rs` | a folder or a ZIP file to write into or read from, for its owner only |
//! | `out.rs`, `back.rs` | [`export`], [`restore`] |
//!
//! The crate knows no domain: a table of a later migration leaves and comes back without a change
//! here. Rows stream; memory holds a page of them. The search index is made anew from its texts.
//! The log leaves with its signed heads and its key, so that it verifies at the other end and goes
//! on there. What is protected leaves too: an export is as secret as the database.

mod back;
mod catalogue;
mod cell;
mod folder;
mod out;
mod schema;

pub use back::restore;
pub use out::export;
pub use schema::{Schema, TableSchema};

/// The table of searched texts: the index is made from it, and lies partly in it.
const SEARCH: &str = "search_doc";

/// Rows of a table that are held at once: `usual`, or a few where one may have ten megabytes.
fn at_once(table: &str, usual: usize) -> usize {
    if table == "stored_file_bytes" {
        4
    } else {
        usual
    }
}

/// Tables that the other end makes itself.
fn is_made_there(table: &str) -> bool {
    table == "schema_migration"
        || table.starts_with("search_short")
        || table.starts_with("search_long")
        || table.starts_with("sqlite_")
}
