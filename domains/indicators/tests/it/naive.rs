//! Counting by hand: every event with all that it may be counted by, and the tables that follow.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use engawa_indicators::{
    model::{Dim, Key, Unit},
    period::Period,
    rules::age,
    store::count::Question,
};
use engawa_kernel::{
    clock,
    db::{Conn, sql},
    error::Result,
    source::{EventSource, When},
};
use uuid::Uuid;

/// One event, with all that it may be counted by.
pub struct Event {
    id: Uuid,
    on: NaiveDate,
    until: Option<NaiveDate>,
    minutes: i64,
    groups: HashMap<Dim, Vec<Key>>,
    /// Person as kept, whether named, age band, sex.
    persons: Vec<(Uuid, bool, i64, String)>,
    households: Vec<Uuid>,
}

pub async fn events(conn: &mut Conn, s: &'static EventSource, on: NaiveDate) -> Result<Vec<Event>> {
    let mut people = HashMap::new();
    for r in conn
        .rows(sql(
            "select id, merged_into, birth_sort, sex from people_person",
        ))
        .await?
    {
        let id: Uuid = r.get("id")?;
        let kept: Uuid = r.opt("merged_into")?.unwrap_or(id);
        people.insert(
            id,
            (
                kept,
                age::band(r.opt("birth_sort")?, on),
                r.get::<String>("sex")?,
            ),
        );
    }
    let named: HashSet<Uuid> =
        ids(conn, "select distinct person_id as id from people_name").await?;
    let mut types: HashMap<Uuid, Vec<String>> = HashMap::new();
    for r in conn
        .rows(sql("select id, types from people_household"))
        .await?
    {
        let codes = serde_json::from_str(&r.get::<String>("types")?).unwrap();
        types.insert(r.get("id")?, codes);
    }
    let households = links(
        conn,
        "select room_id as a, household_id as b from people_household_room",
    )
    .await?;
    let bodies = links(conn, "select id as a, body_id as b from organisations_desk").await?;
    let areas = links(
        conn,
        "select desk_id as a, area_id as b from organisations_desk_area",
    )
    .await?;
    let mut persons: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for r in conn
        .rows(sql("select event_id, person_id from {x} x").slot("{x}", s.persons))
        .await?
    {
        persons
            .entry(r.get("event_id")?)
            .or_default()
            .push(r.get("person_id")?);
    }
    let mut issues: HashMap<Uuid, Vec<Key>> = HashMap::new();
    if let Some(text) = s.issues {
        for r in conn
            .rows(sql("select room_id, issue from {x} x").slot("{x}", text))
            .await?
        {
            issues
                .entry(r.get("room_id")?)
                .or_default()
                .push(Key::Code(r.get("issue")?));
        }
    }
    let mut found = Vec::new();
    for r in conn
        .rows(sql("select * from {x} x").slot("{x}", s.view))
        .await?
    {
        let id: Uuid = r.get("event_id")?;
        let (desk, room): (Option<Uuid>, Uuid) = (r.opt("desk_id")?, r.get("room_id")?);
        let code = |column: &str| -> Result<Vec<Key>> {
            Ok(vec![
                r.opt::<String>(column)?
                    .filter(|c| !c.is_empty())
                    .map_or(Key::Unknown, Key::Code),
            ])
        };
        let linked = |map: &HashMap<Uuid, Vec<Uuid>>| -> Vec<Key> {
            let of = desk.and_then(|d| map.get(&d)).cloned().unwrap_or_default();
            or_unknown(of.into_iter().map(Key::Id).collect())
        };
        let about: Vec<_> = persons
            .get(&id)
            .into_iter()
            .flatten()
            .map(|p| {
                let (kept, band, sex) = people.get(p).unwrap().clone();
                (kept, named.contains(&kept), band, sex)
            })
            .collect();
        let homes = households.get(&room).cloned().unwrap_or_default();
        let mut groups = HashMap::new();
        groups.insert(Dim::Desk, vec![desk.map_or(Key::Unknown, Key::Id)]);
        groups.insert(Dim::Body, linked(&bodies));
        groups.insert(Dim::Area, linked(&areas));
        groups.insert(Dim::Channel, code("channel")?);
        groups.insert(Dim::Route, code("route")?);
        groups.insert(Dim::Kind, code("kind")?);
        groups.insert(
            Dim::Issue,
            or_unknown(issues.get(&room).cloned().unwrap_or_default()),
        );
        groups.insert(
            Dim::Age,
            or_unknown(about.iter().map(|p| slot(p.2)).collect()),
        );
        groups.insert(
            Dim::Sex,
            or_unknown(about.iter().map(|p| Key::Code(p.3.clone())).collect()),
        );
        groups.insert(
            Dim::HouseholdType,
            or_unknown(
                homes
                    .iter()
                    .flat_map(|h| types[h].clone())
                    .map(Key::Code)
                    .collect(),
            ),
        );
        found.push(Event {
            id,
            on: match s.when {
                When::Day => r.get("at")?,
                When::Moment => clock::local(r.get("at")?).date(),
            },
            until: r.opt("until_on")?,
            minutes: r.opt("minutes")?.unwrap_or_default(),
            groups,
            persons: about,
            households: homes,
        });
    }
    Ok(found)
}

fn slot(n: i64) -> Key {
    if n == 0 { Key::Unknown } else { Key::Slot(n) }
}

fn or_unknown(keys: Vec<Key>) -> Vec<Key> {
    if keys.is_empty() {
        vec![Key::Unknown]
    } else {
        keys
    }
}

async fn ids(conn: &mut Conn, text: &'static str) -> Result<HashSet<Uuid>> {
    conn.rows(sql(text))
        .await?
        .iter()
        .map(|r| r.get("id"))
        .collect()
}

async fn links(conn: &mut Conn, text: &'static str) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for r in conn.rows(sql(text)).await? {
        found.entry(r.get("a")?).or_default().push(r.get("b")?);
    }
    Ok(found)
}

fn inside(e: &Event, unit: Unit, p: Period) -> bool {
    match unit {
        Unit::Open => e.on <= p.to && e.until.is_none_or(|u| u > p.to),
        Unit::Active => e.on <= p.to && e.until.is_none_or(|u| u >= p.from),
        _ => e.on >= p.from && e.on <= p.to,
    }
}

/// The keys of an event in one dimension; in those of persons, only what is true of this one.
fn keys(e: &Event, dim: Option<Dim>, p: Period, person: Option<usize>) -> Vec<Key> {
    match (dim, person) {
        (None, _) => vec![Key::Unknown],
        (Some(Dim::Time), _) => {
            let slots = p.slots();
            let n = slots.iter().position(|s| e.on <= s.to).unwrap();
            vec![Key::Slot(i64::try_from(n).unwrap() + 1)]
        }
        (Some(Dim::Age), Some(n)) => vec![slot(e.persons[n].2)],
        (Some(Dim::Sex), Some(n)) => vec![Key::Code(e.persons[n].3.clone())],
        (Some(dim), _) => {
            let mut keys = e.groups[&dim].clone();
            keys.sort();
            keys.dedup();
            keys
        }
    }
}

fn of_a_person(q: &Question) -> bool {
    [q.rows, q.columns]
        .iter()
        .all(|d| matches!(d, Some(Dim::Age | Dim::Sex)))
}

/// Row × column → number; [`None`] stands for a total.
pub type Naive = HashMap<(Option<Key>, Option<Key>), i64>;

/// Where a row and a column meet.
type Cell = (Option<Key>, Option<Key>);

pub fn by_hand(events: &[Event], q: &Question) -> Naive {
    let mut seen: HashMap<Cell, HashSet<(Uuid, usize)>> = HashMap::new();
    let mut sums = Naive::new();
    let mut put = |at: (Option<Key>, Option<Key>), what: (Uuid, usize), n: i64| {
        let new = seen.entry(at.clone()).or_default().insert(what);
        *sums.entry(at).or_default() += if new { n } else { 0 };
    };
    for e in events.iter().filter(|e| inside(e, q.unit, q.period)) {
        let counted: Vec<(Option<usize>, (Uuid, usize), i64)> = match q.unit {
            Unit::Persons => (0..e.persons.len())
                .filter(|n| e.persons[*n].1)
                .map(|n| (Some(n), (e.persons[n].0, 0), 1))
                .collect(),
            Unit::PersonTimes => (0..e.persons.len())
                .map(|n| (Some(n), (e.id, n), 1))
                .collect(),
            Unit::Households if of_a_person(q) && !e.persons.is_empty() => (0..e.persons.len())
                .flat_map(|n| e.households.iter().map(move |h| (Some(n), (*h, 0), 1)))
                .collect(),
            Unit::Households => e.households.iter().map(|h| (None, (*h, 0), 1)).collect(),
            Unit::Minutes => vec![(None, (e.id, 0), e.minutes)],
            // Age by sex: both of the same person.
            Unit::Events | Unit::Open | Unit::Active if of_a_person(q) && !e.persons.is_empty() => {
                (0..e.persons.len())
                    .map(|n| (Some(n), (e.id, 0), 1))
                    .collect()
            }
            Unit::Events | Unit::Open | Unit::Active => vec![(None, (e.id, 0), 1)],
        };
        for (person, what, n) in counted {
            for r in keys(e, q.rows, q.period, person)
                .into_iter()
                .map(Some)
                .chain([None])
            {
                for c in keys(e, q.columns, q.period, person)
                    .into_iter()
                    .map(Some)
                    .chain([None])
                {
                    put((r.clone(), c.clone()), what, n);
                }
            }
        }
    }
    sums.retain(|_, n| *n != 0);
    sums
}
