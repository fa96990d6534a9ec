//! Is the year on course: what should be there by now, and what the end will be if it goes on so.

use chrono::NaiveDate;

use super::target::{Amount, Per, Target};
use crate::period::{Period, month_start, months_later};

/// How an indicator stands against its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Share of the period that is over, in thousandths.
    pub gone: i64,
    /// What the target asks for by now.
    pub pace: Option<Amount>,
    /// What the period will end with at this speed.
    pub forecast: Option<Amount>,
    /// Kept already, on course, or behind. None: not to be said by a number.
    pub state: Option<State>,
}

/// See [`Standing::state`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// 達成
    Kept,
    /// 順調
    OnCourse,
    /// 遅れ
    Behind,
    /// The period is over and the target was missed.
    Missed,
}

impl State {
    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Kept => "達成",
            Self::OnCourse => "順調",
            Self::Behind => "目安に届いていない",
            Self::Missed => "未達成",
        }
    }
}

/// Months of the period that are over and share of the present one, in thousandths of the whole.
#[must_use]
pub fn gone(period: Period, today: NaiveDate) -> i64 {
    let (mut months, mut over) = (0_i64, 0_i64);
    let mut month = month_start(period.from);
    while month <= period.to && months < 1_200 {
        let next = months_later(month, 1);
        let days = (next - month).num_days().max(1);
        let past = (today.succ_opt().unwrap_or(today).min(next) - month)
            .num_days()
            .clamp(0, days);
        over += past * 1_000 / days;
        months += 1;
        month = next;
    }
    over.checked_div(months).unwrap_or(0)
}

/// Where an actual stands on a day. `adds_up`: events add up over the year; a stock or a rate does
/// not and is compared as it is.
#[must_use]
pub fn standing(
    target: &Target,
    actual: Amount,
    period: Period,
    today: NaiveDate,
    adds_up: bool,
) -> Standing {
    let gone = gone(period, today);
    let months = i64::try_from(period.slots().len()).unwrap_or(1);
    let wanted = target.wanted().map(|w| match target.per {
        // 10 a month is 120 a year.
        Per::Month if adds_up => Amount(w.0.saturating_mul(months)),
        Per::Month | Per::Year | Per::Due => w,
    });
    let (pace, forecast) = if adds_up {
        (
            wanted.map(|w| Amount(w.0.saturating_mul(gone) / 1_000)),
            (gone > 0).then(|| Amount(actual.0.saturating_mul(1_000) / gone)),
        )
    } else {
        (wanted, Some(actual))
    };
    let over = today >= period.to;
    let kept = match (target.per, wanted) {
        (Per::Month, Some(w)) if adds_up && !target.lower_is_better() => Some(actual >= w),
        _ => target.kept(actual),
    };
    let state = kept.map(|kept| match (kept, over) {
        // 20 or fewer is kept only once the year is over.
        (true, false) if target.lower_is_better() && adds_up => State::OnCourse,
        (true, _) => State::Kept,
        (false, true) => State::Missed,
        (false, false) if target.lower_is_better() => State::Behind,
        (false, false) if pace.is_some_and(|p| actual >= p) => State::OnCourse,
        (false, false) => State::Behind,
    });
    // An estimate has no thousandths.
    let about = |a: Amount| if adds_up { a.rounded() } else { a };
    Standing {
        gone,
        pace: pace.map(about),
        forecast: forecast.map(about),
        state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_year_asks_for_half_the_target() {
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap_or_default();
        let year = Period::new(
            day(4, 1),
            day(4, 1)
                .checked_add_days(chrono::Days::new(364))
                .unwrap_or_default(),
        );
        let target = crate::rules::read::targets("120件", "件").remove(0);
        let at = |n, on| standing(&target, Amount::whole(n), year, on, true);
        let october = at(60, day(9, 30));
        assert_eq!(october.gone, 500);
        assert_eq!(october.pace, Some(Amount::whole(60)));
        assert_eq!(october.forecast, Some(Amount::whole(120)));
        assert_eq!(october.state, Some(State::OnCourse));
        assert_eq!(at(59, day(9, 30)).state, Some(State::Behind));
        assert_eq!(at(120, day(9, 30)).state, Some(State::Kept));
        assert_eq!(at(0, day(3, 31)).forecast, None);
        // 32 in seven months: 54.857…
        let odd = at(32, day(10, 31));
        assert_eq!(odd.forecast, Some(Amount::whole(55)));
        let monthly = crate::rules::read::targets("10件/月", "件").remove(0);
        let half = standing(&monthly, Amount::whole(60), year, day(9, 30), true);
        assert_eq!(half.pace, Some(Amount::whole(60)));
        assert_eq!(half.state, Some(State::OnCourse));
    }
}
