//! `engawa demo`: a made-up municipality of any size.

use std::{io::Write as _, path::PathBuf};

use clap::Args;
use engawa_demo::DemoOptions;
use engawa_kernel::{
    audit,
    context::Ctx,
    error::{Error, Result},
};

use super::init;
use crate::{Place, wiring};

/// 見本の自治体を作る(同じ人数・種・日付なら、いつも同じ内容)
#[derive(Args)]
pub struct Demo {
    #[command(flatten)]
    place: Place,
    /// 住民の人数
    #[arg(long, default_value_t = 300)]
    people: u64,
    /// 乱数の種
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 「きょう」とする日(例: 2026-11-21)。指定しないと本日
    #[arg(long)]
    today: Option<chrono::NaiveDate>,
    /// テキストになった実施計画書。縁側市のかわりに、その自治体の名前・圏域・機関・窓口・目標で見本を作ります
    #[arg(long)]
    plan_sheet: Option<PathBuf>,
    /// ログインの一覧をJSONで書き出すファイル
    #[arg(long)]
    logins: Option<PathBuf>,
}

impl Demo {
    /// Makes the municipality with a progress bar, and prints one login of each kind.
    ///
    /// # Errors
    /// The folder already holds a municipality, or cannot be written.
    pub async fn run(self) -> Result<()> {
        let engine = wiring::open(&self.place).await?;
        if Ctx::system(&engine).await.is_ok() {
            return Err(Error::Invalid(format!(
                "{} には、すでに自治体があります。別のデータフォルダを --data で指定してください。",
                self.place.data.display()
            )));
        }
        let bar = indicatif::ProgressBar::new(self.people);
        bar.set_style(
            indicatif::ProgressStyle::with_template(
                "見本を作っています {bar:30} {human_pos}/{human_len}人 残り{eta}",
            )
            .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()),
        );
        let options = DemoOptions {
            people: self.people,
            seed: self.seed,
            today: self.today,
            plan_sheet: self
                .plan_sheet
                .as_deref()
                .map(init::read_sheet)
                .transpose()?,
        };
        let logins = engawa_demo::make(&engine, options, &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })
        .await?;
        bar.finish_and_clear();
        audit::seal(&engine.db, &engine.signer, engine.clock.now()).await?;
        if let Some(file) = &self.logins {
            let io = |e: std::io::Error| {
                Error::Invalid(format!("{} に書き込めません({e})。", file.display()))
            };
            let mut out = std::fs::File::create(file).map_err(io)?;
            out.write_all(serde_json::to_string_pretty(&logins)?.as_bytes())
                .map_err(io)?;
        }
        println!("見本の自治体を用意しました。ログインは次のとおりです(二段階認証なし、研修用)。");
        for l in &logins {
            println!(
                "  {:<12} {:<20} {} / {}",
                l.user, l.password, l.role, l.body
            );
        }
        engine.db.close().await;
        Ok(())
    }
}
