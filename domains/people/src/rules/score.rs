//! How likely a stored person is the one being typed in.

use engawa_kernel::text::{
    birth::BirthDate,
    name::{Reason, match_reason, search_key},
};

use crate::model::Probe;

/// From this score on somebody is shown as a candidate.
pub const SHOW: u32 = 40;
/// From this score on "someone is already supporting" may be said.
pub const STRONG: u32 = 70;

/// What of a stored person is compared.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// All names and sounds, former ones too.
    pub names: Vec<String>,
    /// As much as is known.
    pub birth: BirthDate,
    /// Digits; empty for a protected person, whose numbers answer nothing.
    pub phones: Vec<String>,
}

/// Points out of 100 and the reasons in words.
#[must_use]
pub fn score(probe: &Probe, probe_phones: &[String], known: &Known) -> (u32, Vec<String>) {
    let (mut points, mut reasons) = (0_i32, Vec::new());
    let best = [&probe.name, &probe.kana]
        .into_iter()
        .filter(|t| !search_key(t).is_empty())
        .filter_map(|typed| match_reason(typed, &known.names))
        .map(|found| match found.reason {
            Reason::Exact => (50, "氏名が同じ".to_owned()),
            Reason::Variant(_) => (46, format!("氏名が{}", found.reason)),
            Reason::Kana => (42, "読みが同じ".to_owned()),
            Reason::Part => (20, "氏名の一部が同じ".to_owned()),
        })
        .max_by_key(|(points, _)| *points);
    if let Some((add, why)) = best {
        points += add;
        reasons.push(why);
    }
    match (probe.birth, known.birth) {
        (BirthDate::Exact(a), BirthDate::Exact(b)) if a == b => {
            points += 35;
            reasons.push("生年月日が同じ".into());
        }
        (a, b) => match (a.span(), b.span()) {
            (Some((a1, a2)), Some((b1, b2))) if a1 <= b2 && b1 <= a2 => {
                points += 8;
                reasons.push("年齢が近い".into());
            }
            (Some(_), Some(_)) => points -= 25,
            _ => {}
        },
    }
    if probe_phones
        .iter()
        .any(|d| !d.is_empty() && known.phones.contains(d))
    {
        points += 40;
        reasons.push("電話番号が同じ".into());
    }
    (u32::try_from(points.clamp(0, 100)).unwrap_or(0), reasons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn probe(name: &str, kana: &str) -> Probe {
        Probe {
            name: name.into(),
            kana: kana.into(),
            ..Probe::default()
        }
    }

    fn known(names: &[&str]) -> Known {
        Known {
            names: names.iter().map(|n| (*n).to_owned()).collect(),
            ..Known::default()
        }
    }

    #[test]
    fn variants_and_half_width_kana_are_the_same_person() {
        let stored = known(&["髙橋 花子", "タカハシ ハナコ"]);
        assert!(score(&probe("高橋花子", ""), &[], &stored).0 >= SHOW);
        assert!(score(&probe("", "ﾀｶﾊｼ ﾊﾅｺ"), &[], &stored).0 >= SHOW);
        assert!(score(&probe("高橋", ""), &[], &stored).0 < SHOW);
    }

    #[test]
    fn another_birth_speaks_against_it() {
        let day = |y| BirthDate::Exact(NaiveDate::from_ymd_opt(y, 3, 4).unwrap());
        let mut stored = known(&["見本 太郎"]);
        stored.birth = day(1950);
        let mut typed = probe("見本太郎", "");
        typed.birth = day(1950);
        assert!(score(&typed, &[], &stored).0 >= STRONG);
        typed.birth = day(1980);
        assert!(score(&typed, &[], &stored).0 < SHOW);
    }
}
