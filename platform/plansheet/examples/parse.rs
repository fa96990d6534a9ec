//! `parse FILE… --out DIR`: one JSON file per sheet, named like the sheet.

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    let mut out = PathBuf::from(".");
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--out" {
            out = arguments.next().ok_or("--out DIR")?.into();
        } else {
            files.push(PathBuf::from(argument));
        }
    }
    std::fs::create_dir_all(&out)?;
    for file in files {
        let text = engawa_plansheet::decode(&std::fs::read(&file)?)?;
        match engawa_plansheet::parse(&text) {
            Ok(sheet) => {
                let name = file.file_stem().ok_or("no file name")?;
                let mut target = out.join(name).into_os_string();
                target.push(".json");
                std::fs::write(target, serde_json::to_string_pretty(&sheet)?)?;
            }
            Err(error) => eprintln!("{}: {error}", file.display()),
        }
    }
    Ok(())
}
