//! 実施計画書 with ordinary, empty and extreme data.

use engawa_kernel::paper::{Document, Imprint};
use engawa_press::Pdf;
use engawa_programmes::paper::{
    BlockPage, FieldPage, FigurePage, FiguresPage, Mark, OtherPage, PartPage, ResultRow,
    ResultTable, SheetPage,
};

fn imprint() -> Imprint {
    Imprint {
        municipality: "縁側市".into(),
        printed_by: "福祉課　見本 推進".into(),
        printed_at: "令和8年11月22日 14時05分".into(),
        print_number: String::new(),
        training: true,
    }
}

fn print(page: &SheetPage) -> Pdf {
    let document = Document::new("令和8年度 縁側市 実施計画書", imprint()).with(page);
    engawa_press::print(&document.expect("data")).expect("prints")
}

fn page(text: &str) -> SheetPage {
    let field = |label: &str| FieldPage {
        label: label.into(),
        text: text.into(),
        note: "令和8年4月1日時点".into(),
        results: None,
    };
    let goal = FieldPage {
        results: Some(ResultTable {
            title: "令和7年度の目標と実績（実績は令和8年3月31日まで）".into(),
            rows: vec![
                ResultRow {
                    goal: text.into(),
                    target: "120件以上".into(),
                    actual: "131件（達成）".into(),
                    look: "おおむね達成した。座談会の記録".into(),
                    next: "150件".into(),
                };
                2
            ],
        }),
        ..field("④ア 事業の成果目標")
    };
    SheetPage {
        year: "令和8年度".into(),
        version: "第2版（令和8年4月1日承認）".into(),
        draft: true,
        prefecture: "例示県".into(),
        municipality: "縁側市".into(),
        programmes: vec![
            Mark {
                name: "地域力強化推進事業".into(),
                marked: true,
                state: "補助なしで実施".into()
            };
            3
        ],
        blocks: vec![BlockPage {
            title: "3 地域力強化推進事業".into(),
            parts: vec![
                PartPage {
                    heading: String::new(),
                    short: true,
                    fields: vec![field("人口"), field("世帯数"), field("面積")],
                },
                PartPage {
                    heading: "（ア）拠点の整備".into(),
                    short: false,
                    fields: vec![field("拠点の場所"), field("運営主体"), goal],
                },
            ],
        }],
    }
}

const FIGURE: &[u8] = include_bytes!("../../../../domains/programmes/samples/figure.png");

fn with_figures(pictures: &[&'static [u8]], others: usize) -> Pdf {
    let mut document = Document::new("令和8年度 縁側市 実施計画書", imprint());
    let figures = pictures
        .iter()
        .map(|bytes| FigurePage {
            number: "別紙1".into(),
            block: "3 地域力強化推進事業".into(),
            caption: "相談の流れ".into(),
            picture: document.picture(*bytes),
            width_mm: 172.0,
        })
        .collect();
    let other = OtherPage {
        number: "別紙9".into(),
        block: "2 ビジョン".into(),
        caption: "事業の要綱".into(),
        name: "要綱.pdf（PDF）".into(),
    };
    let page = FiguresPage {
        sheet: "令和8年度 縁側市 実施計画書".into(),
        version: "第2版".into(),
        figures,
        others: vec![other; others],
    };
    engawa_press::print(&document.with(&page).expect("data")).expect("prints")
}

#[test]
fn pictures_stand_behind_the_sheet_and_a_broken_one_keeps_nothing_from_the_page() {
    assert_eq!(with_figures(&[], 1).pages, 1);
    let plain = with_figures(&[FIGURE], 2);
    assert!(plain.accessible, "a picture has its words");
    assert!(plain.bytes.len() > with_figures(&[], 2).bytes.len());
    assert_eq!(with_figures(&[FIGURE; 6], 0).pages, 3);
    // What was cut off, what is no picture at all, and an empty file.
    let cut = FIGURE.get(..FIGURE.len() / 2).expect("half");
    assert_eq!(with_figures(&[cut, b"no picture", b"", FIGURE], 1).pages, 1);
}

#[test]
fn a_sheet_is_printed_whatever_stands_in_it() {
    assert_eq!(print(&SheetPage::default()).pages, 1);
    let pdf = print(&page("東公民館"));
    assert_eq!(pdf.pages, 1);
    assert!(pdf.accessible, "PDF/UA-1");
    assert!(pdf.unprintable.is_empty());
    let long = print(&page(&"谷ごとの集いを続け、声を聞く。\n".repeat(300)));
    assert!(long.pages > 5, "{} pages", long.pages);
    let wide = print(&page(&"a".repeat(20_000)));
    assert!(wide.pages > 1);
    print(&page("#set page(width: 1pt)\n*[強調]* $x$ <見出し>"));
}
