//! Builds `web/` (TypeScript, CSS) into `web/dist`, which `src/assets.rs` embeds.
//!
//! Runs npm only when a source is newer than what was built, so that a machine without Node.js
//! can build from a release archive, which has `web/dist` in it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

const SOURCES: [&str; 6] = [
    "package.json",
    "package-lock.json",
    "build.mjs",
    "tsconfig.json",
    "css",
    "ts",
];
const BUILT: [&str; 3] = ["app.css", "app.js", "icon.svg"];

fn main() {
    if let Err(message) = build() {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
    }
}

fn build() -> Result<(), String> {
    // Asked at run time: a target folder may have been used for another checkout before.
    let here = env::var_os("CARGO_MANIFEST_DIR").ok_or("Cargo runs this program, nobody else.")?;
    let web = PathBuf::from(here).join("../web");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", web.join(source).display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    // `include_dir!` does not notice a new file by itself.
    println!("cargo::rerun-if-changed=../migrations");
    for name in BUILT {
        println!(
            "cargo::rerun-if-changed={}",
            web.join("dist").join(name).display()
        );
    }

    let source = SOURCES
        .iter()
        .filter_map(|name| newest(&web.join(name)))
        .max();
    let built = BUILT
        .iter()
        .map(|name| modified(&web.join("dist").join(name)))
        .collect::<Option<Vec<_>>>()
        .and_then(|times| times.into_iter().min());
    if built.is_some() && built >= source {
        return Ok(());
    }

    let lock = modified(&web.join("package-lock.json"));
    // npm writes this file at the end of every install.
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < lock {
        npm(&web, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(&web, &["run", "--silent", "build"])?;
    // Cargo would take files written during this run for changed ones and run it again, so they
    // get the age of their newest source.
    for name in BUILT {
        age_as(&web.join("dist").join(name), source)?;
    }
    Ok(())
}

fn age_as(path: &Path, source: Option<SystemTime>) -> Result<(), String> {
    let Some(time) = source else { return Ok(()) };
    fs::File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.set_modified(time))
        .map_err(|error| format!("{} was not built: {error}", path.display()))
}

fn npm(web: &Path, arguments: &[&str]) -> Result<(), String> {
    let command = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(command)
        .args(arguments)
        .current_dir(web)
        .output()
        .map_err(|error| {
            format!(
                "web/ has to be built, but `{command}` did not start ({error}).\n\
                 Install Node.js 20 or newer, or take a release archive: it has web/dist built."
            )
        })?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "`npm {}` failed in {}:\n{}{}",
        arguments.join(" "),
        web.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

/// When anything at or under this path last changed; a removed file changes its folder.
fn newest(path: &Path) -> Option<SystemTime> {
    let below = fs::read_dir(path).into_iter().flatten().flatten();
    below
        .filter_map(|entry| newest(&entry.path()))
        .chain(modified(path))
        .max()
}
