//! Dates in 和暦 and 西暦. An officer may write a date in any form in daily use; it is shown in
//! the form the municipality chose. The eras are those of the government's 改元の政令; a date
//! outside its era (昭和64年2月1日) is refused with the right one named.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use super::wareki_read::{parse_date, parse_date_time, parse_time};

/// The longest text taken for a date, a time or a birth, in characters. Longer text is refused
/// before it is read.
pub const MAX_CHARS: usize = 40;
/// The first day that can be written: Japan took the solar calendar on 明治6年1月1日.
pub const FIRST_DAY: NaiveDate = ymd(1873, 1, 1);
/// The last day that can be written.
pub const LAST_DAY: NaiveDate = ymd(2199, 12, 31);

/// How a date is shown. Each municipality chooses; each reader may choose otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calendar {
    /// 和暦: 令和8年4月1日
    #[default]
    Japanese,
    /// 西暦: 2026年4月1日
    Western,
}

/// 元号 since Japan uses the solar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Era {
    /// 明治 (solar calendar from year 6)
    Meiji,
    /// 大正
    Taisho,
    /// 昭和
    Showa,
    /// 平成
    Heisei,
    /// 令和
    Reiwa,
}

impl Era {
    /// Every era, oldest first.
    pub const ALL: [Self; 5] = [
        Self::Meiji,
        Self::Taisho,
        Self::Showa,
        Self::Heisei,
        Self::Reiwa,
    ];

    /// The name, two kanji.
    #[must_use]
    pub const fn kanji(self) -> &'static str {
        match self {
            Self::Meiji => "明治",
            Self::Taisho => "大正",
            Self::Showa => "昭和",
            Self::Heisei => "平成",
            Self::Reiwa => "令和",
        }
    }

    /// The letter used on forms.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Meiji => 'M',
            Self::Taisho => 'T',
            Self::Showa => 'S',
            Self::Heisei => 'H',
            Self::Reiwa => 'R',
        }
    }

    /// The digit used in register files: 1 明治 to 5 令和.
    #[must_use]
    pub const fn from_digit(digit: char) -> Option<Self> {
        match digit {
            '1' => Some(Self::Meiji),
            '2' => Some(Self::Taisho),
            '3' => Some(Self::Showa),
            '4' => Some(Self::Heisei),
            '5' => Some(Self::Reiwa),
            _ => None,
        }
    }

    /// The first day of the era; for 明治 the first of the solar calendar, 明治6年1月1日.
    #[must_use]
    pub const fn first_day(self) -> NaiveDate {
        match self {
            Self::Meiji => FIRST_DAY,
            Self::Taisho => ymd(1912, 7, 30),
            Self::Showa => ymd(1926, 12, 25),
            Self::Heisei => ymd(1989, 1, 8),
            Self::Reiwa => ymd(2019, 5, 1),
        }
    }

    /// The last day of the era, [`LAST_DAY`] for the one that goes on.
    #[must_use]
    pub const fn last_day(self) -> NaiveDate {
        match self {
            Self::Meiji => ymd(1912, 7, 29),
            Self::Taisho => ymd(1926, 12, 24),
            Self::Showa => ymd(1989, 1, 7),
            Self::Heisei => ymd(2019, 4, 30),
            Self::Reiwa => LAST_DAY,
        }
    }

    /// The western year of 元年.
    #[must_use]
    pub const fn first_year(self) -> i32 {
        match self {
            Self::Meiji => 1868,
            Self::Taisho => 1912,
            Self::Showa => 1926,
            Self::Heisei => 1989,
            Self::Reiwa => 2019,
        }
    }

    /// The era of a day and the year in it; none outside [`FIRST_DAY`]..=[`LAST_DAY`].
    #[must_use]
    pub fn of(day: NaiveDate) -> Option<(Self, i32)> {
        Self::ALL
            .into_iter()
            .find(|era| (era.first_day()..=era.last_day()).contains(&day))
            .map(|era| (era, day.year() - era.first_year() + 1))
    }
}

/// Why a text is not a date or a time, in words for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DateError {
    /// Nothing was typed.
    #[error("日付が空です。「令和8年4月1日」「R8.4.1」「2026/4/1」のように入力してください。")]
    Empty,
    /// Longer than [`MAX_CHARS`].
    #[error("日付として読むには長すぎます（{MAX_CHARS}文字まで）。日付だけを入力してください。")]
    TooLong,
    /// No known form.
    #[error(
        "「{0}」を日付として読めません。「令和8年4月1日」「R8.4.1」「2026/4/1」のように入力してください。"
    )]
    NotADate(String),
    /// A year of one or two digits without an era, or no year.
    #[error(
        "「{0}」は何年か分かりません。「R8.4.1」「2026/4/1」のように、元号か西暦4桁を付けて入力してください。"
    )]
    YearUnclear(String),
    /// A month outside 1..=12.
    #[error(
        "「{typed}」の月が正しくありません。{month}月はありません。月は1から12で入力してください。"
    )]
    NoSuchMonth {
        /// What was typed.
        typed: String,
        /// The month that was read.
        month: u32,
    },
    /// 2月30日 and the like.
    #[error("「{typed}」という日はありません。{month}は{last}日までです。")]
    NoSuchDay {
        /// What was typed.
        typed: String,
        /// The month, as 令和8年2月.
        month: String,
        /// The last day of that month.
        last: u32,
    },
    /// The era did not have that day.
    #[error("「{typed}」は元号の期間の外です。{bounds}。{suggestion}")]
    OutsideEra {
        /// What was typed.
        typed: String,
        /// 昭和は64年1月7日までです, or 令和は元年5月1日からです.
        bounds: String,
        /// The same day in its own era, as a question; or a request to check.
        suggestion: String,
    },
    /// 明治5年 and before was counted by the moon.
    #[error(
        "「{0}」は旧暦の時代です。明治6年1月1日より前の日付は扱えません。年をお確かめください。"
    )]
    OldCalendar(String),
    /// Outside [`FIRST_DAY`]..=[`LAST_DAY`].
    #[error("「{0}」は扱える範囲（1873年から2199年まで）の外です。年をお確かめください。")]
    OutOfRange(String),
    /// A date was found but no time after it.
    #[error(
        "「{0}」に時刻がありません。「令和8年4月1日 14:30」のように、日付の後に時刻を入力してください。"
    )]
    TimeMissing(String),
    /// No known form of a time.
    #[error(
        "「{0}」を時刻として読めません。「9:30」「午後2時」「14時半」のように入力してください。"
    )]
    NotATime(String),
    /// An hour or minute that does not exist.
    #[error("「{0}」という時刻はありません。時は0から23、分は0から59で入力してください。")]
    NoSuchTime(String),
    /// 午後12時: midnight by the statute of 1872, noon in daily use.
    #[error(
        "「{0}」は正午か真夜中か分かりません。正午なら「12:00」、真夜中なら「0:00」と入力してください。"
    )]
    NoonUnclear(String),
    /// A birth after today.
    #[error("「{0}」は今日より後です。生年月日をお確かめください。")]
    BirthInFuture(String),
    /// No known form of a birth date or age.
    #[error(
        "「{0}」を生年月日・年齢として読めません。「S25.3.4」「昭和25年」「70代」「72歳」「不詳」のように入力してください。"
    )]
    NotABirth(String),
    /// An age nobody reaches.
    #[error("「{0}」という年齢は扱えません。130歳までで入力してください。")]
    AgeTooHigh(String),
}

/// 令和8年4月1日 or 2026年4月1日. Days before the solar calendar are shown in 西暦.
#[must_use]
pub fn format_date(day: NaiveDate, calendar: Calendar) -> String {
    format!(
        "{}{}月{}日",
        year_text(day, calendar),
        day.month(),
        day.day()
    )
}

/// R8.4.1 or 2026/4/1, for tables.
#[must_use]
pub fn format_short(day: NaiveDate, calendar: Calendar) -> String {
    match (calendar, Era::of(day)) {
        (Calendar::Japanese, Some((era, year))) => {
            format!("{}{year}.{}.{}", era.letter(), day.month(), day.day())
        }
        _ => format!("{}/{}/{}", day.year(), day.month(), day.day()),
    }
}

/// 令和8年4月1日 9:05, to the minute.
#[must_use]
pub fn format_date_time(at: NaiveDateTime, calendar: Calendar) -> String {
    format!(
        "{} {}",
        format_date(at.date(), calendar),
        format_time(at.time())
    )
}

/// 9:05, to the minute.
#[must_use]
pub fn format_time(time: NaiveTime) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// 令和8年, 令和元年 or 2026年: the year in which `day` lies.
#[must_use]
pub fn year_text(day: NaiveDate, calendar: Calendar) -> String {
    match (calendar, Era::of(day)) {
        (Calendar::Japanese, Some((era, 1))) => format!("{}元年", era.kanji()),
        (Calendar::Japanese, Some((era, year))) => format!("{}{year}年", era.kanji()),
        _ => format!("{}年", day.year()),
    }
}

/// A day fixed in the source, for tables of dates.
pub(crate) const fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

/// The last day of a month; none where the month does not exist.
pub(crate) fn last_of_month(year: i32, month: u32) -> Option<NaiveDate> {
    (28..=31)
        .rev()
        .find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
}
