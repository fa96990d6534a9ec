use super::*;
use crate::text::birth::BirthDate::{self, *};
use crate::text::wareki::{Calendar, DateError};

fn read(text: &str) -> Result<BirthDate, DateError> {
    BirthDate::parse(text, today())
}

#[test]
fn what_officers_write() {
    let as_of = today();
    for (text, expected) in [
        ("昭和25年", Year(1950)),
        ("S25", Year(1950)),
        ("昭和25年月日不詳", Year(1950)),
        ("昭和25年 月日不詳", Year(1950)),
        ("3250000", Year(1950)),
        ("1950", Year(1950)),
        (
            "昭和25年3月",
            YearMonth {
                year: 1950,
                month: 3,
            },
        ),
        (
            "昭和25年3月日不詳",
            YearMonth {
                year: 1950,
                month: 3,
            },
        ),
        (
            "1950-03-00",
            YearMonth {
                year: 1950,
                month: 3,
            },
        ),
        ("S25.3.4", Exact(day(1950, 3, 4))),
        ("昭和25年3月4日生", Exact(day(1950, 3, 4))),
        ("70代", Decade { decade: 70, as_of }),
        ("70代?", Decade { decade: 70, as_of }),
        ("推定60代", Decade { decade: 60, as_of }),
        ("７０歳代", Decade { decade: 70, as_of }),
        ("約70歳", AboutAge { age: 70, as_of }),
        ("72歳", AboutAge { age: 72, as_of }),
        ("不詳", Unknown),
        ("不明", Unknown),
        ("年齢不詳", Unknown),
        ("", Unknown),
        ("　", Unknown),
    ] {
        assert_eq!(read(text), Ok(expected), "{text}");
    }
    for odd in [
        "令和9年",
        "999歳",
        "昭和65年",
        "1950-13-00",
        "1950-00-04",
        "代",
        "歳",
        "15代",
        "72",
    ] {
        assert!(read(odd).is_err(), "{odd}");
    }
}

#[test]
fn ages_say_how_sure_they_are() {
    let age = |text: &str| read(text).unwrap().age_on(today()).unwrap().to_string();
    assert_eq!(age("S25.3.4"), "76歳");
    assert_eq!(age("昭和25年3月"), "76歳");
    assert_eq!(age("昭和25年4月"), "75〜76歳");
    assert_eq!(age("72歳"), "72歳・推定");
    assert_eq!(age("70代?"), "70代・推定");
    assert_eq!(age("10歳未満"), "10歳未満・推定");
    assert_eq!(Exact(day(2027, 1, 1)).age_on(today()), None);
    assert_eq!(
        read("72歳").unwrap().age_on(day(2028, 4, 1)).unwrap().years,
        74
    );
}

#[test]
fn the_law_counts_the_day_before() {
    let child = Exact(day(2020, 4, 2));
    assert_eq!(child.age_on(today()).unwrap().years, 5);
    assert_eq!(child.legal_age_on(today()).unwrap().years, 6);
    let leap = Exact(day(2020, 2, 29));
    assert_eq!(leap.legal_age_on(day(2026, 2, 28)).unwrap().years, 6);
    assert_eq!(leap.legal_age_on(day(2026, 2, 27)).unwrap().years, 5);
}

#[test]
fn years_of_two_eras_show_both() {
    assert_eq!(
        Year(1989).display(Calendar::Japanese),
        "1989年（昭和64年・平成元年、月日は不詳）"
    );
    assert_eq!(
        Year(1950).display(Calendar::Japanese),
        "昭和25年（月日は不詳）"
    );
}

#[test]
fn sorted_by_the_middle() {
    assert_eq!(Year(1950).sort_key(), Some(day(1950, 7, 2)));
    assert_eq!(Unknown.sort_key(), None);
    let seventies = Decade {
        decade: 70,
        as_of: today(),
    }
    .sort_key()
    .unwrap();
    assert!(seventies > day(1950, 1, 1) && seventies < day(1952, 12, 31));
}

fn any_birth() -> impl Strategy<Value = BirthDate> {
    let past = || any_day().prop_filter("past", |d| *d <= today());
    prop_oneof![
        Just(Unknown),
        past().prop_map(Exact),
        (1873_i32..2026, 1_u32..=12).prop_map(|(year, month)| YearMonth { year, month }),
        (1873_i32..2026).prop_map(Year),
        (0_u8..=130, any_day()).prop_map(|(age, as_of)| AboutAge { age, as_of }),
        (0_u8..=13, any_day()).prop_map(|(n, as_of)| Decade {
            decade: n * 10,
            as_of
        }),
    ]
}

proptest! {
    #[test]
    fn round_trips(birth in any_birth(), on in any_day()) {
        prop_assert_eq!(BirthDate::from_stored(&birth.to_stored()), Ok(birth));
        for calendar in [Calendar::Japanese, Calendar::Western] {
            prop_assert_eq!(read(&birth.display(calendar)), Ok(birth));
        }
        let _ = (birth.age_on(on), birth.legal_age_on(on));
        prop_assert_eq!(birth.sort_key().is_none(), birth == Unknown);
    }

    #[test]
    fn no_text_panics(text in "\\PC*", near in "[SH昭和年月日代歳推定約不詳?0-9.()現在-]{0,12}") {
        for text in [text, near] {
            let _ = BirthDate::from_stored(&text);
            if let Ok(birth) = read(&text) {
                prop_assert_eq!(BirthDate::from_stored(&birth.to_stored()), Ok(birth), "{}", text);
            }
        }
    }
}
