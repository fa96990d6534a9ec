//! The same history in a database.

use engawa_kernel::{
    access::{Basis, Level, RoomKind, Source},
    db::{Tx, sql},
    error::Result,
    id::{BodyId, DeskId, GrantId, PersonId, PostingId, RoomId, StaffId, new_uuid},
    testing::{Town, noon},
};

use crate::paper::{DESKS, Holder, PEOPLE, Paper, ROOMS, STAFF, at, date, is_consultation};

/// The same history in the database.
pub struct World {
    pub staff: Vec<StaffId>,
    pub desks: Vec<DeskId>,
    pub rooms: Vec<RoomId>,
    pub people: Vec<PersonId>,
    pub postings: Vec<PostingId>,
}

pub async fn live(town: &Town, paper: &Paper) -> Result<World> {
    let world = World {
        staff: (0..STAFF).map(|_| StaffId::new()).collect(),
        desks: (0..DESKS).map(|_| DeskId::new()).collect(),
        rooms: (0..ROOMS).map(|_| RoomId::new()).collect(),
        people: (0..PEOPLE).map(|_| PersonId::new()).collect(),
        postings: paper.postings.iter().map(|_| PostingId::new()).collect(),
    };
    let mut tx = town.engine.db.write().await?;
    for staff in &world.staff {
        tx.exec(
            sql("insert into staff (id, municipality_id, name, kana, phone, email, calendar, version, created_at)
                 values (:id, :m, '見本', '', '', '', 'japanese', 1, :now)")
                .bind("id", *staff)
                .bind("m", town.municipality)
                .bind("now", noon()),
        )
        .await?;
    }
    for (n, (staff, role, desk, from, to)) in paper.postings.iter().enumerate() {
        tx.exec(
            sql("insert into posting (id, staff_id, body_id, desk_id, role, share, valid_from, valid_to, version)
                 values (:id, :staff, :body, :desk, :role, '', :from, :to, 1)")
                .bind("id", world.postings[n])
                .bind("staff", world.staff[*staff])
                .bind("body", BodyId::new())
                .bind("desk", desk.map(|d| world.desks[d]))
                .bind("role", *role)
                .bind("from", date(*from))
                .bind("to", to.map(date)),
        )
        .await?;
    }
    for (n, room) in world.rooms.iter().enumerate() {
        tx.exec(
            sql("insert into room (id, municipality_id, kind, number, sealed, owner_desk_id, opened_at)
                 values (:id, :m, :kind, :number, :sealed, :desk, :now)")
                .bind("id", *room)
                .bind("m", town.municipality)
                .bind("kind", if is_consultation(n) { RoomKind::Consultation } else { RoomKind::Case })
                .bind("number", room.to_string())
                .bind("sealed", paper.sealed.contains(&n).then_some("dv"))
                .bind("desk", world.desks[0])
                .bind("now", noon()),
        )
        .await?;
    }
    keys(&mut tx, paper, &world).await?;
    for (room, person) in &paper.links {
        tx.exec(
            sql("insert into room_person (room_id, person_id) values (:r, :p) on conflict (room_id, person_id) do nothing")
                .bind("r", world.rooms[*room])
                .bind("p", world.people[*person]),
        )
        .await?;
    }
    for (staff, person, ended) in &paper.conflicts {
        tx.exec(
            sql("insert into access_conflict (id, staff_id, person_id, relation, declared_by, declared_at, ended_at)
                 values (:id, :staff, :person, '', :staff, :now, :ended)")
                .bind("id", new_uuid())
                .bind("staff", world.staff[*staff])
                .bind("person", world.people[*person])
                .bind("now", noon())
                .bind("ended", ended.then(noon)),
        )
        .await?;
    }
    tx.commit_unaudited().await?;
    Ok(world)
}

async fn keys(tx: &mut Tx, paper: &Paper, world: &World) -> Result<()> {
    for (room, holder, key, taken) in &paper.keys {
        let (posting, desk) = match holder {
            Holder::Posting(p) => (Some(world.postings[*p]), None),
            Holder::Desk(d) => (None, Some(world.desks[*d])),
        };
        tx.exec(
            sql("insert into access_grant (id, room_id, posting_id, desk_id, level, opens_sealed, basis, reason, source, valid_from, valid_until, revoked_at)
                 values (:id, :room, :posting, :desk, :level, :sealed, :basis, '', :source, :from, :until, :revoked)")
                .bind("id", GrantId::new())
                .bind("room", world.rooms[*room])
                .bind("posting", posting)
                .bind("desk", desk)
                .bind("level", if key.write { Level::Write } else { Level::Read })
                .bind("sealed", key.opens_sealed)
                .bind("basis", Basis::Duty)
                .bind("source", Source::Team)
                .bind("from", at(key.from))
                .bind("until", key.hours.map(|h| at(key.from + h)))
                .bind("revoked", taken.then(noon)),
        )
        .await?;
    }
    Ok(())
}
