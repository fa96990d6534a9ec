//! One household of the bulk: who lives there, what they came with, what was done. Pure and drawn
//! from the seed and the household's place alone, so that households can be made in any number
//! without remembering those before. What is drawn here is written by `bulk/`.

mod family;
mod handing;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use engawa_kernel::{
    clock,
    id::{HouseholdId, PersonId, RoomId},
    text::birth::BirthDate,
};
pub use handing::Handing;
use uuid::Uuid;

use crate::{
    rng::{Ids, Rng},
    town::{Seat, Town, YEARS},
    words::{self, Matter},
};

/// Entries of the one long timeline.
pub const LONG_TIMELINE: usize = 200;
/// Contacts per person, over all years.
pub const CONTACTS_PER_PERSON: u64 = 5;
/// Open tasks that the bulk leaves to the login `worker`: a caseload of about 200 rooms, in a town and
/// in a city alike. The stories add what is missing to a full day.
const OWN_TASKS: u64 = 70;
/// Of a hundred arrivals in these last days, this many still wait for a decision.
const TRIAGE_DAYS: i64 = 20;

/// Somebody in a household.
pub struct Someone {
    /// Their id.
    pub id: PersonId,
    /// As written.
    pub name: String,
    /// The sound.
    pub kana: String,
    /// Stored code.
    pub sex: &'static str,
    /// As much as is known.
    pub birth: BirthDate,
    /// As typed; none for most.
    pub phone: Option<String>,
    /// Code of kinship to the first person.
    pub relation: &'static str,
}

/// What became of a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Waits for a decision.
    Waiting,
    /// 回答して終了
    Answered,
    /// 受理してケースへ
    BecameCase,
}

/// The reception.
pub struct Reception {
    /// Its room.
    pub room: RoomId,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// How.
    pub channel: &'static str,
    /// By whom.
    pub route: &'static str,
    /// How urgent.
    pub urgency: &'static str,
    /// About what.
    pub matter: &'static Matter,
    /// How many of the members were named; they are the first ones.
    pub subjects: usize,
    /// What became of it.
    pub outcome: Outcome,
    /// When that was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// The answer, when that was all.
    pub answer: &'static str,
}

/// One 支援経過.
pub struct Contact {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Code of its kind.
    pub kind: &'static str,
    /// How long.
    pub minutes: i64,
    /// As written.
    pub body: String,
    /// With which member.
    pub subject: usize,
    /// 次回予定; an open task on the last contact of an open case.
    pub next_on: Option<NaiveDate>,
}

/// The case.
pub struct CaseLife {
    /// Its room.
    pub room: RoomId,
    /// The household.
    pub household: HouseholdId,
    /// 支援開始
    pub opened: DateTime<Utc>,
    /// 終結
    pub closed: Option<DateTime<Utc>>,
    /// Code of its stage.
    pub stage: &'static str,
    /// Oldest first.
    pub contacts: Vec<Contact>,
    /// Tasks that the owner noted: title, due, done.
    pub tasks: Vec<(&'static str, NaiveDate, Option<DateTime<Utc>>)>,
}

/// A household of the bulk.
pub struct Home {
    /// Index of the desk.
    pub desk: usize,
    /// Who receives and works it.
    pub seat: Seat,
    /// Whether that is the login `worker`.
    pub workers_own: bool,
    /// Address, as typed.
    pub address: String,
    /// Family name, as lists call the case.
    pub family: &'static str,
    /// Who lives there.
    pub members: Vec<Someone>,
    /// The consultation.
    pub reception: Reception,
    /// The case, if it became one.
    pub case: Option<CaseLife>,
    /// A つなぐシート out of that case.
    pub handing: Option<Handing>,
    /// Ids of what the writers add (names, keys, log entries), in time order.
    pub ids: Ids,
}

/// How far the bulk has come; steers sizes so that the totals come out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Households made.
    pub homes: u64,
    /// Persons made.
    pub people: u64,
    /// Contacts made.
    pub contacts: u64,
    /// Open tasks of the login `worker`.
    pub own_tasks: u64,
    /// つなぐシート of all.
    pub handings: u64,
    /// Those that the login `worker` sent or got.
    pub own_handings: u64,
}

impl Progress {
    /// With one household more.
    #[must_use]
    pub fn and(self, home: &Home, town: &Town) -> Self {
        let own = |n: u64, is: bool| if is { n } else { 0 };
        let handed = home
            .handing
            .as_ref()
            .is_some_and(|h| h.is_workers_own(town));
        Self {
            homes: self.homes + 1,
            people: self.people + home.members.len() as u64,
            contacts: self.contacts + home.contact_count(),
            own_tasks: self.own_tasks + own(home.open_tasks(), home.workers_own),
            handings: self.handings + u64::from(home.handing.is_some()),
            own_handings: self.own_handings + own(1, handed),
        }
    }
}

impl Home {
    /// The next household. `bulk` is how many persons there will be in all.
    #[must_use]
    pub fn draw(town: &Town, so_far: Progress, bulk: u64) -> Self {
        let mut rng = Rng::for_part(town.seed, "home", so_far.homes);
        let mut ids = Ids::new(Rng::for_part(town.seed, "home ids", so_far.homes));
        // The long case exists once in every town that has room for it.
        let long = so_far.homes == 0;
        let arrived = arrival(town, so_far.people, bulk, &mut rng);
        let (desk, seat_at) = if long {
            (town.home_desk, 0)
        } else {
            let desk = rng.index(town.desks.len());
            (desk, rng.index(town.desks[desk].workers.len()))
        };
        let workers = &town.desks[desk].workers;
        let full = desk == town.home_desk && seat_at == 0 && so_far.own_tasks > OWN_TASKS;
        let seat_at = if full { 1 % workers.len() } else { seat_at };
        let left = bulk.saturating_sub(so_far.people);
        let size = u64::from(rng.weighted(&[(38, 1_u8), (28, 2), (17, 3), (12, 4), (5, 5)]));
        let (family, members) = family::members(
            town,
            arrived,
            size.clamp(1, left.max(1)),
            long,
            &mut rng,
            &mut ids,
        );
        let mut home = Self {
            desk,
            seat: workers[seat_at],
            workers_own: desk == town.home_desk && seat_at == 0,
            address: family::address(town, desk, &mut rng),
            family,
            members,
            reception: reception(arrived, &mut rng, &mut ids),
            case: None,
            handing: None,
            ids,
        };
        home.decide(town, so_far, long, &mut rng);
        home.handing = home
            .case
            .as_ref()
            .and_then(|case| Handing::draw(town, &home, case, so_far));
        home
    }

    fn decide(&mut self, town: &Town, so_far: Progress, long: bool, rng: &mut Rng) {
        let at = self.reception.at;
        let day = clock::local(at).date();
        let recent = (town.today - day).num_days() <= TRIAGE_DAYS;
        let decided = town.office_hours(day + Duration::days(rng.between(1, 9)), rng);
        let waits =
            !long && (decided >= town.end - Duration::days(1) || (recent && rng.chance(60)));
        if waits || decided <= at {
            self.reception.subjects = self.members.len();
            return;
        }
        self.reception.decided_at = Some(decided);
        if !long && rng.chance(20) {
            self.reception.outcome = Outcome::Answered;
            self.reception.subjects = self.members.len();
            return;
        }
        self.reception.outcome = Outcome::BecameCase;
        self.reception.subjects = 1 + usize::from(self.members.len() > 1 && rng.chance(30));
        self.case = Some(self.case_life(town, so_far, decided, long, rng));
    }

    fn case_life(
        &mut self,
        town: &Town,
        so_far: Progress,
        opened: DateTime<Utc>,
        long: bool,
        rng: &mut Rng,
    ) -> CaseLife {
        let opened_on = clock::local(opened).date();
        let age = (town.today - opened_on).num_days().max(1);
        // The longer ago, the likelier it is closed; about 35 of 100 households have an open case.
        let open = 80 - (75 * age / (YEARS * 365)).clamp(0, 75);
        let closed = (!long && age > 60 && !rng.chance(open.unsigned_abs())).then(|| {
            let day = opened_on + Duration::days(rng.between(45, age.min(900) - 1));
            town.office_hours(day, rng).max(opened)
        });
        let until = closed.unwrap_or(town.end - Duration::hours(15));
        let people = so_far.people + self.members.len() as u64;
        let owed = (CONTACTS_PER_PERSON * people).saturating_sub(so_far.contacts);
        let most = usize::try_from(owed.clamp(1, 60)).unwrap_or(1);
        let count = if long {
            LONG_TIMELINE
        } else {
            1 + rng.index(2 * most)
        };
        let contacts = self.contacts(town, (opened, until), count, closed.is_none(), rng);
        let tasks = tasks(town, opened_on, closed, rng);
        CaseLife {
            room: RoomId(self.ids.at(opened)),
            household: HouseholdId(self.ids.at(opened)),
            opened,
            closed,
            stage: if closed.is_some() {
                "closed"
            } else {
                rng.weighted(&[
                    (10, "accepted"),
                    (20, "assessment"),
                    (40, "support"),
                    (15, "alongside"),
                    (15, "watch"),
                ])
            },
            contacts,
            tasks,
        }
    }

    fn contacts(
        &mut self,
        town: &Town,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        count: usize,
        open: bool,
        rng: &mut Rng,
    ) -> Vec<Contact> {
        let first = clock::local(from).date();
        let days = (clock::local(until).date() - first).num_days().max(0);
        let mut times: Vec<DateTime<Utc>> = (0..count)
            .map(|_| {
                let at = town.office_hours(first + Duration::days(rng.between(0, days)), rng);
                at.clamp(from, until.max(from))
            })
            .collect();
        times.sort_unstable();
        let last = times.len().saturating_sub(1);
        times
            .into_iter()
            .enumerate()
            .map(|(n, at)| Contact {
                id: self.ids.at(at),
                at,
                kind: rng.weighted(words::CONTACT_KINDS),
                minutes: rng.between(1, 9) * 10,
                body: words::contact(rng),
                subject: rng.index(self.members.len()),
                next_on: (open && n == last)
                    .then(|| town.today + Duration::days(rng.between(-6, 24))),
            })
            .collect()
    }

    /// Contacts of this household.
    #[must_use]
    pub fn contact_count(&self) -> u64 {
        self.case.as_ref().map_or(0, |c| c.contacts.len() as u64)
    }

    /// Open tasks of this household.
    #[must_use]
    pub fn open_tasks(&self) -> u64 {
        self.case.as_ref().map_or(0, |c| {
            let planned = c.contacts.iter().filter(|k| k.next_on.is_some()).count();
            let noted = c.tasks.iter().filter(|t| t.2.is_none()).count();
            (planned + noted) as u64
        })
    }
}

/// Households come one after the other over the years, so that numbers and ids grow with time.
fn arrival(town: &Town, done: u64, bulk: u64, rng: &mut Rng) -> DateTime<Utc> {
    let days = u64::try_from(YEARS * 365).unwrap_or(0);
    let day = done * days / bulk.max(1);
    let start = town.today - Duration::days(YEARS * 365);
    town.office_hours(start + Duration::days(i64::try_from(day).unwrap_or(0)), rng)
}

fn reception(at: DateTime<Utc>, rng: &mut Rng, ids: &mut Ids) -> Reception {
    Reception {
        room: RoomId(ids.at(at)),
        at,
        channel: rng.weighted(words::CHANNELS),
        route: rng.weighted(words::ROUTES),
        urgency: rng.weighted(&[
            (70, "normal"),
            (18, "soon"),
            (9, "unknown"),
            (3, "emergency"),
        ]),
        matter: rng.pick(words::MATTERS),
        subjects: 1,
        outcome: Outcome::Waiting,
        decided_at: None,
        answer: rng.pick::<&str>(words::ANSWERS),
    }
}

fn tasks(
    town: &Town,
    opened_on: NaiveDate,
    closed: Option<DateTime<Utc>>,
    rng: &mut Rng,
) -> Vec<(&'static str, NaiveDate, Option<DateTime<Utc>>)> {
    let first_due = opened_on + Duration::days(rng.between(3, 30));
    let done = town.office_hours(first_due.min(town.today), rng);
    let mut tasks = vec![(*rng.pick(words::TASKS), first_due, Some(done))];
    if closed.is_none() && rng.chance(60) {
        let due = town.today + Duration::days(rng.between(-9, 30));
        tasks.push((*rng.pick(words::TASKS), due, None));
    }
    tasks
}
