//! Demo data of each size, made once and kept in `target/bench-data`; every run works on a copy.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

use crate::Result;

/// The seed of all measurements.
const SEED: &str = "1";

/// A login of the demo data.
#[derive(Debug, Clone, Deserialize)]
pub struct Login {
    /// admin, worker, …
    pub kind: String,
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
}

/// Builds the binary in release and tells where it is.
pub fn build() -> Result<PathBuf> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    run(Command::new(cargo).args(["build", "--release", "-p", "engawa"]))?;
    let name = format!("engawa{}", std::env::consts::EXE_SUFFIX);
    Ok(target().join("release").join(name))
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

/// A copy of the demo data of this size that may be written to.
pub fn fresh_copy(engawa: &Path, size: u64) -> Result<PathBuf> {
    let base = target().join("bench-data");
    let kept = base.join(size.to_string());
    if !kept.join("logins.json").exists() {
        // Made beside and renamed at the end, so that half-made data are never measured.
        let making = base.join(format!("{size}.making"));
        remove(&making)?;
        std::fs::create_dir_all(&making)?;
        run(Command::new(engawa)
            .arg("demo")
            .arg("--data")
            .arg(&making)
            .args(["--people", &size.to_string(), "--seed", SEED, "--logins"])
            .arg(making.join("logins.json")))?;
        remove(&kept)?;
        std::fs::rename(&making, &kept)?;
    }
    let copy = base.join("run");
    remove(&copy)?;
    std::fs::create_dir_all(&copy)?;
    for entry in std::fs::read_dir(&kept)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), copy.join(entry.file_name()))?;
        }
    }
    Ok(copy)
}

fn remove(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    if status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {status}").into())
}

/// The logins of a folder.
pub fn logins(folder: &Path) -> Result<Vec<Login>> {
    let text = std::fs::read_to_string(folder.join("logins.json"))?;
    Ok(serde_json::from_str(&text)?)
}

/// The login of a kind.
pub fn login(folder: &Path, kind: &str) -> Result<Login> {
    logins(folder)?
        .into_iter()
        .find(|l| l.kind == kind)
        .ok_or_else(|| format!("no login of kind {kind}").into())
}

/// Size of the files in a folder.
pub fn megabytes(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes / 1_048_576)
}
