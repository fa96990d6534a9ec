//! Names as typed, and the keys that find them.

use std::collections::BTreeSet;

use engawa_kernel::{
    access::RoomKey,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::{PersonId, new_uuid},
    text::name::part_keys,
};

use super::{index, person, writable};
use crate::model::{Name, NewName};

/// Names of one person at most.
pub const MAX: usize = 20;

/// All names: those in use in their order, then those that ended.
///
/// # Errors
/// The database refuses.
pub async fn of(conn: &mut Conn, person: PersonId) -> Result<Vec<Name>> {
    conn.rows(
        sql(
            "select id, kind, text, kana, ended_at from people_name where person_id = :p
              order by case when ended_at is null then 0 else 1 end, place, id limit 200",
        )
        .bind("p", person),
    )
    .await?
    .iter()
    .map(|r| {
        Ok(Name {
            id: r.get("id")?,
            kind: r.get("kind")?,
            text: r.get("text")?,
            kana: r.get("kana")?,
            ended_at: r.opt("ended_at")?,
        })
    })
    .collect()
}

pub(super) async fn insert(
    tx: &mut Tx,
    _ctx: &Ctx,
    person: PersonId,
    new: &[NewName],
    first_place: usize,
) -> Result<()> {
    for (place, name) in new.iter().enumerate() {
        if name.text.is_empty() && name.kana.is_empty() {
            continue;
        }
        tx.exec(
            sql("insert into people_name (id, person_id, place, kind, text, kana) values (:id, :p, :place, :kind, :text, :kana)")
                .bind("id", new_uuid())
                .bind("p", person)
                .bind("place", i64::try_from(first_place + place).unwrap_or(i64::MAX))
                .bind("kind", name.kind)
                .bind("text", name.text.as_str())
                .bind("kana", name.kana.as_str()),
        )
        .await?;
    }
    Ok(())
}

/// Makes the keys of a person anew from all names, former ones too.
pub(super) async fn index_keys(tx: &mut Tx, ctx: &Ctx, person: PersonId) -> Result<()> {
    let names = of(tx, person).await?;
    let keys: BTreeSet<String> = names
        .iter()
        .flat_map(|n| [&n.text, &n.kana])
        .flat_map(|t| part_keys(t))
        .collect();
    tx.exec(sql("delete from people_name_key where person_id = :p").bind("p", person))
        .await?;
    for key in keys {
        tx.exec(
            sql("insert into people_name_key (municipality_id, key, person_id) values (:m, :key, :p)")
                .bind("m", ctx.municipality)
                .bind("key", key)
                .bind("p", person),
        )
        .await?;
    }
    Ok(())
}

/// Replaces the names in use. A name that is no longer among them keeps its row, dated, and still
/// finds the person.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when somebody saved the record in between.
pub async fn replace(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &RoomKey,
    id: PersonId,
    version: i64,
    new: &[NewName],
) -> Result<()> {
    writable(tx, key, id).await?;
    let old = person::load(tx, ctx, key, id).await?;
    person::bump(tx, ctx, &old, version).await?;
    let in_use: Vec<&Name> = old.names.iter().filter(|n| n.ended_at.is_none()).collect();
    let same = |a: &Name, b: &NewName| a.kind == b.kind && a.text == b.text && a.kana == b.kana;
    for name in &in_use {
        match new.iter().position(|n| same(name, n)) {
            Some(place) => {
                tx.exec(
                    sql("update people_name set place = :place where id = :id")
                        .bind("place", i64::try_from(place).unwrap_or(i64::MAX))
                        .bind("id", name.id),
                )
                .await?;
            }
            None => {
                tx.exec(
                    sql("update people_name set ended_at = :now where id = :id")
                        .bind("now", ctx.now())
                        .bind("id", name.id),
                )
                .await?;
            }
        }
    }
    for (place, name) in new.iter().enumerate() {
        if !in_use.iter().any(|n| same(n, name)) {
            insert(tx, ctx, id, std::slice::from_ref(name), place).await?;
        }
    }
    index_keys(tx, ctx, id).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("person.names").room(key.room()).person(id),
    )
    .await?;
    index::person(tx, ctx, id).await
}
