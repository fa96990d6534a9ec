//! Many events, counted from columns in memory. SQL over rows takes seconds for five years of a
//! million contacts; the same events as arrays, one number after the other, take some hundredths of
//! a second. See `docs/decisions/0010-figures-from-columns.md`.
//!
//! | file | holds |
//! |---|---|
//! | `mod.rs` | [`Columns`]: the events of one source, and what they are split by |
//! | `load.rs`, `beside.rs` | reads both from the database, in small bites |
//! | `split.rs`, `wanted.rs` | the groups of a question, its conditions |
//! | `count.rs`, `tally.rs` | one pass over the events, and what is counted in it |
//! | `snapshot.rs` | when columns are used, how old they may be, when they go |
//!
//! Columns hold no names and no texts: days, places in small lists, and whether a condition holds.

mod beside;
mod count;
mod load;
mod snapshot;
mod split;
mod tally;
mod wanted;

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

pub use count::count;
pub use load::load;
pub use snapshot::Snapshots;

/// A day as a number, counted from the year 1.
pub(crate) type Day = i32;

/// Of an event that goes on, and of a person whose birthday is not known.
const NO_DAY: Day = i32::MAX;

/// Of an event whose heads nobody counted.
const NO_HEADS: u32 = u32::MAX;

pub(crate) fn day(of: NaiveDate) -> Day {
    use chrono::Datelike as _;
    of.num_days_from_ce()
}

/// Several lists behind each other.
#[derive(Debug, Clone)]
pub(crate) struct Lists<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self {
            starts: vec![0],
            items: Vec::new(),
        }
    }
}

impl<T: Copy> Lists<T> {
    /// Of pairs in the order of their lists.
    fn of(pairs: &[(u32, T)], lists: usize) -> Self {
        let mut starts = Vec::with_capacity(lists + 1);
        let mut place = 0_u32;
        starts.push(0);
        for list in (0_u32..).take(lists) {
            let rest = pairs.get(place as usize..).unwrap_or_default();
            let own = rest.iter().take_while(|(of, _)| *of == list).count();
            place += u32::try_from(own).unwrap_or_default();
            starts.push(place);
        }
        let items = pairs.iter().map(|(_, item)| *item).collect();
        Self { starts, items }
    }

    /// One item in each list.
    fn singles(items: Vec<T>) -> Self {
        Self {
            starts: (0..).take(items.len() + 1).collect(),
            items,
        }
    }

    /// A list; empty where there is none.
    #[inline]
    fn list(&self, n: usize) -> &[T] {
        match self.starts.get(n..n + 2) {
            Some(&[from, to]) => self
                .items
                .get(from as usize..to as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }

    fn bytes(&self) -> usize {
        bytes(&self.starts) + bytes(&self.items)
    }
}

/// Somebody, without a name.
#[derive(Debug, Clone, Copy)]
struct Person {
    /// The record that was kept when two were merged; it is counted once.
    kept: u32,
    /// [`NO_DAY`]: not known.
    birth: Day,
    /// Place in [`Columns::sexes`].
    sex: u16,
    /// Whether the record that was kept has a name.
    named: bool,
}

/// A desk that events name; the first stands for none.
#[derive(Debug, Clone, Default)]
struct Desk {
    id: Option<Uuid>,
    /// Whether it is in the register.
    registered: bool,
    body: Option<Uuid>,
    areas: Vec<Uuid>,
}

/// The events of one source in one municipality, by the day on which they happened, as they were at
/// one moment.
#[derive(Debug)]
pub struct Columns {
    /// As of when, in microseconds.
    read_at: AtomicI64,
    day: Vec<Day>,
    /// Empty where events do not last; [`NO_DAY`]: goes on.
    until: Vec<Day>,
    desk: Vec<u16>,
    /// Empty where the source knows none, as the next two.
    channel: Vec<u16>,
    route: Vec<u16>,
    kind: Vec<u16>,
    minutes: Vec<i32>,
    /// Empty where no event has any.
    heads: Vec<u32>,
    room: Vec<u32>,
    /// A bit for each mark of the source, the first one lowest.
    marks: Vec<u32>,
    /// Of each event.
    persons: Lists<u32>,
    people: Vec<Person>,
    desks: Vec<Desk>,
    /// Words of the columns above; the first is that of events which say nothing.
    channels: Vec<String>,
    routes: Vec<String>,
    kinds: Vec<String>,
    sexes: Vec<String>,
    /// Of each room.
    issues: Lists<u16>,
    issue_codes: Vec<String>,
    /// Of each room: what its households are, each once. 0: something that is in no list.
    types: Lists<u16>,
    type_codes: Vec<String>,
    /// Of each room.
    households: Lists<u32>,
}

impl Columns {
    /// As of when.
    #[must_use]
    pub fn read_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.read_at.load(Ordering::Relaxed)).unwrap_or_default()
    }

    /// Nothing has changed up to now.
    fn still_hold(&self, now: DateTime<Utc>) {
        self.read_at
            .store(now.timestamp_micros(), Ordering::Relaxed);
    }

    /// How many events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.day.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.day.is_empty()
    }

    /// What it takes in memory; the short lists of words and desks are left out.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let days = bytes(&self.day) + bytes(&self.until) + bytes(&self.minutes);
        let places = bytes(&self.desk) + bytes(&self.channel) + bytes(&self.route);
        let events = bytes(&self.kind) + bytes(&self.heads) + bytes(&self.room);
        let rooms = self.issues.bytes() + self.types.bytes() + self.households.bytes();
        let persons = self.persons.bytes() + bytes(&self.people);
        days + places + events + bytes(&self.marks) + rooms + persons
    }
}

fn bytes<T>(of: &Vec<T>) -> usize {
    of.capacity() * size_of::<T>()
}
