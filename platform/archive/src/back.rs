//! Everything back, into an empty installation.

use std::path::Path;

use engawa_kernel::{
    audit::{self, Signer},
    db::{Db, Dialect, Tx, Value, sql},
    error::{Error, Result},
    migrate, search,
};

use crate::{
    SEARCH, at_once, catalogue, cell,
    folder::{Origin, put_back},
    schema::{FORMAT, Schema, TableSchema, VERSION},
};

/// Rows read at once.
const BATCH: usize = 5_000;
/// Rows in one statement.
const ROWS: usize = 16;
/// Names of a statement's rows.
const PLACES: [&str; ROWS] = [
    "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
    "r15",
];
/// A row in a statement's text, the first and later ones.
const FIRST: &str = "(:r0)";
const LATER: [&str; ROWS] = [
    "", ", (:r1)", ", (:r2)", ", (:r3)", ", (:r4)", ", (:r5)", ", (:r6)", ", (:r7)", ", (:r8)",
    ", (:r9)", ", (:r10)", ", (:r11)", ", (:r12)", ", (:r13)", ", (:r14)", ", (:r15)",
];

/// Puts an export back: the database must hold no municipality, the data folder no key. Every file
/// is compared with its hash before anything is written, every count afterwards, and the log is
/// verified at the end.
///
/// # Errors
/// The export is not whole, the place is not empty, or the database or the disk refuses.
pub async fn restore(from: &Path, db: &Db, data: &Path) -> Result<Schema> {
    let mut origin = Origin::open(from)?;
    let schema: Schema = serde_json::from_reader(origin.file("schema.json")?).map_err(|e| {
        Error::Invalid(format!(
            "schema.json を読めません({e})。Engawaの全件出力ではないか、壊れています。"
        ))
    })?;
    if schema.format != FORMAT || schema.version > VERSION {
        return Err(Error::Invalid(
            "この形式の全件出力は読めません。新しい版のEngawaを使ってください。".into(),
        ));
    }
    for table in &schema.tables {
        origin.check(&format!("tables/{}.csv", table.name), &table.sha256)?;
    }
    for file in &schema.files {
        origin.check(&format!("files/{}", file.path), &file.sha256)?;
    }
    empty_place(db, data, &schema).await?;
    for file in &schema.files {
        put_back(
            &mut origin,
            &format!("files/{}", file.path),
            data,
            &file.path,
        )?;
    }
    let links = Links::off(db).await?;
    load(&mut origin, db, &schema).await?;
    links.on(db).await?;
    migrate::run(db, None).await?;
    let signer = Signer::in_folder(data)?;
    counts(db, &schema).await?;
    audit::verify(db, &signer.public()).await?;
    search::turn_all(db).await?;
    Ok(schema)
}

async fn empty_place(db: &Db, data: &Path, schema: &Schema) -> Result<()> {
    let newest = migrate::steps(db.dialect());
    if newest.last().is_none_or(|s| s.version < schema.migration) {
        return Err(Error::Invalid(
            "この全件出力は、新しい版のEngawaで作られています。その版か、より新しい版で復元してください。".into(),
        ));
    }
    if data.join("audit.key").exists() {
        return Err(Error::Invalid(format!(
            "{} は使われているデータフォルダです。空のフォルダに復元してください。何も変えていません。",
            data.display()
        )));
    }
    migrate::run(db, Some(schema.migration)).await?;
    let there = sql("select count(*) as n from municipality");
    if db.read().await?.count(there).await? > 0 {
        return Err(Error::Invalid(
            "復元先のデータベースには既に自治体があります。空のデータベースに復元してください。何も変えていません。".into(),
        ));
    }
    Ok(())
}

/// The foreign keys: out of force while tables are filled in any order, then checked as a whole.
struct Links(Vec<(String, String, String)>);

impl Links {
    async fn off(db: &Db) -> Result<Self> {
        if db.dialect() == Dialect::Sqlite {
            db.script("pragma foreign_keys = off").await?;
            return Ok(Self(Vec::new()));
        }
        let rows = db
            .read()
            .await?
            .rows(sql(
                "select cast(cast(conrelid as regclass) as text) as of, cast(conname as text) as name, pg_get_constraintdef(oid) as def
                   from pg_constraint where contype = 'f' and connamespace = cast(current_schema() as regnamespace) order by 1, 2",
            ))
            .await?;
        let mut links = Vec::new();
        for r in rows {
            let (of, name): (String, String) = (r.get("of")?, r.get("name")?);
            db.script(&format!("alter table {of} drop constraint {name}"))
                .await?;
            links.push((of, name, r.get("def")?));
        }
        Ok(Self(links))
    }

    async fn on(self, db: &Db) -> Result<()> {
        for (of, name, def) in self.0 {
            db.script(&format!("alter table {of} add constraint {name} {def}"))
                .await?;
        }
        if db.dialect() == Dialect::Sqlite {
            db.script("pragma foreign_keys = on").await?;
            let q = sql("select count(*) as n from pragma_foreign_key_check");
            if db.read().await?.count(q).await? > 0 {
                return Err(Error::Invalid(
                    "復元した記録の間のつながりが合いません。復元先を捨て、書き出しからやり直してください。".into(),
                ));
            }
        }
        Ok(())
    }
}

/// Fills all tables in one transaction.
async fn load(origin: &mut Origin, db: &Db, schema: &Schema) -> Result<()> {
    let mut tx = db.write().await?;
    let known = catalogue::tables(&mut tx).await?;
    for table in &schema.tables {
        let fits = known
            .iter()
            .find(|k| k.name == table.name)
            .is_some_and(|k| {
                k.columns.len() == table.columns.len()
                    && table.columns.iter().all(|c| k.columns.contains(c))
            });
        if !fits {
            return Err(Error::Invalid(format!(
                "表「{}」の形が、このEngawaのものと違います。書き出したときと同じ版で復元してください。",
                table.name
            )));
        }
        // What migrations put there leaves and comes back with the rest.
        tx.exec(sql("delete from {table}").names("{table}", [table.name.as_str()]))
            .await?;
        let mut rows = Rows::open(origin, table)?;
        let mut into = table.clone();
        // The database numbers searched texts by itself; the file has them in their order.
        let number = into.columns.iter().position(|c| c.name == "id");
        let number = number.filter(|_| table.name == SEARCH);
        if let Some(number) = number {
            into.columns.remove(number);
        }
        loop {
            let mut batch = rows.next(at_once(&table.name, BATCH))?;
            if batch.is_empty() {
                break;
            }
            if let Some(number) = number {
                for row in &mut batch {
                    row.remove(number);
                }
            }
            for part in batch.chunks(ROWS) {
                put(&mut tx, &into, part).await?;
            }
        }
    }
    tx.commit_unaudited().await
}

async fn put(tx: &mut Tx, table: &TableSchema, rows: &[Vec<Value>]) -> Result<()> {
    let mut q = sql("insert into {table} ({columns}) values")
        .names("{table}", [table.name.as_str()])
        .names("{columns}", table.columns.iter().map(|c| c.name.as_str()));
    for ((n, (place, later)), row) in PLACES.iter().zip(LATER).enumerate().zip(rows) {
        q = q
            .push(if n == 0 { FIRST } else { later })
            .bind_row(place, row.clone());
    }
    tx.exec(q).await?;
    Ok(())
}

/// The rows of a CSV file, some at a time.
struct Rows<'a> {
    reader: csv::Reader<Box<dyn std::io::Read + Send + 'a>>,
    table: &'a TableSchema,
}

impl<'a> Rows<'a> {
    fn open(origin: &'a mut Origin, table: &'a TableSchema) -> Result<Self> {
        let file = origin.file(&format!("tables/{}.csv", table.name))?;
        Ok(Self {
            reader: csv::Reader::from_reader(file),
            table,
        })
    }

    fn next(&mut self, limit: usize) -> Result<Vec<Vec<Value>>> {
        let mut out = Vec::new();
        for record in self.reader.records().take(limit) {
            let record = record.map_err(|e| {
                Error::Invalid(format!(
                    "tables/{}.csv を読めません({e})。",
                    self.table.name
                ))
            })?;
            let cells = record.iter().zip(&self.table.columns);
            out.push(
                cells
                    .map(|(text, column)| cell::read(text, column))
                    .collect::<Result<_>>()?,
            );
        }
        Ok(out)
    }
}

async fn counts(db: &Db, schema: &Schema) -> Result<()> {
    let mut conn = db.read().await?;
    for table in &schema.tables {
        let q = sql("select count(*) as n from {table}").names("{table}", [table.name.as_str()]);
        let n = conn.count(q).await?;
        if u64::try_from(n).ok() != Some(table.rows) {
            return Err(Error::Invalid(format!(
                "表「{}」は{}行のはずですが、{n}行になりました。復元先を捨て、書き出しからやり直してください。",
                table.name, table.rows
            )));
        }
    }
    Ok(())
}
