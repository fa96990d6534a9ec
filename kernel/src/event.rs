//! What happened, for figures. An activity is recorded once; every number is a query over events.

use chrono::NaiveDate;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::{BodyId, DeskId, HouseholdId, PersonId, RoomId, new_uuid},
};

/// Something that counts. `happened_on` is the day it happened, not the day it was typed.
#[derive(Debug, Clone)]
pub struct Event {
    /// e.g. `consultation.received`, `case.opened`, `contact.made`, `case.closed`
    pub kind: &'static str,
    /// The day it happened.
    pub happened_on: NaiveDate,
    /// Where.
    pub room: Option<RoomId>,
    /// Whom it is about.
    pub person: Option<PersonId>,
    /// Which household.
    pub household: Option<HouseholdId>,
    /// Who did it, as a body and desk.
    pub body: Option<BodyId>,
    /// The desk.
    pub desk: Option<DeskId>,
    /// The record it comes from.
    pub source: Option<Uuid>,
    /// Codes and numbers (channel, route, issue, minutes); never a name.
    pub data: Json,
}

impl Event {
    /// An event of today with nothing more said.
    #[must_use]
    pub fn new(kind: &'static str, happened_on: NaiveDate) -> Self {
        Self {
            kind,
            happened_on,
            room: None,
            person: None,
            household: None,
            body: None,
            desk: None,
            source: None,
            data: Json::Object(serde_json::Map::new()),
        }
    }
}

/// Writes an event in the caller's transaction.
///
/// # Errors
/// The database refuses.
pub async fn record(tx: &mut Tx, ctx: &Ctx, e: Event) -> Result<()> {
    tx.exec(
        sql("insert into event (id, municipality_id, kind, happened_on, recorded_at, room_id, person_id, household_id, body_id, desk_id, area_id, staff_id, source_id, data)
             values (:id, :municipality, :kind, :happened, :now, :room, :person, :household, :body, :desk, :area, :staff, :source, :data)")
            .bind("id", new_uuid())
            .bind("municipality", ctx.municipality)
            .bind("kind", e.kind)
            .bind("happened", e.happened_on)
            .bind("now", ctx.now())
            .bind("room", e.room)
            .bind("person", e.person)
            .bind("household", e.household)
            .bind("body", e.body)
            .bind("desk", e.desk)
            .bind("area", None::<Uuid>)
            .bind("staff", ctx.actor.staff)
            .bind("source", e.source)
            .bind("data", e.data.to_string()),
    )
    .await?;
    Ok(())
}
