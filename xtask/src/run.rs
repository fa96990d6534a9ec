//! Start a program, wait for it, and say clearly how it failed.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a command of ours stopped: one message for the person who ran it.
#[derive(Debug)]
pub struct Failure(String);

/// What every command and step of xtask returns.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure that says `message`.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says what was being done when an error of the system came.
pub trait Doing<T> {
    /// Turns the error into a [`Failure`] that begins with `what`.
    fn doing(self, what: &str) -> Outcome<T>;
}

impl<T, E: fmt::Display> Doing<T> for Result<T, E> {
    fn doing(self, what: &str) -> Outcome<T> {
        self.map_err(|error| Failure::new(format!("{what}: {error}")))
    }
}

/// The workspace's root: the folder above `xtask/`.
pub fn root() -> PathBuf {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map_or(xtask.clone(), Path::to_path_buf)
}

/// The cargo that runs us, in the workspace's root.
pub fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root());
    command
}

/// Runs to the end with output shown as it comes; anything but success is a failure.
pub fn run(command: &mut Command) -> Outcome {
    let shown = line_of(command);
    let status = command
        .stdin(Stdio::null())
        .status()
        .doing(&format!("could not start `{shown}`"))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{shown}` failed ({status})")))
}

/// Which of a program's two outputs to read along.
pub enum Listen {
    /// Standard output; standard error goes straight to the terminal.
    Stdout,
    /// Standard error; standard output goes straight to the terminal.
    Stderr,
}

/// Runs to the end, hands every line of one output to `hear`, and tells whether it succeeded.
pub fn listen(command: &mut Command, which: Listen, mut hear: impl FnMut(&str)) -> Outcome<bool> {
    let shown = line_of(command);
    let starting = format!("could not start `{shown}`");
    command.stdin(Stdio::null());
    let (mut child, output): (_, Option<Box<dyn Read>>) = match which {
        Listen::Stdout => {
            let mut child = command.stdout(Stdio::piped()).spawn().doing(&starting)?;
            let output = child.stdout.take().map(|o| Box::new(o) as Box<dyn Read>);
            (child, output)
        }
        Listen::Stderr => {
            let mut child = command.stderr(Stdio::piped()).spawn().doing(&starting)?;
            let output = child.stderr.take().map(|o| Box::new(o) as Box<dyn Read>);
            (child, output)
        }
    };
    if let Some(output) = output {
        let mut reader = BufReader::new(output);
        let mut line = Vec::new();
        // Bytes, not text: a test may print anything, and a broken character must not end the run.
        while reader.read_until(b'\n', &mut line).doing(&shown)? > 0 {
            hear(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
            line.clear();
        }
    }
    Ok(child.wait().doing(&shown)?.success())
}

/// Runs quietly and returns what it printed; anything but success is a failure.
pub fn capture(command: &mut Command) -> Outcome<String> {
    let shown = line_of(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .doing(&format!("could not start `{shown}`"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!(
        "`{shown}` failed ({})\n{}",
        output.status,
        said.trim()
    )))
}

/// Builds the `engawa` program and returns where it lies.
pub fn build_engawa(release: bool) -> Outcome<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--bin", "engawa"]);
    command.arg("--message-format=json-render-diagnostics");
    if release {
        command.args(["--release", "--package", "engawa"]);
    } else {
        // With the features that the tests were built with, so that libraries are not built twice.
        command.arg("--workspace");
    }
    let mut program = None;
    let built = listen(&mut command, Listen::Stdout, |line| {
        program = executable(line).or(program.take());
    })?;
    match program {
        Some(program) if built => Ok(program),
        _ => Err(Failure::new("engawa could not be built; see above")),
    }
}

/// The program that one of cargo's JSON messages announces, if it is engawa's.
fn executable(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    (message["target"]["name"] == "engawa")
        .then(|| message["executable"].as_str())?
        .map(PathBuf::from)
}

/// A command as one would type it, for messages.
fn line_of(command: &Command) -> String {
    let mut line = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_named_with_its_arguments() {
        let failure = run(Command::new("false").arg("--loud")).unwrap_err();
        assert!(failure.to_string().starts_with("`false --loud` failed"));
        let failure = capture(&mut Command::new("no-such-program")).unwrap_err();
        assert!(
            failure
                .to_string()
                .contains("could not start `no-such-program`")
        );
    }

    #[test]
    fn lines_are_heard_even_when_they_are_not_text() {
        let mut lines = Vec::new();
        let mut command = Command::new("printf");
        command.arg("one\\n\\377two\\n");
        let ok = listen(&mut command, Listen::Stdout, |l| lines.push(l.to_owned())).unwrap();
        assert!(ok);
        assert_eq!(lines, ["one", "\u{fffd}two"]);
    }

    #[test]
    fn only_engawas_own_program_is_taken_from_cargos_messages() {
        let message = r#"{"target":{"name":"engawa"},"executable":"/t/debug/engawa"}"#;
        assert_eq!(executable(message), Some(PathBuf::from("/t/debug/engawa")));
        assert_eq!(
            executable(r#"{"target":{"name":"engawa"},"executable":null}"#),
            None
        );
        assert_eq!(
            executable(r#"{"target":{"name":"bench"},"executable":"/b"}"#),
            None
        );
        assert_eq!(executable("warning: not JSON"), None);
    }
}
