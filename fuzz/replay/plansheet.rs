//! The fuzz corpus of this crate's parser as ordinary tests; `fuzz/README.md` tells how to fuzz for real.

#![cfg(test)]

#[path = "../checks/plansheet.rs"]
mod plansheet;
mod replay;

#[test]
fn plansheet_seeds() {
    replay::seeds("plansheet", plansheet::check);
}

#[test]
#[ignore = "long: cargo xtask test --only fuzz"]
fn plansheet_changed_seeds() {
    replay::changed_seeds("plansheet", plansheet::check);
}
