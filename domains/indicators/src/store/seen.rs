//! The first half of a counting statement: the events of a question, gone through once and brought
//! down to what its table needs: so many events of this desk, in this month, with this person. A
//! million contacts are then some hundred thousand lines, and names, issues and ages are looked up
//! for those only.
//!
//! `seen` holds all that a total needs. Where events are split by age or sex, `lines` holds them once
//! more, by the groups of those whom they are about.

use engawa_kernel::db::Sql;

use super::{
    count::Question,
    parts::{Joins, PERSON, PERSON_LINK},
};
use crate::model::{Dim, Unit};

/// Whom they are about is kept for each person: persons are counted, not events.
const PERSONS: &str = "met as materialized ({seen}), seen as materialized (
    select m.*, case when {named} then p.kept_id end as kept, cast({age} as bigint) as band, p.sex
      from met m left join {person} p on p.person_id = m.person_id)";
const PLAIN: &str = "seen as materialized ({seen})";
const PLAIN_AND_LINES: &str = "seen as materialized ({seen}), lines as materialized ({lines})";

const SEEN: &str = "select {kept} {amount} as n from {events} e {seen_joins} where {where} {by}";
const LINES: &str =
    "select {line_kept} {line_amount} as n from {events} e {line_joins} where {where} {line_by}";

const ROOM: &str = "e.room_id,";

/// Which of the two a count is taken from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// `seen`
    Seen,
    /// `lines`
    ByPerson,
}

impl Lines {
    /// For a count that is split by these.
    pub(super) fn of(q: &Question, dims: [Option<Dim>; 2]) -> Self {
        if !counts_persons(q) && dims.into_iter().flatten().any(of_person) {
            Self::ByPerson
        } else {
            Self::Seen
        }
    }

    /// In the statement.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::ByPerson => "lines",
        }
    }
}

const fn of_person(dim: Dim) -> bool {
    matches!(dim, Dim::Age | Dim::Sex)
}

fn dims(q: &Question) -> impl Iterator<Item = Dim> + Clone {
    [q.rows, q.columns].into_iter().flatten()
}

const fn counts_persons(q: &Question) -> bool {
    matches!(q.unit, Unit::Persons | Unit::PersonTimes)
}

/// Age by sex: an event with two persons of one age stands in two lines, and counts once in the
/// total of that age.
fn by_event(q: &Question) -> bool {
    !counts_persons(q) && dims(q).all(of_person) && dims(q).count() == 2
}

/// Whether the person of each line must be known, and not only how many there were.
fn by_person(q: &Question) -> bool {
    q.unit == Unit::Persons || (counts_persons(q) && dims(q).any(of_person))
}

/// What of an event a dimension needs; [`super::parts::group`] reads it.
const fn kept(dim: Dim) -> Option<&'static str> {
    Some(match dim {
        Dim::Desk | Dim::Body | Dim::Area => "e.desk_id,",
        Dim::Channel => "e.channel,",
        Dim::Route => "e.route,",
        Dim::Kind => "e.kind,",
        Dim::Issue | Dim::HouseholdType => ROOM,
        Dim::Time => "cast({slot} as bigint) as slot,",
        Dim::Age | Dim::Sex => return None,
    })
}

/// How many: of what is counted, in one line.
const fn amount(unit: Unit) -> &'static str {
    match unit {
        Unit::Events | Unit::Open | Unit::Active | Unit::Persons | Unit::Households => "count(*)",
        // Where nobody in particular is named, the heads that were counted.
        Unit::PersonTimes => {
            "sum(coalesce(e.heads, case when pl.person_id is null then 0 else 1 end))"
        }
        Unit::Minutes => "sum(e.minutes)",
    }
}

/// How the lines are counted.
pub(super) fn measure(q: &Question, lines: Lines) -> &'static str {
    match q.unit {
        Unit::Persons => "count(distinct e.kept)",
        Unit::Households => "count(distinct hl.household_id)",
        _ if lines == Lines::ByPerson && by_event(q) => "count(distinct e.event_id)",
        _ => "cast(coalesce(sum(e.n), 0) as bigint)",
    }
}

/// Columns, each once, and the places by which they are grouped.
#[derive(Clone, Default)]
struct Kept(Vec<&'static str>);

impl Kept {
    fn add(&mut self, column: &'static str) {
        if !self.0.contains(&column) {
            self.0.push(column);
        }
    }

    fn write(self, text: Sql, slot: &'static str, by: &'static str) -> Sql {
        let grouped = match self.0.len() {
            0 => "",
            1 => "group by 1",
            2 => "group by 1, 2",
            3 => "group by 1, 2, 3",
            _ => "group by 1, 2, 3, 4",
        };
        let text = text.slot(by, grouped).slot(slot, "{column_kept}");
        self.0
            .into_iter()
            .fold(text, |text, column| {
                text.slot("{column_kept}", "{one_kept} {column_kept}")
                    .slot("{one_kept}", column)
            })
            .slot("{column_kept}", "")
    }
}

/// Writes `{seen}`.
pub(super) fn write(q: &Question, text: Sql) -> Sql {
    // The person or the room first: lines in their order find them next to each other.
    let mut columns = Kept::default();
    if by_person(q) {
        columns.add("pl.person_id,");
    }
    if q.unit == Unit::Households || dims(q).any(|d| kept(d) == Some(ROOM)) {
        columns.add(ROOM);
    }
    for column in dims(q).filter_map(kept) {
        columns.add(column);
    }
    let splits = !counts_persons(q) && dims(q).any(of_person);
    let text = text.slot(
        "{seen}",
        if by_person(q) {
            PERSONS
        } else if splits {
            PLAIN_AND_LINES
        } else {
            PLAIN
        },
    );
    let text = text.slot("{seen}", SEEN).slot("{lines}", LINES);

    let mut joins = Joins::default();
    if counts_persons(q) {
        joins.add(&[PERSON_LINK]);
        if !(q.filter.age.is_empty() && q.filter.sex.is_empty()) {
            joins.add(&[PERSON]);
        }
    }
    let text = columns.clone().write(text, "{kept}", "{by}");
    let text = joins
        .write(text, "{seen_joins}")
        .slot("{amount}", amount(q.unit));

    let mut lines = columns;
    if dims(q).any(|d| d == Dim::Age) {
        lines.add("cast({age} as bigint) as band,");
    }
    if dims(q).any(|d| d == Dim::Sex) {
        lines.add("p.sex,");
    }
    let whole = by_event(q);
    if whole {
        lines.add("e.event_id,");
    }
    let mut joins = Joins::default();
    joins.add(&[PERSON_LINK, PERSON]);
    let text = lines.write(text, "{line_kept}", "{line_by}");
    joins.write(text, "{line_joins}").slot(
        "{line_amount}",
        if whole {
            "count(*)"
        } else {
            "count(distinct e.event_id)"
        },
    )
}
