//! By what a question splits: the groups of each event, or of each person in it.

use std::{borrow::Cow, collections::HashMap};

use uuid::Uuid;

use super::{Columns, Day, Desk, Lists, NO_DAY, day};
use crate::{
    model::{Dim, Key},
    period::Period,
    rules::age,
};

/// The group of those that say nothing; every split has it first.
pub(super) const UNKNOWN: &[u16] = &[0];

/// Where an event stands in a list: which desk, which room …
pub(super) enum Place<'a> {
    /// The source knows nothing of it.
    Nowhere,
    Small(&'a [u16]),
    Large(&'a [u32]),
    /// Days since this one; those before count as it.
    Days(&'a [Day], Day),
}

impl Place<'_> {
    #[inline]
    pub(super) fn of(&self, event: usize) -> usize {
        match self {
            Self::Nowhere => 0,
            Self::Small(column) => usize::from(column[event]),
            Self::Large(column) => column[event] as usize,
            Self::Days(column, first) => usize::try_from(column[event] - first).unwrap_or(0),
        }
    }
}

/// A column of places, where the source has it.
fn small(column: &[u16]) -> Place<'_> {
    if column.is_empty() {
        Place::Nowhere
    } else {
        Place::Small(column)
    }
}

/// Where events stand in the list of a dimension; none for those of persons and of time.
pub(super) fn place(columns: &Columns, dim: Dim) -> Option<Place<'_>> {
    Some(match dim {
        Dim::Desk | Dim::Body | Dim::Area => Place::Small(&columns.desk),
        Dim::Channel => small(&columns.channel),
        Dim::Route => small(&columns.route),
        Dim::Kind => small(&columns.kind),
        Dim::Issue | Dim::HouseholdType => Place::Large(&columns.room),
        Dim::Age | Dim::Sex | Dim::Time => return None,
    })
}

/// The words of a dimension that is written in words.
pub(super) fn words(columns: &Columns, dim: Dim) -> &[String] {
    match dim {
        Dim::Channel => &columns.channels,
        Dim::Route => &columns.routes,
        Dim::Kind => &columns.kinds,
        Dim::Issue => &columns.issue_codes,
        Dim::HouseholdType => &columns.type_codes,
        Dim::Sex => &columns.sexes,
        Dim::Desk | Dim::Body | Dim::Area | Dim::Age | Dim::Time => &[],
    }
}

/// The groups of one dimension.
pub(super) enum Split<'a> {
    ByEvent(Place<'a>, Cow<'a, Lists<u16>>),
    /// The group of each person.
    ByPerson(Vec<u16>),
}

impl Split<'_> {
    /// The groups of an event, each once.
    #[inline]
    pub(super) fn of_event(&self, event: usize) -> &[u16] {
        let Self::ByEvent(place, groups) = self else {
            return UNKNOWN;
        };
        match groups.list(place.of(event)) {
            [] => UNKNOWN,
            groups => groups,
        }
    }
}

/// A split and what its groups are called.
pub(super) struct Named<'a> {
    pub split: Split<'a>,
    pub keys: Vec<Key>,
}

/// No split: everything in one group.
pub(super) fn whole<'a>() -> Named<'a> {
    Named {
        split: Split::ByEvent(Place::Nowhere, Cow::Owned(Lists::default())),
        keys: vec![Key::Unknown],
    }
}

/// The groups of a dimension over a period.
pub(super) fn split(columns: &Columns, dim: Dim, period: Period) -> Named<'_> {
    let singles = |n: usize| Cow::Owned(Lists::singles((0..).take(n).collect()));
    match dim {
        Dim::Age => Named {
            split: Split::ByPerson(bands(columns, period).collect()),
            keys: slots(age::BANDS.len()),
        },
        Dim::Sex => Named {
            split: Split::ByPerson(columns.people.iter().map(|p| p.sex).collect()),
            keys: codes(&columns.sexes),
        },
        Dim::Time => {
            let (groups, n) = times(period);
            Named {
                split: Split::ByEvent(
                    Place::Days(&columns.day, day(period.from)),
                    Cow::Owned(groups),
                ),
                keys: slots(n),
            }
        }
        Dim::Desk | Dim::Body | Dim::Area => {
            let (groups, keys) = match dim {
                Dim::Desk => of_desks(columns, |d| d.id.as_slice()),
                Dim::Body => of_desks(columns, |d| d.body.as_slice()),
                _ => of_desks(columns, |d| &d.areas),
            };
            Named {
                split: Split::ByEvent(Place::Small(&columns.desk), Cow::Owned(groups)),
                keys,
            }
        }
        Dim::Channel | Dim::Route | Dim::Kind | Dim::Issue | Dim::HouseholdType => {
            let words = words(columns, dim);
            let groups = match dim {
                Dim::Issue => Cow::Borrowed(&columns.issues),
                Dim::HouseholdType => Cow::Borrowed(&columns.types),
                _ => singles(words.len()),
            };
            let place = place(columns, dim).unwrap_or(Place::Nowhere);
            Named {
                split: Split::ByEvent(place, groups),
                keys: codes(words),
            }
        }
    }
}

fn slots(n: usize) -> Vec<Key> {
    let known = (1..).take(n).map(Key::Slot);
    [Key::Unknown].into_iter().chain(known).collect()
}

fn codes(words: &[String]) -> Vec<Key> {
    let known = words.iter().skip(1).map(|w| Key::Code(w.clone()));
    [Key::Unknown].into_iter().chain(known).collect()
}

/// The groups of each desk, numbered from 1.
fn of_desks(columns: &Columns, of: impl Fn(&Desk) -> &[Uuid]) -> (Lists<u16>, Vec<Key>) {
    let mut places: HashMap<Uuid, u16> = HashMap::new();
    let (mut keys, mut pairs) = (vec![Key::Unknown], Vec::new());
    for (n, desk) in (0_u32..).zip(&columns.desks) {
        for id in of(desk) {
            let place = *places.entry(*id).or_insert_with(|| {
                keys.push(Key::Id(*id));
                u16::try_from(keys.len() - 1).unwrap_or_default()
            });
            pairs.push((n, place));
        }
    }
    (Lists::of(&pairs, columns.desks.len()), keys)
}

/// The group of each day of a period, and how many there are. What began before the period stands
/// in the first.
fn times(period: Period) -> (Lists<u16>, usize) {
    let slots = period.slots();
    let mut of_day = Vec::new();
    for (n, slot) in (1_u16..).zip(&slots) {
        let days = (slot.to - slot.from).num_days() + 1;
        of_day.extend((0..days).map(|_| n));
    }
    (Lists::singles(of_day), slots.len())
}

/// The age band of each person at the end of a period; 0: not known.
pub(super) fn bands(columns: &Columns, period: Period) -> impl Iterator<Item = u16> + '_ {
    let bounds = age::bounds(period.to).map(day);
    columns.people.iter().map(move |p| {
        if p.birth == NO_DAY {
            return 0;
        }
        let younger = (1_u16..).zip(bounds).find(|(_, bound)| p.birth > *bound);
        younger.map_or(9, |(band, _)| band)
    })
}
