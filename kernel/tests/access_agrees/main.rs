//! No key, no room: `VISIBLE` in SQL, `decide` in Rust, `open` for one room and a naive model of
//! the rules agree after any history of postings, keys, dates, seals and conflicts of interest.

mod paper;
mod world;

use engawa_kernel::{
    access::{
        self, Act, Grant, Holding, Level, RoomKind,
        decide::{RoomFacts, decide},
    },
    clock,
    context::Ctx,
    db::sql,
    error::{Error, Result},
    id::RoomId,
    testing::{Town, on_both},
};
use paper::{Holder, Paper, ROOMS, STAFF, Step, at, date, is_consultation, step};
use proptest::{prelude::*, test_runner::TestRunner};
use world::{World, live};

/// `decide` on the facts as the paper has them.
fn decided(paper: &Paper, world: &World, staff: usize, room: usize, hour: i64) -> Option<Level> {
    let holdings: Vec<Holding> = paper
        .postings
        .iter()
        .zip(&world.postings)
        .filter(|((who, ..), _)| *who == staff)
        .map(|((_, role, desk, from, to), id)| Holding {
            posting: *id,
            desk: desk.map(|d| world.desks[d]),
            role: *role,
            valid_from: date(*from),
            valid_to: to.map(date),
        })
        .collect();
    let grants: Vec<Grant> = paper
        .keys
        .iter()
        .filter(|(of, ..)| *of == room)
        .map(|(_, holder, key, taken)| Grant {
            posting: match holder {
                Holder::Posting(p) => Some(world.postings[*p]),
                Holder::Desk(_) => None,
            },
            desk: match holder {
                Holder::Posting(_) => None,
                Holder::Desk(d) => Some(world.desks[*d]),
            },
            level: if key.write { Level::Write } else { Level::Read },
            opens_sealed: key.opens_sealed,
            valid_from: at(key.from),
            valid_until: key.hours.map(|h| at(key.from + h)),
            revoked: *taken,
        })
        .collect();
    let facts = RoomFacts {
        kind: if is_consultation(room) {
            RoomKind::Consultation
        } else {
            RoomKind::Case
        },
        sealed: paper.sealed.contains(&room),
        conflict: paper.conflicts.iter().any(|(who, person, ended)| {
            *who == staff && !ended && paper.links.contains(&(room, *person))
        }),
    };
    decide(
        facts,
        &grants,
        &holdings,
        clock::local(at(hour)).date(),
        at(hour),
    )
}

async fn listed(ctx: &Ctx, world: &World, from_my_rooms: bool) -> Result<Vec<RoomId>> {
    let mut conn = ctx.read().await?;
    let q = sql("select r.id from room r where r.id in (:rooms) and")
        .push(access::VISIBLE)
        .bind_all("rooms", world.rooms.iter().copied());
    let q = if from_my_rooms {
        q.push("and r.id in").push(access::MY_ROOMS)
    } else {
        q
    };
    conn.rows(access::bind_actor(q, ctx))
        .await?
        .iter()
        .map(|r| r.get("id"))
        .collect()
}

async fn agrees(town: &Town, steps: &[Step]) -> Result<(), String> {
    let told = |e: Error| format!("{e:?}");
    let mut paper = Paper::default();
    for step in steps {
        paper.write(step);
    }
    let world = live(town, &paper).await.map_err(told)?;
    for hour in [-25, 0, 14, 23] {
        town.engine.clock.set(at(hour));
        for (n, staff) in world.staff.iter().enumerate() {
            // The session's own idea of today's postings must not matter.
            let ctx = town.ctx(*staff, "見本", vec![]);
            let visible = listed(&ctx, &world, false).await.map_err(told)?;
            let mine = listed(&ctx, &world, true).await.map_err(told)?;
            for (room, id) in world.rooms.iter().enumerate() {
                let expected = paper.says(n, room, hour);
                let kind = if is_consultation(room) {
                    RoomKind::Consultation
                } else {
                    RoomKind::Case
                };
                let opened = match hour {
                    0 => match access::open(&ctx, *id, kind, Act::Read, "test").await {
                        Ok(key) => Some(if key.may_write() {
                            Level::Write
                        } else {
                            Level::Read
                        }),
                        Err(Error::NotFound | Error::Refused(_)) => None,
                        Err(e) => return Err(told(e)),
                    },
                    // Each opening is written to the log; once in each history is enough.
                    _ => expected,
                };
                let answers = [
                    ("decide", decided(&paper, &world, n, room, hour) == expected),
                    ("open", opened == expected),
                    ("VISIBLE", visible.contains(id) == expected.is_some()),
                    ("MY_ROOMS", mine.contains(id) == expected.is_some()),
                ];
                if let Some((who, _)) = answers.iter().find(|(_, agrees)| !agrees) {
                    return Err(format!(
                        "{who} differs: staff {n}, room {room}, hour {hour}; the paper says {expected:?}\n{paper:?}"
                    ));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn no_key_no_room_in_sql_and_in_rust_alike() {
    on_both(|town: Town| async move {
        let seen = std::cell::RefCell::new((0, 0));
        let mut runner = TestRunner::new(ProptestConfig {
            cases: 100,
            failure_persistence: None,
            ..ProptestConfig::default()
        });
        let result = tokio::task::block_in_place(|| {
            runner.run(&prop::collection::vec(step(), 12..60), |steps| {
                let mut paper = Paper::default();
                steps.iter().for_each(|s| paper.write(s));
                let mut seen = seen.borrow_mut();
                for (staff, room) in (0..STAFF).flat_map(|s| (0..ROOMS).map(move |r| (s, r))) {
                    match paper.says(staff, room, 0) {
                        Some(_) => seen.0 += 1,
                        None => seen.1 += 1,
                    }
                }
                tokio::runtime::Handle::current()
                    .block_on(agrees(&town, &steps))
                    .map_err(TestCaseError::fail)
            })
        });
        assert!(
            result.is_ok(),
            "{}",
            result.err().map(|e| e.to_string()).unwrap_or_default()
        );
        let (open, shut) = *seen.borrow();
        assert!(
            open > 100 && shut > 100,
            "the histories prove little: {open} open, {shut} shut"
        );
        Ok(())
    });
}
