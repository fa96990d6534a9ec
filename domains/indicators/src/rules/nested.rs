//! Numbers that stand in a list and not in a table — the items of a return, the indicators of a year —
//! give small ones away by subtraction when one counts a part of what another counts: 120 consultations,
//! 118 of them new. This says which of them a reader outside may not see.

use crate::model::{Count, Dim};

/// One number of a list.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The place of its line in the list; a rate has two numbers in one line.
    pub line: usize,
    /// What was counted.
    pub count: &'a Count,
    /// How many.
    pub n: i64,
}

/// Lines to be hidden, given those that are hidden already because they are small themselves.
/// `limit`: numbers from 1 to below this do not leave the municipality.
#[must_use]
pub fn hide(entries: &[Entry<'_>], mut hidden: Vec<bool>, limit: i64) -> Vec<bool> {
    let small = |n: i64| n > 0 && n < limit;
    // Each round hides a line or is the last one.
    while let Some(line) = next(entries, &hidden, &small) {
        match hidden.get_mut(line) {
            Some(flag) if !*flag => *flag = true,
            _ => break,
        }
    }
    hidden
}

fn next(entries: &[Entry<'_>], hidden: &[bool], small: &impl Fn(i64) -> bool) -> Option<usize> {
    let shown: Vec<&Entry<'_>> = entries
        .iter()
        .filter(|e| !hidden.get(e.line).copied().unwrap_or(true))
        .collect();
    for whole in &shown {
        let parts: Vec<&&Entry<'_>> = shown
            .iter()
            .filter(|e| e.count != whole.count && is_part(e.count, whole.count))
            .collect();
        if let Some(part) = parts.iter().find(|p| small(whole.n - p.n)) {
            return Some(part.line);
        }
        // Where the parts share nothing, what is left over follows from all of them.
        let left = whole.n - parts.iter().map(|p| p.n).sum::<i64>();
        if parts.len() > 1 && small(left) {
            return parts.iter().min_by_key(|p| p.n).map(|p| p.line);
        }
    }
    None
}

/// Whether every event that `part` counts is counted by `whole` too.
fn is_part(part: &Count, whole: &Count) -> bool {
    let within = |narrow: &[String], wide: &[String]| {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|c| wide.contains(c)))
    };
    part.source == whole.source
        && part.unit == whole.unit
        && Dim::ALL
            .into_iter()
            .all(|d| within(part.filter.of(d), whole.filter.of(d)))
        && whole
            .filter
            .marks
            .iter()
            .all(|m| part.filter.marks.contains(m))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Filter, Unit};

    fn count(marks: &[&str], kind: &[&str]) -> Count {
        let owned = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect();
        Count {
            source: "consultation".into(),
            unit: Unit::Events,
            filter: Filter {
                marks: owned(marks),
                kind: owned(kind),
                ..Filter::default()
            },
        }
    }

    fn hidden(lines: &[(Count, i64)]) -> Vec<bool> {
        let entries: Vec<Entry<'_>> = lines
            .iter()
            .enumerate()
            .map(|(line, (count, n))| Entry { line, count, n: *n })
            .collect();
        hide(&entries, vec![false; lines.len()], 5)
    }

    #[test]
    fn a_part_that_leaves_a_few_is_hidden() {
        let all = count(&[], &[]);
        let new = count(&["new"], &[]);
        assert_eq!(
            hidden(&[(all.clone(), 120), (new.clone(), 118)]),
            [false, true]
        );
        assert_eq!(
            hidden(&[(all.clone(), 120), (new.clone(), 120)]),
            [false, false]
        );
        assert_eq!(hidden(&[(all, 120), (new, 90)]), [false, false]);
    }

    #[test]
    fn what_all_parts_leave_over_is_not_to_be_found() {
        let all = count(&[], &[]);
        let (a, b) = (count(&[], &["a"]), count(&[], &["b"]));
        let lines = [(all.clone(), 40), (a.clone(), 20), (b.clone(), 17)];
        assert_eq!(hidden(&lines), [false, false, true]);
        let lines = [(all, 40), (a, 20), (b, 20)];
        assert_eq!(hidden(&lines), [false, false, false]);
    }

    #[test]
    fn other_things_are_not_parts() {
        let all = count(&[], &[]);
        let case = Count {
            source: "case".into(),
            ..count(&["new"], &[])
        };
        assert_eq!(hidden(&[(all, 20), (case, 18)]), [false, false]);
        let compound = count(&["compound"], &[]);
        let new = count(&["new"], &[]);
        assert_eq!(hidden(&[(compound, 20), (new, 18)]), [false, false]);
    }

    proptest::proptest! {
        /// No difference of a shown whole and a shown part is small.
        #[test]
        fn nothing_small_follows_from_a_pair(
            lines in proptest::collection::vec((0_usize..6, 0_i64..30), 1..10),
        ) {
            let kinds = [
                count(&[], &[]), count(&["new"], &[]), count(&["new", "slip"], &[]),
                count(&[], &["a"]), count(&[], &["a", "b"]), count(&["new"], &["a"]),
            ];
            let lines: Vec<(Count, i64)> = lines.iter().map(|(k, n)| (kinds[*k].clone(), *n)).collect();
            let hide = hidden(&lines);
            for (a, (whole, n)) in lines.iter().enumerate() {
                for (b, (part, m)) in lines.iter().enumerate() {
                    if !hide[a] && !hide[b] && part != whole && is_part(part, whole) {
                        proptest::prop_assert!(!(1..5).contains(&(n - m)));
                    }
                }
            }
        }
    }
}
