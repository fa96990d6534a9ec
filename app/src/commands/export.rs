//! `engawa export`

use std::path::PathBuf;

use clap::Args;
use engawa_kernel::error::Result;

use crate::{Place, wiring};

/// 全件出力
#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    place: Place,
    /// 書き出し先の新しいフォルダ、または .zip ファイル
    #[arg(long)]
    out: PathBuf,
}

impl Export {
    /// Runs the command.
    ///
    /// # Errors
    /// There is something at that place, or the database or the disk refuses.
    pub async fn run(self) -> Result<()> {
        eprintln!(
            "注意: 書き出したものには、秘匿されている住所を含むすべての記録と、監査記録の署名鍵が入ります。データベースと同じように守り、使い終えたら消してください。"
        );
        let engine = wiring::open(&self.place).await?;
        let schema = engawa_archive::export(&engine, &self.out).await?;
        engine.db.close().await;
        let rows: u64 = schema.tables.iter().map(|t| t.rows).sum();
        println!(
            "{} に、{}の{}個の表・{rows}行・{}個のファイルを書き出しました。engawa restore --from で戻せます。",
            self.out.display(),
            schema.municipality,
            schema.tables.len(),
            schema.files.len()
        );
        Ok(())
    }
}
