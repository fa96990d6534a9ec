//! A town that a real plan sheet sets up: its areas, bodies, desks, goals … are taken one by one
//! through the same functions as on the screen, and staff are invented for the desks. So a
//! municipality can try a year of Engawa under its own names.

use chrono::{DateTime, Duration, Utc};
use engawa_kernel::{
    access::Role,
    audit::{self, Entry},
    clock,
    context::Ctx,
    error::{Error, Result},
    id::{AreaId, IdSource, MunicipalityId},
    text::fiscal::FiscalYear,
};
use engawa_organisations::{Entered, Kept, enter, figures};
use engawa_programmes::{
    Brought,
    form::Field,
    model::Origin,
    proposals::{self, Correction, Decision, Found, Kind, ProposalId},
    sheets,
    store::{proposal, sheet, upload, write},
};

use super::{Body, Desk, District, Town, YEARS, plan::Plan};
use crate::{bulk, rng::Rng, sheets::acting};

/// Names that are made up for what a sheet only counts: 「地域包括支援センター 89か所」.
const MOST_NAMELESS: usize = 100;

/// A town with nothing but its name, its own body and an administrator.
pub fn begin(brought: &Brought, people: u64, seed: u64, today: chrono::NaiveDate) -> (Town, Plan) {
    let end = clock::start_of_day(today);
    let mut plan = Plan::new(people, seed, end - Duration::days(YEARS * 365 + 90));
    let printed = [&brought.parsed.municipality, &brought.parsed.prefecture];
    let name = printed.into_iter().flatten().find(|n| !n.is_empty());
    let town = Town {
        municipality: MunicipalityId(plan.ids.at(end)),
        name: name.map_or_else(|| "見本市".to_owned(), Clone::clone),
        home_desk: 0,
        outside_desk: 0,
        today,
        end,
        whole: AreaId(plan.ids.at(end)),
        districts: Vec::new(),
        bodies: Vec::new(),
        desks: Vec::new(),
        members: Vec::new(),
        logins: Vec::new(),
        people,
        seed,
    };
    (town, plan)
}

/// Sets it up: the administrator takes what the sheet proposes, somebody else approves the sheet.
///
/// # Errors
/// The database refuses.
pub async fn found(ctx: &Ctx, mut town: Town, mut plan: Plan, brought: &Brought) -> Result<Town> {
    let ids = crate::stories::ids(ctx, &town);
    let admin =
        engawa_kernel::id::with_ids(IdSource::clone(&ids), found_body(ctx, &mut town, &mut plan))
            .await?;
    engawa_kernel::id::with_ids(IdSource::clone(&ids), take_sheet(&admin, &town, brought)).await?;
    registers(&admin, &mut town, &mut plan).await?;
    engawa_kernel::id::with_ids(ids, staff(ctx, &mut town, plan)).await?;
    Ok(town)
}

/// The municipality, its own body and its first administrator, who acts from here on.
async fn found_body(ctx: &Ctx, town: &mut Town, plan: &mut Plan) -> Result<Ctx> {
    let mut tx = ctx.write().await?;
    bulk::organisations::municipality(&mut tx, town).await?;
    engawa_organisations::seed(&mut tx, ctx).await?;
    let id = engawa_organisations::found_own_body(&mut tx, ctx, &town.name).await?;
    plan.bodies.push(own_body(id, &town.name));
    plan.member(Role::Admin, "admin", 0, None);
    town.bodies.clone_from(&plan.bodies);
    town.members.clone_from(&plan.members);
    bulk::organisations::staff(&mut tx, town, 0).await?;
    audit::append(&mut tx, ctx, Entry::new("municipality.demo")).await?;
    tx.commit().await?;
    let first = town.members.first().ok_or(Error::NotFound)?;
    Ok(acting(ctx, town, first, before(town)))
}

fn own_body(id: engawa_kernel::id::BodyId, name: &str) -> Body {
    Body {
        id,
        name: name.to_owned(),
        kana: "",
        kind: "municipal",
        phone: "00-0000-0001".into(),
    }
}

/// Before anything of the town's history happened.
fn before(town: &Town) -> DateTime<Utc> {
    let first = FiscalYear::of(town.today - Duration::days(YEARS * 365 + 60)).first_day();
    clock::start_of_day(first) + Duration::hours(10)
}

/// This year's sheet, and everything that it proposes.
async fn take_sheet(admin: &Ctx, town: &Town, brought: &Brought) -> Result<()> {
    let april = FiscalYear::of(town.today);
    let april = clock::start_of_day(april.first_day()) + Duration::hours(10);
    admin.engine.clock.set(april);
    let mut tx = admin.write().await?;
    let id = upload::keep(&mut tx, admin, brought).await?;
    proposals::keep(&mut tx, admin, id, &brought.parsed).await?;
    let year = FiscalYear::of(admin.today());
    sheets::take(&mut tx, admin, id, Origin::Own, year, &Field::ALL).await?;
    tx.commit().await?;
    for kind in Kind::ALL {
        // What the registers hold was there before the first consultation.
        admin.engine.clock.set(match kind {
            Kind::Area | Kind::Body | Kind::Desk => before(town),
            _ => april,
        });
        let all = proposal::of_kind(&mut admin.read().await?, admin, kind).await?;
        for p in all {
            take(admin, p.id, &p.found, p.version).await?;
        }
    }
    Ok(())
}

/// Takes one as it is proposed; what the registers refuse is refused.
async fn take(admin: &Ctx, id: ProposalId, found: &Found, seen: i64) -> Result<()> {
    let mut tx = admin.write().await?;
    let bodies = engawa_organisations::named_bodies(&mut tx, admin).await?;
    let mut as_is = Correction::proposed(found, &bodies, &admin.engine.sources);
    if as_is.name.is_empty() {
        as_is.name = made_up(found);
    }
    if found.kind == Kind::Desk {
        "00-0001-0000".clone_into(&mut as_is.phone);
        if as_is.body.is_empty() {
            as_is.body = bodies
                .first()
                .map(|(code, _)| code.clone())
                .unwrap_or_default();
        }
        if as_is.mode.is_empty() {
            "direct".clone_into(&mut as_is.mode);
        }
    }
    let refused = proposals::decide(&mut tx, admin, id, seen, Decision::Take, &as_is).await?;
    if refused.is_empty() {
        return tx.commit().await;
    }
    drop(tx);
    let mut tx = admin.write().await?;
    proposals::decide(&mut tx, admin, id, seen, Decision::Refuse, &as_is).await?;
    tx.commit().await
}

/// One name in each line for what the sheet only counts.
fn made_up(found: &Found) -> String {
    let count = found
        .number
        .parse::<usize>()
        .unwrap_or(1)
        .clamp(1, MOST_NAMELESS);
    let word = match (found.kind, found.code.as_str()) {
        (Kind::Area, _) => "圏域",
        (Kind::Desk, "elderly_centre") => "地域包括支援センター",
        (Kind::Desk, "self_reliance") => "自立相談支援機関",
        (Kind::Desk, _) => "相談窓口",
        (kind, _) => kind.label(),
    };
    if count == 1 {
        return word.to_owned();
    }
    let names: Vec<String> = (1..=count).map(|n| format!("{word}{n}")).collect();
    names.join("\n")
}

/// What the registers hold now, as the town's life needs it.
async fn registers(admin: &Ctx, town: &mut Town, plan: &mut Plan) -> Result<()> {
    if engawa_organisations::desks(&mut admin.read().await?, admin)
        .await?
        .is_empty()
    {
        first_desk(admin).await?;
    }
    let mut conn = admin.read().await?;
    let districts = figures::area_names(&mut conn, admin).await?;
    let each = i64::try_from(town.people).unwrap_or(0)
        / i64::try_from(districts.len().max(1)).unwrap_or(1);
    town.districts = districts
        .into_iter()
        .map(|(id, name)| District {
            id,
            name,
            population: each,
        })
        .collect();
    if town.districts.is_empty() {
        town.districts.push(District {
            id: town.whole,
            name: town.name.clone(),
            population: each,
        });
    }
    for (id, name) in figures::body_names(&mut conn, admin).await? {
        if plan.bodies.iter().all(|b| b.id != id) {
            plan.bodies.push(Body {
                kind: "",
                ..own_body(id, &name)
            });
        }
    }
    for desk in engawa_organisations::desks(&mut conn, admin).await? {
        let Some(body) = plan.bodies.iter().position(|b| b.id == desk.body) else {
            continue;
        };
        let n = plan.desks.len();
        let seats = plan.seats(body, n, "near_reception");
        plan.desks.push(Desk {
            id: desk.id,
            body,
            name: desk.name,
            phone: desk.phone,
            function: "",
            mode: "",
            district: None,
            workers: seats.get(2..).unwrap_or_default().to_vec(),
            supervisor: *seats.first().ok_or(Error::NotFound)?,
            clerk: *seats.get(1).ok_or(Error::NotFound)?,
        });
    }
    Ok(())
}

/// A sheet that names no desk: the municipality's own.
async fn first_desk(admin: &Ctx) -> Result<()> {
    let mut tx = admin.write().await?;
    let own = engawa_organisations::named_bodies(&mut tx, admin).await?;
    let code = own
        .into_iter()
        .next()
        .map(|(code, _)| code)
        .unwrap_or_default();
    let fields = [
        ("name", "福祉総合相談窓口".to_owned()),
        ("body", code),
        ("mode", "direct".to_owned()),
        ("phone", "00-0001-0000".to_owned()),
        ("valid_from", admin.today().to_string()),
        ("function[0].function", "general_welfare".to_owned()),
        ("function[0].state", "in_force".to_owned()),
    ];
    match enter(&mut tx, admin, Kept::Desks, &fields).await? {
        Entered::Refused(why) => Err(Error::Internal(format!("the demo's first desk: {why:?}"))),
        _ => tx.commit().await,
    }
}

/// Everybody at the desks, and one login of each kind; then the coordinator approves the sheet.
async fn staff(ctx: &Ctx, town: &mut Town, mut plan: Plan) -> Result<()> {
    let home = 0;
    let other = |d: &Desk| plan.desks.first().is_some_and(|h| h.body != d.body);
    let outside = plan.desks.iter().position(other).unwrap_or(home);
    town.logins = plan.logins(home, outside);
    (town.home_desk, town.outside_desk) = (home, outside);
    (town.bodies, town.desks, town.members) = (plan.bodies, plan.desks, plan.members);
    let mut tx = ctx.write().await?;
    // The administrator is there already.
    bulk::organisations::staff(&mut tx, town, 1).await?;
    tx.commit_unaudited().await?;
    let coordinator = town.login("coordinator").ok_or(Error::NotFound)?;
    let day = FiscalYear::of(town.today).first_day() + Duration::days(1);
    let at = town.office_hours(day, &mut Rng::for_part(town.seed, "approval", 0));
    let ctx = acting(ctx, town, coordinator, at);
    let mut tx = ctx.write().await?;
    let own = sheet::own(&mut tx, &ctx, FiscalYear::of(town.today))
        .await?
        .ok_or(Error::NotFound)?;
    let newest = sheet::newest(&mut tx, own.id).await?;
    write::approve(&mut tx, &ctx, &own, newest.number, newest.version).await?;
    tx.commit().await
}
