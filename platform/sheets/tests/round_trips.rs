//! What is written can be read again; what is refused comes back as Excel.

use chrono::NaiveDate;
use engawa_sheets::{
    Cell, Column, ERROR_COLUMN, Encoding, Mapping, Merge, OutSheet, RowError, Sheet, SheetError,
    Table, error_sheet, read, write_csv, write_xlsx,
};
use proptest::prelude::*;

const NAME: Column = Column {
    key: "name",
    label: "氏名",
    aliases: &["名前", "相談者氏名"],
};
const KANA: Column = Column {
    key: "kana",
    label: "フリガナ",
    aliases: &["ふりがな"],
};
const CODE: Column = Column {
    key: "code",
    label: "宛名番号",
    aliases: &[],
};

fn texts(rows: &[&[&str]]) -> Vec<Vec<Cell>> {
    rows.iter()
        .map(|row| row.iter().map(|text| Cell::text(*text)).collect())
        .collect()
}

fn sheet(rows: &[&[&str]], merges: &[(usize, usize, usize, usize)]) -> Sheet {
    let merges = merges.iter().map(|&(top, left, bottom, right)| Merge {
        top,
        left,
        bottom,
        right,
    });
    Sheet {
        name: "台帳".into(),
        rows: texts(rows),
        merges: merges.collect(),
    }
}

fn headers(labels: &[&str]) -> Vec<String> {
    labels.iter().map(|label| (*label).to_owned()).collect()
}

#[test]
fn a_workbook_comes_back_as_it_went() {
    let day = NaiveDate::from_ymd_opt(1950, 3, 4).unwrap();
    let meiji = NaiveDate::from_ymd_opt(1899, 1, 2).unwrap();
    let row = vec![
        Cell::text("𠮷田 葛\u{E0100}城"),
        Cell::text("00123"),
        Cell::text("=SUM(A1)"),
        Cell::Number(1.5),
        Cell::Date(day),
        Cell::Bool(true),
        Cell::Empty,
        Cell::Date(meiji),
        Cell::text("一行目\n二行目"),
    ];
    let out = OutSheet {
        name: "名簿/令和8".into(),
        headers: headers(&[
            "氏名", "番号", "式", "数", "日", "可否", "空", "明治", "備考",
        ]),
        rows: vec![row.clone()],
        notes: vec!["𠮷は置き換えていません。".into()],
        ..OutSheet::default()
    };
    let back = read(&write_xlsx(&[out]).unwrap(), "a.xlsx").unwrap();
    assert_eq!(back.sheets[0].name, "名簿／令和8");
    assert_eq!(back.sheets[1].name, "説明");
    let mut want = row;
    want[7] = Cell::text("1899-01-02");
    assert_eq!(back.sheets[0].rows[1], want);
}

#[test]
fn too_long_is_refused_on_writing_too() {
    let rows = vec![vec![Cell::text("あ".repeat(32_768))]];
    let error = write_xlsx(&[OutSheet {
        name: "a".into(),
        rows,
        ..OutSheet::default()
    }])
    .unwrap_err();
    assert!(matches!(
        error,
        SheetError::CellTooLong {
            row: 2,
            column: 1,
            ..
        }
    ));
    assert!(write_xlsx(&[]).is_ok());
}

#[test]
fn the_header_is_found_below_titles() {
    let ledger = sheet(
        &[
            &["重層的支援 相談台帳"],
            &["", "作成日", "", "", "令和8年4月1日"],
            &[],
            &["番号", " 氏　名 ", "ﾌﾘｶﾞﾅ", "備考", "地区"],
            &["1", " 髙橋 ", "ﾀｶﾊｼ", "", "東"],
            &[],
            &["2", "𠮷田", "ﾖｼﾀﾞ", "", "西"],
        ],
        &[(0, 0, 0, 4)],
    );
    let table = Table::from_sheet(&ledger, None).unwrap();
    assert_eq!(table.header_row, 4);
    assert_eq!(
        table.rows.iter().map(|row| row.number).collect::<Vec<_>>(),
        [5, 7]
    );

    let mapping = Mapping::by_headers(&table.headers, &[&NAME, &KANA, &CODE]);
    assert_eq!(mapping.missing, [CODE]);
    let unknown: Vec<_> = mapping
        .unknown
        .iter()
        .map(|(_, label)| label.as_str())
        .collect();
    assert_eq!(unknown, ["番号", "備考", "地区"]);
    let first = mapping.rows(&table).next().unwrap();
    assert_eq!(
        (first.text("name"), first.text("kana")),
        ("髙橋".into(), "ﾀｶﾊｼ".into())
    );
    assert!(first.get("code").is_empty());

    let mut chosen = mapping.clone();
    chosen.choose(&CODE, Some(0), &table.headers);
    assert!(chosen.missing.is_empty());
    assert_eq!(chosen.rows(&table).next().unwrap().text("code"), "1");
    chosen.choose(&CODE, None, &table.headers);
    assert_eq!(
        (chosen.missing, chosen.unknown),
        (mapping.missing, mapping.unknown)
    );
}

#[test]
fn merged_households_and_two_line_headers() {
    let ledger = sheet(
        &[
            &["世帯", "本人", "", "地区"],
            &["", "氏名", "電話"],
            &["A", "甲", "1", "東"],
            &["", "乙", "2", "東"],
            &["B", "丙", "3", "西"],
        ],
        &[(0, 1, 0, 2), (0, 0, 1, 0), (0, 3, 1, 3), (2, 0, 3, 0)],
    );
    let table = Table::from_sheet(&ledger, None).unwrap();
    assert_eq!(table.headers, ["世帯", "本人 氏名", "本人 電話", "地区"]);
    let households: Vec<_> = table
        .rows
        .iter()
        .map(|row| row.cells[0].as_text())
        .collect();
    assert_eq!(households, ["A", "A", "B"]);
}

#[test]
fn a_sheet_without_header_says_so() {
    let error = Table::from_sheet(&sheet(&[&["題名"]], &[]), None).unwrap_err();
    assert!(error.to_string().contains("台帳"));
    assert!(Table::from_sheet(&sheet(&[&["題名"]], &[]), Some(9)).is_err());
    assert!(Table::from_sheet(&sheet(&[&["題名"]], &[]), Some(0)).is_err());
}

#[test]
fn refused_rows_come_back_and_can_be_read_again() {
    let table = Table::from_sheet(
        &sheet(&[&["氏名", "宛名番号"], &["甲", "001"], &["乙", "x"]], &[]),
        None,
    )
    .unwrap();
    let error = |row, column: Option<&str>, message: &str| RowError {
        row,
        column: column.map(str::to_owned),
        message: message.to_owned(),
    };
    let errors = [
        error(3, Some("宛名番号"), "は数字で書いてください。"),
        error(3, None, "重複しています。"),
        error(99, None, "?"),
    ];
    let out = error_sheet(&table, &errors);
    assert_eq!(out.headers, ["氏名", "宛名番号", ERROR_COLUMN]);
    assert_eq!(out.rows.len(), 1);
    assert_eq!(
        out.rows[0][2].as_text(),
        "元の3行目：「宛名番号」は数字で書いてください。／重複しています。"
    );
    assert!(out.notes.iter().any(|note| note.contains("99行目")));

    let again = read(&write_xlsx(&[out]).unwrap(), "").unwrap();
    let again = Table::from_sheet(&again.sheets[0], None).unwrap();
    assert!(
        Mapping::by_headers(&again.headers, &[&NAME, &CODE])
            .unknown
            .is_empty()
    );
    let once_more = error_sheet(&again, &[error(2, None, "まだ違います。")]);
    assert_eq!(once_more.headers, ["氏名", "宛名番号", ERROR_COLUMN]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_text_survives_xlsx_and_utf8(text in "\\PC{1,30}") {
        let rows = vec![vec![Cell::text("a"), Cell::text(text.as_str()), Cell::text("z")]];
        let titles = headers(&["一", "二", "三"]);
        let (csv, losses) = write_csv(&titles, &rows, Encoding::Utf8Bom);
        prop_assert!(losses.is_empty());
        let plain = !text.starts_with('\'') && !text.starts_with("=\"");
        if plain {
            prop_assert_eq!(&read(&csv, "a.csv").unwrap().sheets[0].rows[1], &rows[0]);
        }
        let xlsx = write_xlsx(&[OutSheet { name: "a".into(), headers: titles, rows: rows.clone(), ..OutSheet::default() }]).unwrap();
        prop_assert_eq!(&read(&xlsx, "a.xlsx").unwrap().sheets[0].rows[1], &rows[0]);
    }

    #[test]
    fn cp932_never_drops_and_lists_every_change(text in "\\PC{1,30}") {
        let rows = vec![vec![Cell::text("a"), Cell::text(text.as_str()), Cell::text("z")]];
        let (csv, _) = write_csv(&headers(&["一", "二", "三"]), &rows, Encoding::Cp932);
        let back = read(&csv, "a.csv").unwrap();
        prop_assert_eq!(back.sheets[0].rows[1].len(), 3);
        prop_assert!(!csv.contains(&b'&') || text.contains('&'));
    }
}
