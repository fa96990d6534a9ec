//! Duplicates before saving: only among people whom the actor has a key to (HSE-03).

use std::collections::{BTreeSet, HashMap};

use engawa_kernel::{
    access::{self, VISIBLE},
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    id::{PersonId, RoomId},
    text::{birth::BirthDate, name, phone},
};

use super::{cards, person::birth};
use crate::{
    model::{Candidate, Probe},
    rules::score::{self, Known, SHOW, STRONG},
};

/// Candidates shown at most.
const MAX: usize = 10;

/// Whether the found people are filtered by the actor's keys. The unfiltered search never leaves
/// this file: only a desk to ask comes out of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Among {
    Visible,
    Everybody,
}

/// People visible to the actor who may be the same as one of these, the likeliest first.
///
/// # Errors
/// The database refuses.
pub async fn candidates(conn: &mut Conn, ctx: &Ctx, probes: &[Probe]) -> Result<Vec<Candidate>> {
    let mut found: HashMap<PersonId, (u32, Vec<String>)> = HashMap::new();
    for probe in probes {
        for (id, score, reasons) in matches(conn, ctx, probe, Among::Visible).await? {
            if score >= SHOW && found.get(&id).is_none_or(|(best, _)| *best < score) {
                found.insert(id, (score, reasons));
            }
        }
    }
    let mut order: Vec<(PersonId, u32)> = found.iter().map(|(id, (s, _))| (*id, *s)).collect();
    order.sort_by_key(|(id, score)| (std::cmp::Reverse(*score), *id));
    order.truncate(MAX);
    let ids: Vec<PersonId> = order.iter().map(|(id, _)| *id).collect();
    let mut out = Vec::with_capacity(ids.len());
    for card in cards::load(conn, ctx, &ids).await? {
        let Some(room) = visible_room(conn, ctx, card.id).await? else {
            continue;
        };
        let (score, reasons) = found.remove(&card.id).unwrap_or_default();
        out.push(Candidate {
            card,
            room,
            score,
            reasons,
        });
    }
    Ok(out)
}

/// For strong matches that the actor has no key to: "someone is already supporting, ask X". Asked
/// only after the consultation is saved, so that nobody can look people up with it.
///
/// # Errors
/// The database refuses.
pub async fn existence_hint(conn: &mut Conn, ctx: &Ctx, probes: &[Probe]) -> Result<Vec<String>> {
    let mut hints = BTreeSet::new();
    for probe in probes {
        for (id, score, _) in matches(conn, ctx, probe, Among::Everybody).await? {
            if score < STRONG || access::person_is_visible(conn, ctx, id).await? {
                continue;
            }
            if let Some(contact) = access::existence(conn, ctx, id).await? {
                hints.insert(contact);
            }
        }
    }
    Ok(hints.into_iter().collect())
}

/// A room about the person that the actor may open now: an open one, the newest, if there is one.
///
/// # Errors
/// The database refuses.
pub async fn visible_room(conn: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<Option<RoomId>> {
    let q = sql(
        "select r.id from room_person rp join room r on r.id = rp.room_id where rp.person_id = :person and",
    )
    .push(VISIBLE)
    .push("order by case when r.closed_at is null then 0 else 1 end, case when r.kind = 'case' then 0 else 1 end, r.opened_at desc, r.id desc limit 1")
    .bind("person", person);
    conn.row(access::bind_actor(q, ctx))
        .await?
        .map(|r| r.get("id"))
        .transpose()
}

async fn matches(
    conn: &mut Conn,
    ctx: &Ctx,
    probe: &Probe,
    among: Among,
) -> Result<Vec<(PersonId, u32, Vec<String>)>> {
    let phones: Vec<String> = probe
        .phones
        .iter()
        .map(|p| phone::digits(p))
        .filter(|d| d.len() >= 6)
        .collect();
    let ids = found_by(conn, ctx, probe, &phones, among).await?;
    Ok(known(conn, &ids)
        .await?
        .into_iter()
        .map(|(id, known)| {
            let (score, reasons) = score::score(probe, &phones, &known);
            (id, score, reasons)
        })
        .collect())
}

async fn found_by(
    conn: &mut Conn,
    ctx: &Ctx,
    probe: &Probe,
    phones: &[String],
    among: Among,
) -> Result<Vec<PersonId>> {
    let whole: BTreeSet<String> = [&probe.name, &probe.kana]
        .into_iter()
        .map(|t| name::search_key(t))
        .filter(|k| !k.is_empty())
        .collect();
    let parts: BTreeSet<String> = [&probe.name, &probe.kana]
        .into_iter()
        .flat_map(|t| name::part_keys(t))
        .collect();
    let mut queries = Vec::new();
    if !whole.is_empty() {
        queries.push(
            sql(
                "select p.id from people_name_key k join people_person p on p.id = k.person_id
                  where k.municipality_id = :m and k.key in (:keys) and p.merged_into is null",
            )
            .bind_all("keys", whole),
        );
    }
    if let BirthDate::Exact(_) = probe.birth
        && !parts.is_empty()
    {
        queries.push(
            sql("select p.id from people_person p where p.municipality_id = :m and p.birth = :birth and p.merged_into is null
                    and exists (select 1 from people_name_key k where k.person_id = p.id and k.key in (:keys))")
            .bind("birth", probe.birth.to_stored())
            .bind_all("keys", parts),
        );
    }
    if !phones.is_empty() {
        // A protected person's number answers nothing: a hit would confirm it.
        queries.push(
            sql(
                "select p.id from people_phone f join people_person p on p.id = f.person_id
                  where f.municipality_id = :m and f.digits in (:digits) and p.merged_into is null
                    and not exists (select 1 from protected_person pp where pp.person_id = p.id)",
            )
            .bind_all("digits", phones.iter().cloned()),
        );
    }
    let mut ids = BTreeSet::new();
    for q in queries {
        let q = q.bind("m", ctx.municipality);
        let q = if among == Among::Visible {
            let q = q
                .push("and exists (select 1 from room_person about join room r on r.id = about.room_id where about.person_id = p.id and")
                .push(VISIBLE)
                .push(")");
            access::bind_actor(q, ctx)
        } else {
            q
        };
        for row in conn.rows(q.push("limit 60")).await? {
            ids.insert(row.get::<PersonId>("id")?);
        }
    }
    Ok(ids.into_iter().collect())
}

async fn known(conn: &mut Conn, ids: &[PersonId]) -> Result<HashMap<PersonId, Known>> {
    let mut out: HashMap<PersonId, Known> = HashMap::new();
    for r in conn
        .rows(
            sql("select id, birth from people_person where id in (:ids)")
                .bind_all("ids", ids.iter().copied()),
        )
        .await?
    {
        out.entry(r.get("id")?).or_default().birth = birth(&r.get::<String>("birth")?)?;
    }
    for r in conn
        .rows(
            sql("select person_id, text, kana from people_name where person_id in (:ids) limit 4000")
                .bind_all("ids", ids.iter().copied()),
        )
        .await?
    {
        let person = out.entry(r.get("person_id")?).or_default();
        person.names.push(r.get("text")?);
        person.names.push(r.get("kana")?);
    }
    for r in conn
        .rows(
            sql("select f.person_id, f.digits from people_phone f where f.person_id in (:ids)
                    and not exists (select 1 from protected_person pp where pp.person_id = f.person_id) limit 4000")
                .bind_all("ids", ids.iter().copied()),
        )
        .await?
    {
        out.entry(r.get("person_id")?).or_default().phones.push(r.get("digits")?);
    }
    for person in out.values_mut() {
        person.names.retain(|n| !n.is_empty());
    }
    Ok(out)
}
