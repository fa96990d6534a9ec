//! A person is seen through a room: the page of a person opens the key of a room about them first.

use axum::{extract::FromRequestParts, http::request::Parts};
use engawa_kernel::{
    access::{self, Act, RoomKey, RoomKind},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    http::id,
    id::{HouseholdId, PersonId, RoomId},
};

use crate::store;

/// The `?room=` of an address: through which room the user came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Via(pub Option<RoomId>);

impl<S: Send + Sync> FromRequestParts<S> for Via {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let given = parts
            .uri
            .query()
            .into_iter()
            .flat_map(|q| q.split('&'))
            .find_map(|pair| pair.strip_prefix("room="))
            .filter(|room| !room.is_empty());
        Ok(Self(given.map(id).transpose()?))
    }
}

/// What a room of this municipality is.
pub async fn kind_of(conn: &mut Conn, ctx: &Ctx, room: RoomId) -> Result<RoomKind> {
    conn.one(
        sql("select kind from room where id = :room and municipality_id = :m")
            .bind("room", room)
            .bind("m", ctx.municipality),
    )
    .await?
    .get("kind")
}

/// The number of an opened room, as people say it.
pub async fn number_of(conn: &mut Conn, key: &RoomKey) -> Result<String> {
    conn.one(sql("select number from room where id = :room").bind("room", key.room()))
        .await?
        .get("number")
}

async fn about(conn: &mut Conn, room: RoomId, person: PersonId) -> Result<()> {
    conn.one(
        sql("select 1 as n from room_person where room_id = :room and person_id = :person")
            .bind("room", room)
            .bind("person", person),
    )
    .await
    .map(|_| ())
}

async fn room_for(ctx: &Ctx, person: PersonId, via: Via) -> Result<(RoomId, RoomKind)> {
    let mut conn = ctx.read().await?;
    let room = match via.0 {
        Some(room) => {
            about(&mut conn, room, person).await?;
            room
        }
        None => store::candidates::visible_room(&mut conn, ctx, person)
            .await?
            .ok_or(Error::NotFound)?,
    };
    Ok((room, kind_of(&mut conn, ctx, room).await?))
}

/// Opens a room about the person for reading. Logged.
///
/// # Errors
/// [`Error::NotFound`] where the actor has no key, or the key's own refusal.
pub async fn open(
    ctx: &Ctx,
    person: PersonId,
    via: Via,
    purpose: access::Purpose,
) -> Result<RoomKey> {
    let (room, kind) = room_for(ctx, person, via).await?;
    access::open(ctx, room, kind, Act::Read, purpose).await
}

/// Opens a room about the person for a change.
///
/// # Errors
/// As [`open`], and a reading key.
pub async fn open_for_write(
    ctx: &Ctx,
    person: PersonId,
    via: Via,
    purpose: access::Purpose,
) -> Result<(Tx, RoomKey)> {
    let (room, kind) = room_for(ctx, person, via).await?;
    access::open_for_write(ctx, room, kind, purpose).await
}

/// The key of a second room about another person inside a change (merging).
///
/// # Errors
/// As [`open_for_write`].
pub async fn second_key(
    tx: &mut Tx,
    ctx: &Ctx,
    person: PersonId,
    purpose: access::Purpose,
) -> Result<RoomKey> {
    let room = store::candidates::visible_room(tx, ctx, person)
        .await?
        .ok_or(Error::NotFound)?;
    let kind = kind_of(tx, ctx, room).await?;
    access::write_key(tx, ctx, room, kind, purpose).await
}

async fn household_room(ctx: &Ctx, household: HouseholdId, via: Via) -> Result<(RoomId, RoomKind)> {
    let mut conn = ctx.read().await?;
    let room = match via.0 {
        Some(room) => room,
        None => store::household::visible_room(&mut conn, ctx, household)
            .await?
            .ok_or(Error::NotFound)?,
    };
    Ok((room, kind_of(&mut conn, ctx, room).await?))
}

/// Opens a room of the household for reading.
///
/// # Errors
/// As [`open`].
pub async fn open_household(
    ctx: &Ctx,
    household: HouseholdId,
    via: Via,
    purpose: access::Purpose,
) -> Result<RoomKey> {
    let (room, kind) = household_room(ctx, household, via).await?;
    access::open(ctx, room, kind, Act::Read, purpose).await
}

/// Opens a room of the household for a change.
///
/// # Errors
/// As [`open_for_write`].
pub async fn open_household_for_write(
    ctx: &Ctx,
    household: HouseholdId,
    via: Via,
    purpose: access::Purpose,
) -> Result<(Tx, RoomKey)> {
    let (room, kind) = household_room(ctx, household, via).await?;
    access::open_for_write(ctx, room, kind, purpose).await
}

/// Opens a room named by itself, for what is made new in it.
///
/// # Errors
/// As [`open`]; no room named.
pub async fn open_room(ctx: &Ctx, via: Via, purpose: access::Purpose) -> Result<RoomKey> {
    let room = via.0.ok_or(Error::NotFound)?;
    let kind = kind_of(&mut ctx.read().await?, ctx, room).await?;
    access::open(ctx, room, kind, Act::Read, purpose).await
}

/// As [`open_room`] for a change.
///
/// # Errors
/// As [`open_for_write`]; no room named.
pub async fn open_room_for_write(
    ctx: &Ctx,
    via: Via,
    purpose: access::Purpose,
) -> Result<(Tx, RoomKey)> {
    let room = via.0.ok_or(Error::NotFound)?;
    let kind = kind_of(&mut ctx.read().await?, ctx, room).await?;
    access::open_for_write(ctx, room, kind, purpose).await
}
