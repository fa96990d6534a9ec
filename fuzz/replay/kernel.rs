//! The fuzz corpus of this crate's parsers as ordinary tests; `fuzz/README.md` tells how to fuzz for real.

#![cfg(test)]

#[path = "../checks/date.rs"]
mod date;
#[path = "../checks/form.rs"]
mod form;
#[path = "../checks/name.rs"]
mod name;
mod replay;

#[test]
fn form_seeds() {
    replay::seeds("form", form::check);
}

#[test]
#[ignore = "long: cargo xtask test --only fuzz"]
fn form_changed_seeds() {
    replay::changed_seeds("form", form::check);
}

#[test]
fn date_seeds() {
    replay::seeds("date", date::check);
}

#[test]
#[ignore = "long: cargo xtask test --only fuzz"]
fn date_changed_seeds() {
    replay::changed_seeds("date", date::check);
}

#[test]
fn name_seeds() {
    replay::seeds("name", name::check);
}

#[test]
#[ignore = "long: cargo xtask test --only fuzz"]
fn name_changed_seeds() {
    replay::changed_seeds("name", name::check);
}
