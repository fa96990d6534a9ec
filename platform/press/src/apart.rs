//! Printing in a process of its own: a template that goes wrong cannot take the server with it, and
//! the memory for fonts and pages is there only while somebody prints. The process is this program
//! again (`engawa press`); it gets one line of JSON for each print, nothing of the environment, and
//! ends when nobody has printed for a minute or the server is gone.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Mutex, PoisonError, mpsc},
    time::Duration,
};

use bytes::Bytes;
use engawa_kernel::{
    error::{Error, Result},
    paper::{Document, Form, Imprint, Part, Printer},
};
use serde::{Deserialize, Serialize};

use crate::{Press, print};

/// The program's argument that makes it [`serve`].
pub const COMMAND: &str = "press";
/// Without a print for so long, the process ends.
const IDLE: Duration = Duration::from_secs(60);
/// A print that takes longer has gone wrong.
const LONGEST: Duration = Duration::from_secs(600);

/// A print on its way to the other process; its pictures follow, each so many bytes long.
#[derive(Serialize, Deserialize)]
struct Job {
    title: String,
    imprint: Imprint,
    parts: Vec<(String, String, serde_json::Value)>,
    pictures: Vec<usize>,
}

/// What comes back; the PDF follows, so many bytes long.
type Answer = std::result::Result<usize, String>;

impl Job {
    fn of(document: &Document) -> Self {
        let part = |p: &Part| {
            let form = (p.form.name.to_owned(), p.form.source.to_owned());
            (form.0, form.1, p.data.clone())
        };
        Self {
            title: document.title.clone(),
            imprint: document.imprint.clone(),
            parts: document.parts.iter().map(part).collect(),
            pictures: document.pictures.iter().map(Bytes::len).collect(),
        }
    }

    fn document(self, pictures: Vec<Bytes>, texts: &mut Texts) -> Document {
        let parts = self.parts.into_iter().map(|(name, source, data)| Part {
            form: Form {
                name: texts.keep(name),
                source: texts.keep(source),
            },
            data,
        });
        Document {
            title: self.title,
            imprint: self.imprint,
            parts: parts.collect(),
            pictures,
        }
    }

    /// Reads the pictures that follow the line.
    fn pictures(&self, jobs: &mut impl Read) -> std::io::Result<Vec<Bytes>> {
        self.pictures
            .iter()
            .map(|length| {
                let mut picture = vec![0; *length];
                jobs.read_exact(&mut picture)?;
                Ok(picture.into())
            })
            .collect()
    }
}

/// Names and sources of forms, kept for good as they are in the server: there are as many as forms.
#[derive(Default)]
struct Texts(BTreeSet<&'static str>);

impl Texts {
    fn keep(&mut self, text: String) -> &'static str {
        if let Some(known) = self.0.get(text.as_str()) {
            return known;
        }
        let kept: &'static str = text.leak();
        self.0.insert(kept);
        kept
    }
}

/// Prints what comes in until it ends, each print answered in its turn. Ends the process when nobody
/// prints any more.
///
/// # Errors
/// The other side is gone.
pub fn serve(mut jobs: impl BufRead, mut answers: impl Write) -> std::io::Result<()> {
    let (tell, told) = mpsc::channel::<Duration>();
    std::thread::spawn(move || {
        let mut patience = IDLE;
        loop {
            match told.recv_timeout(patience) {
                Ok(next) => patience = next,
                Err(mpsc::RecvTimeoutError::Timeout) => std::process::exit(0),
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
        }
    });
    let mut texts = Texts::default();
    let mut line = String::new();
    while jobs.read_line(&mut line)? > 0 {
        // The one who listens ends only with this function.
        let _ = tell.send(LONGEST);
        let done = match serde_json::from_str::<Job>(&line) {
            Err(e) => Err(e.to_string()),
            Ok(job) => {
                let pictures = job.pictures(&mut jobs)?;
                print(&job.document(pictures, &mut texts)).map_err(|e| e.to_string())
            }
        };
        line.clear();
        let answer: Answer = done
            .as_ref()
            .map(|pdf| pdf.bytes.len())
            .map_err(Clone::clone);
        serde_json::to_writer(&mut answers, &answer)?;
        answers.write_all(b"\n")?;
        if let Ok(pdf) = done {
            answers.write_all(&pdf.bytes)?;
        }
        answers.flush()?;
        let _ = tell.send(IDLE);
    }
    Ok(())
}

/// The press in a process of its own, started when somebody prints.
pub struct Apart {
    program: PathBuf,
    process: Mutex<Option<Process>>,
}

struct Process {
    child: Child,
    jobs: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Process {
    fn drop(&mut self) {
        // It is ours, and has nothing to lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Apart {
    /// `program` with the argument [`COMMAND`] must come to [`serve`].
    #[must_use]
    pub const fn new(program: PathBuf) -> Self {
        Self {
            program,
            process: Mutex::new(None),
        }
    }

    fn start(&self) -> std::io::Result<Process> {
        let mut child = Command::new(&self.program)
            .arg(COMMAND)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(jobs), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        Ok(Process {
            child,
            jobs,
            answers: BufReader::new(answers),
        })
    }
}

impl Process {
    fn print(
        &mut self,
        job: &[u8],
        pictures: &[Bytes],
    ) -> std::io::Result<std::result::Result<Vec<u8>, String>> {
        self.jobs.write_all(job)?;
        for picture in pictures {
            self.jobs.write_all(picture)?;
        }
        self.jobs.flush()?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(match serde_json::from_str::<Answer>(&line)? {
            Ok(length) => {
                let mut pdf = vec![0; length];
                self.answers.read_exact(&mut pdf)?;
                Ok(pdf)
            }
            Err(why) => Err(why),
        })
    }
}

impl Printer for Apart {
    fn print(&self, document: Document) -> Result<Vec<u8>> {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let mut job = serde_json::to_vec(&Job::of(&document))?;
        job.push(b'\n');
        // The one of before may have ended for want of work; a new one ends only for a reason.
        for _ in 0..2 {
            let mut press = match process.take() {
                Some(press) => press,
                None => match self.start() {
                    Ok(press) => press,
                    Err(e) => {
                        tracing::warn!(%e, "no process for printing; printing here");
                        return Press.print(document);
                    }
                },
            };
            if let Ok(done) = press.print(&job, &document.pictures) {
                *process = Some(press);
                return done.map_err(Error::Internal);
            }
        }
        Err(Error::Internal("the press ended while it printed".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Form = Form {
        name: "try",
        source: "#let body(data) = [#data.word]",
    };

    fn document(word: &str) -> Document {
        Document {
            title: "試し".into(),
            imprint: Imprint {
                municipality: "縁側市".into(),
                printed_by: "見本 職員".into(),
                printed_at: "令和8年11月22日".into(),
                print_number: "1".into(),
                training: true,
            },
            parts: vec![Part {
                form: FORM,
                data: serde_json::json!({ "word": word }),
            }],
            pictures: vec![
                Bytes::from_static(b"one"),
                Bytes::new(),
                Bytes::from_static(b"\n3"),
            ],
        }
    }

    #[test]
    fn a_job_comes_back_as_the_document_it_was() {
        let mut texts = Texts::default();
        for word in ["縁側", "改行\nと\"引用\""] {
            let line = serde_json::to_string(&Job::of(&document(word))).unwrap();
            assert!(!line.contains('\n'));
            let job: Job = serde_json::from_str(&line).unwrap();
            let sent = document(word).pictures.concat();
            let pictures = job.pictures(&mut sent.as_slice()).unwrap();
            let back = job.document(pictures, &mut texts);
            assert_eq!(format!("{back:?}"), format!("{:?}", document(word)));
        }
        // Each text once, however often it is printed.
        assert_eq!(texts.0.len(), 2);
    }

    #[test]
    fn each_print_is_answered_and_a_bad_one_harms_no_other() {
        let mut jobs = Vec::new();
        for document in [Some(document("一")), None, Some(document("二"))] {
            match &document {
                Some(document) => serde_json::to_writer(&mut jobs, &Job::of(document)).unwrap(),
                None => jobs.extend(b"{}"),
            }
            jobs.push(b'\n');
            jobs.extend(document.iter().flat_map(|d| d.pictures.concat()));
        }
        let mut answers = Vec::new();
        serve(jobs.as_slice(), &mut answers).unwrap();
        let mut answers = answers.as_slice();
        for good in [true, false, true] {
            let mut line = String::new();
            answers.read_line(&mut line).unwrap();
            match serde_json::from_str::<Answer>(&line).unwrap() {
                Ok(length) => {
                    let (pdf, rest) = answers.split_at(length);
                    assert!(good && pdf.starts_with(b"%PDF"));
                    answers = rest;
                }
                Err(why) => assert!(!good, "{why}"),
            }
        }
        assert!(answers.is_empty());
    }

    #[test]
    fn a_press_that_has_ended_is_started_again_and_one_that_cannot_print_says_so() {
        // Ends at once, however often it is started.
        let gone = Apart::new("/bin/true".into());
        let Err(Error::Internal(why)) = gone.print(document("縁側")) else {
            panic!("printed by nobody");
        };
        assert!(why.contains("ended"), "{why}");
        // Cannot be started at all: printed here.
        let none = Apart::new("/nowhere/engawa".into());
        assert!(none.print(document("縁側")).unwrap().starts_with(b"%PDF"));
    }
}
