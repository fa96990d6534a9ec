//! `engawa restore`

use std::path::PathBuf;

use clap::Args;
use engawa_kernel::{
    db::Db,
    error::{Error, Result},
};

use crate::Place;

/// 全件出力からの復元
#[derive(Args)]
pub struct Restore {
    /// engawa export で書き出したフォルダ、または .zip ファイル
    #[arg(long)]
    from: PathBuf,
    #[command(flatten)]
    place: Place,
}

impl Restore {
    /// Runs the command.
    ///
    /// # Errors
    /// The export is not whole, the place is not empty, or the log does not verify.
    pub async fn run(self) -> Result<()> {
        let data = &self.place.data;
        std::fs::create_dir_all(data).map_err(|e| {
            Error::Invalid(format!(
                "データフォルダ {} を作れません({e})。",
                data.display()
            ))
        })?;
        let db = match &self.place.database {
            Some(url) => Db::postgres(url).await?,
            None => Db::sqlite(&data.join("engawa.sqlite")).await?,
        };
        let schema = engawa_archive::restore(&self.from, &db, data).await?;
        db.close().await;
        let rows: u64 = schema.tables.iter().map(|t| t.rows).sum();
        println!(
            "{}の{rows}行を復元しました。件数とハッシュは書き出したときと同じで、監査記録に書き換えはありません。",
            schema.municipality
        );
        Ok(())
    }
}
