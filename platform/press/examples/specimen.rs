//! Prints every form with invented people, as PDF and as pictures to look at, and says how long it
//! took: `cargo run --release -p engawa-press --example specimen -- target/specimen`.

#[path = "../tests/it/common.rs"]
mod common;

use std::{error::Error, fs, path::PathBuf, time::Instant};

use engawa_kernel::{error::Result as Kept, paper::Document};
use typst_render::RenderOptions;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(
        std::env::args()
            .nth(1)
            .unwrap_or_else(|| "target/specimen".into()),
    );
    fs::create_dir_all(&folder)?;
    let fax = || -> Kept<Document> {
        Document::new("つなぐシート", common::imprint())
            .with(&common::cover())?
            .with(&common::sheet())?
            .with(&common::reply())
    };
    save(&folder, "fax", &fax)?;
    save(&folder, "fax-warm", &fax)?;
    save(&folder, "sheet", &|| {
        let mut sheet = common::sheet();
        sheet.head.show_basis = false;
        sheet.words.text += "\n葛󠄀城さん、𠮷田さん、😀、عربى に聞いた。";
        Document::new("つなぐシート", common::imprint()).with(&sheet)
    })?;
    save(&folder, "secret", &|| {
        Document::new("暗証番号のお知らせ", common::imprint()).with(&common::secret())
    })?;
    save(&folder, "packet", &|| {
        let mut packet = common::packet(3);
        packet.hidden = 2;
        packet.cases[0].reasons = "R8.9.10 課題「住まい」: 保証人がいないため".into();
        Document::new("引継書", common::imprint()).with(&packet)
    })?;
    save(&folder, "card", &|| {
        Document::new("連携カード", common::imprint()).with(&common::card(6, 2))
    })
}

type Make<'a> = &'a dyn Fn() -> Kept<Document>;

fn save(folder: &std::path::Path, name: &str, make: Make<'_>) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let pdf = engawa_press::print(&make()?)?;
    println!(
        "{name}: {} pages, {} KiB, {} ms, accessible {}, unprintable {:?}",
        pdf.pages,
        pdf.bytes.len() / 1024,
        begun.elapsed().as_millis(),
        pdf.accessible,
        pdf.unprintable
    );
    fs::write(folder.join(format!("{name}.pdf")), &pdf.bytes)?;
    for (n, page) in engawa_press::pages(&make()?)?.pages().iter().enumerate() {
        let picture = typst_render::render(page, &RenderOptions::default());
        fs::write(
            folder.join(format!("{name}-{}.png", n + 1)),
            picture.encode_png()?,
        )?;
    }
    Ok(())
}
