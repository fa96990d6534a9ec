//! While a demo is made in a new SQLite file, single transactions need not survive the loss of
//! power: if it happens, the folder is thrown away. At the end everything is brought to the disk.

use engawa_kernel::{
    context::Engine,
    db::Dialect,
    error::{Error, Result},
};

/// That the database does not wait for the disk. [`Fast::end`] makes it wait again.
#[must_use]
pub struct Fast(bool);

/// Lets an SQLite database write without waiting for the disk; PostgreSQL is left as it is.
///
/// # Errors
/// The database refuses.
pub async fn begin(engine: &Engine) -> Result<Fast> {
    let sqlite = engine.db.dialect() == Dialect::Sqlite;
    if sqlite {
        // The pool for writing has one connection, so these hold until `end`.
        engine
            .db
            .script(
                "pragma synchronous = off; pragma cache_size = -131072; pragma wal_autocheckpoint = 20000;",
            )
            .await?;
    }
    Ok(Fast(sqlite))
}

impl Fast {
    /// Waits for the disk: the log goes into the file, and the file to the disk.
    ///
    /// # Errors
    /// The database or the disk refuses.
    pub async fn end(self, engine: &Engine) -> Result<()> {
        if !self.0 {
            return Ok(());
        }
        engine
            .db
            .script(
                "pragma synchronous = full; pragma wal_autocheckpoint = 1000; pragma cache_size = -8000; pragma wal_checkpoint(truncate);",
            )
            .await?;
        // Pages that went to the file earlier went there without waiting; this waits for all.
        let folder = engine.data.clone();
        tokio::task::spawn_blocking(move || {
            for name in ["engawa.sqlite", "engawa.sqlite-wal"] {
                match std::fs::File::open(folder.join(name)) {
                    Ok(file) => file.sync_all()?,
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                    Err(e) => return Err(e),
                }
            }
            std::fs::File::open(&folder)?.sync_all()
        })
        .await
        .map_err(|e| Error::Internal(e.to_string()))?
        .map_err(|e: std::io::Error| Error::Internal(format!("bringing to disk: {e}")))
    }
}
