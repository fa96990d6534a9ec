//! Everything out.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use engawa_kernel::{
    audit,
    context::{Ctx, Engine},
    db::{Conn, Db, Dialect, Value, sql},
    error::{Error, Result},
    migrate,
};

use crate::{
    at_once, catalogue, cell,
    folder::Target,
    schema::{FORMAT, FileSchema, Schema, TableSchema, VERSION},
};

/// Rows read at once.
const PAGE: usize = 2_000;
/// How deep folders are looked through.
const DEPTH: usize = 8;

/// Writes everything into a new folder or ZIP file, as it stands at one moment; others go on working.
///
/// # Errors
/// There is something at that place already, or the database or the disk refuses.
pub async fn export(engine: &Engine, to: &Path) -> Result<Schema> {
    let ctx = Ctx::system(engine).await?;
    let mut target = Target::new(to)?;
    audit::seal(&engine.db, &engine.signer, engine.clock.now()).await?;
    let mut schema = Schema {
        format: FORMAT.into(),
        version: VERSION,
        migration: migrate::steps(engine.db.dialect())
            .last()
            .map_or(0, |s| s.version),
        made_at: engine.clock.now(),
        cells: cell::EXPLAINED.into(),
        municipality: ctx.municipality_name,
        tables: Vec::new(),
        files: Vec::new(),
    };
    match engine.db.dialect() {
        Dialect::Postgres => {
            let mut tx = engine.db.write().await?;
            tx.exec(sql("set transaction isolation level repeatable read"))
                .await?;
            schema.tables = tables(&mut tx, &mut target).await?;
        }
        Dialect::Sqlite => {
            // A copy of one moment, so that nobody has to wait while it is read.
            let copy = Copy::of(engine).await?;
            let db = Db::sqlite(&copy.0).await?;
            let written = tables(&mut db.read().await?, &mut target).await;
            db.close().await;
            schema.tables = written?;
        }
    }
    files(
        &engine.data,
        &engine.data,
        DEPTH,
        &mut target,
        &mut schema.files,
    )?;
    let mut file = target.file("schema.json")?;
    file.write_all(&serde_json::to_vec_pretty(&schema)?)
        .map_err(|e| Error::Internal(e.to_string()))?;
    file.finish()?;
    target.close()?;
    Ok(schema)
}

/// A copy of the SQLite file beside it, gone when it is dropped.
struct Copy(PathBuf);

impl Copy {
    async fn of(engine: &Engine) -> Result<Self> {
        let name = format!("export-{}.sqlite", engawa_kernel::id::new_uuid().simple());
        let copy = Self(engine.data.join(name));
        let path = copy.0.display().to_string().replace('\'', "''");
        engine.db.script(&format!("vacuum into '{path}'")).await?;
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(ending);
            // It may not be there; a copy that stays is left out of exports by its name.
            let _ = std::fs::remove_file(path);
        }
    }
}

async fn tables(conn: &mut Conn, target: &mut Target) -> Result<Vec<TableSchema>> {
    let mut all = catalogue::tables(conn).await?;
    for table in &mut all {
        one(conn, table, target).await?;
    }
    Ok(all)
}

async fn one(conn: &mut Conn, table: &mut TableSchema, target: &mut Target) -> Result<()> {
    let io = |e: csv::Error| Error::Internal(e.to_string());
    let file = target.file(&format!("tables/{}.csv", table.name))?;
    let mut out = csv::Writer::from_writer(file);
    out.write_record(table.columns.iter().map(|c| &c.name))
        .map_err(io)?;
    let mut after: Option<Vec<Value>> = None;
    let page = at_once(&table.name, PAGE);
    loop {
        let q = match after.take() {
            None => sql("select {columns} from {table} order by {key} limit :limit"),
            Some(values) => sql(
                "select {columns} from {table} where ({key}) > (:after) order by {key} limit :limit",
            )
            .bind_row("after", values),
        };
        let rows = conn
            .rows(
                q.names("{columns}", table.columns.iter().map(|c| c.name.as_str()))
                    .names("{table}", [table.name.as_str()])
                    .names("{key}", table.key.iter().map(String::as_str))
                    .bind("limit", page as i64),
            )
            .await?;
        for row in &rows {
            let mut cells = Vec::with_capacity(table.columns.len());
            for column in &table.columns {
                cells.push(cell::write(&cell::value(row, column)?));
            }
            out.write_record(&cells).map_err(io)?;
        }
        table.rows += rows.len() as u64;
        let Some(last) = rows.last().filter(|_| rows.len() == page) else {
            break;
        };
        let mut key = Vec::with_capacity(table.key.len());
        for name in &table.key {
            let column = table.columns.iter().find(|c| &c.name == name);
            let column = column.ok_or_else(|| Error::Internal(format!("no column {name}")))?;
            key.push(cell::value(last, column)?);
        }
        after = Some(key);
    }
    let file = out
        .into_inner()
        .map_err(|e| Error::Internal(e.to_string()))?;
    table.sha256 = file.finish()?;
    Ok(())
}

/// Attachments and keys: what lies in the data folder beside the database.
fn files(
    root: &Path,
    folder: &Path,
    depth: usize,
    target: &mut Target,
    found: &mut Vec<FileSchema>,
) -> Result<()> {
    let io = |e: std::io::Error| Error::Internal(format!("{}: {e}", folder.display()));
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .map_err(io)?
        .collect::<std::io::Result<_>>()
        .map_err(io)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type().map_err(io)?);
        let name = entry.file_name().to_string_lossy().into_owned();
        let database = folder == root && name.contains(".sqlite");
        if kind.is_dir() && depth > 0 {
            files(root, &path, depth - 1, target, found)?;
        } else if kind.is_file() && !database {
            let relative = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<String> = relative
                .iter()
                .map(|p| p.to_string_lossy().into_owned())
                .collect();
            let relative = parts.join("/");
            let mut from = std::fs::File::open(&path).map_err(io)?;
            let mut to = target.file(&format!("files/{relative}"))?;
            std::io::copy(&mut from, &mut to).map_err(io)?;
            found.push(FileSchema {
                path: relative,
                sha256: to.finish()?,
            });
        }
    }
    Ok(())
}
