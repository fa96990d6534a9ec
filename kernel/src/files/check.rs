//! What may be kept. The content decides what a file is; its name must agree.

use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};
use sha2::{Digest as _, Sha256};

use super::{FILE_LIMIT, Media, picture};
use crate::text::truncate_graphemes;

/// Characters of a file's name at most.
const NAME: usize = 120;
/// Pixels of a picture at most: it is unpacked to be printed.
const PIXELS: u64 = 40_000_000;
/// What is taken, for the refusals.
const TAKEN: &str =
    "付けられるのは、PDF、画像（PNG・JPEG）、Excel（.xlsx）、Word（.docx）、CSV、テキストです。";

/// A file that may be stored.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Without a path, with the ending that fits.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// What will be stored.
    pub bytes: Vec<u8>,
    /// Of those bytes.
    pub sha256: String,
    /// Width and height of a picture as it is looked at.
    pub pixels: Option<(u32, u32)>,
}

/// Looks at a file before it is stored; takes out of a photo what the camera wrote beside it.
///
/// # Errors
/// The sentence for the user: empty, too large, of a kind that is not taken, broken, or named as
/// something that it is not.
pub fn check(name: &str, bytes: &[u8]) -> Result<Checked, String> {
    if bytes.is_empty() {
        return Err("ファイルの中身が空です。付けたいファイルを選び直してください。".into());
    }
    if bytes.len() > FILE_LIMIT {
        return Err(format!(
            "ファイルが大きすぎます（{}MB）。1つのファイルは10MBまでです。写真は小さくし、PDFは分けてから付けてください。",
            bytes.len().div_ceil(1024 * 1024)
        ));
    }
    let ending = ending(name);
    let media = media(&ending, bytes)?;
    agree(&ending, media)?;
    let (bytes, pixels) = match media {
        Media::Png => picture::png(bytes).map(|(b, p)| (b, Some(p))),
        Media::Jpeg => picture::jpeg(bytes).map(|(b, p)| (b, Some(p))),
        _ => Some((bytes.to_vec(), None)),
    }
    .ok_or("この画像は途中で切れているか壊れていて、開けません。もとの画像を保存し直してから付けてください。")?;
    if let Some((width, height)) = pixels
        && u64::from(width) * u64::from(height) > PIXELS
    {
        return Err(format!(
            "画像が細かすぎます（{width}×{height}画素）。4,000万画素までです。小さくしてから付けてください。"
        ));
    }
    let sha256 = Sha256::digest(&bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    Ok(Checked {
        name: clean(name, &ending, media),
        media,
        bytes,
        sha256,
        pixels,
    })
}

fn ending(name: &str) -> String {
    name.rsplit_once('.')
        .map(|(_, ending)| ending.trim().to_ascii_lowercase())
        .unwrap_or_default()
}

/// What files with this ending are; none: the ending says nothing.
fn named(ending: &str) -> Option<Media> {
    Some(match ending {
        "pdf" => Media::Pdf,
        "png" => Media::Png,
        "jpg" | "jpeg" | "jpe" => Media::Jpeg,
        "xlsx" => Media::Xlsx,
        "docx" => Media::Docx,
        "csv" => Media::Csv,
        "txt" => Media::Text,
        _ => return None,
    })
}

fn agree(ending: &str, media: Media) -> Result<(), String> {
    match named(ending) {
        Some(named) if named != media => Err(format!(
            "名前は「.{ending}」ですが、中身は{}です。中身に合う名前で保存し直してから付けてください。",
            media.label()
        )),
        _ => Ok(()),
    }
}

fn media(ending: &str, bytes: &[u8]) -> Result<Media, String> {
    if bytes.starts_with(b"%PDF-") {
        Ok(Media::Pdf)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Ok(Media::Png)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Ok(Media::Jpeg)
    } else if bytes.starts_with(b"PK\x03\x04") {
        office(bytes)
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        Err("古い形式（.xls .doc）か、パスワードの付いたExcel・Wordです。パスワードを外し、.xlsx か .docx で保存し直してから付けてください。".into())
    } else if bytes.starts_with(b"GIF8") || bytes.get(4..8) == Some(b"ftyp") {
        Err(format!(
            "この形式の画像や動画（GIF、HEIC、MP4など）は付けられません。PNGかJPEGで保存し直してください。{TAKEN}"
        ))
    } else {
        text(ending, bytes)
    }
}

/// Excel or Word, by the names in the archive's own list; macros are refused.
fn office(bytes: &[u8]) -> Result<Media, String> {
    let names = zip_names(bytes).ok_or_else(|| {
        "このファイルは途中で切れているか壊れていて、開けません。もとのファイルを保存し直してから付けてください。".to_owned()
    })?;
    let has = |wanted: &[u8]| names.contains(&wanted);
    if names
        .iter()
        .any(|name| name.to_ascii_lowercase().ends_with(b"vbaproject.bin"))
    {
        return Err("マクロの入ったExcel・Wordは付けられません。マクロのない形式（.xlsx .docx）で保存し直してください。".into());
    }
    if has(b"[Content_Types].xml") && has(b"xl/workbook.xml") {
        Ok(Media::Xlsx)
    } else if has(b"[Content_Types].xml") && has(b"word/document.xml") {
        Ok(Media::Docx)
    } else {
        Err(format!(
            "ZIPなどの、まとめたファイルは付けられません。中のファイルを一つずつ付けてください。{TAKEN}"
        ))
    }
}

/// The names in a ZIP's central directory.
fn zip_names(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let u16_at = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let u32_at = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let from = bytes.len().saturating_sub(66_000);
    let end = from
        + bytes
            .get(from..)?
            .windows(4)
            .rposition(|w| w == b"PK\x05\x06")?;
    let count = u16_at(end + 10)?;
    let mut at = usize::try_from(u32_at(end + 16)?).ok()?;
    let mut names = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let name = usize::from(u16_at(at + 28)?);
        names.push(bytes.get(at + 46..at + 46 + name)?);
        at += 46 + name + usize::from(u16_at(at + 30)?) + usize::from(u16_at(at + 32)?);
    }
    Some(names)
}

/// UTF-8, Shift_JIS, or UTF-16 with its mark; letters only, and no page.
fn text(ending: &str, bytes: &[u8]) -> Result<Media, String> {
    let refused = || format!("この形式のファイルは付けられません。{TAKEN}");
    let read = match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => match bytes {
            [0xff, 0xfe, ..] => UTF_16LE.decode_without_bom_handling_and_without_replacement(bytes),
            [0xfe, 0xff, ..] => UTF_16BE.decode_without_bom_handling_and_without_replacement(bytes),
            _ => SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes),
        }
        .ok_or_else(refused)?,
    };
    if read
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
    {
        return Err(refused());
    }
    let head: String = read
        .trim_start_matches('\u{feff}')
        .trim_start()
        .chars()
        .take(20)
        .collect();
    let head = head.to_ascii_lowercase();
    if ["<!doctype", "<html", "<svg", "<?xml", "<script"]
        .iter()
        .any(|tag| head.starts_with(tag))
    {
        return Err(format!(
            "ホームページ（HTML）やSVGのファイルは付けられません。PDFかPNGで保存し直してください。{TAKEN}"
        ));
    }
    Ok(if ending == "csv" {
        Media::Csv
    } else {
        Media::Text
    })
}

/// A name that every desk's computer can save, ending as the content wants.
fn clean(name: &str, ending: &str, media: Media) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = name
        .chars()
        .filter(|c| {
            !c.is_control()
                && !matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|')
                // Signs that turn the direction of writing hide what a name ends with.
                && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .collect();
    let fits = named(ending) == Some(media);
    let (stem, ending) = match kept.rsplit_once('.') {
        Some((stem, ending)) if fits => (stem, ending),
        _ => (
            kept.as_str(),
            if media == Media::Jpeg {
                "jpg"
            } else {
                media.as_code()
            },
        ),
    };
    let stem = truncate_graphemes(stem.trim_matches(['.', ' ', '　']), NAME);
    let stem = if stem.is_empty() {
        "ファイル"
    } else {
        stem
    };
    format!("{stem}.{}", ending.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, bytes: &[u8], why: &str) {
        let said = check(name, bytes).unwrap_err();
        assert!(said.contains(why), "{name}: {said}");
    }

    /// A ZIP's list of names, as far as it is looked at.
    fn zip(names: &[&str]) -> Vec<u8> {
        let mut out = b"PK\x03\x04".to_vec();
        let start = out.len();
        for name in names {
            let mut entry = vec![0; 46];
            entry[..4].copy_from_slice(b"PK\x01\x02");
            entry[28] = name.len() as u8;
            out.extend(entry);
            out.extend(name.bytes());
        }
        let mut end = vec![0; 22];
        end[..4].copy_from_slice(b"PK\x05\x06");
        end[10] = names.len() as u8;
        end[16] = start as u8;
        out.extend(end);
        out
    }

    #[test]
    fn the_content_says_what_a_file_is() {
        let kind = |name: &str, bytes: &[u8]| check(name, bytes).unwrap().media;
        assert_eq!(kind("要綱.PDF", b"%PDF-1.7 ..."), Media::Pdf);
        let book = zip(&["[Content_Types].xml", "xl/workbook.xml"]);
        assert_eq!(kind("表.xlsx", &book), Media::Xlsx);
        let letter = zip(&["[Content_Types].xml", "word/document.xml"]);
        assert_eq!(kind("文.docx", &letter), Media::Docx);
        assert_eq!(kind("表.csv", "a,b\n縁側,1".as_bytes()), Media::Csv);
        let (sjis, ..) = SHIFT_JIS.encode("縁側市の資料");
        assert_eq!(kind("資料.txt", &sjis), Media::Text);
    }

    #[test]
    fn what_is_not_what_it_is_called_is_refused_with_a_reason() {
        refused("図.png", b"%PDF-1.7", "中身はPDFです");
        refused("図.png", "ただの文".as_bytes(), "中身はテキストです");
        refused("図.pdf", b"MZ\x90\x00\x03\x00\x00", "付けられません");
        refused("図.svg", b"<svg xmlns='x'>", "SVG");
        refused("頁.txt", b"\xef\xbb\xbf <!DOCTYPE html>", "HTML");
        refused("古い.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "古い形式");
        refused("写真.heic", b"\0\0\0\x18ftypheic", "HEIC");
        refused("まとめ.zip", &zip(&["図.png"]), "ZIP");
        refused("切れた.xlsx", b"PK\x03\x04 and no end", "壊れて");
        let macros = zip(&[
            "[Content_Types].xml",
            "xl/workbook.xml",
            "xl/vbaProject.bin",
        ]);
        refused("表.xlsm", &macros, "マクロ");
        refused("空.txt", b"", "空です");
        refused("大.txt", &vec![b'a'; FILE_LIMIT + 1], "10MBまで");
        refused("図.png", b"\x89PNG\r\n\x1a\n1234", "壊れて");
    }

    #[test]
    fn a_name_is_kept_without_its_path_and_what_hides_its_ending() {
        let name = |name: &str| check(name, b"%PDF-1.7").unwrap().name;
        assert_eq!(name("C:\\家\\要綱.pdf"), "要綱.pdf");
        assert_eq!(name("../../要綱"), "要綱.pdf");
        assert_eq!(name("要綱 第2.0版"), "要綱 第2.0版.pdf");
        assert_eq!(name("\u{202e}fdp.exe"), "fdp.exe.pdf");
        assert_eq!(name(".pdf"), "ファイル.pdf");
    }
}
