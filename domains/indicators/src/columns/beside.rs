//! What stands beside the events: the persons, rooms and desks that they name. Read by ranges of ids,
//! so that each statement is short.

use engawa_kernel::{
    context::Ctx,
    db::{Conn, Row, Sql, sql},
    error::Result,
    source::EventSource,
};
use engawa_organisations::figures::{DESK_AREAS, DESKS, HOUSEHOLD_TYPES};
use engawa_people::figures::{HOUSEHOLDS, NAMED, PERSONS, ROOM_HOUSEHOLDS};
use uuid::Uuid;

use super::{
    Columns, Desk, Lists, NO_DAY, Person, day,
    load::{Dict, Places},
};
use crate::store::parts::NO_ISSUES;

/// Ids whose lines are read in one statement.
pub(super) const SOME: usize = 4_000;

/// The lines whose id lies between `:first` and `:last` of these, which are sorted.
pub(super) async fn between<T>(
    conn: &mut Conn,
    text: &Sql,
    sorted: &[T],
    id: impl Fn(&T) -> Uuid,
) -> Result<Vec<Row>> {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return Ok(Vec::new());
    };
    tokio::task::yield_now().await;
    let text = text.clone().bind("first", id(first));
    conn.rows(text.bind("last", id(last))).await
}

fn sorted(ids: &[Uuid]) -> Vec<(Uuid, u32)> {
    let mut sorted: Vec<(Uuid, u32)> = ids.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    sorted
}

/// Birthday, sex and the record that is counted, of each person.
pub(super) async fn people(
    conn: &mut Conn,
    columns: &mut Columns,
    places: &mut Places,
) -> Result<()> {
    let text = sql(
        "select p.person_id as of, p.kept_id, p.birth_sort, p.sex, cast(case when {named} then 1 else 0 end as bigint) as named
           from {person} p where p.person_id >= :first and p.person_id <= :last",
    )
    .slot("{person}", PERSONS)
    .slot("{named}", NAMED);
    let mut sexes = Dict::from(String::new());
    let ids = sorted(&places.people.keys);
    // Whoever is not found has no name and is not counted.
    let nobody = |n: u32| Person {
        kept: n,
        birth: NO_DAY,
        sex: 0,
        named: false,
    };
    let mut found: Vec<Person> = (0..).take(ids.len()).map(nobody).collect();
    for some in ids.chunks(SOME) {
        for row in &between(conn, &text, some, |p| p.0).await? {
            let Ok(n) = some.binary_search_by_key(&row.get("of")?, |p| p.0) else {
                continue;
            };
            found[some[n].1 as usize] = Person {
                kept: places.people.place(row.get("kept_id")?),
                birth: row.opt("birth_sort")?.map_or(NO_DAY, day),
                sex: sexes.small(row.opt("sex")?.unwrap_or_default())?,
                named: row.get::<i64>("named")? != 0,
            };
        }
    }
    // Those that others were merged into and whom no event names themselves.
    let more = found.len()..places.people.keys.len();
    found.extend(more.filter_map(|n| u32::try_from(n).ok()).map(nobody));
    columns.people = found;
    columns.sexes = sexes.keys;
    Ok(())
}

/// The issues and the households of each room.
pub(super) async fn rooms(
    conn: &mut Conn,
    ctx: &Ctx,
    source: &'static EventSource,
    columns: &mut Columns,
    places: &Places,
) -> Result<()> {
    let rooms = sorted(&places.rooms.keys);
    let (mut codes, mut issues) = (Dict::from(String::new()), Vec::new());
    let text = sql("select i.room_id as of, i.issue from {issues} i where i.room_id >= :first and i.room_id <= :last")
        .slot("{issues}", source.issues.unwrap_or(NO_ISSUES));
    let (mut households, mut homes) = (Dict::new(), Vec::new());
    let of_homes = sql("select h.room_id as of, h.household_id from {rooms} h where h.room_id >= :first and h.room_id <= :last")
        .slot("{rooms}", ROOM_HOUSEHOLDS);
    for some in rooms.chunks(SOME) {
        let place = |row: &Row| -> Result<Option<u32>> {
            let place = some.binary_search_by_key(&row.get("of")?, |r| r.0);
            Ok(place.ok().map(|n| some[n].1))
        };
        for row in &between(conn, &text, some, |r| r.0).await? {
            if let Some(room) = place(row)? {
                let code = row.opt("issue")?.unwrap_or_default();
                issues.push((room, codes.small(code)?));
            }
        }
        for row in &between(conn, &of_homes, some, |r| r.0).await? {
            if let Some(room) = place(row)? {
                let household: Uuid = row.get("household_id")?;
                homes.push((room, households.place(household)));
            }
        }
    }
    let (type_codes, of_household) = types(conn, ctx, &households).await?;
    let mut types: Vec<(u32, u16)> = Vec::new();
    for (room, household) in &homes {
        let own = of_household.list(*household as usize);
        types.extend(own.iter().map(|code| (*room, *code)));
    }
    known_before_unknown(&mut types);
    columns.issues = lists(issues, rooms.len());
    columns.households = lists(homes, rooms.len());
    columns.types = lists(types, rooms.len());
    columns.issue_codes = codes.keys;
    columns.type_codes = type_codes;
    Ok(())
}

fn lists<T: Copy + Ord>(mut pairs: Vec<(u32, T)>, lists: usize) -> Lists<T> {
    pairs.sort_unstable();
    pairs.dedup();
    let mut lists = Lists::of(&pairs, lists);
    lists.items.shrink_to_fit();
    lists
}

/// What is in no list says something only where nothing else is said.
fn known_before_unknown(types: &mut Vec<(u32, u16)>) {
    types.sort_unstable();
    types.dedup();
    let mut kept: Vec<(u32, u16)> = Vec::with_capacity(types.len());
    for (room, code) in types.drain(..) {
        if let Some(last) = kept.last_mut().filter(|(r, c)| *r == room && *c == 0) {
            last.1 = code;
        } else {
            kept.push((room, code));
        }
    }
    *types = kept;
}

/// Codes of the municipality's list, the first one none of them, and those of each household.
async fn types(
    conn: &mut Conn,
    ctx: &Ctx,
    households: &Dict<Uuid>,
) -> Result<(Vec<String>, Lists<u16>)> {
    let mut codes = Dict::from(String::new());
    let registered = sql(
        "select t.code from {types} t where t.municipality_id = :m order by t.code limit 10000",
    )
    .slot("{types}", HOUSEHOLD_TYPES)
    .bind("m", ctx.municipality);
    for row in &conn.rows(registered).await? {
        codes.small(row.get("code")?)?;
    }
    let text = sql("select h.household_id as of, h.types from {household} h where h.household_id >= :first and h.household_id <= :last")
        .slot("{household}", HOUSEHOLDS);
    let (mut pairs, ids) = (Vec::new(), sorted(&households.keys));
    for some in ids.chunks(SOME) {
        for row in &between(conn, &text, some, |h| h.0).await? {
            if let Ok(n) = some.binary_search_by_key(&row.get("of")?, |h| h.0) {
                let own: Vec<String> = serde_json::from_str(&row.get::<String>("types")?)?;
                for code in own {
                    let place = codes.known(&code).and_then(|n| u16::try_from(n).ok());
                    pairs.push((some[n].1, place.unwrap_or(0)));
                }
            }
        }
    }
    Ok((codes.keys, lists(pairs, ids.len())))
}

/// The body and the areas of each desk.
pub(super) async fn desks(conn: &mut Conn, columns: &mut Columns, places: &Places) -> Result<()> {
    columns.desks = places
        .desks
        .keys
        .iter()
        .map(|id| Desk {
            id: *id,
            ..Desk::default()
        })
        .collect();
    let place = |row: &Row| -> Result<Option<usize>> {
        let known = places.desks.known(&Some(row.get("desk_id")?));
        Ok(known.map(|n| n as usize))
    };
    let text = sql("select d.desk_id, d.body_id from {desks} d").slot("{desks}", DESKS);
    for row in &conn.rows(text).await? {
        if let Some(n) = place(row)? {
            columns.desks[n].registered = true;
            columns.desks[n].body = row.opt("body_id")?;
        }
    }
    let text = sql("select a.desk_id, a.area_id from {areas} a").slot("{areas}", DESK_AREAS);
    for row in &conn.rows(text).await? {
        if let Some(n) = place(row)? {
            columns.desks[n].areas.push(row.get("area_id")?);
        }
    }
    Ok(())
}
