//! The form of a contract: what it offers, how a contract fills it and how it is read.

use engawa_kernel::{
    context::Ctx,
    error::Result,
    form::{Form, borrowed},
    id::BodyId,
    text::wareki::{format_date, parse_date},
};
use engawa_organisations::codes::{self, CodeList, Labels};

use super::parts::{Shown, YEN};
use crate::{
    contract::{Contract, ContractId, CostKind, CostLine, KeptContract, Party, Subsidised},
    model::Scheme,
    store::contract,
};

/// Rows of bodies and of costs at most.
const MOST_ROWS: usize = 100;

/// What the form offers to choose from, as (code, word).
pub(super) struct Offers {
    pub labels: Labels,
    /// Bodies of the register.
    pub bodies: Vec<(String, String)>,
    /// Other contracts, for 「前の契約・自主事業」.
    pub before: Vec<(String, String)>,
}

impl Offers {
    pub(super) async fn load(ctx: &Ctx, not: Option<ContractId>) -> Result<Self> {
        let mut conn = ctx.read().await?;
        let labels = codes::load(&mut conn, ctx, &[CodeList::ContractMode]).await?;
        let bodies = engawa_organisations::bodies(&mut conn, ctx).await?;
        let before = contract::all(&mut conn, ctx).await?;
        Ok(Self {
            labels,
            bodies: bodies
                .into_iter()
                .map(|(id, name)| (id.to_string(), name))
                .collect(),
            before: before
                .into_iter()
                .filter(|c| Some(c.id) != not)
                .map(|c| (c.id.to_string(), c.it.name))
                .collect(),
        })
    }
    pub(super) fn modes(&self) -> Vec<(&str, &str)> {
        self.labels.options(CodeList::ContractMode)
    }
    /// A field by its name, for showing two versions side by side.
    pub(super) fn describe(&self, name: &str) -> Option<Shown> {
        let shown = match name {
            "name" => Shown::text("契約・補助の名前"),
            "mode" => Shown::choice("実施方法", &self.modes()),
            "scheme" => Shown::choice("計画書の事業", Scheme::OPTIONS),
            "part" => Shown::text("事業のうちの部分"),
            "commissioner" => Shown::text("委託元・経由"),
            "from" => Shown::text("始まりの日"),
            "to" => Shown::text("終わりの日"),
            "follows" => Shown::choice("前の契約・自主事業", &borrowed(&self.before)),
            "note" => Shown::text("備考"),
            _ => return self.describe_row(name),
        };
        Some(shown)
    }
    fn describe_row(&self, name: &str) -> Option<Shown> {
        let (list, rest) = name.split_once('[')?;
        let (number, field) = rest.split_once("].")?;
        let place = number.parse::<usize>().ok()?.saturating_add(1);
        let called = |label: &str| format!("{label}（{place}）");
        let shown = match (list, field) {
            ("body", "body") => Shown::choice(&called("機関"), &borrowed(&self.bodies)),
            ("body", "share") => Shown::text(&called("担当する部分・割合")),
            ("cost", "kind") => Shown::choice(&called("経費の種類"), CostKind::OPTIONS),
            ("cost", "what") => Shown::text(&called("だれの・何の経費か")),
            ("cost", "subsidised") => Shown::choice(&called("補助の対象か"), Subsidised::OPTIONS),
            ("cost", "amount") => Shown::text(&called("額（円）")),
            _ => return None,
        };
        Some(shown)
    }
}

pub(super) fn filled(ctx: &Ctx, k: &KeptContract) -> Form {
    let c = &k.it;
    let mut form = Form::blank();
    form.version = Some(k.version);
    form.prefill("name", c.name.as_str());
    form.prefill("mode", c.mode.as_str());
    for scheme in &c.schemes {
        form.prefill("scheme", scheme.as_code());
    }
    form.prefill("part", c.part.as_str());
    form.prefill("commissioner", c.commissioner.as_str());
    form.prefill("from", format_date(c.from, ctx.calendar));
    let to = c.to.map(|day| format_date(day, ctx.calendar));
    form.prefill("to", to.unwrap_or_default());
    form.prefill(
        "follows",
        c.follows.map(|id| id.to_string()).unwrap_or_default(),
    );
    for (n, party) in c.parties.iter().enumerate() {
        form.prefill(&format!("body[{n}].body"), party.body.to_string());
        form.prefill(&format!("body[{n}].share"), party.share.as_str());
    }
    for (n, cost) in c.costs.iter().enumerate() {
        form.prefill(&format!("cost[{n}].kind"), cost.kind.as_code());
        form.prefill(&format!("cost[{n}].what"), cost.what.as_str());
        form.prefill(&format!("cost[{n}].subsidised"), cost.subsidised.as_code());
        let amount = cost.amount.map(|a| a.to_string());
        form.prefill(&format!("cost[{n}].amount"), amount.unwrap_or_default());
    }
    form.prefill("note", c.note.as_str());
    form
}

pub(super) fn parse(ctx: &Ctx, form: &mut Form, offers: &Offers) -> Option<Contract> {
    let today = ctx.today();
    let name = form.text("name", "契約・補助の名前", 200, true);
    let mode = form.choice("mode", "実施方法", &offers.modes(), true);
    let schemes: Vec<Scheme> = form
        .choices("scheme", "計画書の事業", Scheme::OPTIONS, true)
        .iter()
        .filter_map(|code| Scheme::from_code(code))
        .collect();
    let part = form.text("part", "事業のうちの部分", 200, false);
    let commissioner = form.text("commissioner", "委託元・経由", 200, false);
    let from = form.parsed("from", "始まりの日", true, |t| parse_date(t, today));
    let to = form.parsed("to", "終わりの日", false, |t| parse_date(t, today));
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        form.error(
            "to",
            "終わりの日",
            "「終わりの日」が「始まりの日」より前です。どちらかを直してください。",
        );
    }
    let follows = form
        .choice(
            "follows",
            "前の契約・自主事業",
            &borrowed(&offers.before),
            false,
        )
        .and_then(|id| id.parse().ok());
    let parties = parties(form, offers);
    let costs = costs(form);
    let note = form.text("note", "備考", 2000, false);
    let contract = Contract {
        name,
        mode: mode?,
        schemes,
        part,
        commissioner,
        from: from?,
        to,
        follows,
        parties,
        costs,
        note,
    };
    (!form.has_errors()).then_some(contract)
}

fn rows(form: &Form, prefix: &str) -> Vec<usize> {
    form.indexed(prefix).into_iter().take(MOST_ROWS).collect()
}

/// A row in which nothing was chosen or written is none.
fn empty(form: &Form, names: &[&str]) -> bool {
    names.iter().all(|name| form.value(name).trim().is_empty())
}

fn parties(form: &mut Form, offers: &Offers) -> Vec<Party> {
    let mut found: Vec<Party> = Vec::new();
    for n in rows(form, "body") {
        let (body, share) = (format!("body[{n}].body"), format!("body[{n}].share"));
        if empty(form, &[&body, &share]) {
            continue;
        }
        let chosen = form.choice(&body, "機関", &borrowed(&offers.bodies), true);
        let share = form.text(&share, "担当する部分・割合", 200, false);
        if let Some(id) = chosen.and_then(|code| code.parse::<BodyId>().ok()) {
            if found.iter().any(|p| p.body == id) {
                form.error(
                    &body,
                    "機関",
                    "同じ機関が2回選ばれています。1つにまとめてください。",
                );
            }
            found.push(Party { body: id, share });
        }
    }
    found
}

fn costs(form: &mut Form) -> Vec<CostLine> {
    let mut found = Vec::new();
    for n in rows(form, "cost") {
        let name = |field: &str| format!("cost[{n}].{field}");
        if empty(
            form,
            &[
                &name("kind"),
                &name("what"),
                &name("amount"),
                &name("subsidised"),
            ],
        ) {
            continue;
        }
        let kind = form.choice(&name("kind"), "経費の種類", CostKind::OPTIONS, true);
        let what = form.text(&name("what"), "だれの・何の経費か", 200, false);
        let subsidised = form.choice(
            &name("subsidised"),
            "補助の対象か",
            Subsidised::OPTIONS,
            false,
        );
        let amount = form.integer(&name("amount"), "額（円）", YEN, false);
        if let Some(kind) = kind.and_then(|code| CostKind::from_code(&code)) {
            found.push(CostLine {
                kind,
                what,
                subsidised: subsidised
                    .and_then(|code| Subsidised::from_code(&code))
                    .unwrap_or(Subsidised::Unknown),
                amount,
            });
        }
    }
    found
}
