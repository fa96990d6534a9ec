//! The fuzz corpus of ledgers as ordinary tests; `fuzz/README.md` tells how to fuzz for real.

#![cfg(test)]

#[path = "../checks/ledger.rs"]
mod ledger;
mod replay;

#[test]
fn ledger_seeds() {
    replay::seeds("ledger", ledger::check);
}

#[test]
#[ignore = "long: cargo xtask test --only fuzz"]
fn ledger_changed_seeds() {
    replay::changed_seeds("ledger", ledger::check);
}
