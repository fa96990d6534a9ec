use engawa_referrals::model::State;

use super::*;
use crate::names;

fn town() -> Town {
    Town::plan(3_000, 5, NaiveDate::from_ymd_opt(2026, 11, 21).unwrap())
}

fn all(town: &Town) -> Vec<Home> {
    let mut so_far = Progress::default();
    let mut homes = Vec::new();
    while so_far.people < town.people {
        let home = Home::draw(town, so_far, town.people);
        so_far = so_far.and(&home, town);
        homes.push(home);
    }
    assert_eq!(so_far.people, town.people);
    homes
}

#[test]
fn the_totals_come_out() {
    let town = town();
    let homes = all(&town);
    let contacts: u64 = homes.iter().map(Home::contact_count).sum();
    assert!((14_000..16_000).contains(&contacts), "{contacts}");
    let open = homes
        .iter()
        .filter(|h| h.case.as_ref().is_some_and(|c| c.closed.is_none()))
        .count();
    let percent = open * 100 / homes.len();
    assert!((30..=42).contains(&percent), "{percent}");
    let waiting = homes
        .iter()
        .filter(|h| h.reception.outcome == Outcome::Waiting)
        .count();
    assert!((3..80).contains(&waiting), "{waiting}");
}

#[test]
fn nothing_happens_after_today_or_before_it_began() {
    let town = town();
    for home in all(&town) {
        let r = &home.reception;
        assert!(r.at < town.end);
        let Some(case) = &home.case else { continue };
        assert!(case.opened > r.at && case.opened < town.end);
        assert!(case.closed.is_none_or(|c| c >= case.opened && c < town.end));
        assert!(case.contacts.is_sorted_by_key(|c| c.at));
        for c in &case.contacts {
            assert!(c.at >= case.opened && c.at < town.end);
        }
    }
}

#[test]
fn the_long_case_is_the_first_and_the_workers() {
    let town = town();
    let home = Home::draw(&town, Progress::default(), town.people);
    assert!(home.workers_own);
    assert_eq!(home.family, names::LONG_CASE_FAMILY.0);
    assert_eq!(home.contact_count(), LONG_TIMELINE as u64);
}

/// Where a sheet stands after its steps; none: the graph does not allow them.
fn standing(handing: &Handing) -> Option<State> {
    let kind = handing.asked.kind;
    handing
        .steps
        .iter()
        .try_fold(State::Draft, |state, (_, doing)| {
            engawa_referrals::rules::next(state, doing.act, kind).ok()
        })
}

#[test]
fn sheets_go_every_way_through_the_graph_and_none_through_a_wall() {
    let town = Town::plan(60_000, 5, NaiveDate::from_ymd_opt(2026, 11, 21).unwrap());
    let homes = all(&town);
    let cases = homes.iter().filter(|h| h.case.is_some()).count();
    let sheets: Vec<&Handing> = homes.iter().filter_map(|h| h.handing.as_ref()).collect();
    let one_of = cases / sheets.len();
    assert!((30..55).contains(&one_of), "one for {one_of} cases");
    for state in State::ALL {
        let n = sheets.iter().filter(|h| standing(h) == Some(state)).count();
        assert!(n > 0, "none is {state:?}");
    }
    for h in &sheets {
        assert!(standing(h).is_some(), "{:?}", h.steps);
        let times: Vec<_> = h.steps.iter().map(|s| s.0).collect();
        assert!(times.is_sorted() && times.iter().all(|t| *t >= h.begun && *t < town.end));
    }
    let own = sheets.iter().filter(|h| h.is_workers_own(&town)).count();
    assert!((4..40).contains(&own), "{own}");
}
