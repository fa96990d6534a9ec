//! A counted table as a reader may see it: with names, in order, and without the numbers that are
//! too small to leave the municipality.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use engawa_kernel::{access::Duty, context::Ctx, db::Conn, error::Result};

use crate::{
    model::{Dim, Filter, Key, UNKNOWN},
    period::Period,
    rules::suppress::{self, Table},
    store::{
        actual::earlier,
        count::{self, Figures, Question},
        settings,
    },
    words::Words,
};

/// Who reads.
#[derive(Debug, Clone)]
pub enum Reader {
    /// Staff of the municipality, and whoever writes its plans and returns for it, as a commissioned
    /// coordinator does: every number.
    Inside,
    /// Others: numbers that are below the limit without their own desks' share are hidden.
    Outside {
        /// Desks that they work at today; what is recorded there they know.
        own: Vec<String>,
        /// Numbers from 1 to below this are hidden.
        limit: i64,
    },
}

impl Reader {
    /// Who this user is. Who may not read figures meets some on a plan sheet, as anybody does.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn of(conn: &mut Conn, ctx: &Ctx) -> Result<Self> {
        if !ctx.actor.may(Duty::ReadFigures) {
            return Self::anybody(conn, ctx).await;
        }
        if ctx.actor.may(Duty::Plan) || engawa_organisations::figures::is_inside(conn, ctx).await? {
            return Ok(Self::Inside);
        }
        Ok(Self::Outside {
            own: ctx
                .actor
                .postings
                .iter()
                .filter_map(|p| p.desk)
                .map(|d| d.to_string())
                .collect(),
            limit: settings::load(conn, ctx).await?.small_limit,
        })
    }

    /// As for a paper that leaves the municipality: nobody's own share is known to whoever gets it.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn anybody(conn: &mut Conn, ctx: &Ctx) -> Result<Self> {
        Ok(Self::Outside {
            own: Vec::new(),
            limit: settings::load(conn, ctx).await?.small_limit,
        })
    }

    /// The period that they may ask for: outside, whole months, so that days cannot be subtracted.
    #[must_use]
    pub fn period(&self, asked: Period) -> Period {
        match self {
            Self::Inside => asked,
            Self::Outside { .. } => asked.whole_months(),
        }
    }
}

/// A number as shown; `None` where it is hidden.
pub type Shown = Option<i64>;

/// A table that may be shown.
#[derive(Debug, Clone)]
pub struct Report {
    /// What was asked.
    pub question: Question,
    /// Rows in order: key and name.
    pub rows: Vec<(Key, String)>,
    /// Columns in order; empty when not split across.
    pub columns: Vec<(Key, String)>,
    /// `cells[row][column]`; the last row and the last column are the totals. Without columns there
    /// is only the total.
    pub cells: Vec<Vec<Shown>>,
    /// The same period last year, of each row and in all.
    pub before: Option<Vec<Shown>>,
    /// What was recorded after this moment is not in it; none: all that there is.
    pub counted_at: Option<DateTime<Utc>>,
}

impl Report {
    /// How many numbers are hidden.
    #[must_use]
    pub fn hidden(&self) -> usize {
        let before = self.before.iter().flatten();
        self.cells
            .iter()
            .flatten()
            .chain(before)
            .filter(|n| n.is_none())
            .count()
    }

    /// Everything together.
    #[must_use]
    pub fn total(&self) -> Shown {
        self.cells
            .last()
            .and_then(|row| row.last().copied())
            .flatten()
    }
}

/// Counts and hides. `compare`: the same period last year too.
///
/// # Errors
/// The database refuses, or the filter is not one.
pub async fn make(
    conn: &mut Conn,
    ctx: &Ctx,
    words: &Words,
    reader: &Reader,
    question: Question,
    compare: bool,
) -> Result<Report> {
    let q = Question {
        period: reader.period(question.period),
        ..question
    };
    let all = Counted::of(conn, ctx, reader, &q).await?;
    let mut before = None;
    if compare {
        let last = Question {
            period: q.period.year_before(),
            columns: None,
            ..q.clone()
        };
        before = Some(Counted::of(conn, ctx, reader, &last).await?);
    }
    let counted_at = earlier(
        all.figures.counted_at,
        before.as_ref().and_then(|before| before.figures.counted_at),
    );
    let mut row_keys: HashSet<Key> = all.figures.rows.keys().cloned().collect();
    if let Some(before) = &before
        && q.rows != Some(Dim::Time)
    {
        row_keys.extend(before.figures.rows.keys().cloned());
    }
    // Beside last year stand all months of last year.
    let until = if compare { q.period.to } else { ctx.today() };
    let rows = ordered(until, words, &q, q.rows, row_keys);
    let column_keys = all.figures.columns.keys().cloned().collect();
    let columns = ordered(until, words, &q, q.columns, column_keys);
    let cells = all.cells(&rows, &columns);
    let before = before.map(|before| before.cells(&rows, &[]).into_iter().flatten().collect());
    Ok(Report {
        question: q,
        rows,
        columns,
        cells,
        before,
        counted_at,
    })
}

/// Numbers, and what decides which of them the reader sees.
struct Counted {
    figures: Figures,
    outside: Option<Outside>,
}

/// For a reader outside.
struct Outside {
    limit: i64,
    /// Their own share, which they know.
    own: Option<Figures>,
    /// The same with fewer conditions, which they may ask for too, and their share of it.
    wider: Vec<(Figures, Option<Figures>)>,
}

impl Counted {
    async fn of(conn: &mut Conn, ctx: &Ctx, reader: &Reader, q: &Question) -> Result<Self> {
        let figures = count::figures(conn, ctx, q).await?;
        let Reader::Outside { own: desks, limit } = reader else {
            return Ok(Self {
                figures,
                outside: None,
            });
        };
        let mut wider = Vec::new();
        for filter in q.filter.wider() {
            let q = Question {
                filter,
                ..q.clone()
            };
            let all = count::figures(conn, ctx, &q).await?;
            wider.push((all, share(conn, ctx, desks, &q).await?));
        }
        let outside = Outside {
            limit: *limit,
            own: share(conn, ctx, desks, q).await?,
            wider,
        };
        Ok(Self {
            figures,
            outside: Some(outside),
        })
    }

    /// The table as the reader sees it, as [`Report::cells`]. A number is hidden where it is small
    /// without their own share, and where so little is left over that has not what was asked for: 118
    /// of 120 tells of two.
    fn cells(&self, rows: &[(Key, String)], columns: &[(Key, String)]) -> Vec<Vec<Shown>> {
        let all = grid(&self.figures, rows, columns);
        let hidden = self.outside.as_ref().map(|outside| {
            let others = |all: Vec<Vec<i64>>, own: &Option<Figures>| match own {
                Some(own) => subtract(&all, &grid(own, rows, columns)),
                None => all,
            };
            let these = others(all.clone(), &outside.own);
            let mut small = suppress::small(&these, outside.limit);
            for (wider, own) in &outside.wider {
                let wider = others(grid(wider, rows, columns), own);
                let left = suppress::small(&subtract(&wider, &these), outside.limit);
                let cells = small.iter_mut().flatten().zip(these.iter().flatten());
                for ((small, n), left) in cells.zip(left.iter().flatten()) {
                    // Where all are the reader's own, it is the wider number that hides.
                    *small |= *left && *n != 0;
                }
            }
            hide(these, &small)
        });
        show(&all, hidden.as_ref())
    }
}

/// The reader's own share of what is asked; none where it cannot be told apart.
async fn share(
    conn: &mut Conn,
    ctx: &Ctx,
    own: &[String],
    q: &Question,
) -> Result<Option<Figures>> {
    let asked = &q.filter.desk;
    let is_asked = |desk: &&String| asked.is_empty() || asked.contains(desk);
    let desks: Vec<String> = own.iter().filter(is_asked).cloned().collect();
    if desks.is_empty() || asked.iter().any(|d| d == UNKNOWN) {
        return Ok(None);
    }
    let own = Question {
        filter: Filter {
            desk: desks,
            ..q.filter.clone()
        },
        ..q.clone()
    };
    count::figures(conn, ctx, &own).await.map(Some)
}

/// The groups of a dimension in order; of time those up to a day.
fn ordered(
    until: NaiveDate,
    words: &Words,
    q: &Question,
    dim: Option<Dim>,
    keys: HashSet<Key>,
) -> Vec<(Key, String)> {
    let Some(dim) = dim else { return Vec::new() };
    let slots = q.period.slots();
    let mut keys = keys;
    if dim == Dim::Time {
        // A month in which nothing happened is a month; one that has not begun says nothing yet.
        let begun = (1..).zip(&slots).filter(|(_, s)| s.from <= until);
        keys.extend(begun.map(|(n, _)| Key::Slot(n)));
    }
    let mut keys: Vec<Key> = keys.into_iter().collect();
    keys.sort_by_cached_key(|k| words.place(q.source, dim, k));
    keys.into_iter()
        .map(|k| {
            let label = words.label(q.source, dim, &k, &slots);
            (k, label)
        })
        .collect()
}

/// Rows × columns with totals, as [`Report::cells`].
fn grid(f: &Figures, rows: &[(Key, String)], columns: &[(Key, String)]) -> Vec<Vec<i64>> {
    let of = |map: &HashMap<Key, i64>, key: &Key| map.get(key).copied().unwrap_or_default();
    let mut grid: Vec<Vec<i64>> = rows
        .iter()
        .map(|(r, _)| {
            columns
                .iter()
                .map(|(c, _)| {
                    f.cells
                        .get(&(r.clone(), c.clone()))
                        .copied()
                        .unwrap_or_default()
                })
                .chain([of(&f.rows, r)])
                .collect()
        })
        .collect();
    grid.push(
        columns
            .iter()
            .map(|(c, _)| of(&f.columns, c))
            .chain([f.total])
            .collect(),
    );
    grid
}

fn subtract(all: &[Vec<i64>], own: &[Vec<i64>]) -> Vec<Vec<i64>> {
    all.iter()
        .zip(own)
        .map(|(a, o)| a.iter().zip(o).map(|(a, o)| a - o).collect())
        .collect()
}

fn hide(cells: Vec<Vec<i64>>, small: &suppress::Hidden) -> suppress::Hidden {
    if cells.iter().all(|row| row.len() == 1) {
        let (list, small): (Vec<i64>, Vec<bool>) =
            cells.iter().flatten().zip(small.iter().flatten()).unzip();
        let hidden = suppress::hide_list(&list, &small);
        return hidden.into_iter().map(|h| vec![h]).collect();
    }
    suppress::hide(&Table { cells }, small)
}

fn show(grid: &[Vec<i64>], hidden: Option<&suppress::Hidden>) -> Vec<Vec<Shown>> {
    let is_hidden = |r: usize, c: usize| hidden.is_some_and(|h| h[r][c]);
    let row = |(r, row): (usize, &Vec<i64>)| {
        let cells = row.iter().enumerate();
        cells
            .map(|(c, n)| (!is_hidden(r, c)).then_some(*n))
            .collect()
    };
    grid.iter().enumerate().map(row).collect()
}
