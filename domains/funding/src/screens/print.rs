//! `…/report.pdf`: the report of one contract, or of all contracts of a body.

use axum::{extract::Path, response::Response};
use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    error::{Error, Result},
    http::id,
    id::BodyId,
    paper::{Document, Imprint},
    text::wareki::format_date,
};
use engawa_organisations::codes::{self, CodeList, Labels};
use serde_json::json;

use super::{
    body,
    contract::{promised, reported},
    contracts::{Names, name, names, period},
};
use crate::{
    contract::{ContractId, Full},
    paper::ContractPage,
    store, words,
};

/// What is handed out, with what its words need. Written down before it goes.
pub(super) struct HandedOut {
    pub all: Vec<Full>,
    pub names: Names,
    pub labels: Labels,
    pub title: String,
}

pub(super) async fn one_contract(
    ctx: &Ctx,
    contract: &str,
    form: &'static str,
) -> Result<HandedOut> {
    let id: ContractId = id(contract)?;
    let mut conn = ctx.read().await?;
    let contract = store::contract::one(&mut conn, ctx, id).await?;
    let title = format!("{} 報告書", contract.it.name);
    let all = store::contract::full(&mut conn, vec![contract]).await?;
    drop(conn);
    handed_out(ctx, all, title, json!({ "contract": id, "as": form })).await
}

pub(super) async fn all_of_body(ctx: &Ctx, body: &str, form: &'static str) -> Result<HandedOut> {
    let id: BodyId = id(body)?;
    let all = body::of(ctx, id).await?;
    if all.is_empty() {
        return Err(Error::NotFound);
    }
    let names = names(ctx).await?;
    let title = format!("{} 委託・補助報告書", name(&names, id));
    handed_out(ctx, all, title, json!({ "body": id, "as": form })).await
}

async fn handed_out(
    ctx: &Ctx,
    all: Vec<Full>,
    title: String,
    detail: serde_json::Value,
) -> Result<HandedOut> {
    let labels = codes::load(&mut ctx.read().await?, ctx, &[CodeList::ContractMode]).await?;
    let names = names(ctx).await?;
    let mut tx = ctx.write().await?;
    audit::append(&mut tx, ctx, Entry::new("funding.print").detail(detail)).await?;
    tx.commit().await?;
    Ok(HandedOut {
        all,
        names,
        labels,
        title,
    })
}

pub async fn contract(ctx: Ctx, Path(contract): Path<String>) -> Result<Response> {
    pdf(&ctx, one_contract(&ctx, &contract, "pdf").await?).await
}

pub async fn body(ctx: Ctx, Path(body): Path<String>) -> Result<Response> {
    pdf(&ctx, all_of_body(&ctx, &body, "pdf").await?).await
}

async fn pdf(ctx: &Ctx, out: HandedOut) -> Result<Response> {
    let mut document = Document::new(out.title.clone(), Imprint::of(ctx));
    for full in &out.all {
        document = document.with(&page(ctx, &out, full))?;
    }
    document.show(ctx, "contract-report.pdf").await
}

/// The bodies of a contract in one line each: 「見本社協（西地区）」
pub(super) fn parties(out: &HandedOut, full: &Full) -> String {
    let all = full.contract.it.parties.iter().map(|p| {
        let name = name(&out.names, p.body);
        if p.share.is_empty() {
            name.to_owned()
        } else {
            format!("{name}（{}）", p.share)
        }
    });
    all.collect::<Vec<_>>().join("\n")
}

fn page(ctx: &Ctx, out: &HandedOut, full: &Full) -> ContractPage {
    let c = &full.contract.it;
    let mode = out.labels.label(CodeList::ContractMode, &c.mode);
    let schemes: Vec<&str> = c.schemes.iter().map(|s| s.label()).collect();
    let facts = [
        ("実施方法", mode.to_owned()),
        ("実施する機関", parties(out, full)),
        ("計画書の事業", schemes.join("、")),
        ("事業のうちの部分", c.part.clone()),
        ("委託元・経由", c.commissioner.clone()),
        ("期間", period(ctx, c)),
        ("備考", c.note.clone()),
    ];
    ContractPage {
        name: c.name.clone(),
        facts: facts
            .into_iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(label, words)| (label.to_owned(), words))
            .collect(),
        deliverables: full
            .deliverables
            .iter()
            .map(|d| {
                let text = d.it.report.as_ref().map_or("", |r| r.text.as_str());
                [
                    d.it.name.clone(),
                    promised(d),
                    reported(ctx, d),
                    text.to_owned(),
                ]
            })
            .collect(),
        costs: c
            .costs
            .iter()
            .map(|l| {
                [
                    l.kind.label().to_owned(),
                    l.what.clone(),
                    l.subsidised.label().to_owned(),
                    words::yen_or_unknown(l.amount),
                ]
            })
            .collect(),
        costs_total: words::total(c.costs.iter().map(|l| l.amount)),
        claims: full
            .claims
            .iter()
            .map(|l| {
                [
                    l.it.what.clone(),
                    words::yen(l.it.amount),
                    format_date(l.it.on, ctx.calendar),
                    l.state.label().to_owned(),
                ]
            })
            .collect(),
    }
}
