//! W9: `engawa plan-sheet parse` as a process: the sheets of the model programme where they are at
//! hand, invented ones, and ten times the text, as ten sheets behind each other and as noise.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Result, report::Run, stats::Times};

/// The invented sheet that the parser's own tests read.
const SHEET: &str = include_str!("../../../platform/plansheet/tests/form/sheet.txt");
/// Invented sheets.
const INVENTED: usize = 42;
/// Runs of each kind.
const TURNS: usize = 5;
/// Characters of the smaller noise: as many as a long sheet has.
const NOISE: usize = 100_000;

/// Parses; what the real sheets are is said, also when they are not there.
pub fn run(engawa: &Path, folder: &Path, run: &mut Run) -> Result<()> {
    let here = folder.join("sheets");
    std::fs::create_dir_all(&here)?;
    let real = real()?;
    if real.is_empty() {
        eprintln!("W9: no sheets in ../shared/plan-sheets; only invented ones are read");
    } else {
        let name = format!("W9 parse {} sheets of municipalities", real.len());
        run.times.insert(name, parse(engawa, &here, &real)?);
    }
    let mut invented = Vec::new();
    for n in 0..INVENTED {
        invented.push(file(&here, &format!("invented-{n}"), &sheet(n))?);
    }
    let name = format!("W9 parse {INVENTED} invented sheets");
    run.times.insert(name, parse(engawa, &here, &invented)?);
    let long: String = (0..10).map(sheet).collect();
    for (what, small, large) in [
        ("long sheet", long.clone(), long.repeat(10)),
        ("noise", noise(NOISE), noise(NOISE * 10)),
    ] {
        let one = parse(engawa, &here, &[file(&here, "one", &small)?])?;
        let ten = parse(engawa, &here, &[file(&here, "ten", &large)?])?;
        let growth = format!("W9 {what}, ten times the text: times the time (aim: 10)");
        run.figures.insert(growth, ten.median / one.median);
        run.times.insert(format!("W9 {what}"), one);
        run.times.insert(format!("W9 {what}, ten times"), ten);
    }
    Ok(())
}

fn real() -> Result<Vec<PathBuf>> {
    let Ok(folder) = std::fs::read_dir("../shared/plan-sheets") else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    for entry in folder {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "txt") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn file(folder: &Path, name: &str, text: &str) -> Result<PathBuf> {
    let path = folder.join(name).with_extension("txt");
    std::fs::write(&path, text)?;
    Ok(path)
}

/// The invented sheet with other figures and longer answers.
fn sheet(n: usize) -> String {
    let longer = "困ったと言える町になる。".repeat(1 + n * 7 % 40);
    SHEET
        .replace("困ったと言える町になる。", &longer)
        .replace("12,345", &format!("{},345", 12 + n))
}

/// Words of the form and signs in no order; the same every time.
fn noise(characters: usize) -> String {
    let words: Vec<&str> = SHEET.split(['\t', '\n', ' ']).collect();
    let mut text = String::new();
    let (mut state, mut length) = (88_172_645_463_325_252_u64, 0);
    while length < characters {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let word = usize::try_from(state % words.len() as u64).map_or("", |n| words[n]);
        let between = match state % 7 {
            0 => "\n",
            1 => "<p>",
            2 => "\t",
            3 => "○",
            _ => " ",
        };
        length += word.chars().count() + between.chars().count();
        text.push_str(word);
        text.push_str(between);
    }
    text
}

/// Times of the whole process. A text that is no sheet is refused with a sentence; only a crash is an
/// error here.
fn parse(engawa: &Path, folder: &Path, files: &[PathBuf]) -> Result<Times> {
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..=TURNS {
        let start = Instant::now();
        let status = Command::new(engawa)
            .args(["plan-sheet", "parse"])
            .args(files)
            .arg("--out")
            .arg(folder.join("out"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        times.push(start.elapsed());
        if !matches!(status.code(), Some(0 | 1)) {
            return Err(format!("plan-sheet parse: {status}").into());
        }
    }
    // The first one brings the program and the files into memory.
    times.remove(0);
    Ok(Times::of(times))
}
