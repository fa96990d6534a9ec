//! Every form with ordinary, empty and extreme data.

use crate::common::{self, imprint, line, shared};
use engawa_cases::packet::CasePacket;
use engawa_kernel::{
    error::Result,
    paper::{Document, Form, Imprint, Page},
};
use engawa_press::{Pdf, PressError};
use engawa_referrals::paper::{CoverPage, Member, ReferralSheet, ReplySecret, ReplySlip};

fn print<P: Page>(page: &P) -> Pdf {
    set(Document::new("試験", imprint()).with(page))
}

fn set(document: Result<Document>) -> Pdf {
    engawa_press::print(&document.expect("data")).expect("prints")
}

fn holds(pdf: &Pdf, what: &str) -> bool {
    pdf.bytes
        .windows(what.len())
        .any(|window| window == what.as_bytes())
}

#[test]
fn a_fax_is_one_document_of_three_pages() {
    let pdf = set(Document::new("つなぐシート", imprint())
        .with(&common::cover())
        .and_then(|d| d.with(&common::sheet()))
        .and_then(|d| d.with(&common::reply())));
    assert!(pdf.bytes.starts_with(b"%PDF-1.7"));
    assert!(pdf.bytes.trim_ascii_end().ends_with(b"%%EOF"));
    assert_eq!(pdf.pages, 3);
    assert!(pdf.unprintable.is_empty());
    assert!(pdf.accessible, "PDF/UA-1");
    assert!(holds(&pdf, "/Lang(ja"), "the language is set");
    assert!(holds(&pdf, "BIZUDGothic"), "the font is embedded");
    assert!(holds(&pdf, "/FontFile2"), "the font is embedded");
}

#[test]
fn every_page_is_a4_upright_in_black_and_white_with_its_number_and_a_warning() {
    let pdf = print(&common::packet(3));
    let text = String::from_utf8_lossy(&pdf.bytes);
    let mut boxes = 0;
    for (_, rest) in text
        .match_indices("/MediaBox")
        .map(|(at, m)| text.split_at(at + m.len()))
    {
        let numbers = rest.split(['[', ']']).nth(1).expect("four numbers");
        let corners: Vec<f64> = numbers
            .split_whitespace()
            .filter_map(|n| n.parse().ok())
            .collect();
        // 210 × 297 mm in points.
        let upright = [0.0, 0.0, 595.28, 841.89];
        let near = corners
            .iter()
            .zip(upright)
            .all(|(a, b)| (a - b).abs() < 0.5);
        assert!(corners.len() == 4 && near, "{numbers}");
        boxes += 1;
    }
    assert!(boxes > 0, "pages have a size");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let frame = std::fs::read_to_string(root.join("platform/press/templates/frame.typ"))
        .expect("the frame of every form");
    for part in [
        "framed(\"取扱注意\")",
        "counter(page).display()",
        "counter(page).final()",
    ] {
        assert!(frame.contains(part), "{part}");
    }
    let mut forms = vec![frame];
    for domain in ["cases", "referrals"] {
        let folder = root.join("domains").join(domain).join("print");
        for form in std::fs::read_dir(folder).expect("forms") {
            let form = form.expect("a form").path();
            forms.push(std::fs::read_to_string(form).expect("a template"));
        }
    }
    for form in forms {
        for colour in ["rgb(", "cmyk(", "oklab(", "oklch(", "hsl(", "gradient."] {
            assert!(!form.contains(colour), "{colour} in {form}");
        }
    }
}

#[test]
fn an_ordinary_sheet_fits_on_one_page_with_and_without_reasons() {
    let mut sheet = common::sheet();
    assert_eq!(print(&sheet).pages, 1);
    sheet.head.show_basis = false;
    assert_eq!(print(&sheet).pages, 1);
}

#[test]
fn empty_data_print_an_empty_form() {
    for pdf in [
        print(&ReferralSheet::default()),
        print(&CoverPage::default()),
        print(&ReplySlip::default()),
        print(&ReplySecret::default()),
        print(&CasePacket::default()),
        print(&common::packet(0)),
    ] {
        assert_eq!(pdf.pages, 1);
        assert!(pdf.accessible);
    }
}

#[test]
fn a_case_has_its_page_after_the_list() {
    assert_eq!(print(&common::packet(12)).pages, 13);
}

#[test]
fn a_card_is_one_page_with_six_to_call_and_twice() {
    for lines in [0, 1, 6] {
        for copies in [1, 2] {
            let pdf = print(&common::card(lines, copies));
            assert_eq!(pdf.pages, 1);
            assert!(pdf.unprintable.is_empty());
        }
    }
}

#[test]
fn a_long_story_flows_over_pages() {
    let mut sheet = common::sheet();
    sheet.words = shared(&"長い話が続いて、どこまでも終わりがない。".repeat(250));
    sheet.reason = shared(&"a".repeat(5_000));
    let pdf = print(&sheet);
    assert!(pdf.pages >= 5, "{} pages", pdf.pages);
    assert!(pdf.accessible);
    let mut packet = common::packet(1);
    packet.cases[0].situation = "経過\n".repeat(1_000);
    assert!(print(&packet).pages > 10);
}

#[test]
fn a_hundred_people_stand_in_the_sheet() {
    let lines = (0..100).flat_map(|n| common::person(&format!("髙﨑 {n}"), "子"));
    let sheet = ReferralSheet::from_lines(common::head(), &common::worries(), lines);
    assert_eq!(sheet.people.len(), 100);
    let pdf = print(&sheet);
    assert!(pdf.pages >= 6, "{} pages", pdf.pages);
    assert!(pdf.accessible);
}

#[test]
fn rare_names_are_printed_and_what_has_no_shape_is_listed() {
    let mut sheet = common::sheet();
    sheet.words = shared("髙﨑さん、𠮷田さん、葛󠄀城さん、刘伟さん");
    let pdf = print(&sheet);
    assert!(pdf.unprintable.is_empty());
    assert!(pdf.accessible);
    assert!(holds(&pdf, "NotoSansJP"), "𠮷 comes from the next font");
    assert!(holds(&pdf, "NotoSansSC"), "刘 comes from the last font");

    sheet.words = shared("😀とعربىと\u{E000}と한");
    let pdf = print(&sheet);
    assert_eq!(pdf.unprintable.first(), Some(&'😀'));
    for character in ['ع', '\u{E000}', '한'] {
        assert!(pdf.unprintable.contains(&character), "{character}");
    }
    assert!(pdf.accessible, "〓 has a shape");

    sheet.words = shared("山\u{E01EF}田さん");
    let pdf = print(&sheet);
    assert_eq!(pdf.common_shape, ["山\u{E01EF}"]);
    assert!(pdf.unprintable.is_empty());
    assert!(pdf.accessible);
}

#[test]
fn markup_in_what_people_write_stays_text() {
    let mut sheet = common::sheet();
    let nasty = "#import \"/x.typ\" *太字* $x$ `a` #panic(\"!\") </text> \\ \u{2028} \"";
    sheet.words = shared(nasty);
    sheet.head.number = nasty.into();
    sheet.others = vec![Member {
        label: nasty.into(),
        said: shared(nasty),
    }];
    assert!(print(&sheet).pages >= 1);
}

#[test]
fn a_withheld_line_prints_no_text_even_if_there_is_one() {
    let sheet = |text: &str| {
        let mut address = line("本人・家族　田中", "住所・居所", text);
        address.shared.hidden = true;
        ReferralSheet::from_lines(
            common::head(),
            &[],
            [line("本人・家族　田中", "氏名", "田中"), address],
        )
    };
    // What is withheld does not reach the file: not one byte depends on it.
    let withheld = print(&sheet("遠い町😀"));
    assert_eq!(withheld.bytes, print(&sheet("本町1丁目")).bytes);
    assert!(withheld.unprintable.is_empty());
}

#[test]
fn the_same_data_make_the_same_file() {
    assert_eq!(print(&common::sheet()).bytes, print(&common::sheet()).bytes);
}

#[test]
fn training_says_so() {
    let plain = print(&common::secret());
    let invented = Imprint {
        training: true,
        ..imprint()
    };
    let training = set(Document::new("試験", invented).with(&common::secret()));
    assert_ne!(plain.bytes, training.bytes);
}

#[derive(serde::Serialize)]
struct Reaching;

impl Page for Reaching {
    const FORM: Form = Form {
        name: "reaching",
        source: "#let body(data) = [#read(\"/etc/passwd\")]",
    };
}

#[derive(serde::Serialize)]
struct Packaged;

impl Page for Packaged {
    const FORM: Form = Form {
        name: "packaged",
        source: "#import \"@preview/cetz:0.3.0\": canvas\n#let body(data) = []",
    };
}

#[test]
fn a_template_reaches_no_file_and_no_package() {
    for result in [
        Document::new("試験", imprint()).with(&Reaching),
        Document::new("試験", imprint()).with(&Packaged),
    ] {
        let refused = engawa_press::print(&result.expect("data"));
        assert!(
            matches!(refused, Err(PressError::Form { .. })),
            "{refused:?}"
        );
    }
}
