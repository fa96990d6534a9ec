//! The invented municipality: bodies, desks, districts and staff that grow with the number of
//! persons. Pure: what is planned here is written by `bulk/organisations.rs`.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc, Weekday};
use engawa_kernel::{
    access::Role,
    clock,
    id::{AreaId, BodyId, DeskId, MunicipalityId, PostingId, StaffId},
};

use crate::{
    names,
    rng::{Ids, Rng},
};

/// What it is called.
pub const NAME: &str = "みどり市";
/// 全国地方公共団体コード with a right check digit; no municipality has 13999.
pub const CODE: &str = "139998";
/// Years of history.
pub const YEARS: i64 = 5;
/// Districts with a centre of their own at most.
const MOST_DISTRICTS: u64 = 89;
/// The desk at which `worker`, `supervisor`, `clerk` and `entry` sit.
pub const HOME_DESK: usize = 1;
/// The contracted desk at which `outside` sits.
pub const OUTSIDE_DESK: usize = 2;

/// Somebody in one posting.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// The person.
    pub staff: StaffId,
    /// The posting.
    pub posting: PostingId,
}

/// A body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its id.
    pub id: BodyId,
    /// 名称
    pub name: String,
    /// よみ
    pub kana: &'static str,
    /// Code of the list of body kinds.
    pub kind: &'static str,
    /// Telephone.
    pub phone: String,
}

/// A desk and who sits there.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Its id.
    pub id: DeskId,
    /// Whose.
    pub body: usize,
    /// 名称
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Code of the list of desk functions.
    pub function: &'static str,
    /// Code of the list of contract modes.
    pub mode: &'static str,
    /// The district that it looks after; none: the whole town.
    pub district: Option<usize>,
    /// 相談員
    pub workers: Vec<Seat>,
    /// 係長・センター長
    pub supervisor: Seat,
    /// 受付
    pub clerk: Seat,
}

/// A member of staff in a posting, to be written down.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who and where.
    pub seat: Seat,
    /// 氏名
    pub name: String,
    /// よみ
    pub kana: String,
    /// Canonical role.
    pub role: Role,
    /// Code of the local word.
    pub role_code: &'static str,
    /// Index of the body.
    pub body: usize,
    /// Index of the desk.
    pub desk: Option<usize>,
}

/// A district.
#[derive(Clone, Debug)]
pub struct District {
    /// Its id.
    pub id: AreaId,
    /// 名称
    pub name: String,
    /// Persons, about.
    pub population: i64,
}

/// A login to be made.
#[derive(Clone, Debug)]
pub struct LoginSeat {
    /// Stable name of the kind, also the user name.
    pub kind: &'static str,
    /// Index into [`Town::members`].
    pub member: usize,
}

/// The town.
#[derive(Clone, Debug)]
pub struct Town {
    /// Its id.
    pub municipality: MunicipalityId,
    /// The day on which the demo stands.
    pub today: NaiveDate,
    /// Everything that happened, happened before this moment.
    pub end: DateTime<Utc>,
    /// The whole town as an area.
    pub whole: AreaId,
    /// Districts.
    pub districts: Vec<District>,
    /// Bodies.
    pub bodies: Vec<Body>,
    /// Desks.
    pub desks: Vec<Desk>,
    /// Staff.
    pub members: Vec<Member>,
    /// Who can log in.
    pub logins: Vec<LoginSeat>,
    /// Persons in all.
    pub people: u64,
    /// What everything comes from.
    pub seed: u64,
}

impl Town {
    /// Plans a town for so many persons.
    #[must_use]
    pub fn plan(people: u64, seed: u64, today: NaiveDate) -> Self {
        let end = clock::start_of_day(today);
        let founded = end - Duration::days(YEARS * 365 + 90);
        let mut plan = Plan {
            ids: Ids::new(Rng::for_part(seed, "town", 0)),
            rng: Rng::for_part(seed, "staff", 0),
            founded,
            workers: usize::try_from(people / 1_500).unwrap_or(12).clamp(2, 12),
            bodies: Vec::new(),
            desks: Vec::new(),
            members: Vec::new(),
        };
        let municipality = MunicipalityId(plan.ids.at(founded));
        let whole = AreaId(plan.ids.at(founded));
        let districts = plan.districts(people);
        plan.central(people);
        for (n, district) in districts.iter().enumerate().skip(1) {
            plan.district_centre(n, &district.name);
        }
        let logins = plan.logins();
        Self {
            municipality,
            today,
            end,
            whole,
            districts,
            bodies: plan.bodies,
            desks: plan.desks,
            members: plan.members,
            logins,
            people,
            seed,
        }
    }

    /// The login of a kind.
    #[must_use]
    pub fn login(&self, kind: &str) -> Option<&Member> {
        self.logins
            .iter()
            .find(|l| l.kind == kind)
            .and_then(|l| self.members.get(l.member))
    }

    /// A moment in office hours on that day, or on the Monday after; always before [`Town::end`].
    #[must_use]
    pub fn office_hours(&self, day: NaiveDate, rng: &mut Rng) -> DateTime<Utc> {
        let day = match day.weekday() {
            Weekday::Sat => day + Duration::days(2),
            Weekday::Sun => day + Duration::days(1),
            _ => day,
        };
        let minutes = rng.between(8 * 60 + 30, 17 * 60 + 15);
        let at = clock::start_of_day(day) + Duration::minutes(minutes);
        if at < self.end {
            at
        } else {
            self.end - Duration::minutes(rng.between(7 * 60, 15 * 60))
        }
    }
}

/// What is being planned.
struct Plan {
    ids: Ids,
    rng: Rng,
    founded: DateTime<Utc>,
    workers: usize,
    bodies: Vec<Body>,
    desks: Vec<Desk>,
    members: Vec<Member>,
}

impl Plan {
    fn districts(&mut self, people: u64) -> Vec<District> {
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
        let seats: Vec<Seat> = (0..self.workers + 2)
            .map(|place| {
                let (role, code) = match place {
                    0 => (Role::Supervisor, "supervisor"),
                    1 => (Role::Clerk, "clerk"),
                    _ => (Role::Worker, worker_word(function)),
                };
                self.member(role, code, body, Some(n))
            })
            .collect();
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

    fn member(
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
    fn central(&mut self, people: u64) {
        let city = self.body("みどり市福祉総務課", "みどりしふくしそうむか", "municipal");
        let council = self.body(
            "みどり市社会福祉協議会",
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
            let hall = self.body(
                "みどり市こども家庭課",
                "みどりしこどもかていか",
                "municipal",
            );
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

    fn district_centre(&mut self, n: usize, district: &str) {
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
    fn logins(&mut self) -> Vec<LoginSeat> {
        let mut at = |role, code, body, desk| {
            self.member(role, code, body, desk);
            self.members.len() - 1
        };
        let admin = at(Role::Admin, "admin", 0, None);
        let coordinator = at(Role::Coordinator, "coordinator", 0, Some(0));
        let entry = at(Role::Entry, "commissioner", 1, Some(HOME_DESK));
        let auditor = at(Role::Auditor, "auditor", 0, None);
        let no_case = at(Role::NoCase, "life_support_coordinator", 1, None);
        let whose = |seat: Option<&Seat>| {
            self.members
                .iter()
                .position(|m| seat.is_some_and(|s| s.posting == m.seat.posting))
                .unwrap_or_default()
        };
        let home = &self.desks[HOME_DESK];
        let outside = &self.desks[OUTSIDE_DESK];
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

#[cfg(test)]
mod tests {
    use super::*;
    use engawa_kernel::text::municipality::MunicipalityCode;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
    }

    #[test]
    fn the_code_is_well_made_and_nobodys() {
        assert_eq!(MunicipalityCode::parse(CODE).unwrap().to_string(), CODE);
        assert_eq!(&CODE[2..5], "999");
    }

    #[test]
    fn a_village_is_small_and_a_city_large() {
        let village = Town::plan(300, 1, day());
        let city = Town::plan(1_000_000, 1, day());
        assert_eq!((village.desks.len(), village.districts.len()), (3, 1));
        assert_eq!(city.desks.len(), 6 + 88);
        assert!(village.members.len() < 20, "{}", village.members.len());
        assert!(city.members.len() > 1_000);
    }

    #[test]
    fn every_kind_can_log_in_and_outside_is_outside() {
        let town = Town::plan(300, 1, day());
        let role = |kind| town.login(kind).unwrap().role;
        assert_eq!(town.logins.len(), 9);
        assert_eq!(role("worker"), Role::Worker);
        assert_eq!(role("outside"), Role::Worker);
        assert_eq!(role("nocase"), Role::NoCase);
        let body = |kind| town.login(kind).unwrap().body;
        assert_ne!(body("worker"), body("outside"));
        assert_eq!(town.desks[OUTSIDE_DESK].mode, "commissioned");
    }

    #[test]
    fn everything_happened_before_today_on_working_days() {
        let town = Town::plan(300, 1, day());
        let mut rng = Rng::for_part(1, "hours", 0);
        for back in 0..40 {
            let at = town.office_hours(day() - Duration::days(back), &mut rng);
            assert!(at < town.end);
            if back > 3 {
                let weekday = clock::local(at).weekday();
                assert!(!matches!(weekday, Weekday::Sat | Weekday::Sun));
            }
        }
    }
}
