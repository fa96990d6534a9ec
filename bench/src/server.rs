//! The real server, started and stopped.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Result, http::Client};

/// A running `engawa serve`; stopped when dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    started: Instant,
}

impl Server {
    /// Starts it on a free port and waits for the line that says so.
    pub fn start(engawa: &Path, folder: &Path) -> Result<Self> {
        let started = Instant::now();
        let mut child = Command::new(engawa)
            .arg("serve")
            .arg("--data")
            .arg(folder)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        for line in BufReader::new(out).lines() {
            if let Some(address) = line?.strip_prefix("listening on http://") {
                let address = address.trim().parse()?;
                return Ok(Self {
                    child,
                    address,
                    started,
                });
            }
        }
        child.kill()?;
        child.wait()?;
        Err("engawa serve ended before it listened".into())
    }

    /// A browser for it.
    pub const fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Since the program was started.
    pub fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// Resident memory now, in megabytes; none where the system does not tell.
    pub fn resident(&self) -> Option<f64> {
        resident(self.child.id())
    }

    /// The same of the process that prints for it; none when nobody printed lately.
    pub fn resident_of_press(&self) -> Option<f64> {
        let of = self.child.id();
        let mut threads = std::fs::read_dir(format!("/proc/{of}/task")).ok()?;
        threads.find_map(|thread| {
            let children = std::fs::read_to_string(thread.ok()?.path().join("children")).ok()?;
            resident(children.split_whitespace().next()?.parse().ok()?)
        })
    }
}

fn resident(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1_024.0)
}

impl Drop for Server {
    fn drop(&mut self) {
        // Only our own child; the data are a copy that is thrown away.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
