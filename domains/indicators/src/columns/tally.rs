//! What is counted in the cells of a table: sums, or who was there.

/// Cells of a table, made when something falls into them.
pub(super) struct Grid<T> {
    columns: usize,
    /// Where the cell's content stands, counted from 1; 0: nothing fell into it.
    place: Vec<u32>,
    found: Vec<T>,
}

impl<T: Default> Grid<T> {
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        Self {
            columns,
            place: vec![0; rows * columns],
            found: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn at(&mut self, row: u16, column: u16) -> &mut T {
        let cell = usize::from(row) * self.columns + usize::from(column);
        if self.place[cell] == 0 {
            self.found.push(T::default());
            self.place[cell] = u32::try_from(self.found.len()).unwrap_or_default();
        }
        &mut self.found[self.place[cell] as usize - 1]
    }

    /// Row, column and content of each cell that has any.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, usize, &T)> {
        let filled = self.place.iter().enumerate().filter(|(_, p)| **p > 0);
        filled.filter_map(|(cell, p)| {
            let content = self.found.get(*p as usize - 1)?;
            Some((cell / self.columns, cell % self.columns, content))
        })
    }
}

/// Different persons or households, by their numbers: a list as long as they are few, then a bit for
/// each that there is.
#[derive(Clone)]
pub(super) enum Set {
    Few(Vec<u32>),
    Many(Vec<u64>),
}

impl Default for Set {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Set {
    /// `all`: the numbers are below this.
    #[inline]
    pub(super) fn insert(&mut self, n: u32, all: usize) {
        match self {
            Self::Many(bits) => bits[n as usize / 64] |= 1 << (n % 64),
            Self::Few(list) => {
                list.push(n);
                if list.len() * 32 > all {
                    self.spread(all);
                }
            }
        }
    }

    fn spread(&mut self, all: usize) {
        if let Self::Few(list) = self {
            let mut bits = vec![0_u64; all.div_ceil(64)];
            for n in list.iter() {
                bits[*n as usize / 64] |= 1 << (n % 64);
            }
            *self = Self::Many(bits);
        }
    }

    /// Takes in another.
    pub(super) fn add(&mut self, other: &Self, all: usize) {
        match other {
            Self::Few(list) => list.iter().for_each(|n| self.insert(*n, all)),
            Self::Many(theirs) => {
                self.spread(all);
                if let Self::Many(bits) = self {
                    for (own, their) in bits.iter_mut().zip(theirs) {
                        *own |= their;
                    }
                }
            }
        }
    }

    /// How many different ones.
    pub(super) fn count(&self) -> i64 {
        let n = match self {
            Self::Many(bits) => bits.iter().map(|b| u64::from(b.count_ones())).sum(),
            Self::Few(list) => {
                let mut list = list.clone();
                list.sort_unstable();
                list.dedup();
                list.len() as u64
            }
        };
        i64::try_from(n).unwrap_or(i64::MAX)
    }
}

/// Takes in what falls into a cell. A row, a column and all together are added up for themselves or
/// follow from the cells.
pub(super) trait Tally {
    /// What an event, or somebody in it, brings.
    type Brings: Copy;
    fn cell(&mut self, row: u16, column: u16, what: Self::Brings);
    fn row(&mut self, row: u16, what: Self::Brings);
    fn column(&mut self, column: u16, what: Self::Brings);
    fn total(&mut self, what: Self::Brings);

    /// One that falls into all of these rows and columns, and counts once in each total.
    #[inline]
    fn put(&mut self, rows: &[u16], columns: &[u16], what: Self::Brings) {
        for row in rows {
            for column in columns {
                self.cell(*row, *column, what);
            }
        }
        self.edges(rows, columns, what);
    }

    #[inline]
    fn edges(&mut self, rows: &[u16], columns: &[u16], what: Self::Brings) {
        rows.iter().for_each(|row| self.row(*row, what));
        columns.iter().for_each(|c| self.column(*c, what));
        self.total(what);
    }
}

/// Numbers, added up.
pub(super) struct Sums {
    pub cells: Grid<i64>,
    pub rows: Grid<i64>,
    pub columns: Grid<i64>,
    pub total: i64,
}

impl Sums {
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        Self {
            cells: Grid::new(rows, columns),
            rows: Grid::new(rows, 1),
            columns: Grid::new(columns, 1),
            total: 0,
        }
    }
}

impl Tally for Sums {
    type Brings = i64;
    #[inline]
    fn cell(&mut self, row: u16, column: u16, n: i64) {
        *self.cells.at(row, column) += n;
    }
    #[inline]
    fn row(&mut self, row: u16, n: i64) {
        *self.rows.at(row, 0) += n;
    }
    #[inline]
    fn column(&mut self, column: u16, n: i64) {
        *self.columns.at(column, 0) += n;
    }
    #[inline]
    fn total(&mut self, n: i64) {
        self.total += n;
    }
}

/// Different ones: whoever is in a row is in one of its cells.
pub(super) struct Sets {
    pub cells: Grid<Set>,
    /// Their numbers are below this.
    pub all: usize,
}

/// Sets take lists, so that a room's households come at once.
#[derive(Clone, Copy)]
pub(super) struct Ids<'a>(pub &'a [u32]);

/// [`Sets`] for as long as the columns live.
pub(super) struct SetsOf<'a>(pub Sets, pub std::marker::PhantomData<&'a ()>);

impl<'a> Tally for SetsOf<'a> {
    type Brings = Ids<'a>;
    #[inline]
    fn cell(&mut self, row: u16, column: u16, ids: Ids<'a>) {
        let set = self.0.cells.at(row, column);
        ids.0.iter().for_each(|id| set.insert(*id, self.0.all));
    }
    fn row(&mut self, _: u16, _: Ids<'a>) {}
    fn column(&mut self, _: u16, _: Ids<'a>) {}
    fn total(&mut self, _: Ids<'a>) {}
}
