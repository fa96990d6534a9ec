//! Whether a mail is due now, and when a refused one is tried again. No I/O.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use engawa_kernel::{clock, notices::mail::Telling};

/// The hour, in Japan, of the mail of a day.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(8, 0, 0) {
    Some(t) => t,
    None => NaiveTime::MIN,
};

/// 「すぐに」 means at most one mail in so many minutes: what comes in between goes in one.
const GAP_MINUTES: i64 = 10;

/// Minutes to wait after the first, second … attempt that did not succeed. About a day in all: the
/// time in which somebody can mend an address, a full mailbox or the rules of a mail server.
const DELAYS: [i64; 6] = [5, 15, 60, 180, 360, 720];

/// Attempts at telling one person of the same notices.
pub const ATTEMPTS: i64 = DELAYS.len() as i64 + 1;

/// What the rule needs to know about one person.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    /// How the person wants to be told.
    pub telling: Telling,
    /// Of the unread notices that no mail has told of, the oldest.
    pub oldest: DateTime<Utc>,
    /// When the mail server took the last mail to this person.
    pub sent_at: Option<DateTime<Utc>>,
    /// Set after an attempt: not before.
    pub try_after: Option<DateTime<Utc>>,
}

/// Whether a mail is due.
#[must_use]
pub fn due(w: &Waiting, now: DateTime<Utc>) -> bool {
    if w.try_after.is_some_and(|t| now < t) {
        return false;
    }
    match w.telling {
        Telling::None => false,
        Telling::AtOnce => w
            .sent_at
            .is_none_or(|sent| now >= sent + Duration::minutes(GAP_MINUTES)),
        // What comes after the bell waits for the next one, also when today's had nothing to tell.
        Telling::Daily => {
            let bell = last_bell(now);
            w.oldest < bell && w.sent_at.is_none_or(|sent| sent < bell)
        }
    }
}

/// The newest 8 o'clock in the morning that is not in the future.
#[must_use]
pub fn last_bell(now: DateTime<Utc>) -> DateTime<Utc> {
    let local = clock::local(now);
    let today = clock::from_local(local.date().and_time(MORNING));
    if today <= now {
        return today;
    }
    let before = local.date().pred_opt().unwrap_or(local.date());
    clock::from_local(before.and_time(MORNING))
}

/// When to try again after so many attempts; `None`: not any more.
#[must_use]
pub fn again_after(attempts: i64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let place = usize::try_from(attempts.max(1) - 1).ok()?;
    DELAYS
        .get(place)
        .map(|minutes| now + Duration::minutes(*minutes))
}

/// How long a mail server that cannot be reached is left alone after so many failures in a row:
/// 1, 2, 4 … up to 30 minutes. Nobody's mail is given up for that.
#[must_use]
pub fn server_rest(failures: u32) -> Duration {
    Duration::minutes(1_i64 << failures.saturating_sub(1).min(5)).min(Duration::minutes(30))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A moment of November 2026 in Japan.
    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        clock::from_local(day.and_hms_opt(hour, minute, 0).unwrap())
    }

    fn waiting(telling: Telling, oldest: DateTime<Utc>) -> Waiting {
        Waiting {
            telling,
            oldest,
            sent_at: None,
            try_after: None,
        }
    }

    #[test]
    fn none_is_never_told() {
        assert!(!due(&waiting(Telling::None, at(1, 0, 0)), at(30, 12, 0)));
    }

    #[test]
    fn daily_rings_at_eight_for_what_came_before() {
        let w = waiting(Telling::Daily, at(20, 14, 0));
        assert!(!due(&w, at(20, 14, 1)));
        assert!(!due(&w, at(21, 7, 59)));
        assert!(due(&w, at(21, 8, 0)));
        // The server was off at eight.
        assert!(due(&w, at(21, 11, 0)));
        // It came after eight: tomorrow, although nothing was sent today.
        let w = waiting(Telling::Daily, at(21, 8, 0));
        assert!(!due(&w, at(21, 23, 59)));
        assert!(due(&w, at(22, 8, 0)));
    }

    #[test]
    fn daily_is_once_a_day() {
        let mut w = waiting(Telling::Daily, at(20, 7, 0));
        w.sent_at = Some(at(20, 8, 0));
        assert!(!due(&w, at(20, 9, 0)));
        w.oldest = at(20, 9, 0);
        assert!(!due(&w, at(20, 23, 0)));
        assert!(due(&w, at(21, 8, 0)));
    }

    #[test]
    fn at_once_bundles_what_comes_within_minutes() {
        let mut w = waiting(Telling::AtOnce, at(20, 14, 0));
        assert!(due(&w, at(20, 14, 0)));
        w.sent_at = Some(at(20, 13, 55));
        assert!(!due(&w, at(20, 14, 4)));
        assert!(due(&w, at(20, 14, 5)));
    }

    #[test]
    fn a_failed_attempt_rests_longer_each_time_and_ends() {
        let now = at(20, 8, 0);
        let mut before = now;
        for attempts in 1..ATTEMPTS {
            let next = again_after(attempts, now).unwrap();
            assert!(next > before);
            before = next;
        }
        assert_eq!(again_after(ATTEMPTS, now), None);
        let mut w = waiting(Telling::Daily, at(19, 8, 0));
        w.try_after = Some(at(20, 8, 5));
        assert!(!due(&w, at(20, 8, 4)));
        assert!(due(&w, at(20, 8, 5)));
    }

    #[test]
    fn a_server_that_is_down_is_asked_less_and_less() {
        let minutes: Vec<i64> = [1, 2, 3, 4, 5, 6, 60]
            .map(|n| server_rest(n).num_minutes())
            .into();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 30, 30]);
    }

    proptest! {
        /// Whatever the hour: the bell is at eight, has rung, and less than a day ago.
        #[test]
        fn the_bell_is_eight_and_has_rung(seconds in 1_700_000_000_i64..2_000_000_000) {
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            let bell = last_bell(now);
            prop_assert_eq!(clock::local(bell).time(), MORNING);
            prop_assert!(bell <= now && now - bell < Duration::days(1));
        }

        /// Minute by minute over three days with notices at any time, the daily rule sends at most
        /// once a day, and leaves nothing untold that is a day old.
        #[test]
        fn daily_misses_nothing_and_never_sends_twice_a_day(mut came in proptest::collection::vec(0_i64..2880, 0..8)) {
            came.sort_unstable();
            let start = at(1, 0, 0);
            let (mut untold, mut sent): (Vec<i64>, Vec<DateTime<Utc>>) = (vec![], vec![]);
            for minute in 0..4320_i64 {
                untold.extend(came.iter().filter(|m| **m == minute));
                let now = start + Duration::minutes(minute);
                let Some(oldest) = untold.first() else { continue };
                let w = Waiting { sent_at: sent.last().copied(), ..waiting(Telling::Daily, start + Duration::minutes(*oldest)) };
                if due(&w, now) {
                    untold.clear();
                    sent.push(now);
                }
                prop_assert!(untold.first().is_none_or(|m| minute - m <= 1440));
            }
            let days: std::collections::BTreeSet<_> = sent.iter().map(|s| clock::local(*s).date()).collect();
            prop_assert_eq!(days.len(), sent.len());
        }
    }
}
