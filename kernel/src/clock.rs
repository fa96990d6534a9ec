//! The only source of time. UTC inside, Asia/Tokyo outside; tests hold the clock still.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Asia::Tokyo;

/// Tells the time: the system's, or in tests and demo data one that is set.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until [`Clock::set`].
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    /// Moves a fixed clock; the system's clock is left as it is.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Some(fixed) = &self.0 {
            fixed.store(at.timestamp_micros(), Ordering::SeqCst);
        }
    }

    /// Now, cut to microseconds (what PostgreSQL keeps), so that a value read back is equal.
    #[allow(clippy::disallowed_methods)]
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.0 {
            Some(fixed) => fixed.load(Ordering::SeqCst),
            None => Utc::now().timestamp_micros(),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// The date on the wall in Japan.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        local(self.now()).date()
    }
}

/// A moment as the clock on the wall in Japan shows it.
#[must_use]
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&Tokyo).naive_local()
}

/// The moment at which the clock on the wall in Japan shows `local`.
#[must_use]
pub fn from_local(local: NaiveDateTime) -> DateTime<Utc> {
    // Japan has no daylight saving time; `single` is only None for times before 1952's changes.
    Tokyo
        .from_local_datetime(&local)
        .earliest()
        .map_or_else(|| local.and_utc(), |t| t.with_timezone(&Utc))
}

/// The first moment of a day in Japan.
#[must_use]
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    from_local(day.and_hms_opt(0, 0, 0).unwrap_or_default())
}
