//! Cards: a person in a list, as other domains show them. Read in a few statements for many people.

use std::collections::{HashMap, HashSet};

use engawa_kernel::{
    access::RoomKey,
    context::Ctx,
    db::{Conn, Sql, sql},
    error::Result,
    id::PersonId,
    protected::Protected,
};

use super::{MAX_PEOPLE, person::birth};
use crate::{
    model::{AddressKind, Name, PersonCard},
    rules::label,
};

/// The people that a room is about; merged records appear once, as the record that was kept.
///
/// # Errors
/// The database refuses.
pub async fn of_room(conn: &mut Conn, ctx: &Ctx, key: &RoomKey) -> Result<Vec<PersonCard>> {
    let ids = conn
        .rows(
            sql("select p.id from room_person rp join people_person p on p.id = rp.person_id
                  where rp.room_id = :room and p.merged_into is null order by p.created_at, p.id limit :limit")
                .bind("room", key.room())
                .bind("limit", MAX_PEOPLE),
        )
        .await?
        .iter()
        .map(|r| r.get("id"))
        .collect::<Result<Vec<PersonId>>>()?;
    load(conn, ctx, &ids).await
}

/// Cards of these people in the order given; those that the room is not about are left out.
///
/// # Errors
/// The database refuses.
pub async fn cards(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    people: &[PersonId],
) -> Result<Vec<PersonCard>> {
    let linked: HashSet<PersonId> = conn
        .rows(
            sql("select person_id from room_person where room_id = :room and person_id in (:people)")
                .bind("room", key.room())
                .bind_all("people", people.iter().copied().take(MAX_PEOPLE as usize)),
        )
        .await?
        .iter()
        .map(|r| r.get("person_id"))
        .collect::<Result<_>>()?;
    let ids: Vec<PersonId> = people
        .iter()
        .copied()
        .filter(|p| linked.contains(p))
        .collect();
    load(conn, ctx, &ids).await
}

/// Cards without asking for a key: only for people whom the caller has checked.
pub(super) async fn load(conn: &mut Conn, ctx: &Ctx, ids: &[PersonId]) -> Result<Vec<PersonCard>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of = |q: Sql| q.bind_all("ids", ids.iter().copied());
    let people = conn
        .rows(of(sql(
            "select p.id, p.label, p.sex, p.birth, p.merged_into, (pp.person_id is not null) as hidden
               from people_person p left join protected_person pp on pp.person_id = p.id where p.id in (:ids)",
        )))
        .await?;
    let mut names: HashMap<PersonId, Vec<Name>> = HashMap::new();
    for r in conn
        .rows(of(sql(
            "select person_id, id, kind, text, kana from people_name where person_id in (:ids) and ended_at is null order by person_id, place",
        )))
        .await?
    {
        names.entry(r.get("person_id")?).or_default().push(Name {
            id: r.get("id")?,
            kind: r.get("kind")?,
            text: r.get("text")?,
            kana: r.get("kana")?,
            ended_at: None,
        });
    }
    let mut phones: HashMap<PersonId, Vec<String>> = HashMap::new();
    for r in conn
        .rows(of(sql(
            "select person_id, text from people_phone where person_id in (:ids) order by person_id, place",
        )))
        .await?
    {
        phones.entry(r.get("person_id")?).or_default().push(r.get("text")?);
    }
    let mut places: HashMap<PersonId, (u8, String)> = HashMap::new();
    for r in conn
        .rows(
            of(sql("select person_id, kind, text from people_address where person_id in (:ids)
                 and (valid_from is null or valid_from <= :today) and (valid_to is null or valid_to >= :today)
                 order by person_id, created_at"))
            .bind("today", ctx.today()),
        )
        .await?
    {
        let (rank, text) = place(r.get("kind")?, r.get("text")?);
        let entry = places.entry(r.get("person_id")?).or_insert((u8::MAX, String::new()));
        if rank <= entry.0 {
            *entry = (rank, text);
        }
    }
    let mut cards: HashMap<PersonId, PersonCard> = HashMap::new();
    for r in people {
        let id: PersonId = r.get("id")?;
        let protected: bool = r.get("hidden")?;
        let (sex, born) = (r.get("sex")?, birth(&r.get::<String>("birth")?)?);
        let known = names.remove(&id).unwrap_or_default();
        let given: Option<String> = r.opt("label")?;
        let (shown_name, kana) =
            label::shown_name(&known, given.as_deref(), sex, born, ctx.today());
        let address = places.remove(&id).unwrap_or_default().1;
        let phones = phones.remove(&id).unwrap_or_default().join("、");
        cards.insert(
            id,
            PersonCard {
                id,
                shown_name,
                kana,
                birth: born,
                sex,
                age_text: label::age_text(born, ctx.today()),
                address: Protected::new(address, protected),
                phones: Protected::new(phones, protected),
                protected,
                merged_into: r.opt("merged_into")?,
            },
        );
    }
    Ok(ids.iter().filter_map(|id| cards.remove(id)).collect())
}

/// As [`load`], but a record that was merged away answers with the card of the one kept.
pub(super) async fn load_kept(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, PersonCard>> {
    let mut out: HashMap<PersonId, PersonCard> = load(conn, ctx, ids)
        .await?
        .into_iter()
        .map(|card| (card.id, card))
        .collect();
    // Merges form no rings; the bound only keeps a damaged database from looping.
    for _ in 0..20 {
        let next: Vec<PersonId> = out.values().filter_map(|c| c.merged_into).collect();
        if next.is_empty() {
            break;
        }
        let kept = load(conn, ctx, &next).await?;
        for card in out.values_mut() {
            if let Some(found) = kept.iter().find(|k| Some(k.id) == card.merged_into) {
                *card = found.clone();
            }
        }
    }
    Ok(out)
}

/// Where somebody is in fact comes before where the register has them; the kind is said unless it
/// is the plain 住所.
fn place(kind: AddressKind, text: String) -> (u8, String) {
    match kind {
        AddressKind::Temporary => (0, format!("{text}（一時）")),
        AddressKind::Facility => (1, format!("{text}（施設）")),
        AddressKind::Living => (2, text),
        AddressKind::Registered => (3, text),
    }
}
