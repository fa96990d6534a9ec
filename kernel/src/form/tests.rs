use proptest::prelude::*;

use super::*;

fn form(pairs: &[(&str, &str)]) -> Form {
    Form::from_posted(Posted::from_pairs(pairs.iter().copied()))
}

const YES_NO: [(&str, &str); 2] = [("y", "あり"), ("n", "なし")];

#[test]
fn a_sent_form_keeps_order_and_repeats() {
    let posted = Posted::parse_urlencoded(
        "b=2&a=%E5%B1%B1%E7%94%B0+%E8%8A%B1%E5%AD%90&b=3&empty=&bare".as_bytes(),
    )
    .unwrap();
    assert_eq!(posted.get("a"), Some("山田 花子"));
    assert_eq!(posted.all("b"), ["2", "3"]);
    assert_eq!(posted.get("empty"), Some(""));
    assert_eq!(posted.get("bare"), Some(""));
    assert_eq!(posted.get("absent"), None);
    let names: Vec<_> = posted.pairs().map(|(name, _)| name).collect();
    assert_eq!(names, ["b", "a", "b", "empty", "bare"]);
}

#[test]
fn what_cannot_be_read_is_refused_in_japanese() {
    let refused = Posted::parse_urlencoded(b"name=%8E%52%93%63").unwrap_err();
    assert_eq!(refused, BadForm::NotUtf8);
    assert!(refused.to_string().contains("保存はしていません"));
    let many = "a=1&".repeat(MAX_FIELDS);
    assert!(Posted::parse_urlencoded(many.as_bytes()).is_ok());
    let more = "a=1&".repeat(MAX_FIELDS + 1);
    assert_eq!(
        Posted::parse_urlencoded(more.as_bytes()).unwrap_err(),
        BadForm::TooManyFields
    );
}

#[test]
fn repeated_groups_are_found_with_their_gaps() {
    let posted = Posted::from_pairs([
        ("person[3].name", "花子"),
        ("person[0].name", "太郎"),
        ("person[0].kana", "たろう"),
        ("person[x].name", ""),
        ("persons[7].name", ""),
        ("person[99999999999999999999].name", ""),
    ]);
    assert_eq!(posted.indexed("person"), [0, 3]);
}

#[test]
fn a_draft_comes_back_without_the_tokens_of_its_screen() {
    let posted = Posted::from_pairs([
        ("csrf", "t"),
        ("once", "o"),
        ("note", "「\"\\」\r\n"),
        ("version", "3"),
    ]);
    let back = Posted::from_json(&posted.to_json()).unwrap();
    assert_eq!(back.get("note"), Some("「\"\\」\r\n"));
    assert_eq!(back.get("csrf"), None);
    let form = Form::from_draft(back, "cases-1", "14:03");
    assert_eq!(form.version, Some(3));
    assert_eq!(form.draft_key.as_deref(), Some("cases-1"));
    assert_eq!(form.once.len(), 32);
    assert_eq!(Posted::from_json("{}").unwrap_err(), BadForm::BadDraft);
}

#[test]
fn names_are_stored_as_typed() {
    // Half-width kana, a compatibility ideograph and a variation selector stay what they are.
    let typed = "ﾀﾅｶ 﨑\u{FA11} 神\u{E0100}\u{3000}花か\u{3099}";
    let mut form = form(&[("name", &format!(" \u{3000}{typed}\u{3000}\r\n"))]);
    assert_eq!(form.text("name", "氏名", 40, true), typed);
    assert!(!form.has_errors());
}

#[test]
fn line_ends_become_one_kind() {
    let mut form = form(&[("note", "一\r\n二\r三\n\t四\r\n")]);
    assert_eq!(form.text("note", "内容", 100, true), "一\n二\n三\n\t四");
}

#[test]
fn limits_count_what_people_count() {
    let exact = "神\u{E0100}".repeat(20);
    let mut fits = form(&[("name", &exact)]);
    assert_eq!(fits.text("name", "氏名", 20, true), exact);
    let mut long = form(&[("body", &"あ".repeat(23_511))]);
    assert_eq!(long.text("body", "相談の内容", 20_000, true), "");
    assert_eq!(
        long.errors()[0].message,
        "「相談の内容」は20,000文字までです（いま23,511文字）。入力はこの画面に残っています。"
    );
    assert_eq!(long.value("body").chars().count(), 23_511);
    let mut stacked = form(&[("name", &format!("あ{}", "\u{301}".repeat(5_000)))]);
    assert_eq!(stacked.text("name", "氏名", 20, true), "");
    assert!(stacked.has_errors());
}

#[test]
fn control_characters_are_refused_with_their_place() {
    let mut form = form(&[("name", "山田\u{b}花子")]);
    assert_eq!(form.text("name", "氏名", 40, true), "");
    let message = form.error_of("name").unwrap();
    assert!(
        message.contains("3文字目") && message.contains("U+000B"),
        "{message}"
    );
}

#[test]
fn every_reader_complains_and_none_stops() {
    let mut form = form(&[
        ("count", "百"),
        ("kind", "zz"),
        ("kinds", "y"),
        ("kinds", "zz"),
        ("day", "いつか"),
    ]);
    form.text("name", "氏名", 40, true);
    form.choice("kind", "種類", &YES_NO, true);
    assert_eq!(form.choices("kinds", "種類（複数）", &YES_NO, true), ["y"]);
    assert_eq!(form.integer("count", "人数", 0..=99, true), None);
    assert_eq!(
        form.parsed("day", "日付", true, |_| Err::<(), _>(
            "日付として読み取れません。"
        )),
        None
    );
    let fields: Vec<_> = form
        .errors()
        .iter()
        .map(|error| error.field.as_str())
        .collect();
    assert_eq!(fields, ["name", "kind", "kinds", "count", "day"]);
    assert_eq!(
        form.error_of("day"),
        Some("「日付」: 日付として読み取れません。")
    );
}

#[test]
fn optional_fields_may_be_empty() {
    let mut form = form(&[("name", "\u{3000} ")]);
    assert_eq!(form.opt_text("name", "氏名", 40), None);
    assert_eq!(form.choice("kind", "種類", &YES_NO, false), None);
    assert!(form.choices("kinds", "種類", &YES_NO, false).is_empty());
    assert_eq!(form.integer("count", "人数", 0..=99, false), None);
    assert_eq!(form.parsed("day", "日付", false, str::parse::<u8>), None);
    assert!(!form.flag("flag"));
    assert!(!form.has_errors());
}

#[test]
fn numbers_may_be_full_width() {
    let mut form = form(&[("a", "１，２３４"), ("b", "－５"), ("c", "100")]);
    assert_eq!(form.integer("a", "費用", 0..=9_999, true), Some(1_234));
    assert_eq!(form.integer("b", "差", -9..=9, true), Some(-5));
    assert_eq!(form.integer("c", "人数", 0..=99, true), None);
    assert!(form.error_of("c").unwrap().contains("0から99まで"));
}

#[test]
fn a_conflict_is_resolved_before_the_handler_reads() {
    let form = form(&[
        ("note", "書き直し"),
        ("resolve.note", "edit"),
        ("mine.note", "私"),
        ("theirs.note", "相手"),
        ("kind", "y"),
        ("resolve.kind", "theirs"),
        ("mine.kind", "y"),
        ("theirs.kind", "n"),
        ("theirs.kind", "m"),
        ("resolve.name", "mine"),
        ("mine.name", "私の名"),
    ]);
    assert_eq!(form.value("note"), "書き直し");
    assert_eq!(form.values("kind"), ["n", "m"]);
    assert_eq!(form.value("name"), "私の名");
    assert!(form.posted().pairs().all(|(name, _)| !name.contains('.')));
}

#[test]
fn ten_thousand_choices_are_read_in_one_pass() {
    let pairs = (0..3_000).flat_map(|n| {
        [
            (format!("resolve.f{n}"), "theirs".to_owned()),
            (format!("mine.f{n}"), "a".to_owned()),
            (format!("theirs.f{n}"), format!("b{n}")),
        ]
    });
    let form = Form::from_posted(Posted::from_pairs(pairs));
    assert_eq!(form.value("f0"), "b0");
    assert_eq!(form.value("f2999"), "b2999");
    assert_eq!(form.posted().pairs().count(), 3_000);
}

#[test]
fn tokens_of_the_wrong_shape_are_dropped() {
    assert_eq!(form(&[("once", "x")]).once, "");
    assert_eq!(
        form(&[("once", "0123456789abcdef")]).once,
        "0123456789abcdef"
    );
    assert_ne!(Form::blank().once, Form::blank().once);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        if let Ok(posted) = Posted::parse_urlencoded(&body) {
            let back = Posted::from_json(&posted.to_json()).unwrap();
            let kept = posted.pairs().filter(|(name, _)| !["csrf", "once"].contains(name));
            prop_assert!(kept.eq(back.pairs()));
        }
    }

    #[test]
    fn any_text_is_kept_whole_or_refused(text in any::<String>(), max in 0_usize..60) {
        let mut form = form(&[("a", &text)]);
        let read = form.text("a", "項目", max, false);
        prop_assert_eq!(form.value("a"), &text);
        if form.has_errors() {
            prop_assert!(read.is_empty());
        } else {
            let whole = text.replace("\r\n", "\n").replace('\r', "\n");
            prop_assert_eq!(read, whole.trim());
        }
    }

    #[test]
    fn no_reader_panics(text in any::<String>()) {
        let mut form = form(&[("a", &text), ("resolve.a", &text), (&text, "x")]);
        form.integer("a", "項目", i64::MIN..=i64::MAX, true);
        form.choice("a", "項目", &YES_NO, true);
        form.choices("a", "項目", &YES_NO, true);
        let _ = form.flag("a");
        let _ = form.indexed("a");
        let _ = form.id_of(&text);
    }
}
