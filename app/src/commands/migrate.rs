//! `engawa migrate`

use engawa_kernel::error::Result;

use crate::{Place, wiring};

/// Brings the database to the newest version; `serve` does the same when it starts.
///
/// # Errors
/// A migration fails; the database is then as the last whole step left it.
pub async fn run(place: &Place) -> Result<()> {
    let engine = wiring::open(place).await?;
    println!("データベースは最新の版です。");
    engine.db.close().await;
    Ok(())
}
