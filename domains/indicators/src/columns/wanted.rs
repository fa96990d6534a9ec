//! Which events a question asks for: its filter as tables to look up, one entry for each desk, room
//! or person. The same conditions as the statement's (`store/filter.rs`).

use engawa_kernel::error::Result;

use super::{
    Columns,
    split::{Place, bands, place, words},
};
use crate::{
    model::{Dim, UNKNOWN},
    store::{
        count::Question,
        filter::{bands as wanted_bands, ids, mark},
    },
};

/// A condition on where an event stands.
struct Condition<'a> {
    place: Place<'a>,
    holds: Vec<bool>,
}

/// A condition on a person.
pub(super) struct OfPerson {
    pub holds: Vec<bool>,
    /// Whether it holds where there is nobody.
    pub nobody: bool,
}

/// All of them.
pub(super) struct Wanted<'a> {
    conditions: Vec<Condition<'a>>,
    marks: u32,
    pub persons: Vec<OfPerson>,
}

const OF_EVENT: [Dim; 8] = [
    Dim::Desk,
    Dim::Body,
    Dim::Area,
    Dim::Channel,
    Dim::Route,
    Dim::Kind,
    Dim::Issue,
    Dim::HouseholdType,
];

impl<'a> Wanted<'a> {
    /// The codes of the filter are those of the municipality
    /// ([`crate::store::filter::with_own_codes`]).
    ///
    /// # Errors
    /// The filter is none.
    pub(super) fn of(columns: &'a Columns, q: &Question) -> Result<Self> {
        let mut conditions = Vec::new();
        for dim in OF_EVENT {
            let wanted = q.filter.of(dim);
            if let (false, Some(place)) = (wanted.is_empty(), place(columns, dim)) {
                let holds = holds(columns, dim, wanted)?;
                conditions.push(Condition { place, holds });
            }
        }
        let mut marks = 0;
        for code in &q.filter.marks {
            mark(q.source, code)?;
            let place = q.source.marks.iter().position(|m| m.code == code);
            marks |= place.map_or(0, |n| 1 << n);
        }
        Ok(Self {
            conditions,
            marks,
            persons: of_persons(columns, q)?,
        })
    }

    /// Whether the event itself is asked for.
    #[inline]
    pub(super) fn event(&self, columns: &Columns, event: usize) -> bool {
        (self.marks == 0 || columns.marks[event] & self.marks == self.marks)
            && self.conditions.iter().all(|c| {
                let place = c.place.of(event);
                c.holds.get(place).copied().unwrap_or(false)
            })
    }

    /// Whether this person is counted.
    #[inline]
    pub(super) fn person(&self, person: u32) -> bool {
        self.persons.iter().all(|c| c.holds[person as usize])
    }

    /// Whether an event about nobody in particular is counted where persons are.
    pub(super) fn nobody(&self) -> bool {
        self.persons.iter().all(|c| c.nobody)
    }

    /// Whether each condition holds for anybody whom the event is about.
    #[inline]
    pub(super) fn anybody(&self, persons: &[u32]) -> bool {
        let anybody = |c: &OfPerson| persons.iter().any(|p| c.holds[*p as usize]);
        self.persons.iter().all(anybody)
    }
}

fn holds(columns: &Columns, dim: Dim, wanted: &[String]) -> Result<Vec<bool>> {
    let unknown = wanted.iter().any(|w| w == UNKNOWN);
    let desks = columns.desks.iter();
    Ok(match dim {
        Dim::Desk | Dim::Body | Dim::Area if unknown => desks
            .map(|d| match dim {
                Dim::Desk => d.id.is_none(),
                Dim::Body => !d.registered,
                _ => d.areas.is_empty(),
            })
            .collect(),
        Dim::Desk | Dim::Body | Dim::Area => {
            let wanted = ids(wanted)?;
            desks
                .map(|d| match dim {
                    Dim::Desk => d.id.is_some_and(|id| wanted.contains(&id)),
                    Dim::Body => d.body.is_some_and(|id| wanted.contains(&id)),
                    _ => d.areas.iter().any(|id| wanted.contains(id)),
                })
                .collect()
        }
        Dim::Issue | Dim::HouseholdType => {
            let lists = if dim == Dim::Issue {
                &columns.issues
            } else {
                &columns.types
            };
            let known = chosen(words(columns, dim), wanted);
            (0..lists.starts.len() - 1)
                .map(|room| {
                    let own = lists.list(room);
                    if unknown {
                        own.is_empty()
                    } else {
                        own.iter().any(|n| known[usize::from(*n)])
                    }
                })
                .collect()
        }
        _ => {
            let words = words(columns, dim);
            if unknown {
                (0..words.len().max(1)).map(|n| n == 0).collect()
            } else {
                chosen(words, wanted)
            }
        }
    })
}

/// Which of the words are wanted; the first says nothing.
fn chosen(words: &[String], wanted: &[String]) -> Vec<bool> {
    let is_wanted = |(n, word): (usize, &String)| n > 0 && wanted.contains(word);
    words.iter().enumerate().map(is_wanted).collect()
}

fn of_persons(columns: &Columns, q: &Question) -> Result<Vec<OfPerson>> {
    let mut found = Vec::new();
    if !q.filter.age.is_empty() {
        let wanted = wanted_bands(&q.filter.age)?;
        let is_wanted = |band: u16| wanted.contains(&i64::from(band));
        found.push(OfPerson {
            holds: bands(columns, q.period).map(is_wanted).collect(),
            nobody: is_wanted(0),
        });
    }
    if !q.filter.sex.is_empty() {
        let wanted = |word: &String| q.filter.sex.contains(word);
        let known: Vec<bool> = columns.sexes.iter().map(wanted).collect();
        let of_sex = |sex: u16| known.get(usize::from(sex)).copied().unwrap_or(false);
        found.push(OfPerson {
            holds: columns.people.iter().map(|p| of_sex(p.sex)).collect(),
            nobody: q.filter.sex.iter().any(|s| s == UNKNOWN),
        });
    }
    Ok(found)
}
