//! The invented municipality: bodies, desks, districts and staff that grow with the number of
//! persons. Pure: what is planned here is written by `bulk/organisations.rs`.

pub mod by_sheet;
mod plan;

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc, Weekday};
use engawa_kernel::{
    access::Role,
    clock,
    id::{AreaId, BodyId, DeskId, MunicipalityId, PostingId, StaffId},
};

use crate::rng::Rng;
pub use plan::Plan;

/// What it is called.
pub const NAME: &str = "縁側市";
/// 全国地方公共団体コード with a right check digit; no municipality has 13999.
pub const CODE: &str = "139998";
/// Years of history.
pub const YEARS: i64 = 5;
/// In the invented town: the desk at which `worker`, `supervisor`, `clerk` and `entry` sit.
const HOME_DESK: usize = 1;
/// In the invented town: the contracted desk at which `outside` sits.
const OUTSIDE_DESK: usize = 2;

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
    /// What it is called.
    pub name: String,
    /// The desk at which `worker`, `supervisor`, `clerk` and `entry` sit.
    pub home_desk: usize,
    /// The desk of another body at which `outside` sits.
    pub outside_desk: usize,
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
        let mut plan = Plan::new(people, seed, founded);
        let municipality = MunicipalityId(plan.ids.at(founded));
        let whole = AreaId(plan.ids.at(founded));
        let districts = plan.districts(people);
        plan.central(people);
        for (n, district) in districts.iter().enumerate().skip(1) {
            plan.district_centre(n, &district.name);
        }
        let logins = plan.logins(HOME_DESK, OUTSIDE_DESK);
        Self {
            municipality,
            name: NAME.into(),
            home_desk: HOME_DESK,
            outside_desk: OUTSIDE_DESK,
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
        assert_eq!(town.desks[town.outside_desk].mode, "commissioned");
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
