//! 実施計画: last year's sheet read from its file and approved, this year's copied and being written,
//! a neighbour's to compare with, goals looked back on, and proposals that wait.

use chrono::NaiveDate;
use engawa_indicators::{
    model::{Count, Filter, Rule, Unit},
    store::indicator::{self, Dated, IndicatorId, NewIndicator},
};
use engawa_kernel::{
    context::Ctx,
    db::Tx,
    error::{Error, Result},
    files::{self, Class, Label},
    text::fiscal::FiscalYear,
};
use engawa_programmes::{
    Brought,
    figures::{Figure, Sure},
    files::Change,
    form::{Block, Field},
    goals::{Goal, Rating, Subject},
    links::Link,
    model::{BlockInput, BlockState, FieldValue, MadeFrom, Origin, SheetId},
    proposals, sheets, store,
    store::{goal, link, sheet, upload, write},
};

use super::teller::Teller;

const OWN: &str = include_str!("../../../domains/programmes/samples/engawa-shi.txt");
const NEIGHBOUR: &str = include_str!("../../../domains/programmes/samples/tonari-machi.txt");

const FIGURE: &[u8] = include_bytes!("../../../domains/programmes/samples/figure.png");

/// The municipality's plans.
pub async fn sheets_of_two_years(t: &Teller<'_>) -> Result<()> {
    let writer = t.as_kind("coordinator", 40, 14, 0)?;
    let this_year = FiscalYear::of(writer.today());
    let last_year = FiscalYear::try_from(this_year.year() - 1).unwrap_or(this_year);
    let last = read(&writer, OWN, "縁側市の計画書.txt", Origin::Own, last_year).await?;
    read(
        &writer,
        NEIGHBOUR,
        "となり町の計画書.txt",
        Origin::Other,
        last_year,
    )
    .await?;
    attach(&writer, last).await?;
    figures(&writer).await?;
    approve(&t.as_kind("admin", 39, 10, 0)?, last).await?;
    goals(&t.as_kind("coordinator", 38, 11, 0)?, last_year).await?;
    let ctx = t.as_kind("coordinator", 10, 15, 30)?;
    let mut tx = ctx.write().await?;
    let new = sheets::make(&mut tx, &ctx, this_year, MadeFrom::Copy).await?;
    tx.commit().await?;
    change(&ctx, new).await
}

async fn read(
    ctx: &Ctx,
    text: &str,
    file: &str,
    origin: Origin,
    year: FiscalYear,
) -> Result<SheetId> {
    let brought = Brought::read(file, text.as_bytes())?;
    let mut tx = ctx.write().await?;
    let id = upload::keep(&mut tx, ctx, &brought).await?;
    // The coordinator looked at every doubt.
    let sheet = sheets::take(&mut tx, ctx, id, origin, year, &Field::ALL).await?;
    if origin == Origin::Own {
        proposals::keep(&mut tx, ctx, id, &brought.parsed).await?;
    }
    tx.commit().await?;
    Ok(sheet)
}

/// A figure for everybody, and a note that stays inside.
async fn attach(ctx: &Ctx, id: SheetId) -> Result<()> {
    let mut tx = ctx.write().await?;
    let known = sheet::sheet(&mut tx, ctx, id).await?;
    for (name, bytes, caption, class, publish) in [
        (
            "相談の流れ.png",
            FIGURE,
            "相談の流れ（3つの窓口から、えんがわ相談室へ）",
            Class::Figure,
            true,
        ),
        (
            "検討の経過.txt",
            "庁内の検討の経過（見本）\n4月 関係課の打ち合わせ\n5月 案の作成\n".as_bytes(),
            "庁内の検討の経過",
            Class::Annex,
            false,
        ),
    ] {
        let label = Label {
            caption: caption.into(),
            class,
            publish,
        };
        let file = files::check(name, bytes).map_err(Error::Invalid)?;
        let change = Change::Add(label, Box::new(file));
        engawa_programmes::files::change_sheet(&mut tx, ctx, &known, Block::Community, &change)
            .await?;
    }
    tx.commit().await
}

/// Figures of the whole and of some areas: two sources that differ, and a forecast.
async fn figures(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.write().await?;
    let areas = engawa_organisations::figures::area_names(&mut tx, ctx).await?;
    let spring = FiscalYear::of(ctx.today()).year();
    let day = |years: i32, month| {
        NaiveDate::from_ymd_opt(spring + years, month, 1).unwrap_or_else(|| ctx.today())
    };
    let set = |kind: &str, as_of, sure, number: &str, unit: &str, source: &str| Figure {
        kind: kind.into(),
        area: None,
        as_of,
        sure,
        number: number.into(),
        unit: unit.into(),
        source: source.into(),
        note: String::new(),
    };
    let book = "住民基本台帳";
    let mut all = vec![
        set("人口", day(-1, 4), Sure::Exact, "54321", "人", book),
        set("人口", day(0, 4), Sure::Exact, "53980", "人", book),
        set(
            "人口",
            day(0, 4),
            Sure::About,
            "53600",
            "人",
            "常住人口の集計（見本）",
        ),
        set(
            "人口",
            day(9, 10),
            Sure::Estimated,
            "48200",
            "人",
            "将来推計（見本）",
        ),
        set("世帯数", day(0, 4), Sure::Exact, "23456", "世帯", book),
        set("高齢化率", day(0, 4), Sure::Exact, "31.2", "%", book),
        set(
            "生活保護受給率",
            day(0, 4),
            Sure::Exact,
            "11.3",
            "‰",
            "福祉課の集計（見本）",
        ),
    ];
    for ((area, _), rate) in areas.iter().zip(["28.4", "50.0", "33.1", "41.7", "25.9"]) {
        let mut figure = set("高齢化率", day(0, 4), Sure::Exact, rate, "%", book);
        figure.area = Some(*area);
        all.push(figure);
    }
    store::figures::take_in(&mut tx, ctx, &all).await?;
    tx.commit().await
}

async fn approve(ctx: &Ctx, id: SheetId) -> Result<()> {
    let mut tx = ctx.write().await?;
    let known = sheet::sheet(&mut tx, ctx, id).await?;
    let version = sheet::newest(&mut tx, id).await?;
    write::approve(&mut tx, ctx, &known, version.number, version.version).await?;
    tx.commit().await
}

async fn goals(ctx: &Ctx, year: FiscalYear) -> Result<()> {
    let mut tx = ctx.write().await?;
    let set = |field, text: &str, why: &str, subject| Goal {
        year,
        field,
        text: text.into(),
        number: String::new(),
        unit: String::new(),
        subject: Some(subject),
        subject_name: "団地地区の住民".into(),
        due: "3年のうちに".into(),
        why_not_counted: why.into(),
        indicator: None,
    };
    let talk = set(
        Field::ActivityGoal,
        "住民が自分たちで困りごとを話し合えるようになる",
        "話し合いの深さは、数では表せないため",
        Subject::Area,
    );
    let id = goal::save(&mut tx, ctx, None, &talk).await?;
    let evidence = "秋の座談会で、はじめて住民から「うちの棟のこと」が議題に出た。進行は自治会の役員が行った。";
    goal::rate(&mut tx, ctx, id, year, Rating::Partly, evidence, 0).await?;
    let followed = counted(&mut tx, ctx, year).await?;
    let count = Goal {
        number: "120".into(),
        unit: "件".into(),
        indicator: Some(followed),
        ..set(Field::DeskGoal, "新規相談件数 120件", "", Subject::Person)
    };
    goal::save(&mut tx, ctx, None, &count).await?;
    let beside = Link {
        block: Block::Community,
        programme: "life_support_system".into(),
        name: "ささえあい推進事業".into(),
        body: "縁側市社会福祉協議会".into(),
        basis: "介護保険法115条の45第2項5号".into(),
        share: "生活支援コーディネーター1人のうち、半分を地域力強化にあてる".into(),
        note: String::new(),
    };
    link::save(&mut tx, ctx, None, &beside).await?;
    tx.commit().await
}

/// The indicator behind the goal that is counted, with its target of last year; this year's waits to be
/// carried over.
async fn counted(tx: &mut Tx, ctx: &Ctx, year: FiscalYear) -> Result<IndicatorId> {
    let new = NewIndicator {
        name: "新規相談件数".into(),
        block: Block::Community.label().into(),
        outcome: true,
        rule: Rule::plain(Count {
            source: "consultation".into(),
            unit: Unit::Events,
            filter: Filter {
                marks: vec!["new".into()],
                ..Filter::default()
            },
        }),
        note: String::new(),
        ended_on: None,
    };
    let id = indicator::add(tx, ctx, &new).await?;
    let targets = Dated::read("120件", "件");
    indicator::set_targets(tx, ctx, id, year, &targets).await?;
    Ok(id)
}

/// This year's sheet, as far as the coordinator has come.
async fn change(ctx: &Ctx, id: SheetId) -> Result<()> {
    let mut tx = ctx.write().await?;
    let known = sheet::sheet(&mut tx, ctx, id).await?;
    let newest = sheet::newest(&mut tx, id).await?;
    let content = sheet::content(&mut tx, newest.id).await?;
    let texts = [
        (Block::Profile, Field::Population, "53,980"),
        (
            Block::Community,
            Field::CommunityName,
            "えんがわ地域力強化事業（団地を重点に）",
        ),
    ];
    for (block, field, text) in texts {
        let Some(record) = content.blocks.get(&block) else {
            continue;
        };
        let input = BlockInput {
            state: if block == Block::Community {
                BlockState::NoSubsidy
            } else {
                BlockState::Absent
            },
            start: if block == Block::Community {
                "4月".into()
            } else {
                String::new()
            },
            note: String::new(),
            fields: vec![(field, FieldValue::written(field, text))],
        };
        write::save_block(&mut tx, ctx, &known, block, &input, record.version).await?;
    }
    tx.commit().await
}
