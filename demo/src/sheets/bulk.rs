//! The sheets of the bulk, all acts of all desks in the order of time, so that numbers grow with it,
//! and with the hourly clock between them, which tells overdue moves upwards.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    clock,
    context::Ctx,
    error::{Error, Result},
    id::{RoomId, StaffId},
};
use engawa_referrals::model::{Content, Doing, Side};

use super::{acting, agree, blank, does, written};
use crate::{
    bulk,
    home::Handing,
    town::{Member, Seat, Town},
};

/// The clock tells overdue moves in these last days; whatever was late before is over.
const CLOCK_DAYS: i64 = 60;
/// Notices of these last days have not all been read.
const UNREAD_DAYS: i64 = 4;

/// What happens next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// The calendar's hour.
    Clock,
    /// The sheet of this place is written.
    Begin(usize),
    /// The step of this place is taken on the sheet of this place.
    Step(usize, usize),
}

/// Plays them. The clock of `ctx` stands at the last act afterwards.
///
/// # Errors
/// The plan does not fit the domains' rules, or the database refuses.
pub async fn play(ctx: &Ctx, town: &Town, handings: &[Handing]) -> Result<()> {
    let staff: HashMap<StaffId, &Member> = town.members.iter().map(|m| (m.seat.staff, m)).collect();
    let who = |seat: Seat, at| {
        staff
            .get(&seat.staff)
            .map(|m| acting(ctx, town, m, at))
            .ok_or(Error::NotFound)
    };
    let mut rooms: HashMap<usize, RoomId> = HashMap::new();
    for (at, turn) in turns(town, handings) {
        match turn {
            Turn::Clock => {
                ctx.engine.clock.set(at);
                engawa_referrals::remind(&ctx.engine).await?;
            }
            Turn::Begin(n) => {
                let h = &handings[n];
                let actor = who(h.from, at)?;
                let to = town.desks[h.to].id;
                agree(&actor, h.case, &h.people, to).await?;
                let goes = !h.steps.is_empty();
                let room = written(&actor, h.case, &content(&actor, town, h), goes).await?;
                rooms.insert(n, room);
            }
            Turn::Step(n, step) => {
                let h = &handings[n];
                let (Some(room), Some((_, doing))) = (rooms.get(&n), h.steps.get(step)) else {
                    return Err(Error::Internal("the demo's sheets: out of order".into()));
                };
                let actor = who(by(h, doing), at)?;
                does(&actor, *room, doing).await?;
            }
        }
    }
    let mut tx = ctx.write().await?;
    let until = town.end - Duration::days(UNREAD_DAYS);
    bulk::kernel::read_notices(&mut tx, until).await?;
    tx.commit_unaudited().await
}

/// Everything in order. Sending is the first step, and is done when the sheet is written.
fn turns(town: &Town, handings: &[Handing]) -> Vec<(DateTime<Utc>, Turn)> {
    let mut turns = Vec::new();
    if !handings.is_empty() {
        turns.extend((0..CLOCK_DAYS).map(|back| {
            let day = town.today - Duration::days(back + 1);
            (clock::start_of_day(day) + Duration::hours(7), Turn::Clock)
        }));
    }
    for (n, h) in handings.iter().enumerate() {
        turns.push((h.begun, Turn::Begin(n)));
        turns.extend(
            h.steps
                .iter()
                .enumerate()
                .skip(1)
                .map(|(step, (at, _))| (*at, Turn::Step(n, step))),
        );
    }
    turns.sort_unstable();
    turns
}

fn by(h: &Handing, doing: &Doing) -> Seat {
    match engawa_referrals::rules::side_of(doing.act) {
        Side::Sender => h.from,
        Side::Receiver | Side::System => h.receiver,
    }
}

fn content(ctx: &Ctx, town: &Town, h: &Handing) -> Content {
    let days = engawa_referrals::store::settings::Settings::default().deadlines();
    Content {
        kind: h.asked.kind,
        issues: vec![(h.issue.to_owned(), None)],
        wishes: h.asked.wishes.into(),
        reason: h.asked.reason.into(),
        asked: h.asked.asked.into(),
        urgency: h.urgency,
        reply_due_on: days.reply(h.urgency, ctx.today()),
        ..blank(ctx, h.people.clone(), town.desks[h.to].id)
    }
}
