//! What becomes of a proposal: taken (as corrected), refused, or open again.

use engawa_funding::model::Scheme;
use engawa_indicators::{
    rules::suggest,
    store::indicator::{self, Dated, IndicatorId, NewIndicator},
};
use engawa_kernel::{
    audit::{self, Entry},
    code_enum,
    context::Ctx,
    db::Tx,
    error::{Error, Result},
    form::FieldError,
    source::EventSource,
    text::fiscal::FiscalYear,
};
use engawa_organisations::{Entered, Kept, enter};
use serde_json::json;

use super::{Found, Kind, ProposalId, State};
use crate::{
    figure,
    goals::Goal,
    links::Link,
    rules,
    store::{goal, link, proposal},
};

code_enum! {
    /// What a person does with a proposal.
    pub enum Decision {
        /// 採用
        Take = "take", "採用する";
        /// 不採用
        Refuse = "refuse", "採用しない";
        /// Take a refusal back.
        Reopen = "reopen", "もう一度考える";
    }
}

/// A proposal as a person corrected it.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// One name in each line.
    pub name: String,
    /// Of the code list of its kind.
    pub code: String,
    /// Who runs it.
    pub body: String,
    /// Code of contract_mode.
    pub mode: String,
    /// A desk's telephone.
    pub phone: String,
    /// What counts a goal (a choice of `engawa_indicators`); empty: it is looked back on in words.
    pub count: String,
    /// What the goal promises, as the indicators read it: 「100件以上」.
    pub target: String,
}

impl Correction {
    /// What the form offers before anybody corrects it. `bodies` are the registered ones as (code,
    /// name); `sources` is what can be counted.
    #[must_use]
    pub fn proposed(
        found: &Found,
        bodies: &[(String, String)],
        sources: &[&'static EventSource],
    ) -> Self {
        let mut filled = Self {
            name: found.name.clone(),
            code: found.code.clone(),
            body: found.body.clone(),
            mode: found.mode.clone(),
            ..Self::default()
        };
        match found.kind {
            Kind::Desk => filled.body = registered(&found.body, bodies),
            Kind::Goal => {
                if let Some((figure, words)) = figure::aim(&found.name) {
                    filled.count = suggest::by_words(sources, &found.name, &figure.unit);
                    filled.target = words;
                } else if ["すべて", "全て"].iter().any(|w| found.name.contains(w)) {
                    // 「すべての課題を終結」 promises a rate without a figure.
                    let rate = suggest::by_words(sources, &found.name, "%");
                    if rate.starts_with("rate:") {
                        filled.count = rate;
                        "100%".clone_into(&mut filled.target);
                    }
                }
            }
            _ => {}
        }
        filled
    }
}

/// The code of a registered body by its name; with or without its legal form.
fn registered(name: &str, bodies: &[(String, String)]) -> String {
    let named = |(_, known): &&(String, String)| {
        known == name
            || (!name.is_empty() && (known.ends_with(name) || name.ends_with(known.as_str())))
    };
    bodies
        .iter()
        .find(named)
        .map(|(code, _)| code.clone())
        .unwrap_or_default()
}

/// Names that one proposal may become.
const MOST_NAMES: usize = 100;

/// Decides. Messages stand beside the fields of the correction; then nothing was changed, and the
/// caller gives the transaction up.
///
/// # Errors
/// [`Error::Changed`] when somebody decided in between; [`Error::Forbidden`] for who may not.
pub async fn decide(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ProposalId,
    seen: i64,
    decision: Decision,
    correction: &Correction,
) -> Result<Vec<FieldError>> {
    rules::need_planner(ctx)?;
    let known = proposal::one(tx, ctx, id).await?;
    let state = match (known.state, decision) {
        (State::Open, Decision::Take) => State::Taken,
        (State::Open, Decision::Refuse) => State::Refused,
        (State::Refused, Decision::Reopen) => State::Open,
        _ => {
            return Err(Error::Invalid(
                "この案は、もう決まっています。一覧を開き直してください。".into(),
            ));
        }
    };
    let mut found = known.found.clone();
    if state == State::Taken {
        found.name.clone_from(&correction.name);
        found.code.clone_from(&correction.code);
        found.body.clone_from(&correction.body);
        found.mode.clone_from(&correction.mode);
        let refused = take(tx, ctx, &found, correction).await?;
        if !refused.is_empty() {
            return Ok(refused);
        }
    }
    proposal::decided(tx, ctx, id, seen, state, &found).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("programmes.proposal").detail(json!({
            "proposal": id, "kind": found.kind, "state": state
        })),
    )
    .await?;
    Ok(Vec::new())
}

async fn take(
    tx: &mut Tx,
    ctx: &Ctx,
    found: &Found,
    correction: &Correction,
) -> Result<Vec<FieldError>> {
    let names: Vec<&str> = found
        .name
        .lines()
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .collect();
    let error = |message: &str| {
        Ok(vec![FieldError {
            field: "name".into(),
            label: "名前".into(),
            message: message.into(),
        }])
    };
    if names.is_empty() {
        return error("「名前」を入力してください。1行に1つずつ書くと、まとめて採用できます。");
    }
    if names.len() > MOST_NAMES {
        return error("一度に採用できるのは100件までです。");
    }
    let from = FiscalYear::of(ctx.today()).first_day().to_string();
    let note = format!("実施計画書の「{}」から", found.field.label());
    for name in &names {
        let mut fields: Vec<(&str, String)> = vec![
            ("name", (*name).to_owned()),
            ("valid_from", from.clone()),
            ("note", note.clone()),
        ];
        let kept = match found.kind {
            Kind::Area => {
                fields.push(("kind", found.code.clone()));
                if found.unit == "人" && names.len() == 1 {
                    fields.push(("population_kind", "exact".into()));
                    fields.push(("population", found.number.clone()));
                }
                Kept::Areas
            }
            Kind::Body => {
                fields.push(("kind", found.code.clone()));
                Kept::Bodies
            }
            Kind::Desk => {
                fields.push(("body", found.body.clone()));
                fields.push(("mode", found.mode.clone()));
                fields.push(("phone", correction.phone.clone()));
                fields.push(("function[0].function", found.code.clone()));
                fields.push(("function[0].state", "in_force".into()));
                Kept::Desks
            }
            Kind::Link => {
                link::save(tx, ctx, None, &Link::proposed(found, name)).await?;
                continue;
            }
            Kind::Goal => {
                let mut goal = Goal::proposed(ctx, found, name);
                match follow(tx, ctx, &goal, correction).await? {
                    Ok(indicator) => goal.indicator = indicator,
                    Err(wrong) => return Ok(vec![wrong]),
                }
                goal::save(tx, ctx, None, &goal).await?;
                continue;
            }
            Kind::Fund => {
                let scheme = found.field.block().scheme().unwrap_or(Scheme::Other);
                engawa_funding::from_sheet(tx, ctx, scheme, name, &note).await?;
                continue;
            }
            // Kept as confirmed for the domains that will hold them.
            Kind::Coordinator | Kind::Meeting | Kind::Place => continue,
        };
        if let Entered::Refused(errors) = enter(tx, ctx, kept, &fields).await? {
            return Ok(errors.into_iter().map(beside).collect());
        }
    }
    Ok(Vec::new())
}

/// Makes the indicator that follows a goal, with the goal's own words as its target.
async fn follow(
    tx: &mut Tx,
    ctx: &Ctx,
    goal: &Goal,
    correction: &Correction,
) -> Result<std::result::Result<Option<IndicatorId>, FieldError>> {
    let wrong = |field: &str, label: &str, message: &str| {
        Ok(Err(FieldError {
            field: field.into(),
            label: label.into(),
            message: message.into(),
        }))
    };
    if correction.count.is_empty() {
        return Ok(Ok(None));
    }
    let Some(rule) = suggest::rule_of(&ctx.engine.sources, &correction.count) else {
        return wrong(
            "count",
            "何を数えるか",
            "「何を数えるか」を、一覧から選び直してください。",
        );
    };
    let promised = correction.target.trim();
    if promised.is_empty() {
        return wrong(
            "target",
            "目標の値",
            "「目標の値」を「100件以上」のように書いてください。数えない目標は、「何を数えるか」を空にしてください。",
        );
    }
    let new = NewIndicator {
        name: goal.text.chars().take(100).collect(),
        block: goal.field.block().label().to_owned(),
        outcome: true,
        rule,
        note: String::new(),
        ended_on: None,
    };
    let id = indicator::add(tx, ctx, &new).await?;
    let targets = Dated::read(promised, &goal.unit);
    indicator::set_targets(tx, ctx, id, goal.year, &targets).await?;
    Ok(Ok(Some(id)))
}

/// A register's message beside our own field.
fn beside(error: FieldError) -> FieldError {
    let field = match error.field.as_str() {
        "kind" | "function[0].function" => "code",
        "body" => "body",
        "mode" => "mode",
        "phone" => "phone",
        _ => "name",
    };
    FieldError {
        field: field.into(),
        ..error
    }
}
