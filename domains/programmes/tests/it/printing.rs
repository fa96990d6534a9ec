//! On paper and as a workbook: the form's order, and nothing of single persons for the public.

use engawa_kernel::testing::on_both;

use crate::browser::{OWN, browser, people, taken};

#[test]
fn the_form_is_printed_in_its_order_and_the_public_reads_no_career() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let sheet = taken(&c, OWN, "own", "2026", &[]).await;
        let pdf = c.get(&format!("{sheet}/print.pdf")).await;
        pdf.is(200)
            .has("令和8年度 縁側市 実施計画書")
            .has("plan-sheet")
            .has("\"marked\": true")
            .has("病院の相談員")
            .has("54,321人");
        let text = pdf.text();
        let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what}"));
        assert!(
            at("1-1 自治体の基本情報") < at("2 事業を実施する上でのビジョン")
                && at("3 地域力強化推進事業") < at("4 多機関の協働")
        );
        assert!(
            !text.contains("5 都道府県事業"),
            "a block that is not carried out is left out"
        );
        c.get(&format!("{sheet}/print.pdf?public=1"))
            .await
            .is(200)
            .lacks("病院の相談員")
            .has("公表しません");
        w.get(&format!("{sheet}/print.pdf")).await.is(404);
        let book = c.get(&format!("{sheet}/sheet.xlsx")).await;
        book.is(200);
        let read = engawa_sheets::read(&book.bytes, "sheet.xlsx").unwrap();
        let rows = &read.sheets[0].rows;
        let cell = |label: &str, column: usize| {
            rows.iter()
                .find(|r| r.iter().any(|c| c.as_text() == label))
                .and_then(|r| r.get(column))
                .map(engawa_sheets::Cell::as_text)
                .unwrap_or_default()
        };
        assert_eq!(cell("人口", 4), "54,321");
        assert_eq!(cell("人口", 5), "54321");
        assert_eq!(cell("高齢化率", 6), "%");
        assert_eq!(cell("④ウ その他", 9), "なし");
        Ok(())
    });
}
