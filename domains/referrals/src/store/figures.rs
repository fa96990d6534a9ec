//! What figures are counted from: sheets that the actor may open, and their history.

use std::collections::HashMap;

use chrono::NaiveDate;
use engawa_kernel::{
    access::{self, VISIBLE},
    clock,
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    id::{DeskId, RoomId},
};

use crate::{
    model::State,
    rules::figures::{Fact, Stretch, ownerless_days},
};

/// Sheets that one table counts; a larger town chooses a shorter period.
pub const LIMIT: usize = 20_000;
/// Ids that one statement asks for.
const CHUNK: usize = 400;

/// Sheets sent in a period (both days included), as far as the actor may open them. One that arrived
/// over the border is counted where it was sent.
///
/// # Errors
/// The database refuses.
pub async fn facts(
    conn: &mut Conn,
    ctx: &Ctx,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Fact>> {
    let q = sql("select s.room_id, r.number, s.state, s.to_desk_id, s.to_name, s.sent_at, s.answered_at, s.reply_due_on, s.due_on, s.outcome, s.return_reason
           from referrals_sheet s join room r on r.id = s.room_id
          where s.municipality_id = :m and not s.arrived and s.sent_at >= :first and s.sent_at < :after and {visible} order by s.sent_at, s.room_id limit :limit")
        .slot("{visible}", VISIBLE)
        .bind("m", ctx.municipality)
        .bind("first", clock::start_of_day(from))
        .bind("after", clock::start_of_day(crate::rules::after(to, 1)))
        .bind("limit", i64::try_from(LIMIT).unwrap_or(i64::MAX));
    let mut facts = Vec::new();
    for r in conn.rows(access::bind_actor(q, ctx)).await? {
        facts.push(Fact {
            room: r.get("room_id")?,
            number: r.get("number")?,
            state: r.get("state")?,
            to_desk: r.opt("to_desk_id")?,
            to_name: r.get("to_name")?,
            sent_at: r.get("sent_at")?,
            answered_at: r.opt("answered_at")?,
            reply_due_on: r.get("reply_due_on")?,
            due_on: r.opt("due_on")?,
            outcome: r.opt("outcome")?,
            returned: r.opt("return_reason")?,
            ownerless_days: 0,
        });
    }
    let rooms: Vec<RoomId> = facts.iter().map(|f| f.room).collect();
    let stretches = stretches(conn, ctx, &rooms).await?;
    let mut desks: Vec<DeskId> = stretches
        .values()
        .flatten()
        .filter_map(|s| s.desk)
        .collect();
    desks.sort_unstable();
    desks.dedup();
    let periods = staffed(conn, &desks).await?;
    let is_staffed = |desk: DeskId, day: NaiveDate| {
        periods.get(&desk).is_some_and(|all| {
            all.iter()
                .any(|(from, to)| *from <= day && to.is_none_or(|to| to >= day))
        })
    };
    for fact in &mut facts {
        if let Some(stretches) = stretches.get(&fact.room) {
            fact.ownerless_days = ownerless_days(stretches, is_staffed);
        }
    }
    Ok(facts)
}

/// From step to step, who had the move; until today while it goes on.
async fn stretches(
    conn: &mut Conn,
    ctx: &Ctx,
    rooms: &[RoomId],
) -> Result<HashMap<RoomId, Vec<Stretch>>> {
    let mut all: HashMap<RoomId, Vec<Stretch>> = HashMap::new();
    for part in rooms.chunks(CHUNK) {
        let mut open: HashMap<RoomId, (NaiveDate, Option<DeskId>)> = HashMap::new();
        let rows = conn
            .rows(
                sql("select room_id, state, turn_desk_id, at from referrals_step where room_id in (:rooms) order by room_id, place limit 40000")
                    .bind_all("rooms", part.iter().copied()),
            )
            .await?;
        for r in &rows {
            let room: RoomId = r.get("room_id")?;
            let day = clock::local(r.get("at")?).date();
            if let Some((from, desk)) = open.remove(&room) {
                all.entry(room).or_default().push(Stretch {
                    from,
                    until: day,
                    desk,
                });
            }
            let state: State = r.get("state")?;
            // A draft is nobody else's yet.
            if crate::rules::whose_move(state).is_some() && state != State::Draft {
                open.insert(room, (day, r.opt("turn_desk_id")?));
            }
        }
        for (room, (from, desk)) in open {
            all.entry(room).or_default().push(Stretch {
                from,
                until: ctx.today(),
                desk,
            });
        }
    }
    Ok(all)
}

type Periods = HashMap<DeskId, Vec<(NaiveDate, Option<NaiveDate>)>>;

async fn staffed(conn: &mut Conn, desks: &[DeskId]) -> Result<Periods> {
    let mut periods = Periods::new();
    for part in desks.chunks(CHUNK) {
        let rows = conn
            .rows(
                sql("select desk_id, valid_from, valid_to from posting where desk_id in (:desks)
                        and role in ('coordinator', 'supervisor', 'worker') order by desk_id, valid_from limit 40000")
                    .bind_all("desks", part.iter().copied()),
            )
            .await?;
        for r in &rows {
            periods
                .entry(r.get("desk_id")?)
                .or_default()
                .push((r.get("valid_from")?, r.opt("valid_to")?));
        }
    }
    Ok(periods)
}
