//! 指標と目標 of the demo municipality, of every kind that a plan sheet has, and its last months closed.

use engawa_indicators::{
    model::{Count, Denominator, Filter, Rule, Unit},
    period::{month_start, months_later},
    store::{
        closing,
        indicator::{self, Dated, NewIndicator},
    },
};
use engawa_kernel::{context::Ctx, db::Tx, error::Result, text::fiscal::FiscalYear};

/// (block, name, outcome, source, unit, mark, target, counter, formula)
type Line = (
    &'static str,
    &'static str,
    bool,
    &'static str,
    Unit,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const SUPPORT: &str = "多機関協働事業";
const OUTREACH: &str = "アウトリーチ等を通じた継続的支援事業";
const COMMUNITY: &str = "地域づくり事業";

const LINES: [Line; 10] = [
    (
        "包括的相談支援事業",
        "相談受付",
        false,
        "consultation",
        Unit::Events,
        "",
        "200件以上",
        "件",
        "",
    ),
    (
        "包括的相談支援事業",
        "新規相談の実人数",
        false,
        "consultation",
        Unit::Persons,
        "new",
        "約100",
        "人",
        "",
    ),
    (
        SUPPORT,
        "複合課題の相談",
        false,
        "consultation",
        Unit::Events,
        "compound",
        "50",
        "件",
        "15 + 35",
    ),
    (
        SUPPORT,
        "支援の行動",
        false,
        "contact",
        Unit::Events,
        "",
        "15,000",
        "延べ件",
        "",
    ),
    (
        SUPPORT,
        "終結",
        true,
        "closure",
        Unit::Events,
        "stands",
        "30",
        "件",
        "",
    ),
    (
        SUPPORT,
        "終結に至らないケース",
        true,
        "case",
        Unit::Open,
        "",
        "減らす",
        "件",
        "",
    ),
    (
        SUPPORT,
        "支援会議の開催",
        false,
        "meeting",
        Unit::Events,
        "",
        "96回",
        "回",
        "8 × 12",
    ),
    (
        OUTREACH,
        "つないだ件数（引き受け）",
        false,
        "referral_accepted",
        Unit::Events,
        "",
        "2〜3件/月",
        "件",
        "",
    ),
    (
        COMMUNITY,
        "居場所・拠点",
        true,
        "place",
        Unit::Events,
        "",
        "10→13",
        "か所",
        "",
    ),
    (
        COMMUNITY,
        "地域の方どうしの支え合い",
        true,
        "other",
        Unit::Events,
        "",
        "お互いさまと言える関係がひろがる",
        "",
        "",
    ),
];

/// Months closed before the present one.
const CLOSED: i32 = 3;

/// Closes the months before; unless a plan sheet brought its own, writes indicators and targets down.
///
/// # Errors
/// The database refuses.
pub async fn make(ctx: &Ctx, own: bool) -> Result<()> {
    let mut tx = ctx.write().await?;
    if own {
        indicators(&mut tx, ctx).await?;
    }
    for months in (1..=CLOSED).rev() {
        let month = months_later(month_start(ctx.today()), -months);
        closing::close(&mut tx, ctx, month, "").await?;
    }
    tx.commit().await
}

async fn indicators(tx: &mut Tx, ctx: &Ctx) -> Result<()> {
    let year = FiscalYear::of(ctx.today());
    for (block, name, outcome, source, unit, mark, target, counter, formula) in LINES {
        let new = NewIndicator {
            name: name.into(),
            block: block.into(),
            outcome,
            rule: rule(source, unit, mark, None),
            note: String::new(),
            ended_on: None,
        };
        let id = indicator::add(tx, ctx, &new).await?;
        let mut targets = Dated::read(target, counter);
        for dated in &mut targets {
            dated.target.formula = formula.into();
        }
        indicator::set_targets(tx, ctx, id, year, &targets).await?;
    }
    let rate = NewIndicator {
        name: "終結率".into(),
        block: SUPPORT.into(),
        outcome: true,
        rule: rule(
            "closure",
            Unit::Events,
            "",
            Some(Denominator::Counted(
                rule("case", Unit::Active, "", None).count,
            )),
        ),
        note: "終結 ÷（新規＋繰越）".into(),
        ended_on: None,
    };
    let id = indicator::add(tx, ctx, &rate).await?;
    let targets = Dated::read("50%以上", "%");
    indicator::set_targets(tx, ctx, id, year, &targets).await
}

fn rule(source: &str, unit: Unit, mark: &str, per: Option<Denominator>) -> Rule {
    let marks = [mark].into_iter().filter(|m| !m.is_empty());
    Rule {
        count: Count {
            source: source.into(),
            unit,
            filter: Filter {
                marks: marks.map(str::to_owned).collect(),
                ..Filter::default()
            },
        },
        per,
    }
}
