//! A birth date as much as it is known: many clients are met before anyone knows their papers,
//! and residents' registers themselves hold 00 for an unknown month or day.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::birth_read::{read_age, read_date};
use super::wareki::{
    Calendar, DateError, FIRST_DAY, LAST_DAY, format_date, last_of_month, parse_date, year_text,
};
use super::wareki_read::tidy;

/// The highest age that is taken.
pub const MAX_AGE: u8 = 130;

/// What is known of a birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum BirthDate {
    /// 不詳
    #[default]
    Unknown,
    /// The day.
    Exact(NaiveDate),
    /// The month; the day is unknown.
    YearMonth {
        /// Western year.
        year: i32,
        /// 1 to 12.
        month: u32,
    },
    /// The western year; month and day are unknown.
    Year(i32),
    /// An age heard or guessed on a day.
    AboutAge {
        /// In years.
        age: u8,
        /// The day on which it held.
        as_of: NaiveDate,
    },
    /// 70代, guessed on a day.
    Decade {
        /// 0 (under ten), 10, 20 …
        decade: u8,
        /// The day on which it held.
        as_of: NaiveDate,
    },
}

/// An age, and how sure it is. Shown as 72歳, 25〜26歳 (the day of birth is unknown), 72歳・推定 (an
/// age heard or guessed) or 70代・推定.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// Full years; the middle of the decade where only that is known.
    pub years: u16,
    /// The true age may be another.
    pub estimated: bool,
    /// The decade, where no more is known.
    pub decade: Option<u16>,
    /// The ages between which it lies, where the year or month of the birth is known but not the day.
    pub between: Option<(u16, u16)>,
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((least, most)) = self.between {
            return write!(f, "{least}〜{most}歳");
        }
        match (self.decade, self.estimated) {
            (Some(0), _) => f.write_str("10歳未満・推定"),
            (Some(decade), _) => write!(f, "{decade}代・推定"),
            (None, true) => write!(f, "{}歳・推定", self.years),
            (None, false) => write!(f, "{}歳", self.years),
        }
    }
}

impl BirthDate {
    /// Reads a birth date or an age as people write it: every form of [`parse_date`], 昭和25年,
    /// 昭和25年3月, S25, 昭和25年月日不詳, 1950-03-00, 70代, 70代?, 推定60代, 約70歳, 72歳, 不詳,
    /// nothing. Also reads back what [`display`](Self::display) shows.
    ///
    /// # Errors
    /// A [`DateError`] that says what is wrong, also for a birth after `today`.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, DateError> {
        let typed = match tidy(text) {
            Err(DateError::Empty) => return Ok(Self::Unknown),
            other => other?,
        };
        let plain = typed.trim_end_matches("生まれ").trim_end_matches('生');
        let (plain, as_of) = match plain.strip_suffix(')').and_then(|t| t.split_once('(')) {
            Some((body, note)) => match note.strip_suffix("現在") {
                Some(day) => (body, parse_date(day, today)?),
                None => (body, today),
            },
            None => (plain, today),
        };
        if matches!(
            plain,
            "不詳"
                | "不明"
                | "未詳"
                | "年齢不詳"
                | "年齢不明"
                | "生年月日不詳"
                | "生年月日不明"
                | "生年不詳"
                | "わからない"
                | "分からない"
                | "?"
                | "-"
        ) {
            return Ok(Self::Unknown);
        }
        match read_age(plain, as_of) {
            Some(Self::AboutAge { age, .. } | Self::Decade { decade: age, .. })
                if age > MAX_AGE =>
            {
                Err(DateError::AgeTooHigh(typed))
            }
            Some(birth) => Ok(birth),
            None => read_date(plain, &typed, today),
        }
    }

    /// The one text under which it is stored: `unknown`, `1950-03-04`, `1950-03`, `1950`,
    /// `age:72@2026-04-01`, `decade:70@2026-04-01`.
    #[must_use]
    pub fn to_stored(self) -> String {
        match self {
            Self::Unknown => "unknown".to_owned(),
            Self::Exact(day) => day.format("%Y-%m-%d").to_string(),
            Self::YearMonth { year, month } => format!("{year:04}-{month:02}"),
            Self::Year(year) => format!("{year:04}"),
            Self::AboutAge { age, as_of } => format!("age:{age}@{}", as_of.format("%Y-%m-%d")),
            Self::Decade { decade, as_of } => {
                format!("decade:{decade}@{}", as_of.format("%Y-%m-%d"))
            }
        }
    }

    /// Reads [`to_stored`](Self::to_stored) back; takes no other form.
    ///
    /// # Errors
    /// [`DateError::NotABirth`], or [`DateError::TooLong`].
    pub fn from_stored(text: &str) -> Result<Self, DateError> {
        if super::wareki_read::too_long(text) {
            return Err(DateError::TooLong);
        }
        Self::read_stored(text)
            .filter(|birth| birth.is_sound() && birth.to_stored() == text)
            .ok_or_else(|| DateError::NotABirth(text.to_owned()))
    }

    fn read_stored(text: &str) -> Option<Self> {
        let day = |t: &str| NaiveDate::parse_from_str(t, "%Y-%m-%d").ok();
        if text == "unknown" {
            return Some(Self::Unknown);
        }
        if let Some((age, as_of)) = text.strip_prefix("age:").and_then(|t| t.split_once('@')) {
            return Some(Self::AboutAge {
                age: age.parse().ok()?,
                as_of: day(as_of)?,
            });
        }
        if let Some((age, as_of)) = text.strip_prefix("decade:").and_then(|t| t.split_once('@')) {
            return Some(Self::Decade {
                decade: age.parse().ok()?,
                as_of: day(as_of)?,
            });
        }
        match text.len() {
            4 => Some(Self::Year(text.parse().ok()?)),
            7 => {
                let (year, month) = text.split_once('-')?;
                Some(Self::YearMonth {
                    year: year.parse().ok()?,
                    month: month.parse().ok()?,
                })
            }
            _ => day(text).map(Self::Exact),
        }
    }

    /// Whether every part lies in its range; a value built by hand may not.
    fn is_sound(self) -> bool {
        let days = FIRST_DAY..=LAST_DAY;
        match self {
            Self::Unknown => true,
            Self::Exact(day) => days.contains(&day),
            Self::YearMonth { .. } | Self::Year(_) => self
                .span()
                .is_some_and(|(first, last)| first >= FIRST_DAY && last <= LAST_DAY),
            Self::AboutAge { age, as_of } => age <= MAX_AGE && days.contains(&as_of),
            Self::Decade { decade, as_of } => {
                decade <= MAX_AGE && decade.is_multiple_of(10) && days.contains(&as_of)
            }
        }
    }

    /// The first and the last day on which the birth can have been; none where unknown.
    #[must_use]
    pub fn span(self) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Self::Unknown => None,
            Self::Exact(day) => Some((day, day)),
            Self::YearMonth { year, month } => Some((
                NaiveDate::from_ymd_opt(year, month, 1)?,
                last_of_month(year, month)?,
            )),
            Self::Year(year) => Some((
                NaiveDate::from_ymd_opt(year, 1, 1)?,
                NaiveDate::from_ymd_opt(year, 12, 31)?,
            )),
            Self::AboutAge { age, as_of } => aged_between(as_of, age, age),
            Self::Decade { decade, as_of } => aged_between(as_of, decade, decade.checked_add(9)?),
        }
    }

    /// A day to sort by: the middle of the days it can have been. None (unknown) sorts last by
    /// the caller's choice.
    #[must_use]
    pub fn sort_key(self) -> Option<NaiveDate> {
        let (first, last) = self.span()?;
        let half = u64::try_from((last - first).num_days() / 2).ok()?;
        first.checked_add_days(Days::new(half))
    }

    /// The age on a day as people count it, from the birthday on; none where unknown or before
    /// the birth.
    #[must_use]
    pub fn age_on(self, day: NaiveDate) -> Option<Age> {
        let sure = matches!(
            self,
            Self::Exact(_) | Self::YearMonth { .. } | Self::Year(_)
        );
        if let (false, Some((base, as_of))) = (sure, self.guess()) {
            let passed = whole_years(as_of, day);
            let years = u16::try_from(i32::from(base) + passed).ok()?;
            let decade = matches!(self, Self::Decade { .. }).then_some(years / 10 * 10);
            return Some(Age {
                years,
                estimated: true,
                decade,
                between: None,
            });
        }
        let (first, last) = self.span()?;
        if day < first {
            return None;
        }
        let age = |born: NaiveDate| u16::try_from(whole_years(born.min(day), day)).ok();
        let (most, least) = (age(first)?, age(last)?);
        let years = age(self.sort_key()?)?;
        Some(Age {
            years,
            estimated: most != least,
            decade: None,
            between: (most != least).then_some((least, most)),
        })
    }

    /// The age on a day by 年齢計算ニ関スル法律: one grows older at the end of the day before
    /// the birthday, which decides school years and the thresholds of 65 and 75.
    #[must_use]
    pub fn legal_age_on(self, day: NaiveDate) -> Option<Age> {
        self.age_on(day.succ_opt()?)
    }

    /// The age guessed (the middle of a decade) and the day it was guessed.
    const fn guess(self) -> Option<(u8, NaiveDate)> {
        match self {
            Self::AboutAge { age, as_of } => Some((age, as_of)),
            Self::Decade { decade, as_of } => Some((decade.saturating_add(5), as_of)),
            _ => None,
        }
    }

    /// What is known, in words: 昭和25年3月4日, 昭和25年（月日は不詳）, 70代（令和8年4月1日現在）,
    /// 不詳. [`parse`](Self::parse) reads it back, so it may stand in an input field.
    #[must_use]
    pub fn display(self, calendar: Calendar) -> String {
        match self {
            Self::Unknown => "不詳".to_owned(),
            Self::Exact(day) => format_date(day, calendar),
            Self::YearMonth { year, month } => match self.span() {
                Some((first, last)) => match eras_of(first, last, calendar) {
                    Some(one) => format!("{one}{month}月（日は不詳）"),
                    None => format!("{year}年{month}月（{}、日は不詳）", both(first, last)),
                },
                None => "不詳".to_owned(),
            },
            Self::Year(year) => match self.span() {
                Some((first, last)) => match eras_of(first, last, calendar) {
                    Some(one) => format!("{one}（月日は不詳）"),
                    None => format!("{year}年（{}、月日は不詳）", both(first, last)),
                },
                None => "不詳".to_owned(),
            },
            Self::AboutAge { age, as_of } => {
                format!("約{age}歳（{}現在）", format_date(as_of, calendar))
            }
            Self::Decade { decade: 0, as_of } => {
                format!("10歳未満（{}現在）", format_date(as_of, calendar))
            }
            Self::Decade { decade, as_of } => {
                format!("{decade}代（{}現在）", format_date(as_of, calendar))
            }
        }
    }
}

/// The year, where the whole span lies in one era.
fn eras_of(first: NaiveDate, last: NaiveDate, calendar: Calendar) -> Option<String> {
    let (a, b) = (year_text(first, calendar), year_text(last, calendar));
    (a == b).then_some(a)
}

fn both(first: NaiveDate, last: NaiveDate) -> String {
    let era = Calendar::Japanese;
    format!("{}・{}", year_text(first, era), year_text(last, era))
}

/// The birthdays of those who on `as_of` are between `least` and `most` years old.
fn aged_between(as_of: NaiveDate, least: u8, most: u8) -> Option<(NaiveDate, NaiveDate)> {
    let back = |years: i32| {
        let (year, month) = (as_of.year() - years, as_of.month());
        NaiveDate::from_ymd_opt(year, month, as_of.day()).or_else(|| last_of_month(year, month))
    };
    Some((
        back(i32::from(most) + 1)?.succ_opt()?,
        back(i32::from(least))?,
    ))
}

/// Full years from one day to another, negative backwards. Who is born on 29 February is older
/// on 1 March of a common year.
fn whole_years(from: NaiveDate, to: NaiveDate) -> i32 {
    let years = to.year() - from.year();
    if (to.month(), to.day()) < (from.month(), from.day()) {
        years - 1
    } else {
        years
    }
}

impl TryFrom<String> for BirthDate {
    type Error = DateError;
    fn try_from(text: String) -> Result<Self, DateError> {
        Self::from_stored(&text)
    }
}

impl From<BirthDate> for String {
    fn from(birth: BirthDate) -> Self {
        birth.to_stored()
    }
}
