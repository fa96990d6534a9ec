//! Households and dated memberships (HSE-02).

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::{self, RoomKey},
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    event::{self, Event},
    id::{HouseholdId, PersonId, RoomId},
};
use serde_json::json;

use super::{MAX_PEOPLE, cards, consent, json_list, members};
use crate::model::{HouseholdView, MemberView, NewHousehold};

/// Members in one saved form at most.
pub const MAX_MEMBERS: usize = 50;

/// Makes a household in a room. Every member must be visible to the actor and becomes one of the
/// people that the room is about.
///
/// # Errors
/// More than [`MAX_MEMBERS`], a reading key, or somebody whom the actor may not know.
pub async fn create(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    new: NewHousehold,
) -> Result<HouseholdId> {
    key.need_write()?;
    if new.members.len() > MAX_MEMBERS {
        return Err(Error::Invalid(format!(
            "世帯員は一度に{MAX_MEMBERS}人まで登録できます（いま{}人）。分けて登録してください。",
            new.members.len()
        )));
    }
    let id = HouseholdId::new();
    tx.exec(
        sql("insert into people_household (id, municipality_id, name, types, version, created_at, created_by, updated_at, updated_by)
             values (:id, :m, :name, :types, 1, :now, :by, :now, :by)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("name", new.name)
            .bind("types", json!(new.types).to_string())
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    link(tx, key, id).await?;
    for member in &new.members {
        members::add(tx, ctx, key, id, member).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("household.created")
            .room(key.room())
            .detail(json!({ "household": id, "types": new.types, "members": new.members.len() })),
    )
    .await?;
    record_types(tx, ctx, key, id, "household.created", &new.types).await?;
    Ok(id)
}

/// Lets a household be seen through another room as well (the consultation's and the case's).
///
/// # Errors
/// The database refuses.
pub async fn link(tx: &mut Tx, key: &RoomKey, household: HouseholdId) -> Result<()> {
    tx.exec(
        sql("insert into people_household_room (household_id, room_id) values (:h, :room) on conflict (household_id, room_id) do nothing")
            .bind("h", household)
            .bind("room", key.room()),
    )
    .await?;
    Ok(())
}

async fn record_types(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    household: HouseholdId,
    kind: &'static str,
    types: &[String],
) -> Result<()> {
    let mut e = Event::new(kind, ctx.today());
    e.room = Some(key.room());
    e.household = Some(household);
    e.data = json!({ "types": types });
    event::record(tx, ctx, e).await
}

/// Saves name and types on top of the version that the user saw.
///
/// # Errors
/// [`Error::Changed`], or [`Error::NotFound`] when the household is not of this room.
pub async fn update(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    household: HouseholdId,
    version: i64,
    name: Option<String>,
    types: &[String],
) -> Result<()> {
    key.need_write()?;
    of_this_room(tx, key, household).await?;
    tx.exec_versioned(
        sql("update people_household set name = :name, types = :types, version = version + 1, updated_at = :now, updated_by = :by
              where id = :id and version = :version")
            .bind("name", name)
            .bind("types", json!(types).to_string())
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff)
            .bind("id", household)
            .bind("version", version),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("household.updated")
            .room(key.room())
            .detail(json!({ "household": household })),
    )
    .await?;
    record_types(tx, ctx, key, household, "household.updated", types).await
}

pub(super) async fn of_this_room(
    conn: &mut Conn,
    key: &RoomKey,
    household: HouseholdId,
) -> Result<()> {
    conn.one(
        sql("select 1 as n from people_household_room where household_id = :h and room_id = :room")
            .bind("h", household)
            .bind("room", key.room()),
    )
    .await
    .map(|_| ())
}

/// A household as seen through one room.
///
/// # Errors
/// [`Error::NotFound`] when it is not of this room.
pub async fn household(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    id: HouseholdId,
) -> Result<HouseholdView> {
    of_this_room(conn, key, id).await?;
    let head = conn
        .one(sql("select name, types, version from people_household where id = :id").bind("id", id))
        .await?;
    let rows = conn
        .rows(
            sql("select id, person_id, relation, co_resident, valid_from, valid_to from people_member
                  where household_id = :h and voided_at is null order by created_at, id limit :limit")
                .bind("h", id)
                .bind("limit", MAX_PEOPLE),
        )
        .await?;
    let people = rows
        .iter()
        .map(|r| r.get("person_id"))
        .collect::<Result<Vec<PersonId>>>()?;
    let linked: HashSet<PersonId> = conn
        .rows(
            sql("select person_id from room_person where room_id = :room and person_id in (:people)")
                .bind("room", key.room())
                .bind_all("people", people.iter().copied()),
        )
        .await?
        .iter()
        .map(|r| r.get("person_id"))
        .collect::<Result<_>>()?;
    let cards = cards::load_kept(conn, ctx, &people).await?;
    let kept: Vec<PersonId> = cards.values().map(|c| c.id).collect();
    let consents = consent::newest_states(conn, ctx, &kept).await?;
    let mut members = Vec::with_capacity(rows.len());
    for r in &rows {
        let person: PersonId = r.get("person_id")?;
        let Some(card) = cards.get(&person) else {
            continue;
        };
        let member = MemberView {
            id: r.get("id")?,
            card: card.clone(),
            relation: r.get("relation")?,
            co_resident: r.get("co_resident")?,
            from: r.opt("valid_from")?,
            to: r.opt("valid_to")?,
            consent: consents.get(&card.id).copied().unwrap_or_default(),
        };
        // A room that is also about another member is that member's room.
        let own_room = linked.contains(&person) && linked.iter().all(|p| *p == person);
        if member.card.protected && member.has_left(ctx.today()) && !own_room {
            continue;
        }
        members.push(member);
    }
    members.sort_by_key(|m| m.has_left(ctx.today()));
    let given_name: Option<String> = head.opt("name")?;
    let name = given_name.clone().unwrap_or_else(|| {
        members.first().map_or_else(
            || "名前のない世帯".to_owned(),
            |m| crate::rules::label::named_after(&m.card.shown_name),
        )
    });
    Ok(HouseholdView {
        id,
        name,
        given_name,
        types: json_list(&head.get::<String>("types")?)?,
        members,
        version: head.get("version")?,
    })
}

/// Households of a room.
///
/// # Errors
/// The database refuses.
pub async fn of_room(conn: &mut Conn, key: &RoomKey) -> Result<Vec<HouseholdId>> {
    conn.rows(
        sql("select hr.household_id from people_household_room hr join people_household h on h.id = hr.household_id
              where hr.room_id = :room order by h.created_at, h.id limit 50")
            .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(|r| r.get("household_id"))
    .collect()
}

/// A person's current memberships in the households of this room.
///
/// # Errors
/// The database refuses.
pub async fn of_person(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
) -> Result<Vec<HouseholdId>> {
    conn.rows(
        sql("select distinct m.household_id from people_member m join people_household_room hr on hr.household_id = m.household_id
              where m.person_id = :p and hr.room_id = :room and m.voided_at is null
                and (m.valid_to is null or m.valid_to >= :today) limit 50")
            .bind("p", person)
            .bind("room", key.room())
            .bind("today", ctx.today()),
    )
    .await?
    .iter()
    .map(|r| r.get("household_id"))
    .collect()
}

/// Who saved the household last, and when.
///
/// # Errors
/// The database refuses.
pub async fn last_change(
    conn: &mut Conn,
    ctx: &Ctx,
    household: HouseholdId,
) -> Result<(String, DateTime<Utc>)> {
    let row = conn
        .one(
            sql("select updated_by, updated_at from people_household where id = :id")
                .bind("id", household),
        )
        .await?;
    let who = super::staff_name(conn, ctx, row.get("updated_by")?).await?;
    Ok((who, row.get("updated_at")?))
}

/// A room of the household that the actor may open now.
///
/// # Errors
/// The database refuses.
pub async fn visible_room(
    conn: &mut Conn,
    ctx: &Ctx,
    household: HouseholdId,
) -> Result<Option<RoomId>> {
    let q = sql("select r.id from people_household_room hr join room r on r.id = hr.room_id where hr.household_id = :h and")
        .push(access::VISIBLE)
        .push("order by case when r.closed_at is null then 0 else 1 end, case when r.kind = 'case' then 0 else 1 end, r.opened_at desc, r.id desc limit 1")
        .bind("h", household);
    conn.row(access::bind_actor(q, ctx))
        .await?
        .map(|r| r.get("id"))
        .transpose()
}
