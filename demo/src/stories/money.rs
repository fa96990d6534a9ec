//! 財源・契約: activities with sources in every state, a contract that an outside body reports on, a
//! subsidy, and claims that wait for a second person.

use engawa_funding::{
    contract::{Claim, Contract, CostKind, CostLine, Deliverable, Party, Report, Subsidised},
    model::{Activity, Answer, Cost, Kind, Scheme, Source, State},
    store::{activity, claim, contract, deliverable, source},
};
use engawa_kernel::{context::Ctx, error::Result, id::BodyId, text::fiscal::FiscalYear};

use super::teller::Teller;

/// The municipality's money.
pub async fn sources_and_contracts(t: &Teller<'_>) -> Result<()> {
    sources(&t.as_kind("coordinator", 30, 10, 0)?).await?;
    let outside = t.as_kind("outside", 20, 9, 0)?;
    let body = outside.actor.posting()?.body;
    let reported = contracts(&t.as_kind("coordinator", 29, 13, 0)?, body).await?;
    let staff = t.as_kind("outside", 12, 16, 0)?;
    let mut tx = staff.write().await?;
    let report = Report {
        value: Some(7),
        on: staff.today(),
        text: "三つの地区で開いた。谷地区では、住民が次の回を自分たちで決めた。".into(),
    };
    deliverable::report(&mut tx, &staff, reported, 1, &report).await?;
    tx.commit().await
}

async fn sources(ctx: &Ctx) -> Result<()> {
    let year = FiscalYear::of(ctx.today());
    let mut tx = ctx.write().await?;
    let new = |scheme, name: &str| Activity {
        scheme,
        name: name.into(),
        last_year: None,
        note: String::new(),
    };
    let money = |kind, name: &str, cost, state, amount| Source {
        year,
        kind,
        name: name.into(),
        cost,
        state,
        amount,
        received_on: None,
        report: String::new(),
        note: String::new(),
    };
    let salon = activity::save(&mut tx, ctx, None, &new(Scheme::Community, "地区サロン")).await?;
    let paid = Source {
        received_on: Some(year.first_day()),
        report: "九つのサロンの会場費と材料費にあてた。".into(),
        ..money(
            Kind::CommunityChest,
            "赤い羽根共同募金の配分金",
            Cost::Running,
            State::Secured,
            Some(450_000),
        )
    };
    for one in [
        money(
            Kind::Foundation,
            "見本財団の立ち上げ助成",
            Cost::StartUp,
            State::Applied,
            Some(300_000),
        ),
        paid,
        money(
            Kind::Membership,
            "",
            Cost::Running,
            State::Considering,
            None,
        ),
        money(
            Kind::Donation,
            "見本商店会の寄付",
            Cost::Running,
            State::Dropped,
            None,
        ),
    ] {
        source::save(&mut tx, ctx, salon, None, &one).await?;
    }
    let own = activity::save(
        &mut tx,
        ctx,
        None,
        &new(Scheme::MultiAgency, "緊急の食料と宿泊"),
    )
    .await?;
    let gifts = money(
        Kind::HometownTax,
        "",
        Cost::Undivided,
        State::Considering,
        None,
    );
    source::save(&mut tx, ctx, own, None, &gifts).await?;
    let talks = activity::save(&mut tx, ctx, None, &new(Scheme::Community, "住民の座談会")).await?;
    activity::say(&mut tx, ctx, talks, year, Answer::Nothing, Answer::Unsaid).await?;
    tx.commit().await
}

/// Two contracts of the outside body; returns the deliverable that it reports on.
async fn contracts(ctx: &Ctx, body: BodyId) -> Result<engawa_funding::contract::DeliverableId> {
    let year = FiscalYear::of(ctx.today());
    let mut tx = ctx.write().await?;
    let wages = |what: &str, subsidised, amount| CostLine {
        kind: CostKind::Wages,
        what: what.into(),
        subsidised,
        amount,
    };
    let new = |name: &str, mode: &str, costs| Contract {
        name: name.into(),
        mode: mode.into(),
        schemes: vec![Scheme::Community],
        part: String::new(),
        commissioner: String::new(),
        from: year.first_day(),
        to: Some(year.last_day()),
        follows: None,
        parties: vec![Party {
            body,
            share: String::new(),
        }],
        costs,
        note: String::new(),
    };
    let lines = vec![
        wages(
            "地域福祉コーディネーター（東地区）",
            Subsidised::Yes,
            Some(4_200_000),
        ),
        wages("地域福祉コーディネーター（谷地区）", Subsidised::No, None),
        CostLine {
            kind: CostKind::Activity,
            what: "ワークショップの会場と資料".into(),
            subsidised: Subsidised::Yes,
            amount: Some(380_000),
        },
    ];
    let work = new("地域力強化推進事業 業務委託", "commissioned", lines);
    let work = contract::save(&mut tx, ctx, None, &work).await?;
    let promise = |name: &str, number, unit: &str| Deliverable {
        contract: work,
        name: name.into(),
        number,
        unit: unit.into(),
        indicator: String::new(),
        report: None,
    };
    let workshops = promise("地区ワークショップ", Some(13), "回");
    let workshops = deliverable::save(&mut tx, ctx, None, &workshops).await?;
    let book = promise("活動の手引き", Some(500), "冊");
    deliverable::save(&mut tx, ctx, None, &book).await?;
    let claimed = Claim {
        what: "上半期の人件費".into(),
        basis: "4,200,000円÷2".into(),
        amount: 2_100_000,
        on: ctx.today(),
    };
    claim::enter(&mut tx, ctx, work, &claimed).await?;
    let post = vec![wages("CSW（西地区）", Subsidised::Yes, Some(3_900_000))];
    let post = new("CSW配置事業 補助金", "subsidised", post);
    contract::save(&mut tx, ctx, None, &post).await?;
    tx.commit().await?;
    Ok(workshops)
}
