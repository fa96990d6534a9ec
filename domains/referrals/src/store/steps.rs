//! 経過: every step, never changed. Figures and the sheet's history are read from here.

use engawa_kernel::{
    access::RoomKey,
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
    id::{DeskId, RoomId, new_uuid},
};
use serde_json::Value as Json;

use crate::model::{Act, Channel, Side, State, Step};

/// A step to write.
#[derive(Debug, Clone)]
pub(crate) struct NewStep {
    pub act: String,
    pub state: State,
    pub side: Side,
    pub channel: Option<Channel>,
    pub answered_by: String,
    pub reason: &'static str,
    pub note: String,
    pub proposal: String,
    pub detail: Json,
}

impl NewStep {
    /// Something that an actor did.
    pub(crate) fn of(act: Act, state: State, side: Side) -> Self {
        Self {
            side,
            ..Self::of_calendar(act.as_code(), state)
        }
    }
    /// Something that nobody did.
    pub(crate) fn of_calendar(event: &str, state: State) -> Self {
        Self {
            act: event.to_owned(),
            state,
            side: Side::System,
            channel: None,
            answered_by: String::new(),
            reason: "",
            note: String::new(),
            proposal: String::new(),
            detail: Json::Object(serde_json::Map::new()),
        }
    }
}

/// Whose move it is after a step, and by when.
pub(crate) struct After {
    pub desk: Option<DeskId>,
    pub due_on: Option<chrono::NaiveDate>,
}

pub(crate) async fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    room: RoomId,
    step: &NewStep,
    after: After,
) -> Result<()> {
    let last: i64 = tx
        .one(
            sql("select coalesce(max(place), 0) as n from referrals_step where room_id = :room")
                .bind("room", room),
        )
        .await?
        .get("n")?;
    tx.exec(
        sql("insert into referrals_step (id, room_id, place, act, state, turn_desk_id, due_on, at, staff_id, desk_id, side, channel, answered_by, reason, note, proposal, detail)
             values (:id, :room, :place, :act, :state, :turn, :due, :now, :staff, :desk, :side, :channel, :answered_by, :reason, :note, :proposal, :detail)")
            .bind("id", new_uuid())
            .bind("room", room)
            .bind("place", last + 1)
            .bind("act", step.act.as_str())
            .bind("state", step.state)
            .bind("turn", after.desk)
            .bind("due", after.due_on)
            .bind("now", ctx.now())
            .bind("staff", ctx.actor.staff)
            .bind("desk", ctx.actor.postings.iter().find_map(|p| p.desk))
            .bind("side", step.side)
            .bind("channel", step.channel.map_or("", Channel::as_code))
            .bind("answered_by", step.answered_by.as_str())
            .bind("reason", step.reason)
            .bind("note", step.note.as_str())
            .bind("proposal", step.proposal.as_str())
            .bind("detail", step.detail.to_string()),
    )
    .await?;
    Ok(())
}

fn from_row(r: &Row) -> Result<Step> {
    let word: String = r.get("act")?;
    Ok(Step {
        id: r.get("id")?,
        place: r.get("place")?,
        act: Act::from_code(&word),
        event: word,
        state: r.get("state")?,
        turn_desk: r.opt("turn_desk_id")?,
        due_on: r.opt("due_on")?,
        at: r.get("at")?,
        staff: r.get("staff_id")?,
        desk: r.opt("desk_id")?,
        side: r.get("side")?,
        channel: Channel::from_code(&r.get::<String>("channel")?),
        answered_by: r.get("answered_by")?,
        reason: r.get("reason")?,
        note: r.get("note")?,
        proposal: r.get("proposal")?,
        detail: serde_json::from_str(&r.get::<String>("detail")?)?,
    })
}

/// The history of a sheet, oldest first.
///
/// # Errors
/// The database refuses.
pub async fn all(conn: &mut Conn, key: &RoomKey) -> Result<Vec<Step>> {
    conn.rows(
        sql("select * from referrals_step where room_id = :room order by place limit 500")
            .bind("room", key.room()),
    )
    .await?
    .iter()
    .map(from_row)
    .collect()
}
