//! No key, no room: `VISIBLE` in SQL, `decide` in Rust, `open` for one room and a naive model of
//! the rules agree after any history of postings, keys, dates, seals and conflicts of interest.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use engawa_kernel::{
    access::{
        self, Act, Basis, Grant, Holding, Level, Role, RoomKind, Source,
        decide::{RoomFacts, decide},
    },
    clock,
    context::Ctx,
    db::{Tx, sql},
    error::{Error, Result},
    id::{BodyId, DeskId, GrantId, PersonId, PostingId, RoomId, StaffId, new_uuid},
    testing::{Town, noon, on_both},
};
use proptest::{prelude::*, test_runner::TestRunner};

const STAFF: usize = 3;
const DESKS: usize = 2;
const ROOMS: usize = 4;
const PEOPLE: usize = 3;

/// One thing that happens. Numbers name the staff, desk, room …; those of postings, keys and
/// conflicts count from the first one made, over and over.
#[derive(Debug, Clone)]
enum Step {
    Post {
        staff: usize,
        role: usize,
        desk: Option<usize>,
        from: i64,
        days: Option<i64>,
    },
    EndPosting {
        posting: usize,
        day: i64,
    },
    CutForPosting {
        room: usize,
        posting: usize,
        key: Key,
    },
    CutForDesk {
        room: usize,
        desk: usize,
        key: Key,
    },
    TakeBack {
        key: usize,
    },
    Seal {
        room: usize,
    },
    Link {
        room: usize,
        person: usize,
    },
    Declare {
        staff: usize,
        person: usize,
    },
    EndConflict {
        conflict: usize,
    },
}

#[derive(Debug, Clone)]
struct Key {
    write: bool,
    opens_sealed: bool,
    from: i64,
    hours: Option<i64>,
}

fn step() -> impl Strategy<Value = Step> {
    // Days and hours around the moments that are looked at, so that edges are met often.
    let day = -2..2_i64;
    let key = (
        any::<bool>(),
        any::<bool>(),
        -40..16_i64,
        prop::option::weighted(0.3, 0..72_i64),
    )
        .prop_map(|(write, opens_sealed, from, hours)| Key {
            write,
            opens_sealed,
            from,
            hours,
        });
    prop_oneof![
        3 => (0..STAFF, 0..Role::ALL.len(), prop::option::weighted(0.8, 0..DESKS), day.clone(), prop::option::weighted(0.3, -1..3_i64))
            .prop_map(|(staff, role, desk, from, days)| Step::Post { staff, role, desk, from, days }),
        1 => (0..6_usize, day).prop_map(|(posting, day)| Step::EndPosting { posting, day }),
        4 => (0..ROOMS, 0..6_usize, key.clone()).prop_map(|(room, posting, key)| Step::CutForPosting { room, posting, key }),
        4 => (0..ROOMS, 0..DESKS, key).prop_map(|(room, desk, key)| Step::CutForDesk { room, desk, key }),
        1 => (0..8_usize).prop_map(|key| Step::TakeBack { key }),
        1 => (0..ROOMS).prop_map(|room| Step::Seal { room }),
        1 => (0..ROOMS, 0..PEOPLE).prop_map(|(room, person)| Step::Link { room, person }),
        1 => (0..STAFF, 0..PEOPLE).prop_map(|(staff, person)| Step::Declare { staff, person }),
        1 => (0..3_usize).prop_map(|conflict| Step::EndConflict { conflict }),
    ]
}

/// What a person would write down on paper. Times are hours and days from noon.
#[derive(Debug, Default)]
struct Paper {
    postings: Vec<(usize, Role, Option<usize>, i64, Option<i64>)>,
    keys: Vec<(usize, Holder, Key, bool)>,
    sealed: Vec<usize>,
    links: Vec<(usize, usize)>,
    conflicts: Vec<(usize, usize, bool)>,
}

#[derive(Debug, Clone, Copy)]
enum Holder {
    Posting(usize),
    Desk(usize),
}

impl Paper {
    fn write(&mut self, step: &Step) {
        match step.clone() {
            Step::Post {
                staff,
                role,
                desk,
                from,
                days,
            } => {
                self.postings
                    .push((staff, Role::ALL[role], desk, from, days.map(|d| from + d)));
            }
            Step::EndPosting { posting, day } => {
                let count = self.postings.len().max(1);
                if let Some(p) = self.postings.get_mut(posting % count) {
                    p.4 = Some(day);
                }
            }
            Step::CutForPosting { room, posting, key } => {
                if !self.postings.is_empty() {
                    let holder = Holder::Posting(posting % self.postings.len());
                    self.keys.push((room, holder, key, false));
                }
            }
            Step::CutForDesk { room, desk, key } => {
                self.keys.push((room, Holder::Desk(desk), key, false))
            }
            Step::TakeBack { key } => {
                let count = self.keys.len().max(1);
                if let Some(k) = self.keys.get_mut(key % count) {
                    k.3 = true;
                }
            }
            Step::Seal { room } => self.sealed.push(room),
            Step::Link { room, person } => self.links.push((room, person)),
            Step::Declare { staff, person } => self.conflicts.push((staff, person, false)),
            Step::EndConflict { conflict } => {
                let count = self.conflicts.len().max(1);
                if let Some(c) = self.conflicts.get_mut(conflict % count) {
                    c.2 = true;
                }
            }
        }
    }

    /// The rules in the words of the design, one sentence after the other.
    fn says(&self, staff: usize, room: usize, hour: i64) -> Option<Level> {
        for (who, person, ended) in &self.conflicts {
            if *who == staff && !ended && self.links.contains(&(room, *person)) {
                return None;
            }
        }
        let today = day_of(hour);
        let mut best = None;
        for (place, (who, role, desk, from, to)) in self.postings.iter().enumerate() {
            if *who != staff || today < *from || to.is_some_and(|to| today > to) {
                continue;
            }
            // Reception staff see reception data; those without case work see nothing.
            let may = match role.as_code() {
                "coordinator" | "supervisor" | "worker" => true,
                "clerk" | "entry" => is_consultation(room),
                _ => false,
            };
            if !may {
                continue;
            }
            for (of, holder, key, taken) in &self.keys {
                let mine = match holder {
                    Holder::Posting(p) => *p == place,
                    // A lay helper sees only what was handed to them in person.
                    Holder::Desk(d) => role.as_code() != "entry" && *desk == Some(*d),
                };
                let runs = key.from <= hour && key.hours.is_none_or(|h| hour < key.from + h);
                let fits = !self.sealed.contains(&room) || key.opens_sealed;
                if *of == room && mine && runs && fits && !taken {
                    best = best.max(Some(if key.write { Level::Write } else { Level::Read }));
                }
            }
        }
        best
    }
}

fn is_consultation(room: usize) -> bool {
    room % 2 == 0
}

fn at(hour: i64) -> DateTime<Utc> {
    noon() + Duration::hours(hour)
}

/// Days from the clock's first day, as the wall in Japan shows them.
fn day_of(hour: i64) -> i64 {
    (clock::local(at(hour)).date() - clock::local(noon()).date()).num_days()
}

fn date(day: i64) -> NaiveDate {
    clock::local(noon()).date() + Duration::days(day)
}

/// The same history in the database.
struct World {
    staff: Vec<StaffId>,
    desks: Vec<DeskId>,
    rooms: Vec<RoomId>,
    people: Vec<PersonId>,
    postings: Vec<PostingId>,
}

async fn live(town: &Town, paper: &Paper) -> Result<World> {
    let world = World {
        staff: (0..STAFF).map(|_| StaffId::new()).collect(),
        desks: (0..DESKS).map(|_| DeskId::new()).collect(),
        rooms: (0..ROOMS).map(|_| RoomId::new()).collect(),
        people: (0..PEOPLE).map(|_| PersonId::new()).collect(),
        postings: paper.postings.iter().map(|_| PostingId::new()).collect(),
    };
    let mut tx = town.engine.db.write().await?;
    for staff in &world.staff {
        tx.exec(
            sql("insert into staff (id, municipality_id, name, kana, phone, email, calendar, version, created_at)
                 values (:id, :m, '見本', '', '', '', 'japanese', 1, :now)")
                .bind("id", *staff)
                .bind("m", town.municipality)
                .bind("now", noon()),
        )
        .await?;
    }
    for (n, (staff, role, desk, from, to)) in paper.postings.iter().enumerate() {
        tx.exec(
            sql("insert into posting (id, staff_id, body_id, desk_id, role, share, valid_from, valid_to, version)
                 values (:id, :staff, :body, :desk, :role, '', :from, :to, 1)")
                .bind("id", world.postings[n])
                .bind("staff", world.staff[*staff])
                .bind("body", BodyId::new())
                .bind("desk", desk.map(|d| world.desks[d]))
                .bind("role", *role)
                .bind("from", date(*from))
                .bind("to", to.map(date)),
        )
        .await?;
    }
    for (n, room) in world.rooms.iter().enumerate() {
        tx.exec(
            sql("insert into room (id, municipality_id, kind, number, sealed, owner_desk_id, opened_at)
                 values (:id, :m, :kind, :number, :sealed, :desk, :now)")
                .bind("id", *room)
                .bind("m", town.municipality)
                .bind("kind", if is_consultation(n) { RoomKind::Consultation } else { RoomKind::Case })
                .bind("number", room.to_string())
                .bind("sealed", paper.sealed.contains(&n).then_some("dv"))
                .bind("desk", world.desks[0])
                .bind("now", noon()),
        )
        .await?;
    }
    keys(&mut tx, paper, &world).await?;
    for (room, person) in &paper.links {
        tx.exec(
            sql("insert into room_person (room_id, person_id) values (:r, :p) on conflict (room_id, person_id) do nothing")
                .bind("r", world.rooms[*room])
                .bind("p", world.people[*person]),
        )
        .await?;
    }
    for (staff, person, ended) in &paper.conflicts {
        tx.exec(
            sql("insert into access_conflict (id, staff_id, person_id, relation, declared_by, declared_at, ended_at)
                 values (:id, :staff, :person, '', :staff, :now, :ended)")
                .bind("id", new_uuid())
                .bind("staff", world.staff[*staff])
                .bind("person", world.people[*person])
                .bind("now", noon())
                .bind("ended", ended.then(noon)),
        )
        .await?;
    }
    tx.commit_unaudited().await?;
    Ok(world)
}

async fn keys(tx: &mut Tx, paper: &Paper, world: &World) -> Result<()> {
    for (room, holder, key, taken) in &paper.keys {
        let (posting, desk) = match holder {
            Holder::Posting(p) => (Some(world.postings[*p]), None),
            Holder::Desk(d) => (None, Some(world.desks[*d])),
        };
        tx.exec(
            sql("insert into access_grant (id, room_id, posting_id, desk_id, level, opens_sealed, basis, reason, source, valid_from, valid_until, revoked_at)
                 values (:id, :room, :posting, :desk, :level, :sealed, :basis, '', :source, :from, :until, :revoked)")
                .bind("id", GrantId::new())
                .bind("room", world.rooms[*room])
                .bind("posting", posting)
                .bind("desk", desk)
                .bind("level", if key.write { Level::Write } else { Level::Read })
                .bind("sealed", key.opens_sealed)
                .bind("basis", Basis::Duty)
                .bind("source", Source::Team)
                .bind("from", at(key.from))
                .bind("until", key.hours.map(|h| at(key.from + h)))
                .bind("revoked", taken.then(noon)),
        )
        .await?;
    }
    Ok(())
}

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
