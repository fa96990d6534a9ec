//! Typed, dated edges between persons.

use chrono::NaiveDate;
use engawa_kernel::{
    access::RoomKey,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::PersonId,
};

use super::{cards, in_room, writable};
use crate::model::{Relationship, RelationshipId};

/// Edges of a person to others that the room is about.
///
/// # Errors
/// [`Error::NotFound`] when the room is not about the person.
pub async fn of(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
) -> Result<Vec<Relationship>> {
    in_room(conn, key, person).await?;
    let rows = conn
        .rows(
            sql(
                "select * from people_relationship where from_person = :p or to_person = :p
                  order by case when valid_to is null then 0 else 1 end, created_at, id limit 200",
            )
            .bind("p", person),
        )
        .await?;
    let mut out = Vec::new();
    for r in &rows {
        let (from, to): (PersonId, PersonId) = (r.get("from_person")?, r.get("to_person")?);
        let outgoing = from == person;
        let other = if outgoing { to } else { from };
        // The other person is shown only where the room is about both.
        let Some(other) = cards::cards(conn, ctx, key, &[other]).await?.pop() else {
            continue;
        };
        out.push(Relationship {
            id: r.get("id")?,
            other,
            kind: r.get("kind")?,
            outgoing,
            note: r.get("note")?,
            from: r.opt("valid_from")?,
            to: r.opt("valid_to")?,
        });
    }
    Ok(out)
}

/// An edge to write down: `to` is the `kind` of `from`.
#[derive(Clone, Debug)]
pub struct NewRelationship {
    /// From whose side it is said.
    pub from: PersonId,
    /// The other one.
    pub to: PersonId,
    /// Code of `CodeList::Kinship`.
    pub kind: String,
    /// In words.
    pub note: String,
    /// First day, if known.
    pub since: Option<NaiveDate>,
}

/// Adds an edge.
///
/// # Errors
/// Both are the same, or the room is not about both.
pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    new: NewRelationship,
) -> Result<RelationshipId> {
    writable(tx, key, new.from).await?;
    in_room(tx, key, new.to).await?;
    if new.from == new.to {
        return Err(Error::Invalid(
            "本人と本人の関係は登録できません。相手を選び直してください。".into(),
        ));
    }
    let id = RelationshipId::new();
    tx.exec(
        sql("insert into people_relationship (id, from_person, to_person, kind, note, valid_from, created_at, created_by)
             values (:id, :from, :to, :kind, :note, :since, :now, :by)")
            .bind("id", id)
            .bind("from", new.from)
            .bind("to", new.to)
            .bind("kind", new.kind)
            .bind("note", new.note)
            .bind("since", new.since)
            .bind("now", ctx.now())
            .bind("by", ctx.actor.staff),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("person.relationship")
            .room(key.room())
            .person(new.from),
    )
    .await?;
    Ok(id)
}

/// Ends an edge on its last day.
///
/// # Errors
/// [`Error::NotFound`] when it is not an edge of this person or has ended.
pub async fn end(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    id: RelationshipId,
    last: NaiveDate,
) -> Result<()> {
    writable(tx, key, person).await?;
    let n = tx
        .exec(
            sql("update people_relationship set valid_to = :last
                  where id = :id and (from_person = :p or to_person = :p) and valid_to is null")
            .bind("last", last)
            .bind("id", id)
            .bind("p", person),
        )
        .await?;
    if n != 1 {
        return Err(Error::NotFound);
    }
    audit::append(
        tx,
        ctx,
        Entry::new("person.relationship")
            .room(key.room())
            .person(person),
    )
    .await
}
