//! The fuzz corpus of this crate's parsers as ordinary tests; `fuzz/README.md` tells how to fuzz for real.

#![cfg(test)]

#[path = "../checks/border.rs"]
mod border;
mod replay;

#[test]
fn border_seeds() {
    replay::seeds("border", border::check);
}

#[test]
#[ignore = "long: cargo xtask test --only fuzz"]
fn border_changed_seeds() {
    replay::changed_seeds("border", border::check);
}
