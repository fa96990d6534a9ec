//! What is typed into a form or sent as JSON becomes a record: one reader for both. A form's fields
//! are called as the record's are, so that a stored record fills its form by itself.

use chrono::NaiveDate;
use engawa_indicators::store::indicator::IndicatorId;
use engawa_kernel::{
    form::{Form, borrowed},
    id::BodyId,
    text::{fiscal::FiscalYear, wareki},
};
use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    model::{
        Choice, Degree, Evidence, EvidenceId, Measure, MeasureId, Milestone, MilestoneState, Plan,
        PlanId, PlanKind, PlanState, Rating,
    },
    rules,
};

/// (code, word) of what may be chosen.
pub type Options = Vec<(String, String)>;

/// A text of a form: name, label, limit.
pub type Text = (&'static str, &'static str, usize);

/// Options that are weighed at most.
pub const OPTIONS: usize = 6;

/// Texts of each record; what stood in them before is kept.
pub const PLAN: [Text; 2] = [("name", "計画の名前", 200), ("note", "経過・備考", 2000)];
/// 施策
pub const MEASURE: [Text; 6] = [
    ("number", "番号", 40),
    ("heading", "基本目標・柱", 200),
    ("text", "施策・取組", 2000),
    ("responsible", "担当", 300),
    ("budget", "予算・財源", 300),
    ("dropped", "取りやめた理由", 500),
];
/// 工程
pub const MILESTONE: [Text; 2] = [("text", "工程", 1000), ("reason", "理由", 500)];
/// 評価
pub const RATING: [Text; 2] = [("evidence", "根拠", 4000), ("words", "評価のことば", 2000)];
/// 根拠
pub const EVIDENCE: [Text; 3] = [
    ("source", "調査・話し合いなどの名前", 200),
    ("part", "どこ", 100),
    ("finding", "わかったこと", 2000),
];
/// 選択肢
pub const CHOICE: [Text; 2] = [
    ("question", "決めること", 1000),
    ("why", "選んだ理由", 2000),
];

/// The form that shows a record, or that JSON comes in as.
#[must_use]
pub fn form_of(record: &impl Serialize) -> Form {
    let mut form = Form::blank();
    if let Ok(Json::Object(fields)) = serde_json::to_value(record) {
        for (name, value) in fields {
            put(&mut form, &name, value);
        }
    }
    form
}

fn put(form: &mut Form, name: &str, value: Json) {
    match value {
        Json::Null | Json::Bool(false) | Json::Object(_) => {}
        Json::Bool(true) => form.prefill(name, "1"),
        Json::Number(n) => form.prefill(name, n.to_string()),
        Json::String(text) => form.prefill(name, text),
        Json::Array(items) => {
            for item in items {
                put(form, name, item);
            }
        }
    }
}

/// Years as choices, in both calendars.
#[must_use]
pub fn years(all: impl IntoIterator<Item = FiscalYear>) -> Options {
    all.into_iter()
        .map(|y| {
            (
                y.year().to_string(),
                format!("{y}（{}）", crate::roadmap::span(y)),
            )
        })
        .collect()
}

/// The fiscal years that a plan may begin or end in.
#[must_use]
pub fn plan_years(today: NaiveDate) -> Vec<FiscalYear> {
    let now = FiscalYear::of(today).year();
    (now - rules::YEARS..=now + rules::YEARS)
        .filter_map(|y| FiscalYear::try_from(y).ok())
        .collect()
}

fn year(
    form: &mut Form,
    name: &str,
    label: &str,
    all: &Options,
    required: bool,
) -> Option<FiscalYear> {
    let code = form.choice(name, label, &borrowed(all), required)?;
    code.parse().ok()
}

fn texts<const N: usize>(form: &mut Form, of: [Text; N], required: &[&str]) -> [String; N] {
    of.map(|(name, label, max)| form.text(name, label, max, required.contains(&name)))
}

/// What a plan's form offers.
pub struct PlanOptions {
    /// Bodies.
    pub bodies: Options,
    /// Plans that it may stand under.
    pub above: Options,
    /// Fiscal years.
    pub years: Options,
}

/// 計画
pub fn plan(form: &mut Form, options: &PlanOptions) -> Option<Plan> {
    let kind = form.choice("kind", "計画の種類", PlanKind::OPTIONS, true);
    let body = form.choice("body", "どこの計画か", &borrowed(&options.bodies), false);
    let above = form.choice("above", "上位計画", &borrowed(&options.above), false);
    let [name, note] = texts(form, PLAN, &["name"]);
    let first = year(form, "first_year", "始まりの年度", &options.years, true);
    let last = year(form, "last_year", "終わりの年度", &options.years, true);
    let state = form.choice("state", "状態", PlanState::OPTIONS, true);
    if let (Some(first), Some(last)) = (first, last)
        && let Err(why) = rules::period(first, last)
    {
        form.error("last_year", "終わりの年度", why);
    }
    let made = Plan {
        kind: PlanKind::from_code(&kind?)?,
        name,
        body: body.and_then(|id| id.parse::<BodyId>().ok()),
        above: above.and_then(|id| id.parse::<PlanId>().ok()),
        first_year: first?,
        last_year: last?,
        state: PlanState::from_code(&state?)?,
        note,
    };
    (!form.has_errors()).then_some(made)
}

/// What a measure's form offers.
pub struct MeasureOptions {
    /// Bodies.
    pub bodies: Options,
    /// What it may rest on.
    pub evidence: Options,
    /// 指標
    pub indicators: Options,
}

/// 施策
pub fn measure(form: &mut Form, options: &MeasureOptions) -> Option<Measure> {
    let place = form.integer("place", "並び順", 1..=9999, true);
    let [number, heading, text, responsible, budget, dropped] = texts(form, MEASURE, &["text"]);
    let body = form.choice("body", "担当の機関", &borrowed(&options.bodies), false);
    let evidence = form.choices(
        "evidence",
        "よりどころ",
        &borrowed(&options.evidence),
        false,
    );
    let indicators = form.choices("indicators", "指標", &borrowed(&options.indicators), false);
    let made = Measure {
        place: place?,
        number,
        heading,
        text,
        responsible,
        body: body.and_then(|id| id.parse::<BodyId>().ok()),
        budget,
        dropped,
        evidence: evidence
            .iter()
            .filter_map(|id| id.parse::<EvidenceId>().ok())
            .collect(),
        indicators: indicators
            .iter()
            .filter_map(|id| id.parse::<IndicatorId>().ok())
            .collect(),
    };
    (!form.has_errors()).then_some(made)
}

/// Years to which a milestone can be put off: the plan's, and some after it.
#[must_use]
pub fn later_years(plan: &Plan) -> Options {
    let (first, last) = (plan.first_year.year(), plan.last_year.year());
    years((first + 1..=last + 5).filter_map(|y| FiscalYear::try_from(y).ok()))
}

/// 工程
pub fn milestone(form: &mut Form, plan: &Plan, today: NaiveDate) -> Option<Milestone> {
    let of = year(form, "year", "年度", &years(plan.years()), true);
    let due_on = form.parsed("due_on", "期日", false, |t| wareki::parse_date(t, today));
    let state = form.choice("state", "状態", MilestoneState::OPTIONS, true);
    let to_year = year(form, "to_year", "延期先の年度", &later_years(plan), false);
    let [text, reason] = texts(form, MILESTONE, &["text"]);
    let made = Milestone {
        year: of?,
        due_on,
        text,
        state: MilestoneState::from_code(&state?)?,
        reason,
        to_year,
    };
    for (field, why) in rules::wrong_in(plan, &made) {
        let label = match field {
            "year" => "年度",
            "due_on" => "期日",
            "to_year" => "延期先の年度",
            _ => "理由",
        };
        form.error(field, label, why);
    }
    (!form.has_errors()).then_some(made)
}

/// 評価
pub fn rating(form: &mut Form, of: FiscalYear) -> Option<Rating> {
    let [evidence, words] = texts(form, RATING, &[]);
    let degree = form.choice("degree", "実行度", Degree::OPTIONS, true);
    let degree = Degree::from_code(&degree?)?;
    if let Err(why) = rules::evidence_for(degree, &evidence) {
        form.error("evidence", "根拠", why);
    }
    (!form.has_errors()).then_some(Rating {
        year: of,
        degree,
        words,
        evidence,
    })
}

/// 根拠
pub fn evidence(form: &mut Form) -> Option<Evidence> {
    let [source, part, finding] = texts(form, EVIDENCE, &["source"]);
    (!form.has_errors()).then_some(Evidence {
        source,
        part,
        finding,
    })
}

/// 選択肢の検討
pub fn choice(form: &mut Form, measures: &Options) -> Option<Choice> {
    let measure = form.choice("measure", "どの施策のことか", &borrowed(measures), false);
    let [question, why] = texts(form, CHOICE, &["question"]);
    let mut given = Vec::new();
    for n in 1..=OPTIONS {
        given.push(form.text(&option_name(n), &format!("案{n}"), 1000, false));
    }
    let filled = given.iter().filter(|t| !t.is_empty()).count();
    if filled < 2 {
        form.error(
            &option_name(filled + 1),
            "案",
            "案を二つ以上書いてください。",
        );
    } else if given.iter().take(filled).any(String::is_empty) {
        form.error(
            &option_name(1),
            "案",
            "案は、案1から間をあけずに書いてください。",
        );
    }
    let places: Options = (1..=OPTIONS)
        .map(|n| (n.to_string(), format!("案{n}")))
        .collect();
    let chosen = form.choice("chosen", "選んだ案", &borrowed(&places), false);
    let chosen = chosen.and_then(|n| n.parse::<usize>().ok());
    if chosen.is_some_and(|n| n > filled) {
        form.error("chosen", "選んだ案", "書いてある案の中から選んでください。");
    }
    if chosen.is_some() && why.is_empty() {
        form.error(
            "why",
            "選んだ理由",
            "案を選んだときは、理由を書いてください。",
        );
    }
    given.truncate(filled);
    (!form.has_errors()).then_some(Choice {
        measure: measure.and_then(|id| id.parse::<MeasureId>().ok()),
        question,
        options: given,
        chosen: chosen.and_then(|n| i64::try_from(n).ok()),
        why,
    })
}

/// The field of the n-th option, from 1.
#[must_use]
pub fn option_name(n: usize) -> String {
    format!("option{n}")
}

/// As [`form_of`], with each option in its own field.
#[must_use]
pub fn form_of_choice(record: &Choice) -> Form {
    let mut form = form_of(record);
    for (n, text) in (1..).zip(&record.options) {
        form.prefill(&option_name(n), text.as_str());
    }
    form.forget("options");
    form
}
