//! What a consent says on a day.

use chrono::NaiveDate;

use crate::model::ConsentState;

/// The state on a day: a withdrawal speaks from its day on, an ended period permits nothing.
#[must_use]
pub fn state_on(
    written: ConsentState,
    withdrawn_on: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    day: NaiveDate,
) -> ConsentState {
    if withdrawn_on.is_some_and(|on| on <= day) {
        ConsentState::Withdrawn
    } else if written.permits() && valid_until.is_some_and(|until| until < day) {
        ConsentState::Expired
    } else {
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withdrawal_speaks_louder_than_the_period() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        let given = ConsentState::Given;
        assert_eq!(state_on(given, None, None, day(1)), given);
        assert_eq!(state_on(given, None, Some(day(1)), day(1)), given);
        assert_eq!(
            state_on(given, None, Some(day(1)), day(2)),
            ConsentState::Expired
        );
        assert_eq!(
            state_on(given, Some(day(1)), Some(day(1)), day(2)),
            ConsentState::Withdrawn
        );
        assert_eq!(
            state_on(ConsentState::Refused, None, Some(day(1)), day(2)),
            ConsentState::Refused
        );
    }
}
