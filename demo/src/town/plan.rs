//! How the town grows with the number of its persons.

use chrono::{DateTime, Utc};
use engawa_kernel::{
    access::Role,
    id::{AreaId, BodyId, DeskId, PostingId, StaffId},
};

use super::{Body, Desk, District, LoginSeat, Member, Seat};
use crate::{
    names,
    rng::{Ids, Rng},
};

/// Districts with a centre of their own at most.
const MOST_DISTRICTS: u64 = 89;

/// What is being planned.
pub struct Plan {
    pub ids: Ids,
    rng: Rng,
    founded: DateTime<Utc>,
    workers: usize,
    pub bodies: Vec<Body>,
    pub desks: Vec<Desk>,
    pub members: Vec<Member>,
}

impl Plan {
    /// Nothing yet, for so many persons.
    pub fn new(people: u64, seed: u64, founded: DateTime<Utc>) -> Self {
        Self {
            ids: Ids::new(Rng::for_part(seed, "town", 0)),
            rng: Rng::for_part(seed, "staff", 0),
            founded,
            workers: usize::try_from(people / 1_500).unwrap_or(12).clamp(2, 12),
            bodies: Vec::new(),
            desks: Vec::new(),
            members: Vec::new(),
        }
    }

    pub(super) fn districts(&mut self, people: u64) -> Vec<District> {
        let count = people.div_ceil(10_000).clamp(1, MOST_DISTRICTS);
        let each = i64::try_from(people / count).unwrap_or(0);
        let sides = ["", "東", "西", "南", "北"];
        (0..usize::try_from(count).unwrap_or(1))
            .map(|n| District {
                id: AreaId(self.ids.at(self.founded)),
                name: format!(
                    "{}{}地区",
                    names::DISTRICTS[n % names::DISTRICTS.len()],
                    sides[(n / names::DISTRICTS.len()) % sides.len()]
                ),
                population: each,
            })
            .collect()
    }

    fn body(&mut self, name: &str, kana: &'static str, kind: &'static str) -> usize {
        let n = self.bodies.len();
        self.bodies.push(Body {
            id: BodyId(self.ids.at(self.founded)),
            name: name.to_owned(),
            kana,
            kind,
            phone: format!("00-0000-{:04}", n + 1),
        });
        n
    }

    fn desk(
        &mut self,
        body: usize,
        name: &str,
        function: &'static str,
        mode: &'static str,
        district: Option<usize>,
    ) -> usize {
        let n = self.desks.len();
        let seats = self.seats(body, n, function);
        self.desks.push(Desk {
            id: DeskId(self.ids.at(self.founded)),
            body,
            name: name.to_owned(),
            phone: format!("00-0001-{:04}", n + 1),
            function,
            mode,
            district,
            workers: seats[2..].to_vec(),
            supervisor: seats[0],
            clerk: seats[1],
        });
        n
    }

    /// The staff of a desk: its supervisor, its clerk, its workers.
    pub fn seats(&mut self, body: usize, desk: usize, function: &str) -> Vec<Seat> {
        (0..self.workers + 2)
            .map(|place| {
                let (role, code) = match place {
                    0 => (Role::Supervisor, "supervisor"),
                    1 => (Role::Clerk, "clerk"),
                    _ => (Role::Worker, worker_word(function)),
                };
                self.member(role, code, body, Some(desk))
            })
            .collect()
    }

    pub fn member(
        &mut self,
        role: Role,
        role_code: &'static str,
        body: usize,
        desk: Option<usize>,
    ) -> Seat {
        let seat = Seat {
            staff: StaffId(self.ids.at(self.founded)),
            posting: PostingId(self.ids.at(self.founded)),
        };
        // Staff are called after the house, so that nobody takes them for clients.
        let house = &names::FAMILIES[34..];
        let family = self.rng.pick(house);
        let given = if self.rng.chance(60) {
            self.rng.pick(names::WOMEN)
        } else {
            self.rng.pick(names::MEN)
        };
        self.members.push(Member {
            seat,
            name: format!("{} {}", family.0, given.0),
            kana: format!("{} {}", family.1, given.1),
            role,
            role_code,
            body,
            desk,
        });
        seat
    }

    /// What every town has; larger ones have more.
    pub(super) fn central(&mut self, people: u64) {
        let city = self.body("縁側市福祉総務課", "みどりしふくしそうむか", "municipal");
        let council = self.body(
            "縁側市社会福祉協議会",
            "みどりししゃかいふくしきょうぎかい",
            "social_welfare_council",
        );
        let first = self.body(
            "社会福祉法人えんがわ会",
            "しゃかいふくしほうじんえんがわかい",
            "welfare_corporation",
        );
        let d = Some(0);
        self.desk(city, "福祉総合相談窓口", "general_welfare", "direct", None);
        self.desk(
            council,
            "くらし相談窓口",
            "near_reception",
            "commissioned",
            None,
        );
        self.desk(
            first,
            "さくら地域包括支援センター",
            "elderly_centre",
            "commissioned",
            d,
        );
        if people >= 5_000 {
            let npo = self.body(
                "NPO法人ひなたぼっこ",
                "えぬぴーおーほうじんひなたぼっこ",
                "npo",
            );
            let hall = self.body("縁側市こども家庭課", "みどりしこどもかていか", "municipal");
            self.desk(
                npo,
                "基幹相談支援センター",
                "disability_core",
                "commissioned",
                None,
            );
            self.desk(city, "自立相談支援機関", "self_reliance", "direct", None);
            self.desk(
                hall,
                "こども家庭センター",
                "child_family_centre",
                "direct",
                None,
            );
        }
    }

    pub(super) fn district_centre(&mut self, n: usize, district: &str) {
        const RUNNERS: [(&str, &str, &str); 6] = [
            (
                "社会福祉法人かざぐるま",
                "しゃかいふくしほうじんかざぐるま",
                "welfare_corporation",
            ),
            (
                "医療法人むぎわら会",
                "いりょうほうじんむぎわらかい",
                "medical",
            ),
            (
                "社会福祉法人ひとやすみ",
                "しゃかいふくしほうじんひとやすみ",
                "welfare_corporation",
            ),
            (
                "一般社団法人こもれび",
                "いっぱんしゃだんほうじんこもれび",
                "foundation",
            ),
            (
                "医療法人うちみず会",
                "いりょうほうじんうちみずかい",
                "medical",
            ),
            (
                "社会福祉法人なごり雪",
                "しゃかいふくしほうじんなごりゆき",
                "welfare_corporation",
            ),
        ];
        let (name, kana, kind) = RUNNERS[n % RUNNERS.len()];
        let body = match self.bodies.iter().position(|b| b.name == name) {
            Some(body) => body,
            None => self.body(name, kana, kind),
        };
        let place = district.trim_end_matches("地区");
        let desk = format!("{place}地域包括支援センター");
        self.desk(body, &desk, "elderly_centre", "commissioned", Some(n));
    }

    /// One login of each kind.
    pub fn logins(&mut self, home: usize, outside: usize) -> Vec<LoginSeat> {
        let at_home = self.desks[home].body;
        let mut at = |role, code, body, desk| {
            self.member(role, code, body, desk);
            self.members.len() - 1
        };
        let admin = at(Role::Admin, "admin", 0, None);
        let coordinator = at(Role::Coordinator, "coordinator", 0, Some(0));
        let entry = at(Role::Entry, "commissioner", at_home, Some(home));
        let auditor = at(Role::Auditor, "auditor", 0, None);
        let no_case = at(Role::NoCase, "life_support_coordinator", at_home, None);
        let whose = |seat: Option<&Seat>| {
            self.members
                .iter()
                .position(|m| seat.is_some_and(|s| s.posting == m.seat.posting))
                .unwrap_or_default()
        };
        let home = &self.desks[home];
        let outside = &self.desks[outside];
        [
            ("admin", admin),
            ("coordinator", coordinator),
            ("supervisor", whose(Some(&home.supervisor))),
            ("worker", whose(home.workers.first())),
            ("outside", whose(outside.workers.first())),
            ("clerk", whose(Some(&home.clerk))),
            ("entry", entry),
            ("auditor", auditor),
            ("nocase", no_case),
        ]
        .into_iter()
        .map(|(kind, member)| LoginSeat { kind, member })
        .collect()
    }
}

fn worker_word(function: &str) -> &'static str {
    match function {
        "near_reception" => "csw",
        "child_family_centre" => "public_health_nurse",
        "self_reliance" => "job_supporter",
        _ => "worker",
    }
}
