//! Small numbers are hidden from readers outside the municipality, and so much more that no hidden
//! number follows from those shown.
//!
//! A table with its totals is a circulation: from row to column flows the cell, from column to "all
//! rows" the column's total, from there to "all columns" the grand total, from there to the row its
//! total. What stays visible is fixed; a hidden number can be anything that keeps the sums, so it is
//! certain exactly when no cycle of the residual graph passes through it. Cells are hidden, smallest
//! first, until each number that had to be hidden can be another one.

use std::collections::VecDeque;

/// A table of rows × columns with totals: `cell[r][c]`, where the last row holds the columns' totals
/// and the last column the rows'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Rows of cells, totals included: at least two rows and two columns.
    pub cells: Vec<Vec<i64>>,
}

/// Which cells are hidden; the same shape.
pub type Hidden = Vec<Vec<bool>>;

/// Which numbers are below `limit` and not nothing. `limit` 0 or 1: none.
#[must_use]
pub fn small(numbers: &[Vec<i64>], limit: i64) -> Hidden {
    let is_small = |n: &i64| *n != 0 && n.abs() < limit;
    let row = |row: &Vec<i64>| row.iter().map(is_small).collect();
    numbers.iter().map(row).collect()
}

/// Hides these numbers, and what would give them away.
#[must_use]
pub fn hide(table: &Table, small: &Hidden) -> Hidden {
    protect(table, small, small.clone())
}

/// As [`hide`], for a list: one column of numbers, the last of which is the total. There is no
/// column of row totals from which anything could follow.
#[must_use]
pub fn hide_list(numbers: &[i64], small: &[bool]) -> Vec<bool> {
    let table = Table {
        cells: numbers.iter().map(|n| vec![*n, *n]).collect(),
    };
    let small: Hidden = small.iter().map(|s| vec![*s, false]).collect();
    let hidden = small.iter().map(|row| vec![row[0], true]).collect();
    protect(&table, &small, hidden)
        .iter()
        .map(|row| row[0])
        .collect()
}

/// Hides more than `hidden`, until no number of `small` is certain.
fn protect(table: &Table, small: &Hidden, mut hidden: Hidden) -> Hidden {
    for (r, c) in places(table).filter(|(r, c)| small[*r][*c]) {
        while certain(table, &hidden, r, c) {
            let Some((hr, hc)) = next_to_hide(table, &hidden, r, c) else {
                break;
            };
            hidden[hr][hc] = true;
        }
    }
    hidden
}

fn places(table: &Table) -> impl Iterator<Item = (usize, usize)> + '_ {
    table
        .cells
        .iter()
        .enumerate()
        .flat_map(|(r, row)| (0..row.len()).map(move |c| (r, c)))
}

/// The cell to hide next: one that closes a cycle with those hidden if there is one, then the one
/// nearest by (same row or column), then the smallest, and one that says something rather than a 0.
fn next_to_hide(
    table: &Table,
    hidden: &Hidden,
    row: usize,
    column: usize,
) -> Option<(usize, usize)> {
    let (last_row, last_column) = (table.cells.len() - 1, table.cells[0].len() - 1);
    places(table)
        .filter(|(r, c)| !hidden[*r][*c])
        .min_by_key(|&(r, c)| {
            let lines = |r: usize, c: usize| {
                let in_row = (0..=last_column).any(|k| k != c && hidden[r][k]);
                let in_column = (0..=last_row).any(|k| k != r && hidden[k][c]);
                (in_row, in_column)
            };
            let rank = match lines(r, c) {
                (true, true) => 0,
                _ if r == row || c == column => 1,
                (true, false) | (false, true) => 2,
                _ => 3,
            };
            let total = u8::from(r == last_row) + u8::from(c == last_column);
            let value = table.cells[r][c];
            (rank, total, value == 0, value.abs(), r, c)
        })
}

/// Whether the hidden number at this place follows from what is shown.
#[must_use]
pub fn certain(table: &Table, hidden: &Hidden, row: usize, column: usize) -> bool {
    let (from, to) = ends(table, row, column);
    let skip = (row, column);
    let more = reaches(table, hidden, to, from, skip);
    let less = table.cells[row][column] > 0 && reaches(table, hidden, from, to, skip);
    !more && !less
}

/// Nodes: rows `0..R`, all columns `R`; columns `R + 1 ..`, all rows at the end.
fn ends(table: &Table, row: usize, column: usize) -> (usize, usize) {
    let (last_row, last_column) = (table.cells.len() - 1, table.cells[0].len() - 1);
    let row_node = row; // the last row stands for its opposite, "all rows"
    let column_node = |c: usize| table.cells.len() + c;
    let all_columns = column_node(last_column);
    let all_rows = last_row;
    match (row == last_row, column == last_column) {
        (false, false) => (row_node, column_node(column)),
        (false, true) => (all_columns, row_node),
        (true, false) => (column_node(column), all_rows),
        (true, true) => (all_rows, all_columns),
    }
}

fn reaches(table: &Table, hidden: &Hidden, from: usize, to: usize, skip: (usize, usize)) -> bool {
    let mut seen = vec![false; table.cells.len() + table.cells[0].len()];
    let mut queue = VecDeque::from([from]);
    seen[from] = true;
    while let Some(node) = queue.pop_front() {
        if node == to {
            return true;
        }
        for (r, c) in places(table).filter(|p| hidden[p.0][p.1] && *p != skip) {
            let (a, b) = ends(table, r, c);
            let next = if a == node {
                b
            } else if b == node && table.cells[r][c] > 0 {
                a
            } else {
                continue;
            };
            if !seen[next] {
                seen[next] = true;
                queue.push_back(next);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with_totals(cells: &[Vec<i64>]) -> Table {
        let mut rows: Vec<Vec<i64>> = cells
            .iter()
            .map(|row| row.iter().copied().chain([row.iter().sum()]).collect())
            .collect();
        let totals = (0..rows[0].len())
            .map(|c| rows.iter().map(|r| r[c]).sum())
            .collect();
        rows.push(totals);
        Table { cells: rows }
    }

    /// All values that a reader could think of at one place, found by trying: hidden inner cells
    /// take any value up to `most`, hidden totals follow.
    fn possible(table: &Table, hidden: &Hidden, at: (usize, usize), most: i64) -> Vec<i64> {
        let (rows, columns) = (table.cells.len() - 1, table.cells[0].len() - 1);
        let inner: Vec<(usize, usize)> = (0..rows)
            .flat_map(|r| (0..columns).map(move |c| (r, c)))
            .filter(|(r, c)| hidden[*r][*c])
            .collect();
        let mut found = Vec::new();
        let mut values = vec![0; inner.len()];
        loop {
            let mut cells: Vec<Vec<i64>> = table.cells[..rows]
                .iter()
                .map(|row| row[..columns].to_vec())
                .collect();
            for ((r, c), v) in inner.iter().zip(&values) {
                cells[*r][*c] = *v;
            }
            let guess = with_totals(&cells);
            let fits = (0..=rows).all(|r| {
                (0..=columns).all(|c| hidden[r][c] || guess.cells[r][c] == table.cells[r][c])
            });
            if fits && !found.contains(&guess.cells[at.0][at.1]) {
                found.push(guess.cells[at.0][at.1]);
            }
            let Some(place) = values.iter().position(|v| *v < most) else {
                return found;
            };
            values[..place].fill(0);
            values[place] += 1;
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn no_hidden_number_follows_from_the_others(
            cells in (1_usize..=2, 1_usize..=3).prop_flat_map(|(r, c)| {
                proptest::collection::vec(proptest::collection::vec(0_i64..7, c), r)
            }),
            limit in 2_i64..6,
        ) {
            let table = with_totals(&cells);
            let hidden = hide(&table, &small(&table.cells, limit));
            for (r, c) in places(&table) {
                let n = table.cells[r][c];
                if n != 0 && n < limit {
                    prop_assert!(hidden[r][c]);
                    let guesses = possible(&table, &hidden, (r, c), 7);
                    prop_assert!(guesses.len() > 1, "{table:?} {hidden:?} at {r},{c}: only {guesses:?}");
                }
            }
        }

        #[test]
        fn large_tables_end_and_keep_what_is_harmless(
            cells in proptest::collection::vec(proptest::collection::vec(0_i64..60, 8), 12),
        ) {
            let table = with_totals(&cells);
            let hidden = hide(&table, &small(&table.cells, 5));
            for (r, c) in places(&table).filter(|(r, c)| hidden[*r][*c]) {
                let n = table.cells[r][c];
                prop_assert!(n == 0 || n >= 5 || !certain(&table, &hidden, r, c));
            }
        }
    }

    #[test]
    fn nothing_is_hidden_without_a_small_number() {
        let table = with_totals(&[vec![10, 20], vec![0, 7]]);
        let hidden = hide(&table, &small(&table.cells, 5));
        assert!(hidden.iter().flatten().all(|h| !h));
    }

    #[test]
    fn one_small_number_takes_another_one_along() {
        // 2 of 12: without more, 12 − 10 tells it.
        let table = with_totals(&[vec![10, 2, 30]]);
        let hidden = hide(&table, &small(&table.cells, 5));
        assert!(hidden[0][1]);
        assert!(hidden.iter().flatten().filter(|h| **h).count() > 1);
    }

    proptest! {
        #[test]
        fn of_a_list_two_are_hidden_or_none(
            numbers in proptest::collection::vec(0_i64..12, 1..8), limit in 2_i64..6,
        ) {
            let total = numbers.iter().sum();
            let all: Vec<i64> = numbers.into_iter().chain([total]).collect();
            let few: Vec<bool> = all.iter().map(|n| *n != 0 && *n < limit).collect();
            let hidden = hide_list(&all, &few);
            let sum: i64 = all.iter().zip(&hidden).filter(|(_, h)| **h).map(|(n, _)| *n).sum();
            let count = hidden.iter().filter(|h| **h).count();
            prop_assert!(count == 0 || count > 1 && sum > 0, "{all:?} {hidden:?}");
            for (n, h) in all.iter().zip(&hidden) {
                prop_assert!(*h || *n == 0 || *n >= limit);
            }
        }
    }
}
