//! 計画・工程表: a plan of three years with milestones and ratings, the activity plan that cites the
//! same survey, options with the one chosen, and the ladder of the districts.

use engawa_kernel::{context::Ctx, db::Tx, error::Result, text::fiscal::FiscalYear};
use engawa_roadmaps::{
    ladder::{Actor, Horizon, Rated, Standing, Statement, Step},
    model::{
        Choice, Degree, Evidence, EvidenceId, Measure, MeasureId, Milestone, MilestoneState, Plan,
        PlanId, PlanKind, PlanState, Rating,
    },
    store::{choice, evidence, ladder, measure, milestone, plan, rating, statement},
};

use super::teller::Teller;

/// The year so many years from this one.
fn year(this: FiscalYear, more: i32) -> FiscalYear {
    FiscalYear::try_from(this.year() + more).unwrap_or(this)
}

/// Milestones and ratings of one measure: (years from this one, what, state), (years, degree, words, evidence).
type Road = (
    &'static [(i32, &'static str, MilestoneState)],
    &'static [(i32, Degree, &'static str, &'static str)],
);

/// (number, heading, text, responsible)
const MEASURES: [(&str, &str, &str, &str); 3] = [
    (
        "1-(1)",
        "基本目標1 気づき、つながる",
        "どの窓口でも相談を受けとめ、一つの受付票でつなぐ",
        "福祉課 地域福祉係",
    ),
    (
        "1-(2)",
        "基本目標1 気づき、つながる",
        "団地地区に、歩いて行ける相談の日を開く",
        "社会福祉協議会、民生委員児童委員協議会",
    ),
    (
        "2-(1)",
        "基本目標2 支えあい、続ける",
        "ちょっとした困りごとを支える担い手を育てる",
        "社会福祉協議会 地域福祉課",
    ),
];

const ROADS: [Road; 3] = [
    (
        &[
            (-2, "受付票の様式をそろえる", MilestoneState::Done),
            (-1, "すべての窓口で受付票を使う", MilestoneState::Done),
            (0, "受付票を使わない紹介をなくす", MilestoneState::UnderWay),
        ],
        &[
            (
                -2,
                Degree::Full,
                "様式の検討会に全窓口が出た",
                "様式の決定（12月の連絡会）",
            ),
            (
                -1,
                Degree::Mostly,
                "夜間の窓口が残った",
                "窓口ごとの使用の確認（3月）",
            ),
        ],
    ),
    (
        &[
            (-2, "住民と場所を決める", MilestoneState::Done),
            (-1, "月1回の相談の日を始める", MilestoneState::Postponed),
            (0, "月1回の相談の日を始める", MilestoneState::Done),
        ],
        &[
            (-2, Degree::Mostly, "", "自治会との話し合い4回の記録"),
            (
                -1,
                Degree::Not,
                "場所の工事が終わらなかった。次の年度に始める",
                "工事の延期の通知",
            ),
        ],
    ),
    (
        &[
            (-1, "養成講座を開く", MilestoneState::Done),
            (0, "二つの地区で活動を始める", MilestoneState::Planned),
        ],
        &[(
            -1,
            Degree::Partly,
            "修了者が一つの地区に偏った",
            "講座の名簿（修了14人）",
        )],
    ),
];

/// All of it.
pub async fn three_years(t: &Teller<'_>) -> Result<()> {
    let ctx = t.as_kind("coordinator", 30, 14, 0)?;
    let this = FiscalYear::of(ctx.today());
    let mut tx = ctx.write().await?;
    let survey = evidence::save(
        &mut tx,
        &ctx,
        None,
        &Evidence {
            source: format!("住民アンケート（{}）", year(this, -3)),
            part: "問5".into(),
            finding: "「困ったときの相談先がわからない」が46%。団地地区では61%。".into(),
        },
    )
    .await?;
    let welfare = add_plan(
        &mut tx,
        &ctx,
        PlanKind::Welfare,
        "第4次縁側市地域福祉計画",
        this,
    )
    .await?;
    let mut measures = Vec::new();
    for (n, (text, road)) in MEASURES.iter().zip(&ROADS).enumerate() {
        let id = measure::add(
            &mut tx,
            &ctx,
            welfare,
            &said(n, text, &[survey][..usize::from(n < 2)]),
        )
        .await?;
        walk(&mut tx, &ctx, this, id, road).await?;
        measures.push(id);
    }
    if let Some(last) = measures.last() {
        choose(&mut tx, &ctx, welfare, *last).await?;
    }
    let activity = add_plan(
        &mut tx,
        &ctx,
        PlanKind::Activity,
        "縁側市地域福祉活動計画",
        this,
    )
    .await?;
    let open_day = (
        "2",
        "みんなの居場所",
        "集会所の「よりあいの日」に相談の席を置く",
        "地区社協",
    );
    measure::add(&mut tx, &ctx, activity, &said(0, &open_day, &[survey])).await?;
    tx.commit().await?;
    districts(t, &ctx, this).await
}

async fn add_plan(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: PlanKind,
    name: &str,
    this: FiscalYear,
) -> Result<PlanId> {
    let new = Plan {
        kind,
        name: name.into(),
        body: None,
        above: None,
        first_year: year(this, -2),
        last_year: this,
        state: PlanState::InForce,
        note: "地域福祉推進会議で決めた（架空）。".into(),
    };
    plan::add(tx, ctx, &new, None).await
}

fn said(n: usize, text: &(&str, &str, &str, &str), evidence: &[EvidenceId]) -> Measure {
    Measure {
        place: i64::try_from(n + 1).unwrap_or(1) * 10,
        number: text.0.into(),
        heading: text.1.into(),
        text: text.2.into(),
        responsible: text.3.into(),
        body: None,
        budget: String::new(),
        dropped: String::new(),
        evidence: evidence.to_vec(),
        indicators: Vec::new(),
    }
}

async fn walk(tx: &mut Tx, ctx: &Ctx, this: FiscalYear, id: MeasureId, road: &Road) -> Result<()> {
    for (more, text, state) in road.0 {
        let postponed = *state == MilestoneState::Postponed;
        let new = Milestone {
            year: year(this, *more),
            due_on: None,
            text: (*text).into(),
            state: *state,
            reason: if postponed {
                "借りる部屋の工事が終わらなかったため".into()
            } else {
                String::new()
            },
            to_year: postponed.then(|| year(this, more + 1)),
        };
        milestone::add(tx, ctx, id, &new).await?;
    }
    for (more, degree, words, evidence) in road.1 {
        let of = measure::one(tx, ctx, id).await?;
        let new = Rating {
            year: year(this, *more),
            degree: *degree,
            words: (*words).into(),
            evidence: (*evidence).into(),
        };
        rating::save(tx, ctx, &of, &new, 0).await?;
    }
    Ok(())
}

async fn choose(tx: &mut Tx, ctx: &Ctx, of: PlanId, about: MeasureId) -> Result<()> {
    let new = Choice {
        measure: Some(about),
        question: "ちょっとした困りごと（電球の交換など）を、だれが引き受けるか".into(),
        options: vec![
            "養成講座を終えた人が、有償で引き受ける".into(),
            "自治会ごとの助けあいにまかせる".into(),
            "事業者に委託する".into(),
        ],
        chosen: Some(1),
        why: "自治会のない棟にも届き、担い手の励みになるため。委託は、見守りにつながりにくい。"
            .into(),
    };
    choice::save(tx, ctx, of, None, &new).await?;
    Ok(())
}

/// People's judgement of two districts, and outcome statements.
async fn districts(t: &Teller<'_>, ctx: &Ctx, this: FiscalYear) -> Result<()> {
    let mut tx = ctx.write().await?;
    let judged = [
        Standing {
            resources: Some(Rated::Partly),
            resources_words: "よりあいの日が月1回ある。男性の参加が少ない".into(),
            ..Standing::default()
        },
        Standing {
            noticed: Some(Rated::Stands),
            noticed_words: "見守り隊から声が入るようになった".into(),
            resources: Some(Rated::NotYet),
            resources_words: "歩いて行ける集いの場がない".into(),
            ..Standing::default()
        },
    ];
    for (district, standing) in t.town.districts.iter().zip(&judged) {
        ladder::judge(
            &mut tx,
            ctx,
            (district.id, &district.name),
            this,
            standing,
            0,
        )
        .await?;
    }
    for (actor, horizon, step, text) in [
        (
            Actor::Resident,
            Horizon::Short,
            Step::Noticed,
            "気になる人のことを、民生委員や窓口に話せる",
        ),
        (
            Actor::Body,
            Horizon::Middle,
            Step::Received,
            "どの機関も、自分の分野でない相談を受けとめてつなぐ",
        ),
        (
            Actor::Town,
            Horizon::Long,
            Step::Resources,
            "どの地区にも、歩いて行ける居場所が一つはある",
        ),
    ] {
        let new = Statement {
            actor,
            horizon,
            step,
            area: None,
            text: text.into(),
            withdrawn: false,
        };
        statement::save(&mut tx, ctx, None, &new).await?;
    }
    tx.commit().await
}
