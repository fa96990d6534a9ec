//! A real server on a data folder of its own, and a small client.
#![allow(dead_code, reason = "each test file uses its own part")]

pub mod browser;

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

const ENGAWA: &str = env!("CARGO_BIN_EXE_engawa");

/// A data folder with a demo municipality.
pub struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    /// A copy of a small demo municipality, made once per test binary.
    pub fn demo() -> Self {
        static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
        let made = MADE.get_or_init(|| {
            let dir = tempfile::tempdir().unwrap();
            let done = Command::new(ENGAWA)
                .args([
                    "demo",
                    "--people",
                    "120",
                    "--seed",
                    "7",
                    "--today",
                    "2026-11-21",
                ])
                .arg("--data")
                .arg(dir.path())
                .arg("--logins")
                .arg(dir.path().join("logins.json"))
                .output()
                .unwrap();
            assert!(
                done.status.success(),
                "{}",
                String::from_utf8_lossy(&done.stderr)
            );
            dir
        });
        let dir = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(made.path()).unwrap() {
            let file = file.unwrap();
            if file.file_type().unwrap().is_file() {
                std::fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
            }
        }
        Self { dir }
    }

    /// An empty folder.
    pub fn empty() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs `engawa` with `--data` on this folder.
    pub fn engawa(&self, args: &[&str]) -> std::process::Output {
        Command::new(ENGAWA)
            .args(args)
            .arg("--data")
            .arg(self.path())
            .output()
            .unwrap()
    }

    /// An API token of a demo login.
    pub fn token(&self, login: &str) -> String {
        let out = self.engawa(&["user", "token", login]);
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        String::from_utf8(out.stdout).unwrap().trim().to_owned()
    }

    /// What `engawa audit verify` says.
    pub fn verify_log(&self) -> String {
        let out = self.engawa(&["audit", "verify"]);
        String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr)
    }

    /// (user, password) of a demo login.
    pub fn login(&self, kind: &str) -> (String, String) {
        let all: Value =
            serde_json::from_slice(&std::fs::read(self.path().join("logins.json")).unwrap())
                .unwrap();
        let l = all
            .as_array()
            .unwrap()
            .iter()
            .find(|l| l["kind"] == kind)
            .unwrap();
        (
            l["user"].as_str().unwrap().into(),
            l["password"].as_str().unwrap().into(),
        )
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }
}

/// A running `engawa serve`.
pub struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// Starts on a free port and waits for the line that says where.
    pub fn start(folder: &Folder) -> Self {
        let mut child = Command::new(ENGAWA)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("{line:?}"))
            .to_owned();
        Self { child, url }
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// `kill -9`
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// An agent that follows no redirect and takes every status as an answer.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into()
}

/// POSTs JSON with a token; only a 2xx answer is `Ok`.
pub fn post(url: &str, path: &str, token: &str, once: &str, body: &Value) -> Result<Value, String> {
    let mut answer = agent()
        .post(format!("{url}{path}"))
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", once)
        .header("content-type", "application/json")
        .send(body.to_string())
        .map_err(|e| e.to_string())?;
    let status = answer.status();
    let text = answer
        .body_mut()
        .read_to_string()
        .map_err(|e| e.to_string())?;
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).map_err(|e| e.to_string())
}

/// GETs JSON with a token.
pub fn get(url: &str, path: &str, token: &str) -> Result<Value, String> {
    let mut answer = agent()
        .get(format!("{url}{path}"))
        .header("authorization", format!("Bearer {token}"))
        .call()
        .map_err(|e| e.to_string())?;
    let status = answer.status();
    let text = answer
        .body_mut()
        .read_to_string()
        .map_err(|e| e.to_string())?;
    if status.is_success() {
        serde_json::from_str(&text).map_err(|e| e.to_string())
    } else {
        Err(format!("{status}: {text}"))
    }
}
