//! Files that are no sheet, and texts that nobody foresaw: an answer or a clear error, never a panic.

#![cfg(test)]

mod form;

use engawa_plansheet::{ParseError, decode, parse};
use form::{SHEET, read};
use proptest::prelude::*;

#[test]
fn every_encoding_that_offices_use() {
    let wanted = form::bare(SHEET);
    let cp932 = encoding_rs::SHIFT_JIS
        .encode(&SHEET.replace('²', "2"))
        .0
        .into_owned();
    let little: Vec<u8> = SHEET.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = SHEET.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [
        SHEET.as_bytes().to_vec(),
        [b"\xEF\xBB\xBF", SHEET.as_bytes()].concat(),
        [b"\xFF\xFE".as_slice(), &little].concat(),
        [b"\xFE\xFF".as_slice(), &big].concat(),
        little,
        big,
        cp932,
    ] {
        assert_eq!(form::bare(&decode(&bytes).unwrap()), wanted);
    }
}

#[test]
fn what_is_no_text_is_refused() {
    assert_eq!(
        decode(b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe\x81"),
        Err(ParseError::NotText)
    );
    assert_eq!(decode(b"\xEF\xBB\xBF\xff"), Err(ParseError::NotText));
    assert_eq!(decode(b"\xFF\xFE\x00"), Err(ParseError::NotText));
    assert_eq!(decode(b""), Ok(String::new()));
}

#[test]
fn what_is_no_sheet_is_refused() {
    assert_eq!(parse(""), Err(ParseError::Empty));
    assert_eq!(parse(" \t\u{3000}\r\n\t\t\n"), Err(ParseError::Empty));
    assert_eq!(
        parse("本日は晴天なり。\n事業名\n"),
        Err(ParseError::NotASheet)
    );
    assert_eq!(
        parse("<html><body><p>事業の計画</p></body></html>"),
        Err(ParseError::NotASheet)
    );
}

#[test]
fn ten_megabytes_are_refused_before_they_are_read() {
    let bytes = vec![b'x'; 10 * 1024 * 1024];
    let wanted = ParseError::TooLarge { bytes: bytes.len() };
    assert_eq!(decode(&bytes), Err(wanted.clone()));
    assert_eq!(
        parse(&String::from_utf8(bytes).unwrap()),
        Err(wanted.clone())
    );
    assert!(wanted.to_string().contains("何も取り込んでいません"));
}

#[test]
fn garbage_ends() {
    let heading = "3. 地域力強化推進事業について\n";
    for (piece, is_sheet) in [
        ("事業実施の\t", false),
        ("(", false),
        ("<p ", false),
        ("\t\n", false),
        ("(対象地域) ", false),
        ("②事業名\t二\n", false),
        ("あ\t(運営主体)\n", false),
        ("人口 世帯数\t", false),
        (
            "これは二十文字を超えるとても長い文章なので続きます。\n\n",
            false,
        ),
    ] {
        let text = heading.to_owned() + &piece.repeat(100_000 / piece.len());
        let result = parse(&text);
        assert_eq!(result.is_ok(), is_sheet, "{piece}: {result:?}");
    }
    // a real sheet with as much behind it
    let text = SHEET.to_owned() + &"\n図の中の文字\t○\n".repeat(4_000);
    let sheet = read(&text);
    assert_eq!(sheet.multi_agency, read(SHEET).multi_agency);
    assert!(sheet.attachments.unwrap().len() > 80_000);
}

/// Pieces that the form and its damage are made of.
fn piece() -> impl Strategy<Value = String> {
    let lines: Vec<String> = SHEET.lines().map(|line| format!("{line}\n")).collect();
    prop_oneof![
        4 => proptest::sample::select(lines),
        1 => "[\\t\\n ○()（）<>/p①-⑨ア-オ0-9,.%‰ぁ-ん事業人口]{0,20}",
        1 => any::<String>(),
        1 => Just("<table><tr><td>".to_owned()),
        1 => Just("</td></tr></table>\t".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_gives_a_sheet_or_an_error(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn any_mixture_of_the_form_gives_a_sheet_or_an_error(
        pieces in proptest::collection::vec(piece(), 0..40),
    ) {
        let text = pieces.concat();
        if let Ok(sheet) = parse(&text) {
            let json = serde_json::to_string(&sheet).unwrap();
            let again: engawa_plansheet::PlanSheet = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(again.warnings, sheet.warnings);
        }
    }

    #[test]
    fn any_bytes_give_text_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = decode(&bytes) {
            let _ = parse(&text);
        }
    }

    /// Cutting a sheet anywhere never panics, and what was read before the cut stays as it is.
    #[test]
    fn a_cut_sheet_keeps_its_beginning(at in 900..SHEET.len()) {
        let at = (at..=SHEET.len()).find(|at| SHEET.is_char_boundary(*at)).unwrap();
        let sheet = read(&SHEET[..at]);
        prop_assert_eq!(sheet.municipality.as_deref(), Some("みなも町"));
        prop_assert_eq!(sheet.profile.population, Some(12_345));
    }

    /// Blank lines between the rows of a table change nothing.
    #[test]
    fn page_breaks_between_rows_change_nothing(breaks in proptest::collection::vec(any::<bool>(), 80)) {
        let from = SHEET.find("3. 地域力").unwrap();
        let to = SHEET.find("⑤多機関の協働").unwrap();
        let middle: String = SHEET[from..to]
            .lines()
            .zip(breaks.iter().cycle())
            .map(|(line, gap)| format!("{line}\n{}", if *gap { "\n" } else { "" }))
            .collect();
        let text = format!("{}{middle}{}", &SHEET[..from], &SHEET[to..]);
        prop_assert_eq!(form::bare(&text), form::bare(SHEET));
    }
}
