//! What a consent permits towards one recipient, and the keys that stand on it.

use chrono::{Days, NaiveDate};
use engawa_kernel::{
    access::{self, RoomKey},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::Result,
    id::{DeskId, PersonId, RoomId},
    notices,
};
use serde_json::json;

use super::{consent::consent, in_room, merge};
use crate::model::{Consent, ConsentId, ConsentItem, ConsentState};

/// To whom something is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A desk of this system.
    Desk(DeskId),
    /// Somebody outside, as the consent names them in words.
    Named(String),
}

/// What a consent permits towards a recipient on a day.
#[derive(Debug, Clone)]
pub struct Permission {
    /// Which consent says so.
    pub consent: ConsentId,
    /// Since when.
    pub since: NaiveDate,
    /// The last day, if it has one.
    pub until: Option<NaiveDate>,
    /// What may be passed on.
    pub items: Vec<ConsentItem>,
}

impl Permission {
    /// Whether it covers every item: only then may the whole record be read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        ConsentItem::ALL.iter().all(|i| self.items.contains(i))
    }
}

fn names(c: &Consent, to: &Recipient) -> bool {
    match to {
        Recipient::Desk(desk) => c.desks.shown().is_some_and(|d| d.contains(desk)),
        Recipient::Named(name) => c.recipients.shown().is_some_and(|written| {
            let name = name.trim();
            !name.is_empty()
                && written
                    .split(['、', ',', '，', '\n', '・'])
                    .any(|one| one.trim() == name)
        }),
    }
}

/// The newest word about a recipient counts; an older yes does not outlive a later no.
async fn newest(
    conn: &mut Conn,
    ctx: &Ctx,
    person: PersonId,
    to: &Recipient,
) -> Result<Option<Permission>> {
    let group = merge::group(conn, person).await?;
    let rows = conn
        .rows(
            sql("select * from people_consent where person_id in (:people) and valid_from <= :today order by created_at desc, id desc limit 200")
                .bind_all("people", group)
                .bind("today", ctx.today()),
        )
        .await?;
    for r in &rows {
        let c = consent(r, false)?;
        let state = c.state_on(ctx.today());
        if state == ConsentState::Refused {
            return Ok(None);
        }
        if names(&c, to) {
            return Ok(state.permits().then_some(Permission {
                consent: c.id,
                since: c.valid_from,
                until: c.valid_until,
                items: c.items,
            }));
        }
    }
    Ok(None)
}

/// What may go to a recipient today because of a valid consent; none without one.
///
/// # Errors
/// [`engawa_kernel::error::Error::NotFound`] when the room is not about the person.
pub async fn permission(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    to: &Recipient,
) -> Result<Option<Permission>> {
    in_room(conn, key, person).await?;
    newest(conn, ctx, person, to).await
}

/// Items that may go to a desk today because of a valid consent: what a sheet to it may hold.
///
/// # Errors
/// As [`permission`].
pub async fn permitted_items(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    desk: DeskId,
) -> Result<Vec<ConsentItem>> {
    let permission = permission(conn, ctx, key, person, &Recipient::Desk(desk)).await?;
    Ok(permission.map_or_else(Vec::new, |p| p.items))
}

/// Whether everybody whom a room is about agrees today that the desk may know all of it, every item;
/// and if so the last day on which all of them do. Says yes or no only, so it needs no key.
///
/// # Errors
/// The database refuses.
pub async fn still_permits(
    conn: &mut Conn,
    ctx: &Ctx,
    room: RoomId,
    desk: DeskId,
) -> Result<Option<Standing>> {
    let people = of(conn, room).await?;
    let mut standing = Standing {
        people: people.clone(),
        until: None,
    };
    for person in people {
        let permission = newest(conn, ctx, person, &Recipient::Desk(desk)).await?;
        let Some(p) = permission.filter(Permission::is_whole) else {
            return Ok(None);
        };
        standing.until = match (standing.until, p.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    Ok((!standing.people.is_empty()).then_some(standing))
}

/// That everybody agrees; see [`still_permits`].
#[derive(Debug, Clone)]
pub struct Standing {
    /// Who.
    pub people: Vec<PersonId>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

impl Standing {
    /// The moment at which a key that rests on it ends.
    #[must_use]
    pub fn key_until(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.until
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .map(engawa_kernel::clock::start_of_day)
    }
}

async fn of(conn: &mut Conn, room: RoomId) -> Result<Vec<PersonId>> {
    conn.rows(
        sql(
            "select rp.person_id from room_person rp join people_person p on p.id = rp.person_id
              where rp.room_id = :room and p.merged_into is null order by rp.person_id limit 500",
        )
        .bind("room", room),
    )
    .await?
    .iter()
    .map(|r| r.get("person_id"))
    .collect()
}

/// Whether any of these people is protected: then even the name of a desk may cost a life.
///
/// # Errors
/// The database refuses.
pub async fn someone_protected(conn: &mut Conn, people: &[PersonId]) -> Result<bool> {
    Ok(conn
        .row(
            sql("select 1 as n from protected_person where person_id in (:people) limit 1")
                .bind_all("people", people.iter().copied().take(400)),
        )
        .await?
        .is_some())
}

/// Takes back every key that stood on what this person agreed to and does so no more. The owner of
/// the room is told.
pub(super) async fn take_keys_back(tx: &mut Tx, ctx: &Ctx, person: PersonId) -> Result<()> {
    let person = kept(tx, person).await?;
    let group = merge::group(tx, person).await?;
    for key in access::resting_on(tx, &group).await? {
        let to = Recipient::Desk(key.desk);
        let permission = newest(tx, ctx, person, &to).await?;
        if !permission.is_some_and(|p| p.is_whole()) {
            access::revoke(tx, ctx, key.room, key.grant).await?;
            notices::to_owner(tx, ctx, key.room, "consent_ended", json!({})).await?;
        }
    }
    Ok(())
}

/// The record that goes on for a merged one; itself when it was never merged away.
async fn kept(conn: &mut Conn, person: PersonId) -> Result<PersonId> {
    let mut person = person;
    // Merges form no rings; the bound only keeps a damaged database from looping.
    for _ in 0..20 {
        let row = conn
            .one(sql("select merged_into from people_person where id = :id").bind("id", person))
            .await?;
        match row.opt::<PersonId>("merged_into")? {
            Some(into) => person = into,
            None => break,
        }
    }
    Ok(person)
}
