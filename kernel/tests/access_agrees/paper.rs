//! Histories, and what the rules say of them in the words of the design.

#![allow(
    clippy::type_complexity,
    clippy::manual_is_multiple_of,
    reason = "a naive model is meant to be read, not shared"
)]

use chrono::{DateTime, Duration, NaiveDate, Utc};
use engawa_kernel::{
    access::{Level, Role},
    clock,
    testing::noon,
};
use proptest::prelude::*;

pub const STAFF: usize = 3;
pub const DESKS: usize = 2;
pub const ROOMS: usize = 4;
pub const PEOPLE: usize = 3;

/// One thing that happens. Numbers name the staff, desk, room …; those of postings, keys and
/// conflicts count from the first one made, over and over.
#[derive(Debug, Clone)]
pub enum Step {
    Post {
        staff: usize,
        role: usize,
        desk: Option<usize>,
        from: i64,
        days: Option<i64>,
    },
    EndPosting {
        posting: usize,
        day: i64,
    },
    CutForPosting {
        room: usize,
        posting: usize,
        key: Key,
    },
    CutForDesk {
        room: usize,
        desk: usize,
        key: Key,
    },
    TakeBack {
        key: usize,
    },
    Seal {
        room: usize,
    },
    Link {
        room: usize,
        person: usize,
    },
    Declare {
        staff: usize,
        person: usize,
    },
    EndConflict {
        conflict: usize,
    },
}

#[derive(Debug, Clone)]
pub struct Key {
    pub write: bool,
    pub opens_sealed: bool,
    pub from: i64,
    pub hours: Option<i64>,
}

pub fn step() -> impl Strategy<Value = Step> {
    // Days and hours around the moments that are looked at, so that edges are met often.
    let day = -2..2_i64;
    let key = (
        any::<bool>(),
        any::<bool>(),
        -40..16_i64,
        prop::option::weighted(0.3, 0..72_i64),
    )
        .prop_map(|(write, opens_sealed, from, hours)| Key {
            write,
            opens_sealed,
            from,
            hours,
        });
    prop_oneof![
        3 => (0..STAFF, 0..Role::ALL.len(), prop::option::weighted(0.8, 0..DESKS), day.clone(), prop::option::weighted(0.3, -1..3_i64))
            .prop_map(|(staff, role, desk, from, days)| Step::Post { staff, role, desk, from, days }),
        1 => (0..6_usize, day).prop_map(|(posting, day)| Step::EndPosting { posting, day }),
        4 => (0..ROOMS, 0..6_usize, key.clone()).prop_map(|(room, posting, key)| Step::CutForPosting { room, posting, key }),
        4 => (0..ROOMS, 0..DESKS, key).prop_map(|(room, desk, key)| Step::CutForDesk { room, desk, key }),
        1 => (0..8_usize).prop_map(|key| Step::TakeBack { key }),
        1 => (0..ROOMS).prop_map(|room| Step::Seal { room }),
        1 => (0..ROOMS, 0..PEOPLE).prop_map(|(room, person)| Step::Link { room, person }),
        1 => (0..STAFF, 0..PEOPLE).prop_map(|(staff, person)| Step::Declare { staff, person }),
        1 => (0..3_usize).prop_map(|conflict| Step::EndConflict { conflict }),
    ]
}

/// What a person would write down on paper. Times are hours and days from noon.
#[derive(Debug, Default)]
pub struct Paper {
    pub postings: Vec<(usize, Role, Option<usize>, i64, Option<i64>)>,
    pub keys: Vec<(usize, Holder, Key, bool)>,
    pub sealed: Vec<usize>,
    pub links: Vec<(usize, usize)>,
    pub conflicts: Vec<(usize, usize, bool)>,
}

#[derive(Debug, Clone, Copy)]
pub enum Holder {
    Posting(usize),
    Desk(usize),
}

impl Paper {
    pub fn write(&mut self, step: &Step) {
        match step.clone() {
            Step::Post {
                staff,
                role,
                desk,
                from,
                days,
            } => {
                self.postings
                    .push((staff, Role::ALL[role], desk, from, days.map(|d| from + d)));
            }
            Step::EndPosting { posting, day } => {
                let count = self.postings.len().max(1);
                if let Some(p) = self.postings.get_mut(posting % count) {
                    p.4 = Some(day);
                }
            }
            Step::CutForPosting { room, posting, key } => {
                if !self.postings.is_empty() {
                    let holder = Holder::Posting(posting % self.postings.len());
                    self.keys.push((room, holder, key, false));
                }
            }
            Step::CutForDesk { room, desk, key } => {
                self.keys.push((room, Holder::Desk(desk), key, false))
            }
            Step::TakeBack { key } => {
                let count = self.keys.len().max(1);
                if let Some(k) = self.keys.get_mut(key % count) {
                    k.3 = true;
                }
            }
            Step::Seal { room } => self.sealed.push(room),
            Step::Link { room, person } => self.links.push((room, person)),
            Step::Declare { staff, person } => self.conflicts.push((staff, person, false)),
            Step::EndConflict { conflict } => {
                let count = self.conflicts.len().max(1);
                if let Some(c) = self.conflicts.get_mut(conflict % count) {
                    c.2 = true;
                }
            }
        }
    }

    /// The rules in the words of the design, one sentence after the other.
    pub fn says(&self, staff: usize, room: usize, hour: i64) -> Option<Level> {
        for (who, person, ended) in &self.conflicts {
            if *who == staff && !ended && self.links.contains(&(room, *person)) {
                return None;
            }
        }
        let today = day_of(hour);
        let mut best = None;
        for (place, (who, role, desk, from, to)) in self.postings.iter().enumerate() {
            if *who != staff || today < *from || to.is_some_and(|to| today > to) {
                continue;
            }
            // Reception staff see reception data; those without case work see nothing.
            let may = match role.as_code() {
                "coordinator" | "supervisor" | "worker" => true,
                "clerk" | "entry" => is_consultation(room),
                _ => false,
            };
            if !may {
                continue;
            }
            for (of, holder, key, taken) in &self.keys {
                let mine = match holder {
                    Holder::Posting(p) => *p == place,
                    // A lay helper sees only what was handed to them in person.
                    Holder::Desk(d) => role.as_code() != "entry" && *desk == Some(*d),
                };
                let runs = key.from <= hour && key.hours.is_none_or(|h| hour < key.from + h);
                let fits = !self.sealed.contains(&room) || key.opens_sealed;
                if *of == room && mine && runs && fits && !taken {
                    best = best.max(Some(if key.write { Level::Write } else { Level::Read }));
                }
            }
        }
        best
    }
}

pub fn is_consultation(room: usize) -> bool {
    room % 2 == 0
}

pub fn at(hour: i64) -> DateTime<Utc> {
    noon() + Duration::hours(hour)
}

/// Days from the clock's first day, as the wall in Japan shows them.
pub fn day_of(hour: i64) -> i64 {
    (clock::local(at(hour)).date() - clock::local(noon()).date()).num_days()
}

pub fn date(day: i64) -> NaiveDate {
    clock::local(noon()).date() + Duration::days(day)
}
