//! What the preview says before anything is taken in.

use engawa_kernel::testing::on_both;
use engawa_ledgers::book::Book;

use crate::browser::{Browser, YEAR, consultations};

#[test]
fn a_shift_jis_ledger_is_read_and_every_repair_is_shown() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let (id, page) = me.checked(YEAR, &[("year", "2024")]).await;
        assert!(page.has("3行を取り込む"), "{}", page.text());
        assert!(page.has("まだ何も取り込んでいません"));
        for (kind, parts) in [
            (
                "date",
                vec!["R6/4/1", "令和6年4月1日(2024-04-01)", "S25.3.4"],
            ),
            ("serial", vec!["45390", "18326", "昭和25年3月4日"]),
            ("above", vec!["〃", "R6/4/1"]),
            ("kana", vec!["ﾐﾎﾝ ﾀﾛｳ", "ミホン タロウ"]),
            ("zero", vec!["9012345678", "09012345678"]),
            ("code", vec!["ＴＥＬ", "電話"]),
        ] {
            let repairs = me.get(&format!("/ledgers/{id}/repairs?kind={kind}")).await;
            for part in parts {
                assert!(repairs.has(part), "{kind} {part}: {}", repairs.text());
            }
        }
        assert_eq!(consultations(&town).await, 0);
        Ok(())
    });
}

#[test]
fn rows_that_cannot_be_taken_in_come_back_as_excel() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let (id, page) = me.checked(YEAR, &[("year", "2024")]).await;
        assert!(page.has("氏名も相談内容もありません") && page.has("「不思議」は読めません"));
        let file = me.get(&format!("/ledgers/{id}/errors.xlsx")).await;
        assert_eq!(file.status, 200);
        let book = engawa_sheets::read(&file.bytes, "x.xlsx").unwrap();
        let table = engawa_sheets::Table::from_sheet(&book.sheets[0], None).unwrap();
        assert_eq!(table.headers.last().unwrap(), "直すところ");
        assert_eq!(table.rows.len(), 2);
        let said = table.rows[1].cells.last().unwrap().as_text();
        assert!(
            said.contains("元の8行目") && said.contains("「受付日」"),
            "{said}"
        );
        // Mended, the file is the same ledger: columns and desk are remembered.
        let mended = engawa_ledgers::book::Book::read(&file.bytes, "x.xlsx").unwrap();
        let first = engawa_ledgers::book::Book::read(YEAR, "x.csv").unwrap();
        assert_eq!(mended.signature(), first.signature());
        assert!(mended.left_out.is_empty());
        // Without the year, the day that says none comes back too.
        let (_, page) = me.checked(YEAR, &[("year", "")]).await;
        assert!(page.has("3行を取り込む"), "{}", page.text());
        Ok(())
    });
}

#[test]
fn the_columns_are_remembered_by_the_labels() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let ledger = "日,だれ,はなし\nR6.4.1,見本 太郎,家賃のこと\n".as_bytes();
        let uploaded = me.upload("a.csv", ledger).await;
        let nothing = me.post(&uploaded.to, &[]).await;
        assert_eq!(nothing.status, 422, "no column says the day");
        let desk = town.desk.to_string();
        let fields = [
            ("column_received", "0"),
            ("column_name", "1"),
            ("column_words", "2"),
            ("desk", desk.as_str()),
        ];
        let twice = [fields.as_slice(), &[("column_kana", "1")]].concat();
        assert!(me.post(&uploaded.to, &twice).await.has("と同じ列です"));
        assert_eq!(me.post(&uploaded.to, &fields).await.status, 303);
        let (_, page) = me.checked(ledger, &[]).await;
        assert!(page.has("1行を取り込む"), "{}", page.text());
        Ok(())
    });
}

#[test]
fn the_sheets_of_a_year_are_one_ledger() {
    use engawa_sheets::{Cell, Orientation, OutSheet, write_xlsx};
    let sheet = |name: &str, headers: &[&str], rows: Vec<Vec<Cell>>| OutSheet {
        name: name.into(),
        headers: headers.iter().map(|h| (*h).to_owned()).collect(),
        rows,
        notes: vec!["令和6年度 相談台帳".into()],
        orientation: Orientation::Landscape,
    };
    let row = |a: &str| vec![Cell::text(a), Cell::text("見本"), Cell::text("あ")];
    let headers = ["受付日", "氏名", "内容"];
    let bytes = write_xlsx(&[
        sheet("4月", &headers, vec![row("R6.4.1")]),
        sheet("5月", &headers, vec![row("R6.5.1"), row("〃")]),
        sheet(
            "集計",
            &["月", "件数"],
            vec![vec![Cell::text("4月"), Cell::text("1")]],
        ),
    ])
    .unwrap();
    let book = Book::read(&bytes, "台帳.xlsx").unwrap();
    assert_eq!(book.sheets, ["4月", "5月"]);
    assert!(book.left_out.iter().any(|s| s == "集計"));
    assert_eq!(book.rows.len(), 3);
    assert_eq!(book.rows[2].cells[0], "R6.5.1");
    assert!(book.label(&book.rows[2]).starts_with("「5月」の"));
}

#[test]
fn signs_of_ones_own_machine_are_listed() {
    let gaiji = include_bytes!("../../../../fuzz/corpus/ledger/gaiji.csv");
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let (id, page) = me.checked(gaiji, &[]).await;
        assert!(page.has("外字"), "{}", page.text());
        let repairs = me.get(&format!("/ledgers/{id}/repairs?kind=sign")).await;
        assert!(
            repairs.has("U+E000") && repairs.has("U+3013"),
            "{}",
            repairs.text()
        );
        Ok(())
    });
}
