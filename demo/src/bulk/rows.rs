//! Many rows in one statement. The text is still made of constants only; a statement has 16, 4 or
//! one row, so that each table needs no more than three prepared statements. More rows would cost
//! more: SQLite looks for the name of each bound value from the first one on.

use engawa_kernel::{
    db::{Tx, Value, sql},
    error::Result,
};

macro_rules! places {
    ($($n:literal)*) => {
        /// Name of a row's values, and the row as it stands in the text, first and later.
        const PLACES: [(&str, &str, &str); 16] =
            [$((concat!("r", $n), concat!("(:r", $n, ")"), concat!(", (:r", $n, ")"))),*];
    };
}
places!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);

/// The values of a row, each as the database takes it.
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$(engawa_kernel::db::Value::from($value)),*] };
}
pub(crate) use row;

/// Rows of one table that wait to be written.
pub struct Rows {
    head: &'static str,
    waiting: Vec<Vec<Value>>,
}

impl Rows {
    /// `head` is `insert into table (columns) values`.
    #[must_use]
    pub const fn new(head: &'static str) -> Self {
        Self {
            head,
            waiting: Vec::new(),
        }
    }

    /// Adds a row; its values stand in the order of the columns.
    pub fn push(&mut self, row: Vec<Value>) {
        self.waiting.push(row);
    }

    /// Writes what waits, in the order in which it came.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn flush(&mut self, tx: &mut Tx) -> Result<()> {
        let mut left = self.waiting.len();
        let mut waiting = self.waiting.drain(..);
        while left > 0 {
            let size = [16, 4].into_iter().find(|n| *n <= left).unwrap_or(1);
            let mut q = sql(self.head);
            for (n, (place, values)) in PLACES.iter().zip(waiting.by_ref().take(size)).enumerate() {
                q = q
                    .push(if n == 0 { place.1 } else { place.2 })
                    .bind_row(place.0, values);
            }
            tx.exec(q).await?;
            left -= size;
        }
        Ok(())
    }
}
