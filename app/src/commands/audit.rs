//! `engawa audit`

use clap::Subcommand;
use engawa_kernel::{audit, error::Result};

use crate::{Place, wiring};

/// 監査記録
#[derive(Subcommand)]
pub enum Audit {
    /// 書き換え・削除・差し込みがないことを確かめる
    Verify {
        #[command(flatten)]
        place: Place,
    },
}

impl Audit {
    /// Runs the command.
    ///
    /// # Errors
    /// The log does not verify; the sentence says from which entry on.
    pub async fn run(self) -> Result<()> {
        let Self::Verify { place } = self;
        let engine = wiring::open(&place).await?;
        let report = audit::verify(&engine.db, &engine.signer.public()).await?;
        println!(
            "監査記録は正しく、書き換えはありません。署名済み {}件、署名待ち {}件、署名 {}回。",
            report.sealed, report.unsealed, report.heads
        );
        engine.db.close().await;
        Ok(())
    }
}
