//! What the one search box finds of a person: names, and telephone digits unless the person is
//! protected. One document for each room that is about the person, so that a hit needs its key.

use engawa_kernel::{
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::{PersonId, RoomId},
    search::{self, Doc, DocKind},
    text::truncate_graphemes,
};

use super::{MAX_PEOPLE, cards, is_protected, names};

/// Makes the documents of a person anew. Called in the transaction of every change to names,
/// phones, rooms, merges and protection: a number leaves the index with the flag that hides it.
pub(super) async fn person(tx: &mut Tx, ctx: &Ctx, id: PersonId) -> Result<()> {
    let Some(card) = cards::load(tx, ctx, &[id]).await?.pop() else {
        return Ok(());
    };
    let phones: Vec<String> = if is_protected(tx, id).await? {
        Vec::new()
    } else {
        tx.rows(
            sql("select digits from people_phone where person_id = :p order by place limit 20")
                .bind("p", id),
        )
        .await?
        .iter()
        .map(|r| r.get("digits"))
        .collect::<Result<_>>()?
    };
    let mut texts: Vec<String> = names::of(tx, id)
        .await?
        .into_iter()
        .flat_map(|n| [n.text, n.kana])
        .chain([card.shown_name.clone()])
        .filter(|t| !t.is_empty())
        .collect();
    texts.sort();
    texts.dedup();
    let rooms: Vec<RoomId> = tx
        .rows(
            sql("select room_id from room_person where person_id = :p order by room_id limit :limit")
                .bind("p", id)
                .bind("limit", MAX_PEOPLE),
        )
        .await?
        .iter()
        .map(|r| r.get("room_id"))
        .collect::<Result<_>>()?;
    replace(tx, ctx, id, &rooms, &card.shown_name, &texts, &phones).await
}

/// Hands the documents to [`search`]: the old ones go, whatever room they were for.
async fn replace(
    tx: &mut Tx,
    ctx: &Ctx,
    person: PersonId,
    rooms: &[RoomId],
    shown: &str,
    names: &[String],
    phones: &[String],
) -> Result<()> {
    for kind in [DocKind::Name, DocKind::Phone] {
        search::remove(tx, kind, person.0, None).await?;
    }
    let (shown, at) = (truncate_graphemes(shown, 200), ctx.now());
    let docs: Vec<Doc<'_>> = rooms
        .iter()
        .flat_map(|room| {
            let doc = |kind, text| Doc {
                room: *room,
                kind,
                source: person.0,
                at,
                shown,
                text,
            };
            let named = names.iter().map(move |n| doc(DocKind::Name, n.as_str()));
            let called = phones.iter().map(move |p| doc(DocKind::Phone, p.as_str()));
            named.chain(called)
        })
        .collect();
    search::put_many(tx, ctx, &docs).await
}
