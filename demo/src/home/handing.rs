//! A つなぐシート of a household of the bulk: from which desk to which, what is asked, who did what
//! when. Drawn from a stream of its own, so that sheets change nothing else of a town.

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    clock,
    id::{PersonId, RoomId},
};
use engawa_referrals::model::{Act, Doing, Outcome, Urgency, WithdrawReason};

use super::{CaseLife, Home, Progress};
use crate::{
    rng::Rng,
    town::{Seat, Town},
    words::{self, Asked},
};

/// Of so many open cases one has a sheet; with the closed cases, about one for forty.
const ONE_OF: u64 = 18;
/// Open sheets of the login `worker`, sent and received in turn.
const OWN: u64 = 6;
/// Most of them were sent in these last days.
const RECENT: i64 = 90;
/// Within so many days a sheet may still lie where it stopped; older ones came to an end.
const STUCK: i64 = 40;

/// The way of a sheet.
pub struct Handing {
    /// The case that it comes from.
    pub case: RoomId,
    /// Whom it is about.
    pub people: Vec<PersonId>,
    /// Code of the worry.
    pub issue: &'static str,
    /// What is asked.
    pub asked: &'static Asked,
    /// How soon.
    pub urgency: Urgency,
    /// When those people agreed, and the sheet was begun.
    pub begun: DateTime<Utc>,
    /// By whom.
    pub from: Seat,
    /// The receiving desk.
    pub to: usize,
    /// Who answers there.
    pub receiver: Seat,
    /// What was done since, oldest first; empty: it is still a draft.
    pub steps: Vec<(DateTime<Utc>, Doing)>,
}

impl Handing {
    /// A sheet of this household, for few of them.
    pub(super) fn draw(
        town: &Town,
        home: &Home,
        case: &CaseLife,
        so_far: Progress,
    ) -> Option<Self> {
        let mut rng = Rng::for_part(town.seed, "handing", so_far.homes);
        let by_chance = rng.below(ONE_OF) == 0;
        if case.closed.is_some() || town.desks.len() < 2 || so_far.homes == 0 {
            return None;
        }
        // The worker sends one and gets the next, so that both lists show something.
        let own = so_far.own_handings < OWN
            && match so_far.own_handings % 2 {
                0 => home.workers_own,
                _ => home.desk != town.home_desk,
            };
        if !own && !by_chance {
            return None;
        }
        let to = if own && home.desk != town.home_desk {
            town.home_desk
        } else {
            (home.desk + 1 + rng.index(town.desks.len() - 1)) % town.desks.len()
        };
        let seats = &town.desks[to].workers;
        let receiver = seats[if own { 0 } else { rng.index(seats.len()) }];
        let first = clock::local(case.opened).date();
        let since = (town.today - first).num_days();
        let ago = if own {
            rng.between(2, 12)
        } else if rng.chance(80) {
            rng.between(1, RECENT)
        } else {
            rng.between(1, since.max(1))
        };
        let begun = town.office_hours(town.today - Duration::days(ago), &mut rng);
        if begun <= case.opened + Duration::hours(1) {
            return None;
        }
        let everybody = rng.chance(60);
        let people = home.members.iter().map(|m| m.id);
        let mut handing = Self {
            case: case.room,
            people: people
                .take(if everybody { usize::MAX } else { 1 })
                .collect(),
            issue: home.reception.matter.issues.first().copied()?,
            asked: rng.pick(words::HANDINGS),
            urgency: rng.weighted(&[
                (75, Urgency::Normal),
                (20, Urgency::Soon),
                (5, Urgency::Emergency),
            ]),
            begun,
            from: home.seat,
            to,
            receiver,
            steps: Vec::new(),
        };
        let way = way(ago, own, so_far, &mut rng);
        handing.steps = steps(town, begun, way, &mut rng);
        Some(handing)
    }

    /// Whether it is one of the login `worker`'s, and still going on.
    pub(super) fn is_workers_own(&self, town: &Town) -> bool {
        let worker = town.desks[town.home_desk].workers.first();
        [self.from, self.receiver]
            .iter()
            .any(|s| worker.is_some_and(|w| w.posting == s.posting))
    }
}

const WHOLE: &[Act] = &[
    Act::Send,
    Act::Receive,
    Act::Accept,
    Act::Start,
    Act::Report,
    Act::Close,
];
const WAITED: &[Act] = &[
    Act::Send,
    Act::Receive,
    Act::Accept,
    Act::Hold,
    Act::Resume,
    Act::Report,
    Act::Close,
];
const AT_ONCE: &[Act] = &[Act::Send, Act::Accept, Act::Report, Act::Close];
const ADVISED: &[Act] = &[Act::Send, Act::Receive, Act::AdviseOnly, Act::Close];
const RETURNED: &[Act] = &[Act::Send, Act::Receive, Act::Return, Act::Close];
const WITHDRAWN: &[Act] = &[Act::Send, Act::Receive, Act::Withdraw];

/// Ways, with the number of acts after which a sheet lies: every state that goes on, in turn, so that
/// a small town has many of them and a large one has all.
const STANDING: [(&[Act], usize); 9] = [
    (WHOLE, 2),
    (RETURNED, 3),
    (WHOLE, 4),
    (WHOLE, 5),
    (WHOLE, 1),
    (ADVISED, 3),
    (WHOLE, 3),
    (WAITED, 4),
    (WHOLE, 0),
];

/// Which way, and after how many acts it stops.
fn way(ago: i64, own: bool, so_far: Progress, rng: &mut Rng) -> (&'static [Act], usize) {
    if own {
        return (WHOLE, 1 + rng.index(WHOLE.len() - 1));
    }
    let place = usize::try_from(so_far.handings).unwrap_or(0);
    if ago <= STUCK && place.is_multiple_of(2) {
        return STANDING[place / 2 % STANDING.len()];
    }
    let path = rng.weighted(&[
        (44, WHOLE),
        (12, WAITED),
        (10, AT_ONCE),
        (12, ADVISED),
        (16, RETURNED),
        (6, WITHDRAWN),
    ]);
    (path, path.len())
}

/// Acts in the order of their way, each some days after the one before, until today.
fn steps(
    town: &Town,
    begun: DateTime<Utc>,
    (path, stops): (&'static [Act], usize),
    rng: &mut Rng,
) -> Vec<(DateTime<Utc>, Doing)> {
    let slow = if rng.chance(12) { 3 } else { 1 };
    let mut at = begun;
    let mut before = None;
    let mut steps = Vec::new();
    for act in path.iter().take(stops) {
        let day = clock::local(at).date() + Duration::days(wait(*act, rng) * slow);
        if before.is_some() {
            if day >= town.today {
                break;
            }
            at = town
                .office_hours(day, rng)
                .max(at + Duration::minutes(rng.between(15, 50)));
        }
        steps.push((at, doing(*act, at, before, rng)));
        before = Some(*act);
    }
    steps
}

/// Days since the step before.
fn wait(act: Act, rng: &mut Rng) -> i64 {
    match act {
        Act::Send => 0,
        Act::Receive => rng.between(0, 3),
        Act::Accept | Act::Start | Act::Withdraw => rng.between(0, 4),
        Act::Return | Act::AdviseOnly | Act::Hold => rng.between(1, 5),
        Act::Resume => rng.between(7, 20),
        Act::Report => rng.between(5, 30),
        Act::Close | Act::AskAgain | Act::RaiseAgain => rng.between(1, 4),
    }
}

/// What is filled in.
fn doing(act: Act, at: DateTime<Utc>, before: Option<Act>, rng: &mut Rng) -> Doing {
    let doing = Doing::new(act);
    match act {
        Act::Return => {
            let (reason, note, proposal) = *rng.pick(words::RETURNS);
            Doing {
                return_reason: Some(reason),
                proposal: proposal.into(),
                ..doing.note(note)
            }
        }
        Act::AdviseOnly => doing.note(*rng.pick(words::ADVICE)),
        Act::Hold => Doing {
            resume_on: Some(clock::local(at).date() + Duration::days(14)),
            ..doing
        },
        Act::Report => {
            let (outcome, note) = *rng.pick(words::REPORTS);
            Doing {
                outcome: Some(outcome),
                linked: outcome != Outcome::Failed,
                ..doing.note(note)
            }
        }
        Act::Close if before == Some(Act::Return) => {
            doing.note("提案された窓口に、こちらから改めて相談する。")
        }
        Act::Withdraw => Doing {
            withdraw_reason: Some(*rng.pick(&[
                WithdrawReason::Solved,
                WithdrawReason::OtherWay,
                WithdrawReason::SentByMistake,
            ])),
            ..doing
        },
        _ => doing,
    }
}
