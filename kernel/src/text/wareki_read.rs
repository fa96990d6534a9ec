//! Reading dates and times as people type them. Every form is first brought to one alphabet
//! (NFKC, upper case, no blanks), then cut into era, year, month and day.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime};
use unicode_normalization::UnicodeNormalization;

use super::wareki::{
    Calendar, DateError, Era, FIRST_DAY, LAST_DAY, MAX_CHARS, format_date, last_of_month,
};

/// Reads a date in any daily form: S25.3.4, 昭25/3/4, 昭和25年3月4日, 3250304 (1明治 to 5令和),
/// 1950-03-04, 19500304, 元年, kanji and full-width digits, a weekday in brackets after it, and
/// 今日, 昨日, 一昨日, 明日, 明後日 counted from `today`.
///
/// # Errors
/// A [`DateError`] whose text says what is wrong; a year without an era is never guessed.
pub fn parse_date(text: &str, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let typed = tidy(text)?;
    if let Some(day) = relative(&typed, today) {
        return Ok(day);
    }
    let parts =
        Parts::read(without_weekday(&typed)).ok_or_else(|| DateError::NotADate(typed.clone()))?;
    match (parts.month, parts.day) {
        (Some(month), Some(day)) => parts.date(&typed, month, day),
        _ => Err(DateError::NotADate(typed)),
    }
}

/// Reads a time of day: 9:30, 0930, 9時, 14時半, 9時5分, 午後2時, 2:30PM, 正午.
///
/// # Errors
/// A [`DateError`]; 午前12時 and 午後12時 are refused because people mean different hours.
pub fn parse_time(text: &str) -> Result<NaiveTime, DateError> {
    let typed = tidy(text)?;
    if typed == "正午" {
        return NaiveTime::from_hms_opt(12, 0, 0).ok_or(DateError::NotATime(typed));
    }
    let (half, body) = half_of_day(&typed);
    let (hour, minute, second) =
        clock_parts(body).ok_or_else(|| DateError::NotATime(typed.clone()))?;
    let hour = match half {
        Some(_) if hour == 12 => return Err(DateError::NoonUnclear(typed)),
        Some(Half::Morning) if hour > 12 => return Err(DateError::NoSuchTime(typed)),
        Some(Half::Afternoon) if hour < 12 => hour + 12,
        _ => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, second).ok_or(DateError::NoSuchTime(typed))
}

/// Reads a date and a time written one after the other, with a blank, `T` or nothing between.
///
/// # Errors
/// A [`DateError`] about the half that could not be read.
pub fn parse_date_time(text: &str, today: NaiveDate) -> Result<NaiveDateTime, DateError> {
    if too_long(text) {
        return Err(DateError::TooLong);
    }
    let line: String = text.nfkc().collect();
    let mut error = None;
    for (at, sign) in line.char_indices() {
        let cut = match sign {
            '日' | ')' => at + sign.len_utf8(),
            'T' | 't' => at,
            _ if sign.is_whitespace() => at,
            _ => continue,
        };
        let (left, right) = line.split_at(cut);
        let right = right.trim_start_matches(['T', 't']).trim();
        if left.trim().is_empty() || right.is_empty() {
            continue;
        }
        match parse_date(left, today) {
            Ok(date) => match parse_time(right) {
                Ok(time) => return Ok(date.and_time(time)),
                Err(reason) => error = Some(reason),
            },
            Err(reason) => {
                error.get_or_insert(reason);
            }
        }
    }
    match (parse_date(text, today), error) {
        (Ok(_), _) => Err(DateError::TimeMissing(line.trim().to_owned())),
        (Err(_), Some(reason)) => Err(reason),
        (Err(reason), None) => Err(reason),
    }
}

/// Whether a text has more than [`MAX_CHARS`] characters; looks no further than that.
pub(super) fn too_long(text: &str) -> bool {
    text.chars().nth(MAX_CHARS).is_some()
}

/// One alphabet for all that follows: NFKC, upper case, one kind of dash, dot and no blanks.
pub(super) fn tidy(text: &str) -> Result<String, DateError> {
    if too_long(text) {
        return Err(DateError::TooLong);
    }
    let typed: String = text
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' => '-',
            '・' | '。' | ',' | '、' => '.',
            _ => c.to_ascii_uppercase(),
        })
        .collect();
    if typed.is_empty() {
        Err(DateError::Empty)
    } else {
        Ok(typed)
    }
}

fn relative(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    match typed {
        "今日" | "本日" | "きょう" => Some(today),
        "昨日" | "きのう" => today.checked_sub_days(Days::new(1)),
        "一昨日" | "おととい" => today.checked_sub_days(Days::new(2)),
        "明日" | "あした" | "あす" => today.checked_add_days(Days::new(1)),
        "明後日" | "あさって" => today.checked_add_days(Days::new(2)),
        _ => None,
    }
}

/// Drops (水), (水曜日) or 水曜日 from the end.
fn without_weekday(typed: &str) -> &str {
    let days = ['月', '火', '水', '木', '金', '土', '日', '祝'];
    if let Some((date, inner)) = typed.strip_suffix(')').and_then(|t| t.split_once('(')) {
        let plain = inner.trim_end_matches("曜日").trim_end_matches('曜');
        if !plain.is_empty() && plain.chars().all(|c| days.contains(&c) || c == '.') {
            return date;
        }
    } else if let Some(date) = typed
        .strip_suffix("曜日")
        .and_then(|t| t.strip_suffix(days))
    {
        return date;
    }
    typed
}

/// A date cut into its parts. `00` for a month or day (as in residents' registers) is `Some(0)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    era: Option<Era>,
    year: i32,
    /// How many signs the year had; two without an era are not a year.
    year_len: usize,
    pub(super) month: Option<u32>,
    pub(super) day: Option<u32>,
}

impl Parts {
    /// Cuts a tidied text; none where it is not built like a date. The day, and then the month,
    /// may be missing.
    pub(super) fn read(typed: &str) -> Option<Self> {
        let (era, rest) = strip_era(typed);
        if rest.len() >= 4 && rest.bytes().all(|b| b.is_ascii_digit()) {
            return Self::read_digits(era, rest);
        }
        // 昭和25年3月4日 and S25.3.4 are one shape once the signs between are one.
        let dotted: String = rest
            .strip_suffix('日')
            .unwrap_or(rest)
            .chars()
            .map(|c| {
                if matches!(c, '年' | '月' | '/' | '-') {
                    '.'
                } else {
                    c
                }
            })
            .collect();
        let ends_with_unit = rest.ends_with(['年', '月']);
        let mut fields = if ends_with_unit {
            dotted.strip_suffix('.')?
        } else {
            &dotted
        }
        .split('.');
        let year_text = fields.next()?;
        let year = if year_text == "元" {
            1
        } else {
            number(year_text)?
        };
        let month = fields
            .next()
            .map(number)
            .map_or(Some(None), |n| n.map(Some))?;
        let day = fields
            .next()
            .map(number)
            .map_or(Some(None), |n| n.map(Some))?;
        if fields.next().is_some() {
            return None;
        }
        let year_len = year_text.chars().count();
        Some(Self {
            era,
            year: i32::try_from(year).ok()?,
            year_len,
            month,
            day,
        })
    }

    fn read_digits(era: Option<Era>, digits: &str) -> Option<Self> {
        let (era, year, rest) = match (era, digits.len()) {
            (None, 8) => (None, digits.get(..4)?, digits.get(4..)?),
            (None, 7) => {
                let era = Era::from_digit(digits.chars().next()?)?;
                (Some(era), digits.get(1..3)?, digits.get(3..)?)
            }
            (None, 4) => (None, digits, ""),
            (None, 6) => (None, digits.get(..2)?, digits.get(2..)?),
            (Some(era), 6) => (Some(era), digits.get(..2)?, digits.get(2..)?),
            _ => return None,
        };
        Some(Self {
            era,
            year: year.parse().ok()?,
            year_len: year.len(),
            month: rest.get(..2).and_then(|m| m.parse().ok()),
            day: rest.get(2..4).and_then(|d| d.parse().ok()),
        })
    }

    /// The western year, or why there is none.
    pub(super) fn western_year(&self, typed: &str) -> Result<i32, DateError> {
        match self.era {
            None if self.year_len < 3 => Err(DateError::YearUnclear(typed.to_owned())),
            None if (FIRST_DAY.year()..=LAST_DAY.year()).contains(&self.year) => Ok(self.year),
            None => Err(DateError::OutOfRange(typed.to_owned())),
            Some(_) if self.year == 0 => Err(DateError::NotADate(typed.to_owned())),
            Some(Era::Meiji) if self.year < 6 => Err(DateError::OldCalendar(typed.to_owned())),
            Some(era) => match era.first_year() + self.year - 1 {
                year if year <= LAST_DAY.year() => Ok(year),
                _ => Err(DateError::OutOfRange(typed.to_owned())),
            },
        }
    }

    /// The whole day.
    pub(super) fn date(&self, typed: &str, month: u32, day: u32) -> Result<NaiveDate, DateError> {
        let year = self.western_year(typed)?;
        let last = last_of_month(year, month).ok_or_else(|| DateError::NoSuchMonth {
            typed: typed.to_owned(),
            month,
        })?;
        let date = NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| {
            let shown = match self.era {
                Some(era) => format!("{}{}年{month}月", era.kanji(), self.year),
                None => format!("{year}年{month}月"),
            };
            DateError::NoSuchDay {
                typed: typed.to_owned(),
                month: shown,
                last: last.day(),
            }
        })?;
        self.within_era(typed, date, date)?;
        Ok(date)
    }

    /// Refuses a span of days that lies wholly outside the era that was written.
    pub(super) fn within_era(
        &self,
        typed: &str,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<(), DateError> {
        let Some(era) = self.era else { return Ok(()) };
        if last >= era.first_day() && first <= era.last_day() {
            return Ok(());
        }
        let name = era.kanji();
        let bound = |day| format_date(day, Calendar::Japanese).replacen(name, "", 1);
        let bounds = if first > era.last_day() {
            format!("{name}は{}までです", bound(era.last_day()))
        } else {
            format!("{name}は{}からです", bound(era.first_day()))
        };
        let full = format_date(first, Calendar::Japanese);
        let shown = match (first == last, full.split_once('年')) {
            (false, Some((year, _))) => format!("{year}年"),
            _ => full,
        };
        let suggestion = format!("{shown}ではありませんか。お確かめのうえ入力し直してください。");
        Err(DateError::OutsideEra {
            typed: typed.to_owned(),
            bounds,
            suggestion,
        })
    }
}

fn strip_era(typed: &str) -> (Option<Era>, &str) {
    for era in Era::ALL {
        let name = era.kanji();
        let short = name.chars().next().unwrap_or_default();
        let rest = typed
            .strip_prefix(name)
            .or_else(|| typed.strip_prefix(short))
            .or_else(|| typed.strip_prefix(era.letter()));
        if let Some(rest) = rest {
            return (Some(era), rest.strip_prefix('.').unwrap_or(rest));
        }
    }
    (None, typed.strip_prefix("西暦").unwrap_or(typed))
}

/// A number of at most four digits, or a kanji number below a hundred (二十五), or digit by
/// digit (一九五〇).
pub(super) fn number(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().nth(4).is_some() {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let digit = |c: char| "〇一二三四五六七八九".chars().position(|k| k == c);
    let read = |t: &str| {
        t.chars().try_fold(0_u32, |sum, c| {
            Some(sum * 10 + u32::try_from(digit(c)?).ok()?)
        })
    };
    match text.split_once('十') {
        None => read(text),
        Some((tens, ones)) if tens.chars().count() <= 1 && ones.chars().count() <= 1 => {
            let tens = if tens.is_empty() { 1 } else { read(tens)? };
            Some(tens * 10 + if ones.is_empty() { 0 } else { read(ones)? })
        }
        Some(_) => None,
    }
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

fn half_of_day(typed: &str) -> (Option<Half>, &str) {
    for (sign, half) in [
        ("午前", Half::Morning),
        ("午後", Half::Afternoon),
        ("AM", Half::Morning),
        ("PM", Half::Afternoon),
    ] {
        if let Some(rest) = typed
            .strip_prefix(sign)
            .or_else(|| typed.strip_suffix(sign))
        {
            return (Some(half), rest);
        }
    }
    (None, typed)
}

/// Hour, minute and second as written, not yet checked.
fn clock_parts(body: &str) -> Option<(u32, u32, u32)> {
    let two = |t: &str| {
        if t.chars().count() <= 3 {
            number(t)
        } else {
            None
        }
    };
    if let Some((hour, rest)) = body.split_once('時') {
        let minute = match rest {
            "" => 0,
            "半" => 30,
            _ => two(rest.strip_suffix('分').unwrap_or(rest))?,
        };
        return Some((two(hour)?, minute, 0));
    }
    if body.len() <= 4 && body.len() >= 3 && body.bytes().all(|b| b.is_ascii_digit()) {
        let (hour, minute) = body.split_at(body.len() - 2);
        return Some((number(hour)?, number(minute)?, 0));
    }
    let mut fields = body.split([':', '.']);
    let (hour, minute) = (two(fields.next()?)?, fields.next()?);
    if minute.len() != 2 {
        return None;
    }
    let second = fields.next().map_or(Some(0), two)?;
    if fields.next().is_some() {
        return None;
    }
    Some((hour, two(minute)?, second))
}
