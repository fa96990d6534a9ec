//! Find the programs that the tests need, or install them from Debian's packages.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Failure, Outcome, capture, run};

/// Where a program lies, looked up in `PATH`.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Whether we run as root. Then PostgreSQL must not, and packages can be installed.
pub fn is_root() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|uid| uid.trim() == "0")
}

/// Finds a program with `find`; where it is missing, installs `packages` on Debian as root and looks again.
///
/// # Errors
/// The program is missing and cannot be installed here; the message says what to install.
pub fn ensure(
    what: &str,
    packages: &[&str],
    find: impl Fn() -> Option<PathBuf>,
) -> Outcome<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    install(what, packages)?;
    find().ok_or_else(|| {
        Failure::new(format!(
            "{what} is still missing after installing {packages:?}"
        ))
    })
}

/// Installs Debian packages without asking anything.
pub fn install(what: &str, packages: &[&str]) -> Outcome {
    let list = packages.join(" ");
    if !Path::new("/etc/debian_version").exists() || !is_root() {
        return Err(Failure::new(format!(
            "{what} is missing. Install it and run this again; on Debian or Ubuntu: sudo apt-get install {list}"
        )));
    }
    println!("-- {what} is missing; installing {list}");
    run(apt().args(["update", "--quiet"]))?;
    run(apt()
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(packages))
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

/// The oldest Node.js that Playwright runs on.
const NODE: u32 = 20;

/// Node and its npm, for the tests in the browser.
pub fn node() -> Outcome {
    let node = ensure("Node.js", &["nodejs", "npm"], || on_path("node"))?;
    ensure("npm", &["npm"], || on_path("npm"))?;
    let version = capture(Command::new(node).arg("--version"))?;
    if major(&version).is_some_and(|major| major >= NODE) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "Node.js {NODE} or newer is needed; this is {}",
        version.trim()
    )))
}

/// `v20.20.2` → 20
fn major(version: &str) -> Option<u32> {
    let (major, _) = version.trim().trim_start_matches('v').split_once('.')?;
    major.parse().ok()
}

/// Chromium, named by `CHROMIUM` or found in its usual places, and a Japanese font for it.
///
/// Never Playwright's own download: a municipality's network rarely lets it through, and Debian's
/// Chromium gets Debian's security updates.
pub fn chromium() -> Outcome<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        if named.is_file() {
            return Ok(named);
        }
        return Err(Failure::new(format!(
            "CHROMIUM names {}, which is not a file",
            named.display()
        )));
    }
    let found = ensure("Chromium", &["chromium", "fonts-noto-cjk"], || {
        [
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ]
        .into_iter()
        .find_map(on_path)
    })?;
    let fonts = capture(Command::new("fc-list").args([":lang=ja", "family"]));
    if fonts.is_ok_and(|families| families.trim().is_empty()) {
        install("A Japanese font", &["fonts-noto-cjk"])?;
    }
    Ok(found)
}

/// rustfmt, clippy and nextest are cargo subcommands; this asks whether cargo has one.
pub fn cargo_has(subcommand: &str) -> bool {
    capture(crate::run::cargo().args([subcommand, "--version"])).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_there_and_nothing_else() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program-anywhere").is_none());
    }

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("unknown"), None);
    }

    #[test]
    fn a_program_that_is_there_is_not_installed() {
        let found = ensure("a shell", &["no-such-package"], || on_path("sh")).unwrap();
        assert!(found.ends_with("sh"));
    }
}
