//! The fuzz corpus of this crate's parsers as ordinary tests; `fuzz/README.md` tells how to fuzz for real.

#![cfg(test)]

mod replay;
#[path = "../checks/sheet.rs"]
mod sheet;

#[test]
fn sheet_seeds() {
    replay::seeds("sheet", sheet::check);
}

#[test]
#[ignore = "long: cargo xtask test --only fuzz"]
fn sheet_changed_seeds() {
    replay::changed_seeds("sheet", sheet::check);
}
