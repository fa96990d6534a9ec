//! Consultations out of an old ledger: made by the same writer as those of today, many in one
//! transaction of the caller, nobody is told; and taken back while nobody has worked on them.

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, Duty},
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::{PersonId, RoomId},
    search::{self, DocKind},
};
use engawa_organisations::DeskRef;
use engawa_people as people;

use super::{
    decide,
    read::turn,
    take_in::{Written, write},
};
use crate::{
    model::{NewConsultation, NewDecision},
    rules::State,
};

/// Rooms in one statement.
const CHUNK: usize = 400;

/// How a consultation of the past ended: 回答して終了.
#[derive(Clone, Debug)]
pub struct PastEnd {
    /// The day it ended.
    pub on: NaiveDate,
    /// What was answered or done.
    pub text: String,
}

/// Where a consultation of the past was put.
#[derive(Clone, Debug)]
pub struct PastSaved {
    /// Its room.
    pub room: RoomId,
    /// 相R7-00123, by the fiscal year in which it was received.
    pub number: String,
    /// One for each subject.
    pub people: Vec<PersonId>,
}

/// Writes down a consultation of the past at an open desk. Keys are cut as for any consultation; it
/// has nobody in particular as its owner, and nobody gets a notice.
///
/// # Errors
/// The actor may not import ledgers, a person chosen as the same may not be known to the actor, or
/// the database refuses.
pub async fn take_in_past(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &NewConsultation,
    desk: &DeskRef,
    end: Option<&PastEnd>,
) -> Result<PastSaved> {
    ctx.need(Duty::ImportLedger)?;
    let Written {
        key,
        number,
        people,
    } = write(tx, ctx, new, desk, None).await?;
    if let Some(end) = end {
        let before = turn(tx, &key).await?;
        let decision = NewDecision {
            state: State::Answered,
            text: end.text.clone(),
            closure: None,
            accepted_body: String::new(),
            accepted_by: String::new(),
            review_on: None,
            lead_desk: Some(new.desk),
            decided_on: end.on,
            necessity: None,
            severity: None,
            first_contact_on: None,
            correction_reason: String::new(),
            version: before.version,
        };
        decide::record(tx, ctx, &key, &before, &decision, None).await?;
    }
    Ok(PastSaved {
        room: key.room(),
        number,
        people,
    })
}

/// Takes consultations of an import back, with their rooms and keys. The caller has made sure that
/// nobody worked on them since ([`engawa_kernel::audit::acts_in`]).
///
/// # Errors
/// The actor may not import ledgers, or the database refuses.
pub async fn take_back(tx: &mut Tx, ctx: &Ctx, rooms: &[RoomId]) -> Result<()> {
    ctx.need(Duty::ImportLedger)?;
    for rooms in rooms.chunks(CHUNK) {
        for room in rooms {
            for kind in [DocKind::Number, DocKind::Words] {
                search::remove(tx, kind, room.0, Some(*room)).await?;
            }
        }
        let subjects = tx
            .rows(
                sql("select room_id, person_id from consultations_subject where room_id in (:rooms) limit 20000")
                    .bind_all("rooms", rooms.iter().copied()),
            )
            .await?;
        let subjects = subjects
            .iter()
            .map(|r| Ok((r.get("room_id")?, r.get("person_id")?)))
            .collect::<Result<Vec<_>>>()?;
        people::leave_rooms(tx, &subjects).await?;
        for text in [
            "delete from consultations_decision where room_id in (:rooms)",
            "delete from consultations_issue where room_id in (:rooms)",
            "delete from consultations_subject where room_id in (:rooms)",
            "delete from consultations_reporter where room_id in (:rooms)",
            "delete from consultations_consultation where room_id in (:rooms)",
        ] {
            tx.exec(sql(text).bind_all("rooms", rooms.iter().copied()))
                .await?;
        }
        access::unmake(tx, ctx, rooms).await?;
    }
    Ok(())
}
