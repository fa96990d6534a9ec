use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::text::name::*;
use crate::text::{kana, variants, variants_table::TABLE};

fn agree(names: &[&str]) {
    for name in names {
        assert_eq!(search_key(name), search_key(names[0]), "{name}");
    }
}

#[test]
fn one_name_many_spellings() {
    agree(&["ﾀｶﾊｼ", "タカハシ", "たかはし", "た か は し", "タカ・ハシ"]);
    agree(&["オオノ", "オーノ", "おおの", "ｵｰﾉ", "オ―ノ", "オォノ"]);
    agree(&["ヨウコ", "ヨーコ", "ヨオコ", "ようこ"]);
    agree(&["ケイコ", "ケーコ"]);
    agree(&["ヴァイオレット", "バイオレット"]);
    agree(&["う゛ぃくとる", "ビクトル"]);
    agree(&["ミヅキ", "ミズキ"]);
    agree(&["いすゞ", "イスズ"]);
    agree(&["高橋", "髙橋", "髙 橋"]);
    agree(&["渡辺", "渡邉", "渡邊", "渡邊\u{E0101}"]);
    agree(&["斉藤", "齋藤", "齊藤", "斎藤"]);
    agree(&["佐々木", "佐佐木"]);
    agree(&["吉田", "𠮷田"]);
    agree(&["福田", "\u{FA1B}田"]);
    agree(&["José", "jose", "ＪＯＳＥ"]);
    assert_ne!(search_key("オノ"), search_key("オオノ"));
    assert_ne!(search_key("イトウ"), search_key("エトウ"));
}

#[test]
fn the_table_is_sorted_and_flat() {
    assert!(TABLE.len() >= 150);
    assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
    for &(variant, common) in TABLE {
        assert_eq!(variants::fold(common), common, "chain at {variant}");
        assert_eq!(
            variant.nfkc().next(),
            Some(variant),
            "NFKC already folds {variant}"
        );
        assert_eq!(common.nfkc().next(), Some(common));
    }
}

#[test]
fn reasons() {
    let stored = ["髙橋 花子", "タカハシ ハナコ", "小野"];
    let why = |typed: &str| match_reason(typed, &stored).map(|m| (m.index, m.reason.to_string()));
    assert_eq!(why("髙橋花子"), Some((0, "同じ表記".to_owned())));
    assert_eq!(why("高橋花子"), Some((0, "異体字（高→髙）".to_owned())));
    assert_eq!(why("ﾀｶﾊｼ ﾊﾅｺ"), Some((1, "読みが同じ".to_owned())));
    assert_eq!(why("花子"), Some((0, "一部が同じ".to_owned())));
    assert_eq!(why("鈴木"), None);
    assert_eq!(why(" ・"), None);
    assert_eq!(
        match_reason("オサム", &["オノ オサム"]).unwrap().reason,
        Reason::Part
    );
}

#[test]
fn words_are_found_inside_text() {
    assert_eq!(bigrams("髙"), ["高"]);
    assert_eq!(bigrams("訪問した"), ["訪問", "問シ", "シタ"]);
    assert!(bigrams("").is_empty());
    assert!(kana::text_key("そのおかねを").contains(&kana::text_key("おかね")));
}

#[test]
fn every_sign_folds_once() {
    // All that are letters lie below; private and unassigned planes are dropped alike.
    for c in '\0'..'\u{33480}' {
        for text in [c.to_string(), format!("ト{c}オ")] {
            let key = search_key(&text);
            assert_eq!(search_key(&key), key, "{text:?}");
        }
    }
}

proptest! {
    #[test]
    fn keys_are_idempotent(text in "\\PC*", kana in "[ぁ-ゞァ-ヿｦ-ﾟー々〻 ・髙邉\u{3099}a-zÀ-ÿ]{0,12}") {
        for text in [text, kana] {
            let key = search_key(&text);
            prop_assert_eq!(search_key(&key), key.clone());
            let plain = kana::text_key(&text);
            prop_assert_eq!(kana::text_key(&plain), plain);
            prop_assert_eq!(match_reason(&text, &[&text]).is_some(), !key.is_empty());
            let _ = (bigrams(&text), part_keys(&text), crate::text::phone::digits(&text));
        }
    }

    #[test]
    fn a_word_is_in_its_text(before in "[ぁ-ん漢字。]{0,5}", word in "[ぁ-んァ-ヶ漢字]{1,4}", after in "[ぁ-ん字ー]{0,5}") {
        // ッ, small vowels and repeat marks never begin a word.
        prop_assume!(!word.starts_with(['ァ', 'ィ', 'ェ', 'ォ', 'ュ', 'ぁ', 'ぃ', 'ぇ', 'ぉ', 'ゅ']));
        let text = format!("{before}{word}{after}");
        prop_assert!(kana::text_key(&text).contains(&kana::text_key(&word)));
    }
}
