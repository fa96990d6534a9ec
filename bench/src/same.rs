//! The ceiling of W7: what SQLite itself can do of the same work. The rows that Engawa wrote for each
//! 支援経過 go in once more under new ids, into the same tables with the same indexes, one transaction
//! for each, with the same durability. No HTTP, no session, no keys, no rules: only the bytes.

use std::{
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension as _, types::Value};

use crate::Result;

/// Rows that are kept of each table; they are written again and again.
const KEPT: usize = 2_000;

/// How far each table had come before the writes.
pub struct Marks(Vec<(String, i64)>);

/// A table that the writes left rows in.
struct Table {
    name: String,
    insert: String,
    /// Where ids stand that must be new: the key, and what else is unique.
    key: Vec<usize>,
    /// Where the number stands that sealing gives.
    leaf: Option<usize>,
    /// Rows of one write.
    each: usize,
    rows: Vec<Vec<Value>>,
}

/// Foreign keys are not looked up: a row under a new id has no parent under that id.
fn open(folder: &Path) -> Result<Connection> {
    let conn = Connection::open(folder.join("engawa.sqlite"))?;
    conn.execute_batch(
        "pragma synchronous = full; pragma foreign_keys = off; pragma temp_store = memory; pragma cache_size = -24000",
    )?;
    conn.set_prepared_statement_cache_capacity(100);
    Ok(conn)
}

/// Looks how far the tables are; what full-text search keeps for itself is written by it again.
pub fn marks(folder: &Path) -> Result<Marks> {
    let conn = open(folder)?;
    let mut tables = conn.prepare(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'
            and name not like 'search_short%' and name not like 'search_long%' order by name",
    )?;
    let names = tables.query_map([], |row| row.get::<_, String>(0))?;
    let mut marks = Vec::new();
    for name in names {
        let name = name?;
        let last = format!("select coalesce(max(rowid), 0) from {name}");
        let last = conn.query_row(&last, [], |row| row.get(0))?;
        marks.push((name, last));
    }
    Ok(Marks(marks))
}

fn table(conn: &Connection, name: &str, mark: i64, writes: u64) -> Result<Option<Table>> {
    let new = format!("select count(*) from {name} where rowid > {mark}");
    let new: i64 = conn.query_row(&new, [], |row| row.get(0))?;
    let each = (new.unsigned_abs() + writes / 2) / writes;
    if each == 0 {
        return Ok(None);
    }
    let mut columns = Vec::new();
    let mut info = conn.prepare(&format!("pragma table_info({name})"))?;
    let mut found = info.query([])?;
    while let Some(row) = found.next()? {
        columns.push((row.get::<_, String>("name")?, row.get::<_, i64>("pk")? > 0));
    }
    let key = |c: &(String, bool)| c.1 && c.0 != "staff_id";
    let text = format!("select * from {name} where rowid > {mark} limit {KEPT}");
    let mut rows = Vec::new();
    let mut select = conn.prepare(&text)?;
    let mut found = select.query([])?;
    while let Some(row) = found.next()? {
        let cells = (0..columns.len()).map(|n| row.get(n));
        rows.push(cells.collect::<rusqlite::Result<Vec<Value>>>()?);
    }
    let places: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
    Ok(Some(Table {
        name: name.to_owned(),
        insert: format!("insert into {name} values ({})", places.join(", ")),
        key: (0..columns.len()).filter(|n| key(&columns[*n])).collect(),
        leaf: columns.iter().position(|(name, _)| name == "leaf"),
        each: usize::try_from(each)?,
        rows,
    }))
}

impl Table {
    /// One row under a new id.
    fn write(&self, conn: &Connection, turn: usize, id: u64) -> Result<()> {
        let Some(row) = self.rows.get(turn % self.rows.len().max(1)) else {
            return Ok(());
        };
        let mut row = row.clone();
        for place in &self.key {
            row[*place] = match &row[*place] {
                Value::Blob(old) => Value::Blob(later(old, id)),
                Value::Integer(_) => Value::Integer(id.cast_signed()),
                _ => Value::Text(format!("{id:036}")),
            };
        }
        if let Some(leaf) = self.leaf {
            row[leaf] = Value::Null;
        }
        conn.prepare_cached(&self.insert)?
            .execute(rusqlite::params_from_iter(&row))?;
        if self.name == "search_doc"
            && let Some(Value::Text(key)) = row.last()
        {
            let signs: Vec<char> = key.chars().collect();
            let pairs: Vec<String> = signs.windows(2).map(String::from_iter).collect();
            conn.prepare_cached("insert into search_long (rowid, grams) values (?1, ?2)")?
                .execute((id.cast_signed(), pairs.join(" ")))?;
        }
        Ok(())
    }
}

/// An id that comes after all others, as ids made now do.
fn later(old: &[u8], id: u64) -> Vec<u8> {
    let mut new = old.to_vec();
    new[0] = 0xff;
    for (place, byte) in new.iter_mut().skip(1).zip(id.to_be_bytes()) {
        *place = byte;
    }
    new
}

/// Writes per second that last, of what came after the marks in so many writes.
pub fn writes_per_second(
    folder: &Path,
    since: &Marks,
    writes: u64,
    writers: usize,
    seconds: u64,
) -> Result<f64> {
    let conn = open(folder)?;
    let mut tables = Vec::new();
    for (name, mark) in &since.0 {
        tables.extend(table(&conn, name, *mark, writes)?);
    }
    let next = conn
        .query_row("select max(id) from search_doc", [], |row| {
            row.get::<_, i64>(0)
        })
        .optional()?
        .unwrap_or(0);
    let next = AtomicU64::new(next.unsigned_abs() + 1);
    let (conn, stop, done) = (Mutex::new(conn), AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..writers)
            .map(|_| {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let mut conn = conn.lock().map_err(|_| "a writer panicked")?;
                        let tx = conn.transaction()?;
                        let turn = usize::try_from(done.fetch_add(1, Ordering::Relaxed))?;
                        for table in &tables {
                            for n in 0..table.each {
                                let id = next.fetch_add(1, Ordering::Relaxed);
                                table.write(&tx, turn * table.each + n, id)?;
                            }
                        }
                        tx.commit()?;
                    }
                    Result::<()>::Ok(())
                })
            })
            .collect();
        std::thread::sleep(Duration::from_secs(seconds));
        stop.store(true, Ordering::Relaxed);
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a bare writer panicked")?)
    })?;
    for table in &tables {
        println!("  a 支援経過 is {} row(s) of {}", table.each, table.name);
    }
    Ok(done.load(Ordering::Relaxed) as f64 / seconds as f64)
}
