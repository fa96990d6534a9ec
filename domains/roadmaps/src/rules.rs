//! Decisions without I/O: who writes, what follows what, which years, and what goes on into the next
//! plan.

use chrono::NaiveDate;
use engawa_kernel::{
    access::Duty,
    context::Ctx,
    error::{Error, Result},
    text::fiscal::FiscalYear,
};

use crate::model::{Degree, KeptMeasure, Measure, Milestone, MilestoneState, Plan, PlanState};

/// Fiscal years of one plan at most.
pub const YEARS: i32 = 20;

/// Whether the actor writes plans: the same people as those who write the plan sheets.
#[must_use]
pub fn plans(ctx: &Ctx) -> bool {
    ctx.actor.may(Duty::Plan)
}

/// Stops everybody else.
///
/// # Errors
/// [`Error::Forbidden`]
pub fn need_planner(ctx: &Ctx) -> Result<()> {
    if plans(ctx) {
        return Ok(());
    }
    Err(Error::Forbidden(
        "計画と工程表を書けるのは、システム管理者と相談支援包括化推進員（事務局）だけです。何も変えていません。読むことは、だれでもできます。"
            .into(),
    ))
}

/// What may follow a plan's state.
///
/// # Errors
/// The sentence that says why not.
pub fn may_become(from: PlanState, to: PlanState) -> Result<()> {
    use PlanState as S;
    match (from, to) {
        (S::Draft, _) | (S::InForce, _) | (S::Ended, S::Ended | S::InForce) => Ok(()),
        (S::Ended, S::Draft) => Err(Error::Invalid(
            "終了した計画は、策定中には戻せません。内容を直すときは「実施中」に戻すか、次の計画を作ってください。".into(),
        )),
    }
}

/// Stops changes to the text of a plan whose time is over.
///
/// # Errors
/// [`Error::Invalid`]
pub fn need_open(plan: &Plan) -> Result<()> {
    match plan.state {
        PlanState::Draft | PlanState::InForce => Ok(()),
        PlanState::Ended => Err(Error::Invalid(format!(
            "「{}」は終了した計画なので、施策や選択肢は書き換えられません。保存していません。評価と工程の状態は書けます。内容を直すときは、計画の状態を「実施中」に戻してください。",
            plan.name
        ))),
    }
}

/// First and last year of a plan.
///
/// # Errors
/// The sentence that says what is wrong.
pub fn period(first: FiscalYear, last: FiscalYear) -> Result<(), String> {
    if last < first {
        return Err("終わりの年度が、始まりの年度より前になっています。".into());
    }
    if last.year() - first.year() >= YEARS {
        return Err(format!(
            "計画の期間は{YEARS}年度分までです。長い構想は、期間を分けて登録してください。"
        ));
    }
    Ok(())
}

/// What a milestone must say: (field, what is wrong).
#[must_use]
pub fn wrong_in(plan: &Plan, m: &Milestone) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    if !(plan.first_year..=plan.last_year).contains(&m.year) {
        wrong.push((
            "year",
            format!("計画の期間（{}）の年度を選んでください。", plan.period()),
        ));
    }
    if m.due_on.is_some_and(|day| !m.year.contains(day)) {
        wrong.push((
            "due_on",
            format!(
                "期日は{}（{}）の中の日にしてください。年度末までなら、空欄のままでかまいません。",
                m.year,
                crate::roadmap::span(m.year)
            ),
        ));
    }
    let stopped = matches!(m.state, MilestoneState::Postponed | MilestoneState::Dropped);
    if stopped && m.reason.is_empty() {
        wrong.push((
            "reason",
            format!("「{}」のときは、理由を書いてください。", m.state.label()),
        ));
    }
    match m.to_year {
        Some(_) if m.state != MilestoneState::Postponed => wrong.push((
            "to_year",
            "延期先は、状態が「延期」のときだけ選びます。".into(),
        )),
        Some(to) if to <= m.year => {
            wrong.push((
                "to_year",
                "延期先は、もとの年度より後を選んでください。".into(),
            ));
        }
        _ => {}
    }
    wrong
}

/// The years for which a measure can be rated: those of the plan that have begun.
#[must_use]
pub fn ratable(plan: &Plan, today: NaiveDate) -> Vec<FiscalYear> {
    let now = FiscalYear::of(today);
    plan.years().into_iter().filter(|y| *y <= now).collect()
}

/// A year that can be rated.
///
/// # Errors
/// [`Error::NotFound`] outside the plan, [`Error::Invalid`] for one that has not begun.
pub fn need_ratable(plan: &Plan, year: FiscalYear, today: NaiveDate) -> Result<()> {
    if !plan.years().contains(&year) {
        return Err(Error::NotFound);
    }
    if ratable(plan, today).contains(&year) {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "{year}はまだ始まっていないので、評価できません。保存していません。"
    )))
}

/// What a rating must say.
///
/// # Errors
/// The sentence that says what is missing.
pub fn evidence_for(degree: Degree, evidence: &str) -> Result<(), String> {
    if degree != Degree::Open && evidence.is_empty() {
        return Err("何を見てそう評価したかを書いてください。まだ言えないときは「まだ評価しない」を選びます。".into());
    }
    Ok(())
}

/// The measures that go on into the next plan.
#[must_use]
pub fn goes_on(m: &Measure) -> bool {
    m.dropped.is_empty()
}

/// What the next plan is told of a measure: how it was rated, and which milestones are open.
#[must_use]
pub fn carried(m: &KeptMeasure) -> String {
    let mut lines = Vec::new();
    for r in &m.ratings {
        let r = &r.is;
        let mut line = format!("{}の実行度: {}", r.year, r.degree.label());
        if !r.words.is_empty() {
            line += &format!("。{}", one_line(&r.words));
        }
        if !r.evidence.is_empty() {
            line += &format!("（根拠: {}）", one_line(&r.evidence));
        }
        lines.push(line);
    }
    for s in m.milestones.iter().filter(|s| s.is.state.is_open()) {
        let s = &s.is;
        let mut line = format!(
            "終わっていない工程（{}、{}）: {}",
            s.year,
            s.state.label(),
            one_line(&s.text)
        );
        if let Some(to) = s.to_year {
            line += &format!(" → {to}へ");
        }
        if !s.reason.is_empty() {
            line += &format!("（理由: {}）", one_line(&s.reason));
        }
        lines.push(line);
    }
    lines.join("\n")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PlanKind;

    fn year(y: i32) -> FiscalYear {
        FiscalYear::try_from(y).unwrap()
    }

    fn plan() -> Plan {
        Plan {
            kind: PlanKind::Steps,
            name: "工程".into(),
            body: None,
            above: None,
            first_year: year(2019),
            last_year: year(2021),
            state: PlanState::InForce,
            note: String::new(),
        }
    }

    fn stone(state: MilestoneState) -> Milestone {
        Milestone {
            year: year(2020),
            due_on: None,
            text: "窓口を開く".into(),
            state,
            reason: String::new(),
            to_year: None,
        }
    }

    #[test]
    fn a_milestone_that_is_put_off_says_why() {
        let fields = |m: &Milestone| -> Vec<&str> {
            wrong_in(&plan(), m).into_iter().map(|(f, _)| f).collect()
        };
        assert!(fields(&stone(MilestoneState::Done)).is_empty());
        assert_eq!(fields(&stone(MilestoneState::Postponed)), ["reason"]);
        let mut late = Milestone {
            reason: "建物の工事が延びたため".into(),
            to_year: Some(year(2022)),
            ..stone(MilestoneState::Postponed)
        };
        assert!(fields(&late).is_empty());
        late.to_year = Some(year(2020));
        assert_eq!(fields(&late), ["to_year"]);
        late = stone(MilestoneState::Planned);
        late.to_year = Some(year(2021));
        late.due_on = NaiveDate::from_ymd_opt(2020, 3, 31);
        assert_eq!(fields(&late), ["due_on", "to_year"]);
        late.due_on = NaiveDate::from_ymd_opt(2021, 3, 31);
        late.to_year = None;
        late.year = year(2022);
        assert_eq!(fields(&late), ["year", "due_on"]);
    }

    #[test]
    fn years_and_states() {
        assert!(period(year(2019), year(2018)).is_err());
        assert!(period(year(2019), year(2038)).is_ok());
        assert!(period(year(2019), year(2039)).is_err());
        for from in PlanState::ALL {
            for to in PlanState::ALL {
                let back = from == PlanState::Ended && to == PlanState::Draft;
                assert_eq!(may_become(from, to).is_err(), back, "{from:?} {to:?}");
            }
        }
        let day = NaiveDate::from_ymd_opt(2020, 4, 1).unwrap();
        assert_eq!(ratable(&plan(), day), [year(2019), year(2020)]);
        assert!(need_ratable(&plan(), year(2021), day).is_err());
        assert!(evidence_for(Degree::Open, "").is_ok());
        assert!(evidence_for(Degree::Full, "").is_err());
    }
}
