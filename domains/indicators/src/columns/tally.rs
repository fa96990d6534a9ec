//! What is counted in the cells of a table: sums, or who was there.

/// Numbers in the cells of a table; none where nothing fell into it.
pub(super) struct Grid {
    columns: usize,
    cells: Vec<Option<i64>>,
}

impl Grid {
    fn new(rows: usize, columns: usize) -> Self {
        Self {
            columns,
            cells: vec![None; rows * columns],
        }
    }

    #[inline]
    fn place(&self, row: u16, column: u16) -> usize {
        usize::from(row) * self.columns + usize::from(column)
    }

    #[inline]
    fn add(&mut self, row: u16, column: u16, n: i64) {
        let cell = self.place(row, column);
        *self.cells[cell].get_or_insert(0) += n;
    }

    /// Row, column and number of each cell that has one.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, usize, i64)> {
        let all = self.cells.iter().enumerate();
        all.filter_map(|(cell, n)| Some((cell / self.columns, cell % self.columns, (*n)?)))
    }
}

/// Takes in what falls into a cell, a row, a column and all together: what an event, or somebody in it,
/// brings.
pub(super) trait Tally<Brings: Copy> {
    fn cell(&mut self, row: u16, column: u16, what: Brings);
    fn row(&mut self, row: u16, what: Brings);
    fn column(&mut self, column: u16, what: Brings);
    fn total(&mut self, what: Brings);

    /// One that falls into all of these rows and columns, and counts once in each total.
    #[inline]
    fn put(&mut self, rows: &[u16], columns: &[u16], what: Brings) {
        for row in rows {
            for column in columns {
                self.cell(*row, *column, what);
            }
        }
        self.edges(rows, columns, what);
    }

    #[inline]
    fn edges(&mut self, rows: &[u16], columns: &[u16], what: Brings) {
        rows.iter().for_each(|row| self.row(*row, what));
        columns.iter().for_each(|c| self.column(*c, what));
        self.total(what);
    }
}

/// Numbers, added up.
pub(super) struct Sums {
    pub cells: Grid,
    pub rows: Grid,
    pub columns: Grid,
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

impl Tally<i64> for Sums {
    #[inline]
    fn cell(&mut self, row: u16, column: u16, n: i64) {
        self.cells.add(row, column, n);
    }
    #[inline]
    fn row(&mut self, row: u16, n: i64) {
        self.rows.add(row, 0, n);
    }
    #[inline]
    fn column(&mut self, column: u16, n: i64) {
        self.columns.add(column, 0, n);
    }
    #[inline]
    fn total(&mut self, n: i64) {
        self.total += n;
    }
}

/// Numbers of persons or households that are counted together: what is needed for them stays in the
/// processor's cache, where a set for each cell would be read and written all over the memory.
const BLOCK: u32 = 1024;

/// Who fell into which cell.
#[derive(Clone, Copy, Default)]
struct Fell {
    id: u32,
    row: u16,
    column: u16,
}

/// Different persons or households: each counts once in a cell, a row, a column and all together.
pub(super) struct Different {
    /// By [`BLOCK`]s of their numbers.
    blocks: Vec<Vec<Fell>>,
    /// What nobody in particular fell into is there, with nobody in it.
    sums: Sums,
}

impl Different {
    /// `all`: the numbers are below this.
    pub(super) fn new(rows: usize, columns: usize, all: usize) -> Self {
        Self {
            blocks: vec![Vec::new(); all / BLOCK as usize + 1],
            sums: Sums::new(rows, columns),
        }
    }

    /// How many there are.
    pub(super) fn counted(self) -> Sums {
        let mut sums = self.sums;
        // Who was counted last in each, by the number after theirs.
        let nobody = |grid: &Grid| vec![0; grid.cells.len()];
        let mut of_cells = nobody(&sums.cells);
        let (mut of_rows, mut of_columns) = (nobody(&sums.rows), nobody(&sums.columns));
        let mut last = 0;
        let mut sorted = Vec::new();
        for block in self.blocks {
            sort(&block, &mut sorted);
            for Fell { id, row, column } in sorted.iter().copied() {
                let is_new = |counted: &mut u32| std::mem::replace(counted, id + 1) != id + 1;
                if !is_new(&mut of_cells[sums.cells.place(row, column)]) {
                    continue;
                }
                sums.cell(row, column, 1);
                if is_new(&mut of_rows[usize::from(row)]) {
                    sums.row(row, 1);
                }
                if is_new(&mut of_columns[usize::from(column)]) {
                    sums.column(column, 1);
                }
                if is_new(&mut last) {
                    sums.total(1);
                }
            }
        }
        sums
    }
}

/// Those of a block by their numbers: where each begins follows from how often those before were met.
fn sort(block: &[Fell], sorted: &mut Vec<Fell>) {
    let place = |fell: &Fell| (fell.id % BLOCK) as usize;
    let mut next = [0_usize; BLOCK as usize + 1];
    for fell in block {
        next[place(fell) + 1] += 1;
    }
    for n in 1..next.len() {
        next[n] += next[n - 1];
    }
    sorted.clear();
    sorted.resize(block.len(), Fell::default());
    for fell in block {
        let next = &mut next[place(fell)];
        sorted[*next] = *fell;
        *next += 1;
    }
}

/// They come as lists, so that a room's households come at once.
impl Tally<&[u32]> for Different {
    #[inline]
    fn cell(&mut self, row: u16, column: u16, ids: &[u32]) {
        if ids.is_empty() {
            self.sums.put(&[row], &[column], 0);
        }
        for id in ids.iter().copied() {
            self.blocks[(id / BLOCK) as usize].push(Fell { id, row, column });
        }
    }
    fn row(&mut self, _: u16, _: &[u32]) {}
    fn column(&mut self, _: u16, _: &[u32]) {}
    fn total(&mut self, _: &[u32]) {}
}
