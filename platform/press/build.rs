//! Fetches the embedded fonts into `fonts/dist`, which `src/fonts.rs` embeds.
//!
//! Runs npm only when the lock file is newer than what was fetched, so that a machine without
//! Node.js can build from a release archive, which has `fonts/dist` in it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

const SOURCES: [&str; 2] = ["package.json", "package-lock.json"];
/// Where npm puts a file, and what it is called here.
const TAKEN: [(&str, &str); 7] = [
    (
        "biz-udgothic/400Regular/BIZUDGothic_400Regular.ttf",
        "BIZUDGothic-Regular.ttf",
    ),
    (
        "biz-udgothic/700Bold/BIZUDGothic_700Bold.ttf",
        "BIZUDGothic-Bold.ttf",
    ),
    ("biz-udgothic/LICENSE_FONT", "BIZUDGothic-OFL.txt"),
    (
        "noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf",
        "NotoSansJP-Regular.ttf",
    ),
    ("noto-sans-jp/LICENSE_FONT", "NotoSansJP-OFL.txt"),
    (
        "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
        "NotoSansSC-Regular.ttf",
    ),
    ("noto-sans-sc/LICENSE_FONT", "NotoSansSC-OFL.txt"),
];

fn main() {
    if let Err(message) = fetch() {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
    }
}

fn fetch() -> Result<(), String> {
    // Asked at run time: a target folder may have been used for another checkout before.
    let here = env::var_os("CARGO_MANIFEST_DIR").ok_or("Cargo runs this program, nobody else.")?;
    let fonts = PathBuf::from(here).join("fonts");
    let dist = fonts.join("dist");
    println!("cargo::rerun-if-changed=build.rs");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", fonts.join(source).display());
    }
    for (_, name) in TAKEN {
        println!("cargo::rerun-if-changed={}", dist.join(name).display());
    }

    let source = SOURCES
        .iter()
        .filter_map(|name| modified(&fonts.join(name)))
        .max();
    let fetched = TAKEN
        .iter()
        .map(|(_, name)| modified(&dist.join(name)))
        .collect::<Option<Vec<_>>>()
        .and_then(|times| times.into_iter().min());
    if fetched.is_some() && fetched >= source {
        return Ok(());
    }

    npm(&fonts, &["ci", "--no-audit", "--no-fund"])?;
    let packages = fonts.join("node_modules");
    let failed =
        |what: &Path, error: std::io::Error| format!("{} was not written: {error}", what.display());
    fs::create_dir_all(&dist).map_err(|error| failed(&dist, error))?;
    for (from, name) in TAKEN {
        let to = dist.join(name);
        fs::copy(packages.join("@expo-google-fonts").join(from), &to)
            .map_err(|error| failed(&to, error))?;
        // Cargo would take files written during this run for changed ones and run it again, so
        // they get the age of their newest source.
        age_as(&to, source).map_err(|error| failed(&to, error))?;
    }
    // The packages hold every weight, seven times what is embedded; npm keeps them in its own
    // cache, and one that cannot be removed does no harm.
    let _ = fs::remove_dir_all(&packages);
    Ok(())
}

fn age_as(path: &Path, source: Option<SystemTime>) -> std::io::Result<()> {
    let Some(time) = source else { return Ok(()) };
    fs::File::options()
        .write(true)
        .open(path)?
        .set_modified(time)
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let command = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(command)
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| {
            format!(
                "The fonts of platform/press have to be fetched, but `{command}` did not start ({error}).\n\
                 Install Node.js 20 or newer, or take a release archive: it has platform/press/fonts/dist in it."
            )
        })?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "`npm {}` failed in {}:\n{}{}\n\
         Without a connection, take platform/press/fonts/dist from a release archive or another checkout.",
        arguments.join(" "),
        folder.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}
