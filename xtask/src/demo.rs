//! `cargo xtask demo`: build Engawa, make a demo municipality once, print the logins, serve it.
//!
//! What this prints is read by someone who sees Engawa for the first time: Japanese, plain.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use serde_json::Value;

use crate::run::{Doing, Failure, Outcome, build_engawa, run as run_program};

/// How to make and serve the demo municipality. The defaults are the README's.
#[derive(Args)]
pub struct Options {
    /// Where the demo municipality lives; made if it does not exist yet
    #[arg(long, default_value = "./demo-data")]
    data: PathBuf,
    /// How many made-up persons live there
    #[arg(long, default_value_t = 300)]
    people: u32,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Build with full optimisation: slower to build, faster to use
    #[arg(long)]
    release: bool,
}

/// Builds, makes, prints and serves. Returns only when something failed: the server takes our place.
pub fn run(options: &Options) -> Outcome {
    println!("縁側（Engawa）を組み立てています。初回は数分かかります。");
    let engawa = build_engawa(options.release)?;
    let data = &options.data;
    if data.exists() {
        println!(
            "{} にあるデモ自治体をそのまま使います。はじめからやり直すときは、このフォルダを消してください。",
            data.display()
        );
    } else {
        make(&engawa, options)?;
    }
    println!("\n{}", logins(&data.join("logins.json"))?);
    println!(
        "ブラウザで http://{} を開いてください。終わるときは、ここで Ctrl+C を押してください。\n",
        options.listen
    );
    let failed = Command::new(engawa)
        .arg("serve")
        .arg("--data")
        .arg(data)
        .args(["--listen", &options.listen.to_string()])
        .exec();
    Err(Failure::new(format!("engawa を起動できません: {failed}")))
}

/// Makes the municipality beside its place and moves it there when complete, so that an interrupted
/// run never leaves half a municipality behind.
fn make(engawa: &Path, options: &Options) -> Outcome {
    let unfinished = beside(&options.data);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).doing(&format!(
            "途中で止まったデモデータ {} を消せません",
            unfinished.display()
        ))?;
    }
    run_program(
        Command::new(engawa)
            .arg("demo")
            .arg("--data")
            .arg(&unfinished)
            .args(["--people", &options.people.to_string(), "--seed", "1"])
            .arg("--logins")
            .arg(unfinished.join("logins.json")),
    )?;
    fs::rename(&unfinished, &options.data)
        .doing(&format!("{} を作れません", options.data.display()))
}

/// `demo-data` → `demo-data.making`, in the same folder.
fn beside(data: &Path) -> PathBuf {
    let mut name = data.file_name().unwrap_or("demo-data".as_ref()).to_owned();
    name.push(".making");
    data.with_file_name(name)
}

/// The logins as a list to read.
fn logins(file: &Path) -> Outcome<String> {
    let unreadable = format!("ログイン情報 {} を読めません", file.display());
    let text = fs::read_to_string(file).doing(&unreadable)?;
    let logins: Vec<Value> = serde_json::from_str(&text).doing(&unreadable)?;
    let mut list =
        String::from("デモのログイン（架空の職員です。実在の人のデータは入れないでください）\n");
    for login in &logins {
        let field = |name: &str| login[name].as_str().unwrap_or("―");
        list.push_str(&format!(
            "  利用者名 {:<20} パスワード {:<20} {}（{}）\n",
            field("user"),
            field("password"),
            field("role"),
            field("body"),
        ));
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unfinished_folder_lies_beside_the_finished() {
        assert_eq!(
            beside(Path::new("./demo-data")),
            Path::new("./demo-data.making")
        );
        assert_eq!(beside(Path::new("/a/b/")), Path::new("/a/b.making"));
    }

    #[test]
    fn every_login_is_listed_with_role_and_body() {
        let file = std::env::temp_dir().join(format!("xtask-logins-{}", std::process::id()));
        let json =
            r#"[{"kind":"worker","user":"sato","password":"pw","role":"相談員","body":"福祉課"}]"#;
        fs::write(&file, json).unwrap();
        let list = logins(&file);
        fs::remove_file(&file).unwrap();
        let list = list.unwrap();
        for part in ["sato", "pw", "相談員（福祉課）"] {
            assert!(list.contains(part), "{part} is missing in {list}");
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let failure = logins(Path::new("/no/such/logins.json")).unwrap_err();
        assert!(failure.to_string().contains("/no/such/logins.json"));
    }
}
