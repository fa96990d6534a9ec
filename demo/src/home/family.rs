//! Who lives in a household of the bulk, and where.

use chrono::{DateTime, Datelike as _, Duration, Utc};
use engawa_kernel::{id::PersonId, text::birth::BirthDate};

use super::Someone;
use crate::{
    names,
    rng::{Ids, Rng},
    town::Town,
};

pub(super) fn address(town: &Town, desk: usize, rng: &mut Rng) -> String {
    let district = town.desks[desk]
        .district
        .unwrap_or_else(|| rng.index(town.districts.len()));
    let place = town.districts[district].name.trim_end_matches("地区");
    format!(
        "縁側市{place}町{}丁目{}-{}(架空)",
        rng.between(1, 5),
        rng.between(1, 40),
        rng.between(1, 30)
    )
}

pub(super) fn members(
    town: &Town,
    arrived: DateTime<Utc>,
    size: u64,
    long: bool,
    rng: &mut Rng,
    ids: &mut Ids,
) -> (&'static str, Vec<Someone>) {
    let family = if long {
        &names::LONG_CASE_FAMILY
    } else if rng.chance(12) {
        rng.pick(names::VARIANT_FAMILIES)
    } else {
        rng.pick(&names::FAMILIES[10..])
    };
    let elsewhere = !long && rng.chance(2);
    let first_age = rng.between(24, 88);
    let members: Vec<Someone> = (0..size)
        .map(|n| {
            let (relation, sex, age) = place_in_family(n, first_age, rng);
            let given = rng.pick(if sex == "female" {
                names::WOMEN
            } else {
                names::MEN
            });
            let (name, kana) = if elsewhere {
                let other = rng.pick(names::FROM_ELSEWHERE);
                (other.0.to_owned(), other.1.to_owned())
            } else {
                (
                    format!("{} {}", family.0, given.0),
                    format!("{} {}", family.1, given.1),
                )
            };
            Someone {
                id: PersonId(ids.at(arrived)),
                name,
                kana,
                sex,
                birth: birth(town, age, rng),
                phone: (n == 0 || rng.chance(20)).then(|| phone(rng)),
                relation,
            }
        })
        .collect();
    (family.0, members)
}

fn place_in_family(n: u64, first_age: i64, rng: &mut Rng) -> (&'static str, &'static str, i64) {
    let woman = rng.chance(52);
    let sex = if woman { "female" } else { "male" };
    match n {
        0 => ("self", sex, first_age),
        1 if rng.chance(60) => ("spouse", sex, (first_age + rng.between(-6, 6)).max(20)),
        1 if first_age < 60 => (
            if woman { "mother" } else { "father" },
            sex,
            first_age + rng.between(22, 34),
        ),
        _ => {
            let age = (first_age - rng.between(20, 34)).max(0);
            (if woman { "daughter" } else { "son" }, sex, age)
        }
    }
}

/// Mostly exact; now and then only the year, an age heard, or nothing.
fn birth(town: &Town, age: i64, rng: &mut Rng) -> BirthDate {
    let age = age.clamp(0, 104);
    let born = town.today - Duration::days(age * 365 + rng.between(1, 364));
    match rng.below(100) {
        0..=84 => BirthDate::Exact(born),
        85..=89 => BirthDate::Year(born.year()),
        90..=95 => BirthDate::AboutAge {
            age: u8::try_from(age).unwrap_or(0),
            as_of: town.today,
        },
        _ => BirthDate::Unknown,
    }
}

/// Area code 00 is nobody's.
fn phone(rng: &mut Rng) -> String {
    format!("00-{:04}-{:04}", rng.below(10_000), rng.below(10_000))
}
