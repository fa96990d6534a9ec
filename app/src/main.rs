//! `engawa`: one binary for serving, setting up and looking after a municipality's data.

mod commands;
mod daily;
mod heap;
mod openapi;
mod wiring;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// 縁側 — 包括的な支援体制のための記録と連携
#[derive(Parser)]
#[command(name = "engawa", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Where the data is.
#[derive(Args, Clone)]
struct Place {
    /// データフォルダ(データベース、署名鍵、添付ファイル)
    #[arg(long)]
    data: PathBuf,
    /// PostgreSQLを使うときの接続先 postgres://利用者:パスワード@ホスト/名前
    #[arg(long)]
    database: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// 画面とAPIを提供する
    Serve {
        #[command(flatten)]
        place: Place,
        /// 待ち受けるアドレス
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        #[command(flatten)]
        outside: commands::serve::Outside,
    },
    /// 空の自治体を用意する
    Init(commands::init::Init),
    /// 見本の自治体を作る
    Demo(commands::demo::Demo),
    /// 監査記録
    #[command(subcommand)]
    Audit(commands::audit::Audit),
    /// 利用者
    #[command(subcommand)]
    User(commands::user::User),
    /// 実施計画書
    #[command(subcommand)]
    PlanSheet(commands::plan_sheet::PlanSheet),
    /// 記録のすべてをCSVで書き出す
    Export(commands::export::Export),
    /// 書き出したすべてを、空の場所に戻す
    Restore(commands::restore::Restore),
    /// データベースを新しい版に合わせる
    Migrate {
        #[command(flatten)]
        place: Place,
    },
    /// 印刷(画面とAPIを提供する側が自分で使う)
    #[command(name = engawa_press::COMMAND, hide = true)]
    Press,
}

fn main() -> std::process::ExitCode {
    heap::keep_small();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("ENGAWA_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,engawa=info")),
        )
        .with_writer(std::io::stderr)
        .init();
    let cli = Cli::parse();
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(processors + engawa_kernel::db::BUSY_WORKERS)
        .enable_all()
        .build()
    {
        Ok(r) => r,
        Err(e) => {
            eprintln!("起動できませんでした: {e}");
            return std::process::ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        match cli.command {
            Command::Serve {
                place,
                listen,
                outside,
            } => commands::serve::run(&place, &listen, &outside).await,
            Command::Init(c) => c.run().await,
            Command::Demo(c) => c.run().await,
            Command::Audit(c) => c.run().await,
            Command::User(c) => c.run().await,
            Command::PlanSheet(c) => c.run(),
            Command::Export(c) => c.run().await,
            Command::Restore(c) => c.run().await,
            Command::Migrate { place } => commands::migrate::run(&place).await,
            Command::Press => {
                // Whoever asked is gone when this fails: nobody waits for an answer.
                let _ = engawa_press::serve(std::io::stdin().lock(), std::io::stdout().lock());
                Ok(())
            }
        }
    });
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{}", said(&e));
            std::process::ExitCode::FAILURE
        }
    }
}

/// What went wrong, without the sentence that is for browsers.
fn said(e: &engawa_kernel::error::Error) -> String {
    match e {
        engawa_kernel::error::Error::Invalid(why) => why.clone(),
        other => other.to_string(),
    }
}
