use super::*;
use crate::text::municipality::*;
use crate::text::phone::digits;

#[test]
fn real_codes() {
    for code in [
        "011002", "131016", "132195", "132098", "232114", "242080", "272035", "272272",
    ] {
        assert_eq!(MunicipalityCode::parse(code).unwrap().to_string(), code);
    }
    let komae = MunicipalityCode::parse("１３２１９５").unwrap();
    assert_eq!(komae.prefecture_name(), "東京都");
    assert!(!komae.is_prefecture());
    assert!(MunicipalityCode::parse("130001").unwrap().is_prefecture());
}

#[test]
fn refusals_help() {
    let say = |text: &str| MunicipalityCode::parse(text).unwrap_err().to_string();
    assert!(say("132190").contains("最後は5です"));
    assert!(say("13219").contains("5桁"));
    assert!(say("990001").contains("都道府県"));
    assert!(say("13219a").contains("数字だけ"));
    assert!(say("").contains("空です"));
    assert!(MunicipalityCode::parse(&"1".repeat(10_000_000)).is_err());
}

#[test]
fn files_are_mended_and_told() {
    let mend = |text: &str| MunicipalityCode::repair(text).map(|(c, r)| (c.to_string(), r));
    assert_eq!(mend("132195"), Ok(("132195".to_owned(), vec![])));
    assert_eq!(
        mend("13101"),
        Ok(("131016".to_owned(), vec![Repair::CheckDigit(6)]))
    );
    assert_eq!(
        mend("92011"),
        Ok(("092011".to_owned(), vec![Repair::LeadingZero]))
    );
    let both = vec![Repair::LeadingZero, Repair::CheckDigit(2)];
    assert_eq!(mend("1100"), Ok(("011002".to_owned(), both)));
    assert!(mend("132190").is_err() && mend("1").is_err());
}

#[test]
fn phones() {
    for text in [
        "03-1234-5678",
        "０３（１２３４）５６７８",
        "+81 3 1234 5678",
        "＋８１-(0)3-1234-5678",
        "03-1234-5678 内線12",
    ] {
        assert_eq!(digits(text), "0312345678", "{text}");
    }
    assert_eq!(digits("なし"), "");
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*", near in "[0-9０-９ ]{0,8}") {
        for text in [text, near] {
            let _ = MunicipalityCode::parse(&text);
            if let Ok((code, _)) = MunicipalityCode::repair(&text) {
                prop_assert_eq!(MunicipalityCode::parse(&code.to_string()), Ok(code));
            }
        }
    }
}
