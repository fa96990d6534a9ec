//! `engawa plan-sheet`: reads the plan sheets of the model programme as they come out of a PDF.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use engawa_kernel::error::{Error, Result};
use engawa_plansheet::{decode, parse};

/// 実施計画書
#[derive(Subcommand)]
pub enum PlanSheet {
    /// テキストになった実施計画書を読み取り、1枚につき1つのJSONを書く
    Parse {
        /// テキストファイル(UTF-8、UTF-16、Shift_JIS)
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// JSONを置くフォルダ(なければ作ります)
        #[arg(long)]
        out: PathBuf,
    },
}

impl PlanSheet {
    /// Reads every file it can; what could not be read is told at the end, and nothing is written
    /// for it.
    ///
    /// # Errors
    /// The folder cannot be made, or a file could not be read.
    pub fn run(self) -> Result<()> {
        let Self::Parse { files, out } = self;
        std::fs::create_dir_all(&out).map_err(|e| {
            Error::Invalid(format!("フォルダ {} を作れません({e})。", out.display()))
        })?;
        let mut failed = 0;
        for file in &files {
            match read(file, &out) {
                Ok((to, warnings)) => println!(
                    "{} → {}(確かめたい箇所 {warnings}件)",
                    file.display(),
                    to.display()
                ),
                Err(e) => {
                    failed += 1;
                    eprintln!("{}: {}", file.display(), crate::said(&e));
                }
            }
        }
        if failed == 0 {
            return Ok(());
        }
        Err(Error::Invalid(format!(
            "{}枚のうち{failed}枚を読み取れませんでした。上の理由を確かめてください。ほかの{}枚は書き出しました。",
            files.len(),
            files.len() - failed
        )))
    }
}

fn read(file: &Path, out: &Path) -> Result<(PathBuf, usize)> {
    let invalid = |why: String| Error::Invalid(why);
    let bytes = std::fs::read(file).map_err(|e| invalid(format!("ファイルを開けません({e})。")))?;
    let text = decode(&bytes).map_err(|e| invalid(e.to_string()))?;
    let sheet = parse(&text).map_err(|e| invalid(e.to_string()))?;
    let name = file
        .file_stem()
        .ok_or_else(|| invalid("ファイルの名前がありません。".into()))?;
    let mut to = out.join(name).into_os_string();
    to.push(".json");
    let to = PathBuf::from(to);
    let json = serde_json::to_string_pretty(&sheet)?;
    std::fs::write(&to, json + "\n")
        .map_err(|e| invalid(format!("{} に書けません({e})。", to.display())))?;
    Ok((to, sheet.warnings.len()))
}
