use chrono::{Datelike, Timelike};
use icu_calendar::{Date, cal::Japanese};

use super::*;
use crate::text::fiscal::FiscalYear;
use crate::text::wareki::*;

#[test]
fn every_daily_form_is_read() {
    for text in [
        "S25.3.4",
        "s25/3/4",
        "昭25.3.4",
        "昭和25年3月4日",
        "3250304",
        "1950-03-04",
        "1950/3/4",
        "19500304",
        "Ｓ２５．３．４",
        "昭和２５年０３月０４日",
        "昭和二十五年三月四日",
        "S250304",
        " 昭和 25年 3月 4日 ",
        "㍼25年3月4日",
        "1950年3月4日(土)",
        "西暦1950年3月4日",
        "S25-3-4",
        "昭和25年3月4日土曜日",
    ] {
        assert_eq!(parse_date(text, today()), Ok(day(1950, 3, 4)), "{text}");
    }
    assert_eq!(parse_date("令和元年5月1日", today()), Ok(day(2019, 5, 1)));
    for (text, expected) in [("今日", 1), ("明日", 2)] {
        assert_eq!(parse_date(text, today()), Ok(day(2026, 4, expected)));
    }
    assert_eq!(parse_date("昨日", today()), Ok(day(2026, 3, 31)));
    assert_eq!(parse_date("一昨日", today()), Ok(day(2026, 3, 30)));
}

#[test]
fn refusals_help() {
    let say = |text: &str| parse_date(text, today()).unwrap_err().to_string();
    assert!(
        say("昭和64年2月1日").contains("昭和は64年1月7日までです。平成元年2月1日ではありませんか")
    );
    assert!(
        say("令和元年4月30日")
            .contains("令和は元年5月1日からです。平成31年4月30日ではありませんか")
    );
    assert!(say("平成35年2月1日").contains("令和5年2月1日ではありませんか"));
    assert!(say("令和8年2月30日").contains("令和8年2月は28日までです"));
    assert!(say("R8.13.1").contains("13月はありません"));
    assert!(say("25.3.4").contains("何年か分かりません"));
    assert!(say("明治5年12月2日").contains("旧暦"));
    assert!(say("").contains("空です"));
    assert!(say(&"1".repeat(10_000_000)).contains("長すぎます"));
    for odd in [
        "4/1",
        "0000-00-00",
        "R0.1.1",
        "R.1.1",
        "元年",
        "9999-01-01",
        "日",
        "S",
        "昭和25年3月",
    ] {
        assert!(parse_date(odd, today()).is_err(), "{odd}");
    }
}

#[test]
fn every_day_agrees_with_icu() {
    let mut date = day(1873, 1, 1);
    while date < day(2101, 1, 1) {
        let (era, year) = Era::of(date).unwrap();
        let (y, m, d) = (date.year(), date.month() as u8, date.day() as u8);
        let oracle = Date::try_new_iso(y, m, d)
            .unwrap()
            .to_calendar(Japanese::new());
        let oracle = oracle.year().era().unwrap();
        assert_eq!(
            format!("{era:?}").to_lowercase(),
            oracle.era.as_str(),
            "{date}"
        );
        assert_eq!(year, oracle.year, "{date}");
        date = date.succ_opt().unwrap();
    }
}

#[test]
fn times() {
    for (text, hour, minute) in [
        ("9:30", 9, 30),
        ("0930", 9, 30),
        ("930", 9, 30),
        ("午後2時", 14, 0),
        ("14時半", 14, 30),
        ("９時５分", 9, 5),
        ("正午", 12, 0),
        ("2:30PM", 14, 30),
        ("午前0時", 0, 0),
        ("9:30:15", 9, 30),
    ] {
        let time = parse_time(text).unwrap();
        assert_eq!((time.hour(), time.minute()), (hour, minute), "{text}");
    }
    for odd in [
        "",
        "25:00",
        "9:60",
        "午後12時",
        "9:3",
        "時",
        "9",
        "：",
        "午前13時",
    ] {
        assert!(parse_time(odd).is_err(), "{odd}");
    }
    let at = day(2026, 4, 1).and_hms_opt(14, 30, 0).unwrap();
    for text in [
        "R8.4.1 14:30",
        "2026-04-01T14:30",
        "令和8年4月1日午後2時半",
        "今日14時30分",
        "R8.4.1(水) 1430",
    ] {
        assert_eq!(parse_date_time(text, today()), Ok(at), "{text}");
    }
    assert!(matches!(
        parse_date_time("R8.4.1", today()),
        Err(DateError::TimeMissing(_))
    ));
}

#[test]
fn shown() {
    assert_eq!(format_date(today(), Calendar::Japanese), "令和8年4月1日");
    assert_eq!(format_date(today(), Calendar::Western), "2026年4月1日");
    assert_eq!(format_short(today(), Calendar::Japanese), "R8.4.1");
    assert_eq!(format_short(today(), Calendar::Western), "2026/4/1");
    assert_eq!(
        format_date(day(2019, 5, 1), Calendar::Japanese),
        "令和元年5月1日"
    );
    assert_eq!(
        format_date(NaiveDate::MAX, Calendar::Japanese),
        "262142年12月31日"
    );
}

#[test]
fn fiscal_years() {
    let year = FiscalYear::of(today());
    assert_eq!(
        (year.label().as_str(), year.short().as_str()),
        ("令和8年度", "R8")
    );
    assert_eq!(FiscalYear::of(day(2026, 3, 31)).label(), "令和7年度");
    assert_eq!(FiscalYear::of(day(2019, 4, 1)).label(), "令和元年度");
    assert_eq!(FiscalYear::of(day(1989, 3, 31)).label(), "昭和63年度");
    assert_eq!(
        (year.first_day(), year.last_day()),
        (today(), day(2027, 3, 31))
    );
    assert!(FiscalYear::try_from(0).is_err());
    // The first day that can be written lies in a fiscal year that began before it.
    assert!(FiscalYear::of(day(1873, 1, 1)).contains(day(1873, 1, 1)));
    assert!(FiscalYear::try_from(1872).is_ok_and(|year| year == FiscalYear::of(day(1873, 3, 31))));
}

proptest! {
    #[test]
    fn what_is_shown_is_read_back(date in any_day(), hour in 0_u32..24, minute in 0_u32..60) {
        let at = date.and_hms_opt(hour, minute, 0).unwrap();
        for calendar in [Calendar::Japanese, Calendar::Western] {
            prop_assert_eq!(parse_date(&format_date(date, calendar), today()), Ok(date));
            prop_assert_eq!(parse_date(&format_short(date, calendar), today()), Ok(date));
            prop_assert_eq!(parse_date_time(&format_date_time(at, calendar), today()), Ok(at));
        }
        prop_assert!(FiscalYear::of(date).contains(date));
    }

    #[test]
    fn no_text_panics(text in "\\PC*", near in "[MSHR昭和元年月日時半午前後0-9./:()T -]{0,14}") {
        for text in [text, near] {
            let _ = (parse_date(&text, today()), parse_time(&text), parse_date_time(&text, today()));
        }
    }
}
