//! Persons whom an import made and whom nothing needs any more once it is taken back.

use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::{PersonId, RoomId},
    search::{self, DocKind},
};

/// Persons in one statement.
const CHUNK: usize = 400;

/// Takes persons out of the index of rooms that are about to be taken back.
///
/// # Errors
/// The database refuses.
pub async fn leave_rooms(tx: &mut Tx, pairs: &[(RoomId, PersonId)]) -> Result<()> {
    for (room, person) in pairs {
        for kind in [DocKind::Name, DocKind::Phone] {
            search::remove(tx, kind, person.0, Some(*room)).await?;
        }
    }
    Ok(())
}

/// Takes away those persons that no room is about, that were never changed and that nothing else
/// speaks of (household, consent, protection, merge …); the others stay. Tells how many went.
///
/// # Errors
/// The actor may not import ledgers, or the database refuses.
pub async fn drop_unused(tx: &mut Tx, ctx: &Ctx, persons: &[PersonId]) -> Result<usize> {
    ctx.need(Duty::ImportLedger)?;
    let mut gone = 0;
    for persons in persons.chunks(CHUNK) {
        let unused: Vec<PersonId> = tx
            .rows(
                sql("select p.id from people_person p
                      where p.id in (:ids) and p.municipality_id = :m and p.version = 1 and p.merged_into is null
                        and not exists (select 1 from room_person r where r.person_id = p.id)
                        and not exists (select 1 from protected_person x where x.person_id = p.id)
                        and not exists (select 1 from people_protection x where x.person_id = p.id)
                        and not exists (select 1 from people_member x where x.person_id = p.id)
                        and not exists (select 1 from people_consent x where x.person_id = p.id)
                        and not exists (select 1 from people_disclosure x where x.person_id = p.id)
                        and not exists (select 1 from people_relationship x where x.from_person = p.id or x.to_person = p.id)
                        and not exists (select 1 from people_merge x where x.kept = p.id or x.absorbed = p.id)
                      limit :limit")
                    .bind("m", ctx.municipality)
                    .bind("limit", CHUNK as i64)
                    .bind_all("ids", persons.iter().copied()),
            )
            .await?
            .iter()
            .map(|r| r.get("id"))
            .collect::<Result<_>>()?;
        for person in &unused {
            for kind in [DocKind::Name, DocKind::Phone] {
                search::remove(tx, kind, person.0, None).await?;
            }
        }
        for text in [
            "delete from people_name_key where person_id in (:ids)",
            "delete from people_name where person_id in (:ids)",
            "delete from people_phone where person_id in (:ids)",
            "delete from people_address where person_id in (:ids)",
            "delete from people_person where id in (:ids)",
        ] {
            tx.exec(sql(text).bind_all("ids", unused.iter().copied()))
                .await?;
        }
        for person in &unused {
            audit::append(tx, ctx, Entry::new("person.unmade").person(*person)).await?;
        }
        gone += unused.len();
    }
    Ok(gone)
}
