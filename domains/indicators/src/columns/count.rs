//! One question, one pass over the columns: the same answer as the statement of `store/count.rs`.

use std::ops::Range;

use engawa_kernel::error::Result;

use super::{
    Columns, NO_HEADS, day,
    split::{self, Named, Split},
    tally::{Different, Grid, Sums, Tally},
    wanted::Wanted,
};
use crate::{
    model::{Key, Unit},
    store::count::{Figures, Question},
};

/// Counts. The filter of the question names the municipality's own codes
/// ([`crate::store::filter::with_own_codes`]).
///
/// # Errors
/// The filter is none.
pub fn count(columns: &Columns, q: &Question) -> Result<Figures> {
    let named = |dim| match dim {
        Some(dim) => split::split(columns, dim, q.period),
        None => split::whole(),
    };
    let (rows, across) = (named(q.rows), named(q.columns));
    let wanted = Wanted::of(columns, q)?;
    let pass = Pass {
        columns,
        q,
        rows: &rows.split,
        across: &across.split,
        wanted: &wanted,
    };
    let size = (rows.keys.len(), across.keys.len());
    let sums = match q.unit {
        Unit::Persons | Unit::Households => {
            let mut different = Different::new(size.0, size.1, columns.different(q.unit));
            pass.different(&mut different);
            different.counted()
        }
        _ => {
            let mut sums = Sums::new(size.0, size.1);
            pass.sums(&mut sums);
            sums
        }
    };
    let mut found = added(&sums, &rows, &across);
    // A table of one dimension has no cells.
    if q.rows.is_none() || q.columns.is_none() {
        found.cells.clear();
    }
    if q.rows.is_none() {
        found.rows.clear();
    }
    if q.columns.is_none() {
        found.columns.clear();
    }
    found.counted_at = Some(columns.read_at());
    Ok(found)
}

fn added(sums: &Sums, rows: &Named, across: &Named) -> Figures {
    let mut found = Figures {
        total: sums.total,
        ..Figures::default()
    };
    for (r, c, n) in sums.cells.cells() {
        let at = (rows.keys[r].clone(), across.keys[c].clone());
        found.cells.insert(at, n);
    }
    found.rows.extend(edge(&sums.rows, rows));
    found.columns.extend(edge(&sums.columns, across));
    found
}

fn edge<'a>(sums: &'a Grid, named: &'a Named) -> impl Iterator<Item = (Key, i64)> + 'a {
    sums.cells().map(|(n, _, sum)| (named.keys[n].clone(), sum))
}

impl Columns {
    /// The numbers of persons, or of households, are below this.
    fn different(&self, unit: Unit) -> usize {
        if unit == Unit::Persons {
            return self.people.len();
        }
        let last = self.households.items.iter().max();
        last.map_or(0, |n| *n as usize + 1)
    }
}

/// The events gone through once.
struct Pass<'a> {
    columns: &'a Columns,
    q: &'a Question,
    rows: &'a Split<'a>,
    across: &'a Split<'a>,
    wanted: &'a Wanted<'a>,
}

impl<'a> Pass<'a> {
    fn sums(&self, sums: &mut Sums) {
        let c = self.columns;
        match self.q.unit {
            Unit::PersonTimes => self.persons(sums, |event, person| {
                // Where nobody in particular is named, the heads that were counted.
                match c.heads.get(event) {
                    None | Some(&NO_HEADS) => i64::from(person.is_some()),
                    Some(heads) => i64::from(*heads),
                }
            }),
            Unit::Minutes => self.events(sums, |event| {
                c.minutes
                    .get(event)
                    .map_or(0, |minutes| i64::from(*minutes))
            }),
            _ => self.events(sums, |_| 1),
        }
    }

    fn different(&self, different: &mut Different) {
        let c = self.columns;
        match self.q.unit {
            Unit::Persons => self.persons(different, |_, person| {
                let person = person.and_then(|p| c.people.get(p as usize));
                let kept = person.filter(|p| p.named).map(|p| &p.kept);
                kept.map_or(&[][..], std::slice::from_ref)
            }),
            _ => self.events(different, |event| c.households.list(c.room[event] as usize)),
        }
    }

    /// Events that the period and the filter leave.
    fn within(&self) -> Range<usize> {
        let c = self.columns;
        let after = c.day.partition_point(|d| *d <= day(self.q.period.to));
        match self.q.unit {
            Unit::Open | Unit::Active => 0..after,
            _ => c.day.partition_point(|d| *d < day(self.q.period.from))..after,
        }
    }

    #[inline]
    fn is_wanted(&self, event: usize) -> bool {
        let c = self.columns;
        let until = || c.until.get(event).copied().unwrap_or(super::NO_DAY);
        (match self.q.unit {
            Unit::Open => until() > day(self.q.period.to),
            Unit::Active => until() >= day(self.q.period.from),
            _ => true,
        }) && self.wanted.event(c, event)
    }

    /// Each person of each event counts by what is true of them.
    fn persons<B: Copy>(
        &self,
        tally: &mut impl Tally<B>,
        brings: impl Fn(usize, Option<u32>) -> B,
    ) {
        let nobody = self.wanted.nobody();
        for event in self.within() {
            if !self.is_wanted(event) {
                continue;
            }
            let (rows, across) = (self.rows.of_event(event), self.across.of_event(event));
            let persons = self.columns.persons.list(event);
            for person in persons.iter().filter(|p| self.wanted.person(**p)) {
                let (mut r, mut c) = ([0], [0]);
                let rows = of_person(self.rows, *person, rows, &mut r);
                let across = of_person(self.across, *person, across, &mut c);
                tally.put(rows, across, brings(event, Some(*person)));
            }
            if persons.is_empty() && nobody {
                tally.put(rows, across, brings(event, None));
            }
        }
    }

    /// Each event counts once in each of its groups; it has those of everybody whom it is about.
    fn events<B: Copy>(&self, tally: &mut impl Tally<B>, brings: impl Fn(usize) -> B) {
        let (mut of_rows, mut of_columns, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for event in self.within() {
            if !self.is_wanted(event) {
                continue;
            }
            let persons = self.columns.persons.list(event);
            if !self.wanted.persons.is_empty() && !self.wanted.anybody(persons) {
                continue;
            }
            let what = brings(event);
            match (self.rows, self.across) {
                // Age by sex: both of the same person.
                (Split::ByPerson(ages), Split::ByPerson(sexes)) if !persons.is_empty() => {
                    let both = |p: &u32| (ages[*p as usize], sexes[*p as usize]);
                    once(&mut pairs, persons.iter().map(both));
                    once(&mut of_rows, pairs.iter().map(|(r, _)| *r));
                    once(&mut of_columns, pairs.iter().map(|(_, c)| *c));
                    for (r, c) in &pairs {
                        tally.cell(*r, *c, what);
                    }
                    tally.edges(&of_rows, &of_columns, what);
                }
                _ => {
                    let rows = of_anybody(self.rows, event, persons, &mut of_rows);
                    let across = of_anybody(self.across, event, persons, &mut of_columns);
                    tally.put(rows, across, what);
                }
            }
        }
    }
}

/// The groups of a person, or of the event.
#[inline]
fn of_person<'s>(
    split: &Split,
    person: u32,
    of_event: &'s [u16],
    own: &'s mut [u16; 1],
) -> &'s [u16] {
    if let Split::ByPerson(groups) = split {
        own[0] = groups[person as usize];
        return own;
    }
    of_event
}

/// The groups of an event: its own, or those of everybody whom it is about.
#[inline]
fn of_anybody<'s>(
    split: &'s Split,
    event: usize,
    persons: &[u32],
    found: &'s mut Vec<u16>,
) -> &'s [u16] {
    match split {
        Split::ByPerson(groups) if !persons.is_empty() => {
            once(found, persons.iter().map(|p| groups[*p as usize]));
            found
        }
        _ => split.of_event(event),
    }
}

/// Each once; there are few.
#[inline]
fn once<T: PartialEq>(found: &mut Vec<T>, all: impl Iterator<Item = T>) {
    found.clear();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
}
