//! The filter of a question as conditions. Codes are bound; 「記載なし」 is a condition of its own.

use engawa_kernel::{
    context::Ctx,
    db::{Conn, Sql},
    error::{Error, Result},
    source::{EventSource, Mark},
};
use engawa_organisations::{codes::CodeList, figures};
use uuid::Uuid;

use super::{count::Question, parts};
use crate::model::{Dim, UNKNOWN, Unit};

/// (dimension, name of its parameter, condition, condition of 「記載なし」). Age and sex depend on the
/// unit and stand below.
const CONDITIONS: [(Dim, &str, &str, &str); 8] = [
    (Dim::Desk, "f_desk", "e.desk_id in (:f_desk)", "e.desk_id is null"),
    (
        Dim::Body,
        "f_body",
        "e.desk_id in (select fb.desk_id from {desks} fb where fb.body_id in (:f_body))",
        "not exists (select 1 from {desks} fb where fb.desk_id = e.desk_id)",
    ),
    (
        Dim::Area,
        "f_area",
        "e.desk_id in (select fa.desk_id from {desk_areas} fa where fa.area_id in (:f_area))",
        "not exists (select 1 from {desk_areas} fa where fa.desk_id = e.desk_id)",
    ),
    (Dim::Channel, "f_channel", "e.channel in (:f_channel)", "coalesce(e.channel, '') = ''"),
    (Dim::Route, "f_route", "e.route in (:f_route)", "coalesce(e.route, '') = ''"),
    (Dim::Kind, "f_kind", "e.kind in (:f_kind)", "coalesce(e.kind, '') = ''"),
    (
        Dim::Issue,
        "f_issue",
        "exists (select 1 from {issues} fi where fi.room_id = e.room_id and fi.issue in (:f_issue))",
        "not exists (select 1 from {issues} fi where fi.room_id = e.room_id)",
    ),
    (
        Dim::HouseholdType,
        "f_type",
        "exists (select 1 from {room_households} fl join {household} fh on fh.household_id = fl.household_id
           join {types} ft on ft.municipality_id = :m and ft.code in (:f_type)
          where fl.room_id = e.room_id and fh.types like '%\"' || ft.code || '\"%')",
        "not exists (select 1 from {room_households} fl join {household} fh on fh.household_id = fl.household_id
                      where fl.room_id = e.room_id and fh.types like '%\"%')",
    ),
];

/// The shipped list behind a dimension, whose local codes are counted along.
const fn list(dim: Dim) -> Option<CodeList> {
    match dim {
        Dim::Channel => Some(CodeList::Channel),
        Dim::Route => Some(CodeList::Route),
        Dim::Issue => Some(CodeList::Issue),
        Dim::HouseholdType => Some(CodeList::HouseholdType),
        _ => None,
    }
}

/// Writes the conditions into `{filter}`.
pub(super) async fn write(conn: &mut Conn, ctx: &Ctx, q: &Question, text: Sql) -> Result<Sql> {
    let mut text = text;
    for (dim, name, known, unknown) in CONDITIONS {
        let wanted = q.filter.of(dim);
        if wanted.is_empty() {
            continue;
        }
        text = text.slot("{filter}", "and ({one}) {filter}");
        if wanted.iter().any(|w| w == UNKNOWN) {
            text = text.slot("{one}", unknown);
            continue;
        }
        text = text.slot("{one}", known);
        text = match dim {
            Dim::Desk | Dim::Body | Dim::Area => text.bind_all(name, ids(wanted)?),
            _ => text.bind_all(name, own_codes(conn, ctx, q, dim).await?),
        };
    }
    text = people(q, text)?;
    for code in &q.filter.marks {
        text = text
            .slot("{filter}", "and ({one}) {filter}")
            .slot("{one}", mark(q.source, code)?.holds);
    }
    Ok(text.slot("{filter}", ""))
}

/// The codes asked for in one dimension, and the municipality's own that are counted along.
async fn own_codes(conn: &mut Conn, ctx: &Ctx, q: &Question, dim: Dim) -> Result<Vec<String>> {
    let wanted = q.filter.of(dim);
    match list(dim).or(kinds(q, dim)) {
        Some(list) => figures::counted_as(conn, ctx, list, wanted).await,
        None => Ok(wanted.to_vec()),
    }
}

/// The question with the municipality's own codes in its filter.
///
/// # Errors
/// The database refuses.
pub async fn with_own_codes(conn: &mut Conn, ctx: &Ctx, q: &Question) -> Result<Question> {
    let mut own = q.clone();
    for dim in [
        Dim::Channel,
        Dim::Route,
        Dim::Kind,
        Dim::Issue,
        Dim::HouseholdType,
    ] {
        if !q.filter.of(dim).is_empty()
            && let Some(codes) = own.filter.of_mut(dim)
        {
            *codes = own_codes(conn, ctx, q, dim).await?;
        }
    }
    Ok(own)
}

/// A mark of a source.
///
/// # Errors
/// There is none of this code.
pub(crate) fn mark(source: &'static EventSource, code: &str) -> Result<&'static Mark> {
    source.mark(code).ok_or_else(|| {
        Error::Invalid(format!(
            "「{}」に「{code}」という条件はありません。数え方を選び直してください。",
            source.label
        ))
    })
}

fn kinds(q: &Question, dim: Dim) -> Option<CodeList> {
    match (dim, q.source.kinds) {
        (Dim::Kind, engawa_kernel::source::KindWords::List(list)) => CodeList::from_code(list),
        _ => None,
    }
}

/// Age and sex: of the persons counted where persons are counted, else of anybody it is about.
fn people(q: &Question, text: Sql) -> Result<Sql> {
    let mut text = text;
    let persons = matches!(q.unit, Unit::Persons | Unit::PersonTimes);
    if !q.filter.age.is_empty() {
        let bands = bands(&q.filter.age)?;
        text = text
            .slot("{filter}", "and ({one}) {filter}")
            .slot(
                "{one}",
                if persons {
                    "{age} in (:f_age)"
                } else {
                    "exists (select 1 from {persons} fl join {person} fp on fp.person_id = fl.person_id
                              where fl.event_id = e.event_id and {age_in_filter} in (:f_age))"
                },
            )
            .slot("{age_in_filter}", parts::AGE_IN_FILTER)
            .bind_all("f_age", bands);
    }
    if !q.filter.sex.is_empty() {
        text = text
            .slot("{filter}", "and ({one}) {filter}")
            .slot(
                "{one}",
                if persons {
                    "coalesce(p.sex, '-') in (:f_sex)"
                } else {
                    "exists (select 1 from {persons} fl join {person} fp on fp.person_id = fl.person_id
                              where fl.event_id = e.event_id and fp.sex in (:f_sex))"
                },
            )
            .bind_all("f_sex", q.filter.sex.iter().map(String::as_str));
    }
    Ok(text)
}

/// The ids of a filter.
///
/// # Errors
/// One is none.
pub(crate) fn ids(wanted: &[String]) -> Result<Vec<Uuid>> {
    let ids = wanted.iter().map(|id| Uuid::try_parse(id));
    ids.collect::<std::result::Result<_, _>>()
        .map_err(|_| wrong())
}

/// The age bands of a filter; 0: not known.
///
/// # Errors
/// One is none.
pub(crate) fn bands(wanted: &[String]) -> Result<Vec<i64>> {
    wanted
        .iter()
        .map(|a| if a == UNKNOWN { Ok(0) } else { a.parse() })
        .collect::<std::result::Result<_, _>>()
        .map_err(|_| wrong())
}

fn wrong() -> Error {
    Error::Invalid("集計の条件を読み取れませんでした。画面を開き直して選び直してください。".into())
}
