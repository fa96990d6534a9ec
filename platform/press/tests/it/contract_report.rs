//! 委託・補助の報告書 with ordinary, empty and extreme data.

use engawa_funding::paper::ContractPage;
use engawa_kernel::paper::{Document, Imprint};
use engawa_press::Pdf;

fn print(page: &ContractPage) -> Pdf {
    let imprint = Imprint {
        municipality: "縁側市".into(),
        printed_by: "福祉課　見本 推進".into(),
        printed_at: "令和8年11月22日 14時05分".into(),
        print_number: String::new(),
        training: true,
    };
    let document = Document::new("業務委託 報告書", imprint).with(page);
    engawa_press::print(&document.expect("data")).expect("prints")
}

fn page(text: &str, rows: usize) -> ContractPage {
    let row = || [text, "13回", "12回（令和9年2月1日時点）", text].map(str::to_owned);
    ContractPage {
        name: "地域力強化推進事業 業務委託".into(),
        facts: vec![("実施する機関".into(), text.into())],
        deliverables: (0..rows).map(|_| row()).collect(),
        costs: (0..rows).map(|_| row()).collect(),
        costs_total: "4,580,000円、ほかに未定1件".into(),
        claims: (0..rows).map(|_| row()).collect(),
    }
}

#[test]
fn a_report_is_printed_whatever_stands_in_it() {
    assert_eq!(print(&ContractPage::default()).pages, 1);
    let pdf = print(&page("地区ワークショップ", 2));
    assert_eq!(pdf.pages, 1);
    assert!(pdf.accessible, "PDF/UA-1");
    assert!(pdf.unprintable.is_empty());
    assert!(print(&page("谷ごとの集いを続けた。\n二つの棟で開いた。", 60)).pages > 3);
    print(&page(&"a".repeat(2000), 3));
    print(&page("#set page(width: 1pt)\n*[強調]* $x$ <見出し>", 2));
}
