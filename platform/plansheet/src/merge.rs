//! A field printed twice is read once.

use crate::fold::squeezed;
use crate::form::{Occurrence, is_finished};

/// How the printings of one field agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// Printed once, or always the same.
    One,
    /// Another printing says something else; the first was taken.
    Differs,
    /// The label was printed twice in a row; both parts belong together.
    Joined,
    /// The field's own label is missing.
    Loose,
}

/// More printings than this are not compared; no real sheet has more than three.
const MOST: usize = 20;

/// The words of a field out of all its printings.
pub(crate) fn merge(printings: &[Occurrence]) -> (Option<String>, Agreement) {
    let labelled = || {
        printings
            .iter()
            .filter(|found| !found.loose && !found.text.is_empty())
    };
    let Some(first) = labelled().next() else {
        let loose: Vec<&str> = printings
            .iter()
            .map(|found| found.text.as_str())
            .filter(|text| !text.is_empty())
            .collect();
        if loose.is_empty() {
            return (None, Agreement::One);
        }
        return (Some(loose.join("\n")), Agreement::Loose);
    };
    let mut text = first.text.clone();
    let mut agreement = Agreement::One;
    let mut known = squeezed(&text);
    let mut nth = first.nth;
    for other in labelled().skip(1).take(MOST) {
        let also = squeezed(&other.text);
        if known.contains(&also) {
            continue;
        }
        // the first printing was cut in the middle of a sentence
        let cut = !is_finished(&text) && known.chars().count() >= 15;
        if cut && also.starts_with(&known) {
            text.clone_from(&other.text);
        } else if other.nth == nth + 1 {
            text.push('\n');
            text.push_str(&other.text);
            nth = other.nth;
            agreement = Agreement::Joined;
        } else {
            agreement = Agreement::Differs;
            continue;
        }
        known = squeezed(&text);
    }
    (Some(text), agreement)
}
