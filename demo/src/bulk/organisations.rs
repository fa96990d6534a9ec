//! The town's bodies, desks, districts, staff and postings, as the screens of `organisations` would
//! leave them. See `bulk/mod.rs` for why this may write tables of others.

use chrono::{Duration, NaiveDate};
use engawa_kernel::{db::Tx, error::Result, settings::Settings, text::fiscal::FiscalYear};

use super::rows::{Rows, row};
use crate::town::{CODE, Member, Town, YEARS};

/// The municipality itself. 研修用: every page says so.
///
/// # Errors
/// The database refuses, or there is such a municipality already.
pub async fn municipality(tx: &mut Tx, town: &Town) -> Result<()> {
    let settings = Settings {
        // Demo logins have no second factor, the outside one included.
        outside_needs_totp: false,
        ..Settings::default()
    };
    let mut rows = Rows::new(
        "insert into municipality (id, name, code, training, settings, created_at) values",
    );
    rows.push(row![
        town.municipality,
        town.name.as_str(),
        CODE,
        true,
        serde_json::to_string(&settings)?,
        town.end - Duration::days(YEARS * 365 + 90),
    ]);
    rows.flush(tx).await
}

/// Everybody and everything that the town's life needs.
///
/// # Errors
/// The database refuses.
pub async fn town(tx: &mut Tx, town: &Town) -> Result<()> {
    let since = first_day(town);
    areas(tx, town, since).await?;
    bodies(tx, town, since).await?;
    desks(tx, town, since).await?;
    staff(tx, town, 0).await
}

/// 1 April of the fiscal year in which the history begins.
fn first_day(town: &Town) -> NaiveDate {
    FiscalYear::of(town.today - Duration::days(YEARS * 365 + 60)).first_day()
}

async fn areas(tx: &mut Tx, town: &Town, since: NaiveDate) -> Result<()> {
    let mut areas = Rows::new(
        "insert into organisations_area (id, municipality_id, code, name, tier, marks, population_kind, population_low, population_on, valid_from, note, version) values",
    );
    let mut kinds = Rows::new("insert into organisations_area_kind (area_id, kind) values");
    let mut parents =
        Rows::new("insert into organisations_area_parent (area_id, place, parent_id) values");
    let m = town.municipality;
    let whole = i64::try_from(town.people).unwrap_or(i64::MAX);
    areas.push(row![
        town.whole,
        m,
        "A000",
        town.name.as_str(),
        "1",
        "",
        "about",
        whole,
        town.today,
        since,
        "",
        1_i64
    ]);
    kinds.push(row![town.whole, "municipality"]);
    for (n, d) in town.districts.iter().enumerate() {
        let code = format!("A{:03}", n + 1);
        areas.push(row![
            d.id,
            m,
            code,
            d.name.as_str(),
            "2",
            "",
            "about",
            d.population,
            town.today,
            since,
            "",
            1_i64
        ]);
        kinds.push(row![d.id, "daily_life"]);
        parents.push(row![d.id, 0_i64, town.whole]);
    }
    areas.flush(tx).await?;
    kinds.flush(tx).await?;
    parents.flush(tx).await
}

async fn bodies(tx: &mut Tx, town: &Town, since: NaiveDate) -> Result<()> {
    let mut bodies = Rows::new(
        "insert into organisations_body (id, municipality_id, code, name, kana, kind, phone, email, address, valid_from, note, version) values",
    );
    let mut contracts = Rows::new(
        "insert into organisations_contract (id, municipality_id, code, programme, part, fiscal_year, mode, commissioner, note, version) values",
    );
    let mut runners = Rows::new(
        "insert into organisations_contract_body (contract_id, place, body_id, share) values",
    );
    let year = i64::from(FiscalYear::of(town.today).year());
    let mut ids = crate::rng::Ids::new(crate::rng::Rng::for_part(town.seed, "contracts", 0));
    for (n, b) in town.bodies.iter().enumerate() {
        let code = format!("B{:03}", n + 1);
        bodies.push(row![
            b.id,
            town.municipality,
            code,
            b.name.as_str(),
            b.kana,
            b.kind,
            b.phone.as_str(),
            "",
            "縁側市見本町1丁目1-1(架空)",
            since,
            "",
            1_i64
        ]);
        let direct = b.kind == "municipal";
        let contract = ids.at(town.end);
        contracts.push(row![
            contract,
            town.municipality,
            format!("C{}-{:03}", year, n + 1),
            "comprehensive_consultation",
            "",
            year,
            if direct { "direct" } else { "commissioned" },
            town.name.as_str(),
            "",
            1_i64
        ]);
        runners.push(row![contract, 0_i64, b.id, ""]);
    }
    bodies.flush(tx).await?;
    contracts.flush(tx).await?;
    runners.flush(tx).await
}

async fn desks(tx: &mut Tx, town: &Town, since: NaiveDate) -> Result<()> {
    let mut desks = Rows::new(
        "insert into organisations_desk (id, municipality_id, code, name, nickname, body_id, mode, phone, site, hours, valid_from, note, version) values",
    );
    let mut functions = Rows::new(
        "insert into organisations_desk_function (desk_id, place, function, state) values",
    );
    let mut areas =
        Rows::new("insert into organisations_desk_area (desk_id, place, area_id) values");
    let mut contacts = Rows::new("insert into desk_contact (desk_id, contact) values");
    for (n, d) in town.desks.iter().enumerate() {
        let code = format!("D{:03}", n + 1);
        let body = &town.bodies[d.body];
        desks.push(row![
            d.id,
            town.municipality,
            code,
            d.name.as_str(),
            "",
            body.id,
            d.mode,
            d.phone.as_str(),
            "",
            "平日 8:30から17:15まで",
            since,
            "",
            1_i64
        ]);
        functions.push(row![d.id, 0_i64, d.function, "in_force"]);
        let area = d
            .district
            .and_then(|n| town.districts.get(n))
            .map_or(town.whole, |d| d.id);
        areas.push(row![d.id, 0_i64, area]);
        contacts.push(row![d.id, format!("{} {} {}", body.name, d.name, d.phone)]);
    }
    desks.flush(tx).await?;
    functions.flush(tx).await?;
    areas.flush(tx).await?;
    contacts.flush(tx).await
}

/// Members from this one on, posted since before the first consultation.
///
/// # Errors
/// The database refuses.
pub async fn staff(tx: &mut Tx, town: &Town, from: usize) -> Result<()> {
    let since = first_day(town);
    let mut people = Rows::new(
        "insert into staff (id, municipality_id, name, kana, phone, email, calendar, version, created_at) values",
    );
    let mut more = Rows::new(
        "insert into organisations_staff (staff_id, municipality_id, code, employer_id, employment, fte, career, expected) values",
    );
    let mut postings = Rows::new(
        "insert into posting (id, staff_id, body_id, desk_id, role, share, valid_from, version) values",
    );
    let mut words = Rows::new(
        "insert into organisations_posting (posting_id, role_code, tier, funding, note) values",
    );
    for (n, m) in town.members.iter().enumerate().skip(from) {
        let body = town.bodies[m.body].id;
        people.push(row![
            m.seat.staff,
            town.municipality,
            m.name.as_str(),
            m.kana.as_str(),
            "",
            "",
            "japanese",
            1_i64,
            town.end - Duration::days(YEARS * 365 + 90),
        ]);
        let code = format!("S{:04}", n + 1);
        more.push(row![
            m.seat.staff,
            town.municipality,
            code,
            body,
            employment(m),
            "1",
            "",
            false
        ]);
        let desk = m.desk.map(|d| town.desks[d].id.0);
        postings.push(row![
            m.seat.posting,
            m.seat.staff,
            body,
            desk,
            m.role,
            "1",
            since,
            1_i64
        ]);
        words.push(row![m.seat.posting, m.role_code, "", "", ""]);
    }
    people.flush(tx).await?;
    more.flush(tx).await?;
    postings.flush(tx).await?;
    words.flush(tx).await
}

const fn employment(m: &Member) -> &'static str {
    match m.role {
        engawa_kernel::access::Role::Entry => "volunteer",
        _ => "full_time",
    }
}

/// The last numbers given, so that the next reception goes on from there.
///
/// # Errors
/// The database refuses.
pub async fn numbers(tx: &mut Tx, town: &Town, last: &[(&'static str, i64, i64)]) -> Result<()> {
    let mut rows =
        Rows::new("insert into number_series (municipality_id, series, fiscal_year, last) values");
    for (series, year, last) in last {
        rows.push(row![town.municipality, *series, *year, *last]);
    }
    rows.flush(tx).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_begin_before_the_first_consultation() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        use chrono::Datelike as _;
        let town = Town::plan(300, 1, today);
        let first = first_day(&town);
        assert_eq!((first.month(), first.day()), (4, 1));
        assert!(first < today - Duration::days(YEARS * 365));
    }
}
