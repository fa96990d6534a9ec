//! Periods: any first and last day, and those that people ask for by name.

use chrono::{Datelike as _, Months, NaiveDate};
use engawa_kernel::text::fiscal::FiscalYear;

/// Groups that a split by time has at most (13 months, 13 years).
pub const SLOTS: usize = 13;

/// First and last day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// The first of the month.
#[must_use]
pub fn month_start(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// So many months later (or earlier), at the end of the month where the day does not exist.
#[must_use]
pub fn months_later(day: NaiveDate, months: i32) -> NaiveDate {
    let n = Months::new(months.unsigned_abs());
    let moved = if months < 0 {
        day.checked_sub_months(n)
    } else {
        day.checked_add_months(n)
    };
    moved.unwrap_or(day)
}

impl Period {
    /// In the right order.
    #[must_use]
    pub fn new(from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            from: from.min(to),
            to: from.max(to),
        }
    }

    /// A calendar month.
    #[must_use]
    pub fn month(day: NaiveDate) -> Self {
        let from = month_start(day);
        Self::until(from, months_later(from, 1))
    }

    /// A fiscal year.
    #[must_use]
    pub const fn year(year: FiscalYear) -> Self {
        Self {
            from: year.first_day(),
            to: year.last_day(),
        }
    }

    /// Up to the day before `after`.
    #[must_use]
    pub fn until(from: NaiveDate, after: NaiveDate) -> Self {
        Self::new(from, after.pred_opt().unwrap_or(after))
    }

    /// The day after the last.
    #[must_use]
    pub fn after(self) -> NaiveDate {
        self.to.succ_opt().unwrap_or(self.to)
    }

    /// The same days one year before. The end of a month stays one.
    #[must_use]
    pub fn year_before(self) -> Self {
        Self::until(
            months_later(self.from, -12),
            months_later(self.after(), -12),
        )
    }

    /// Whole months only, for readers outside: from the first of the first month to the end of the
    /// last.
    #[must_use]
    pub fn whole_months(self) -> Self {
        Self::until(
            month_start(self.from),
            months_later(month_start(self.to), 1),
        )
    }

    /// Where its months begin, or its fiscal years when there are more than [`SLOTS`] months.
    #[must_use]
    pub fn slots(self) -> Vec<Period> {
        let months = self.pieces(|day| months_later(month_start(day), 1));
        if months.len() <= SLOTS {
            return months;
        }
        let mut years = self.pieces(|day| {
            FiscalYear::of(day)
                .last_day()
                .succ_opt()
                .unwrap_or(self.after())
        });
        if let Some(more) = years.get(SLOTS - 1..).filter(|m| m.len() > 1) {
            // A period longer than thirteen years: the rest is one group.
            let rest = Self::new(more.first().map_or(self.from, |p| p.from), self.to);
            years.truncate(SLOTS - 1);
            years.push(rest);
        }
        years
    }

    fn pieces(self, next: impl Fn(NaiveDate) -> NaiveDate) -> Vec<Period> {
        let mut found = Vec::new();
        let mut from = self.from;
        while from <= self.to && found.len() < 2_000 {
            let after = next(from).min(self.after());
            if after <= from {
                break;
            }
            found.push(Self::until(from, after));
            from = after;
        }
        found
    }

    /// What people ask for by name, with the word for it.
    #[must_use]
    pub fn named(today: NaiveDate) -> Vec<(&'static str, Self)> {
        let year = FiscalYear::of(today);
        let (april, this) = (year.first_day(), month_start(today));
        let october = months_later(april, 6);
        let before = |months: i32| months_later(this, -months);
        vec![
            ("今年度", Self::year(year)),
            ("昨年度", Self::year(year).year_before()),
            ("上期", Self::until(april, october)),
            ("下期", Self::until(october, months_later(april, 12))),
            ("今月", Self::month(this)),
            ("先月", Self::month(before(1))),
            ("直近13か月", Self::until(before(12), months_later(this, 1))),
            (
                "5年間",
                Self::until(months_later(april, -48), months_later(april, 12)),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
    }

    #[test]
    fn the_periods_that_people_ask_for() {
        let named = Period::named(day(2026, 11, 22));
        let of = |name: &str| named.iter().find(|(n, _)| *n == name).map(|(_, p)| *p);
        assert_eq!(
            of("今年度"),
            Some(Period::new(day(2026, 4, 1), day(2027, 3, 31)))
        );
        assert_eq!(
            of("下期"),
            Some(Period::new(day(2026, 10, 1), day(2027, 3, 31)))
        );
        assert_eq!(
            of("直近13か月"),
            Some(Period::new(day(2025, 11, 1), day(2026, 11, 30)))
        );
        let thirteen = of("直近13か月").map(Period::slots).unwrap_or_default();
        assert_eq!(thirteen.len(), 13);
        assert_eq!(of("5年間").map(|p| p.slots().len()), Some(5));
    }

    #[test]
    fn the_same_days_of_last_year() {
        let february = Period::month(day(2025, 2, 10));
        assert_eq!(february.year_before(), Period::month(day(2024, 2, 1)));
        let half = Period::new(day(2026, 4, 1), day(2026, 9, 30));
        assert_eq!(
            half.year_before(),
            Period::new(day(2025, 4, 1), day(2025, 9, 30))
        );
    }

    #[test]
    fn pieces_cover_the_period_without_a_gap() {
        for (from, to) in [
            (day(2026, 4, 15), day(2026, 4, 15)),
            (day(2026, 1, 31), day(2026, 3, 1)),
            (day(1990, 5, 5), day(2026, 3, 31)),
        ] {
            let slots = Period::new(from, to).slots();
            assert!(slots.len() <= SLOTS);
            assert_eq!(slots.first().map(|p| p.from), Some(from));
            assert_eq!(slots.last().map(|p| p.to), Some(to));
            for pair in slots.windows(2) {
                assert_eq!(pair[0].after(), pair[1].from);
            }
        }
    }
}
