//! Files as they come from offices, and files meant to hurt.
#![allow(clippy::unwrap_used, reason = "test helpers")]

use std::io::{Cursor, Read, Write};

use chrono::NaiveDate;
use engawa_sheets::{Cell, MAX_FILE_BYTES, OutSheet, SheetError, fuzz_read, read, write_xlsx};
use proptest::prelude::*;

fn xlsx(rows: Vec<Vec<Cell>>) -> Vec<u8> {
    let headers = vec!["氏名".to_owned(), "生年月日".to_owned()];
    write_xlsx(&[OutSheet {
        name: "名簿".into(),
        headers,
        rows,
        ..OutSheet::default()
    }])
    .unwrap()
}

/// Rewrites one entry of a zipped workbook.
fn patch(bytes: &[u8], entry: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut file = from.by_index(index).unwrap();
        let name = file.name().unwrap().to_string();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        to.start_file(name.as_str(), zip::write::SimpleFileOptions::default())
            .unwrap();
        let text = if name == entry { change(text) } else { text };
        to.write_all(text.as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// Makes the first entry of a zip declare another unpacked size in the central directory.
fn claiming(bytes: &[u8], size: u32) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let entry = bytes
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    bytes[entry + 24..entry + 28].copy_from_slice(&size.to_le_bytes());
    bytes
}

#[test]
fn the_content_decides_not_the_name() {
    let bytes = xlsx(vec![vec![Cell::text("髙橋"), Cell::Empty]]);
    for name in ["a.csv", "a.xls", "", "名簿.xlsx"] {
        assert_eq!(read(&bytes, name).unwrap().sheets[0].name, "名簿");
    }
    assert_eq!(
        read("a,b\n1,2".as_bytes(), "表.xlsx").unwrap().sheets[0].name,
        "表"
    );
}

#[test]
fn open_document_is_read() {
    let content = r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="台帳"><table:table-row><table:table-cell office:value-type="string"><text:p>𠮷田</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-04-01"><text:p>R8.4.1</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16382"/></table:table-row><table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"#;
    let mime = "application/vnd.oasis.opendocument.spreadsheet";
    let manifest = r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("mimetype", mime),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let book = read(&zip.finish().unwrap().into_inner(), "a.ods").unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
    assert_eq!(book.sheets[0].name, "台帳");
    assert_eq!(book.sheets[0].rows, [[Cell::text("𠮷田"), Cell::Date(day)]]);
}

#[test]
fn nothing_is_an_error_with_advice() {
    for bytes in [
        &b""[..],
        b"\xEF\xBB\xBF",
        b"\r\n\r\n",
        b" , \n",
        b"\xFF\xFE",
    ] {
        let error = read(bytes, "a.csv").unwrap_err();
        assert_eq!(error, SheetError::Empty);
        assert!(error.to_string().ends_with("もう一度選んでください。"));
    }
}

#[test]
fn dates_in_both_calendars_of_excel() {
    let day = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
    let noon = day.and_hms_opt(13, 30, 0).unwrap();
    let bytes = xlsx(vec![vec![Cell::Date(day), Cell::DateTime(noon)]]);
    assert_eq!(
        read(&bytes, "").unwrap().sheets[0].rows[1],
        [Cell::Date(day), Cell::DateTime(noon)]
    );

    let mac = patch(&bytes, "xl/workbook.xml", |text| {
        assert!(text.contains("<workbookPr "));
        text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    let shifted = day + chrono::Days::new(1462);
    assert_eq!(
        read(&mac, "").unwrap().sheets[0].rows[1][0],
        Cell::Date(shifted)
    );
}

#[test]
fn a_number_formatted_with_zeros_is_a_code() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let code = rust_xlsxwriter::Format::new().set_num_format("000000");
    book.add_worksheet()
        .write_number_with_format(0, 0, 11002, &code)
        .unwrap();
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(
        read(&bytes, "").unwrap().sheets[0].rows[0][0].as_text(),
        "011002"
    );
}

#[test]
fn far_cells_and_bombs_are_refused_before_memory_is_spent() {
    let bytes = xlsx(vec![vec![Cell::text("x")]]);
    let sheet = "xl/worksheets/sheet1.xml";
    let far = |place: &'static str| {
        patch(&bytes, sheet, move |text| {
            text.replace("r=\"A2\"", &format!("r=\"{place}\""))
        })
    };
    assert!(matches!(
        read(&far("XFD2"), ""),
        Err(SheetError::TooManyColumns { .. })
    ));
    let far_row = patch(&bytes, sheet, |text| {
        text.replace("r=\"A2\"", "r=\"A1048576\"")
            .replace("<row r=\"2\"", "<row r=\"1048576\"")
    });
    assert!(matches!(
        read(&far_row, ""),
        Err(SheetError::TooManyRows { .. })
    ));
    let bomb = claiming(&bytes, 201 * 1024 * 1024);
    assert_eq!(read(&bomb, ""), Err(SheetError::UnpackedTooLarge));
}

#[test]
fn garbage_is_refused() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    let noise: Vec<u8> = (0..10 * 1024 * 1024).map(|_| random()).collect();
    for start in [
        &b""[..],
        b"PK\x03\x04",
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        b"\xEF\xBB\xBF",
        b"\xFF\xFE",
    ] {
        let mut bytes = noise.clone();
        bytes[..start.len()].copy_from_slice(start);
        let error = read(&bytes, "a.xlsx").unwrap_err();
        assert!(error.to_string().ends_with("ください。"), "{error}");
    }
    assert_eq!(
        read(&vec![0; 10 << 20], "a.csv"),
        Err(SheetError::NotASheet)
    );
    assert_eq!(
        read(&vec![b'a'; MAX_FILE_BYTES + 1], "a.csv"),
        Err(SheetError::FileTooLarge)
    );
}

#[test]
fn limits_are_said() {
    let wide = vec!["x"; 501].join(",");
    let error = read(wide.as_bytes(), "広い表.csv").unwrap_err().to_string();
    assert!(
        error.contains("広い表") && error.contains("500列"),
        "{error}"
    );
    let long = "あ".repeat(32_768);
    let error = read(format!("a,b\n1,{long}").as_bytes(), "a.csv")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("2行目・2列目") && error.contains("32767"),
        "{error}"
    );
    assert!(matches!(
        read("a\n".repeat(200_001).as_bytes(), "a.csv"),
        Err(SheetError::TooManyRows { .. })
    ));
}

/// An .xls whose only record claims 65,535 × 65,535 cells.
#[test]
fn old_workbooks_cannot_claim_memory() {
    let record = |kind: u16, data: &[u8]| {
        [
            &kind.to_le_bytes(),
            &u16::try_from(data.len()).unwrap().to_le_bytes(),
            data,
        ]
        .concat()
    };
    let bof = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let eof = record(0x000A, &[]);
    let bound = |at: u32| {
        record(
            0x0085,
            &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'S']].concat(),
        )
    };
    let start = u32::try_from(bof.len() + bound(0).len() + eof.len()).unwrap();
    let with = |sheet_record: Vec<u8>| {
        let stream = [&bof[..], &bound(start), &eof, &bof, &sheet_record, &eof].concat();
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream("Workbook")
            .unwrap()
            .write_all(&stream)
            .unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    };
    let claim = [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0];
    assert_eq!(
        read(&with(record(0x0200, &claim)), ""),
        Err(SheetError::TooManyCells)
    );
    let number = [&[1, 0, 2, 0, 0, 0][..], &42.0_f64.to_le_bytes()].concat();
    let good = read(&with(record(0x0203, &number)), "a.xls").unwrap();
    assert_eq!(good.sheets[0].rows[1][2].as_text(), "42");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        fuzz_read(&bytes);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a-zあ-ん\"',;=\t\r\n髙①ｱ ]{0,200}") {
        fuzz_read(format!("\u{3}{text}").as_bytes());
    }

    #[test]
    fn no_damaged_workbook_makes_it_panic(at in 0_usize..6000, byte in any::<u8>(), cut in 0_usize..6000) {
        let mut bytes = xlsx(vec![vec![Cell::text("山田"), Cell::Number(1.0)]]);
        let length = bytes.len();
        bytes[at % length] = byte;
        let _ = read(&bytes, "a.xlsx");
        let _ = read(&bytes[..cut.min(length)], "a.xlsx");
    }
}
