//! Builds `web/` (TypeScript, CSS) into `web/dist`, which `src/assets.rs` embeds.
//!
//! Runs npm only when a source is newer than what was built, so that a machine without Node.js
//! can build from a release archive, which has `web/dist` in it.

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
    let web = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../web");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", web.join(source).display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    // A file that is missing always reruns this script; present ones are not watched, since this
    // script itself writes them.
    if !web.join("dist/app.js").exists() {
        println!(
            "cargo::rerun-if-changed={}",
            web.join("dist/app.js").display()
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
    npm(&web, &["run", "--silent", "build"])
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

/// The newest file at or under this path.
fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return modified(path);
    }
    let entries = fs::read_dir(path).ok()?;
    entries
        .flatten()
        .filter_map(|entry| newest(&entry.path()))
        .max()
}
