//! A private PostgreSQL for the tests: its own folder, its own port, gone when the tests end.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::run::{Doing, Failure, Outcome, capture, run};
use crate::tools::{ensure, is_root, on_path};

/// The variable that tells the tests where PostgreSQL is. Set by hand, it names a server to use as it is.
pub const VARIABLE: &str = "ENGAWA_TEST_POSTGRES";

/// How long a new server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running PostgreSQL. Dropping it stops the server and removes its folder.
pub struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    owner: Option<Owner>,
    server: Option<Child>,
    port: u16,
}

/// Whom the server runs as when we are root, which PostgreSQL refuses.
#[derive(Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

impl Cluster {
    /// Makes a new cluster and starts it; installs PostgreSQL first where it is missing.
    pub fn start() -> Outcome<Self> {
        let bin = binaries()?;
        let owner = is_root().then(owner).transpose()?;
        let folder =
            std::env::temp_dir().join(format!("engawa-test-postgres-{}", std::process::id()));
        fs::create_dir(&folder).doing(&format!("could not make {}", folder.display()))?;
        let mut cluster = Self {
            bin,
            folder,
            owner,
            server: None,
            port: free_port()?,
        };
        if let Some(Owner { uid, gid }) = owner {
            chown(&cluster.folder, Some(uid), Some(gid))
                .doing("could not hand the folder to the postgres user")?;
        }
        capture(
            cluster
                .command("initdb")
                .args(["--locale=C.UTF-8", "--encoding=UTF8", "--username=postgres"])
                // Only this machine can reach it, and it holds made-up people only.
                .args(["--auth=trust", "--no-sync", "--pgdata"])
                .arg(cluster.data()),
        )?;
        cluster.serve()?;
        Ok(cluster)
    }

    /// The server's address, for [`VARIABLE`].
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// One of PostgreSQL's programs, as the user it may run as.
    fn command(&self, program: &str) -> Command {
        self.as_owner(Command::new(self.bin.join(program)))
    }

    fn as_owner(&self, mut command: Command) -> Command {
        command.current_dir(&self.folder);
        if let Some(Owner { uid, gid }) = self.owner {
            command.uid(uid).gid(gid);
        }
        command
    }

    fn serve(&mut self) -> Outcome {
        let log = fs::File::create(self.log()).doing("could not write the server's log")?;
        let errors = log.try_clone().doing("could not write the server's log")?;
        let mut server = self.server_command();
        server.arg("-D").arg(self.data());
        server.arg("-k").arg(&self.folder);
        server.args(["-p", &self.port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "max_connections=200",
            // The data is thrown away: no need to wait for the disk.
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ] {
            server.args(["-c", setting]);
        }
        server.stdin(Stdio::null()).stdout(log).stderr(errors);
        self.server = Some(server.spawn().doing("could not start PostgreSQL")?);
        self.wait_until_ready()
    }

    /// `postgres`, told by the kernel to stop if we are killed and cannot tell it ourselves.
    fn server_command(&self) -> Command {
        let Some(setpriv) = on_path("setpriv") else {
            return self.command("postgres");
        };
        let mut command = self.as_owner(Command::new(setpriv));
        command.args(["--pdeathsig", "INT", "--"]);
        command.arg(self.bin.join("postgres"));
        command
    }

    fn wait_until_ready(&mut self) -> Outcome {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let ended = match &mut self.server {
                Some(server) => server.try_wait().doing("could not watch PostgreSQL")?,
                None => None,
            };
            if let Some(status) = ended {
                return Err(self.told(&format!("PostgreSQL ended at once ({status})")));
            }
            let port = self.port.to_string();
            let mut ready = self.command("pg_isready");
            ready.args(["--host", "127.0.0.1", "--port", &port, "--quiet"]);
            if capture(&mut ready).is_ok() {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        Err(self.told(&format!(
            "PostgreSQL did not answer within {} seconds",
            PATIENCE.as_secs()
        )))
    }

    /// A failure with what the server itself said.
    fn told(&self, message: &str) -> Failure {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        Failure::new(format!("{message}\n{}", log.trim()))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let mut stop = self.command("pg_ctl");
            stop.args(["stop", "--silent", "--mode=immediate", "--pgdata"]);
            if capture(stop.arg(self.data())).is_err() {
                // Already gone, or deaf: make sure. The result does not matter, we only clean up.
                let _ = server.kill();
            }
            let _ = server.wait();
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("xtask: {} is left over: {error}", self.folder.display());
        }
    }
}

/// The folder of PostgreSQL's server programs. Debian keeps them out of `PATH`.
fn binaries() -> Outcome<PathBuf> {
    let initdb = ensure("PostgreSQL", &["postgresql"], || {
        on_path("initdb").or_else(|| newest_in(Path::new("/usr/lib/postgresql")))
    })?;
    // In PATH it may be a link to the folder where the others are.
    let initdb = fs::canonicalize(&initdb).doing(&initdb.display().to_string())?;
    initdb
        .parent()
        .map(Path::to_path_buf)
        .ok_or_else(|| Failure::new("initdb lies in no folder"))
}

/// `initdb` of the highest version under Debian's folder, which has one folder for each version.
fn newest_in(versions: &Path) -> Option<PathBuf> {
    fs::read_dir(versions)
        .ok()?
        .filter_map(|entry| {
            let folder = entry.ok()?.path();
            let version: u32 = folder.file_name()?.to_str()?.parse().ok()?;
            let initdb = folder.join("bin/initdb");
            initdb.is_file().then_some((version, initdb))
        })
        .max()
        .map(|(_, initdb)| initdb)
}

/// The `postgres` user's numbers; makes the user where there is none.
fn owner() -> Outcome<Owner> {
    if capture(Command::new("id").arg("postgres")).is_err() {
        run(Command::new("useradd").args(["--system", "--user-group", "postgres"]))?;
    }
    Ok(Owner {
        uid: number(&["-u", "postgres"])?,
        gid: number(&["-g", "postgres"])?,
    })
}

fn number(arguments: &[&str]) -> Outcome<u32> {
    let text = capture(Command::new("id").args(arguments))?;
    text.trim().parse().doing("`id` gave no number")
}

/// A port nobody listens on right now.
fn free_port() -> Outcome<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).doing("no free port on 127.0.0.1")?;
    Ok(listener.local_addr().doing("no free port")?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_version_wins_by_number_not_by_letter() {
        let folder = std::env::temp_dir().join(format!("xtask-versions-{}", std::process::id()));
        for version in ["9", "15", "17", "common"] {
            let bin = folder.join(version).join("bin");
            fs::create_dir_all(&bin).unwrap();
            fs::write(bin.join("initdb"), "").unwrap();
        }
        let newest = newest_in(&folder);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(newest, Some(folder.join("17/bin/initdb")));
    }
}
