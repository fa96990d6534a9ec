//! Reading ages and half-known dates for [`super::birth`].

use chrono::NaiveDate;

use super::birth::BirthDate;
use super::wareki::{Calendar, DateError, format_date};
use super::wareki_read::{Parts, number};

/// 70代, 推定60代?, 約70歳, 72才, 10歳未満; none where it is not built like an age.
pub(super) fn read_age(plain: &str, as_of: NaiveDate) -> Option<BirthDate> {
    let mut rest = plain;
    for sign in ["推定", "約", "年齢", "およそ", "たぶん", "おそらく"] {
        rest = rest.strip_prefix(sign).unwrap_or(rest);
    }
    for sign in [
        "?",
        "くらい",
        "ぐらい",
        "位",
        "ほど",
        "前後",
        "頃",
        "ごろ",
        ".推定",
        "推定",
    ] {
        rest = rest.strip_suffix(sign).unwrap_or(rest);
    }
    if rest == "10歳未満" {
        return Some(BirthDate::Decade { decade: 0, as_of });
    }
    let byte = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
    let tens = rest
        .strip_suffix("歳代")
        .or_else(|| rest.strip_suffix("才代"));
    if let Some(decade) = tens.or_else(|| rest.strip_suffix('代')) {
        let decade = number(decade)?;
        return (decade >= 10 && decade.is_multiple_of(10)).then_some(BirthDate::Decade {
            decade: byte(decade),
            as_of,
        });
    }
    let age = rest
        .strip_suffix('歳')
        .or_else(|| rest.strip_suffix('才'))?;
    Some(BirthDate::AboutAge {
        age: byte(number(age)?),
        as_of,
    })
}

/// A date of which month and day may be missing, 00 or said to be unknown.
pub(super) fn read_date(
    plain: &str,
    typed: &str,
    today: NaiveDate,
) -> Result<BirthDate, DateError> {
    let mut rest = plain;
    for sign in ["不詳", "不明", "?", "頃", "ごろ"] {
        if let Some(known) = rest.strip_suffix(sign) {
            rest = known.trim_end_matches(['は', '.']);
            for unit in ["月日", "日"] {
                // 昭和25年月日, 昭和25年3月日: the unit without a number before it.
                match rest.strip_suffix(unit) {
                    Some(known) if known.ends_with(['年', '月']) => rest = known,
                    _ => {}
                }
            }
        }
    }
    let not_a_birth = || DateError::NotABirth(typed.to_owned());
    let parts = Parts::read(rest).ok_or_else(not_a_birth)?;
    let birth = match (parts.month.unwrap_or(0), parts.day.unwrap_or(0)) {
        (0, 0) => BirthDate::Year(parts.western_year(typed)?),
        (0, _) => return Err(not_a_birth()),
        (month, 0) => BirthDate::YearMonth {
            year: parts.western_year(typed)?,
            month,
        },
        (month, day) => BirthDate::Exact(parts.date(typed, month, day)?),
    };
    let month = parts.month.unwrap_or(0);
    let (first, last) = birth.span().ok_or_else(|| DateError::NoSuchMonth {
        typed: typed.to_owned(),
        month,
    })?;
    parts.within_era(typed, first, last)?;
    if first > today {
        return Err(DateError::BirthInFuture(format_date(
            first,
            Calendar::Japanese,
        )));
    }
    Ok(birth)
}
