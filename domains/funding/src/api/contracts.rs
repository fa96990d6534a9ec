//! Contracts, and reports of what they promise.

use axum::{
    Json,
    extract::{Path, Query},
};
use chrono::NaiveDate;
use engawa_kernel::{
    context::{Ctx, Engine},
    error::Error,
    http::{ApiJson, id},
    id::BodyId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Answered, Asked, FundingSaved, asked, checked, in_range};
use crate::{
    contract::{
        ClaimState, ContractId, CostKind, DeliverableId, Full, KeptContract, Report, Subsidised,
    },
    model::Scheme,
    store::{contract, deliverable},
};

pub(super) fn routes() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(contracts))
        .routes(routes!(one_contract))
        .routes(routes!(report))
}

/// A contract in the list.
#[derive(Serialize, ToSchema)]
struct ContractItem {
    id: ContractId,
    name: String,
    /// Code of the list `contract_mode`.
    mode: String,
    schemes: Vec<Scheme>,
    part: String,
    from: NaiveDate,
    to: Option<NaiveDate>,
    /// The contract or own project before it.
    follows: Option<ContractId>,
    bodies: Vec<ContractBody>,
}

/// A body of a contract.
#[derive(Serialize, ToSchema)]
struct ContractBody {
    body: BodyId,
    share: String,
}

/// Contracts of a year.
#[derive(Serialize, ToSchema)]
struct ContractItems {
    year: i32,
    items: Vec<ContractItem>,
}

/// A line of cost.
#[derive(Serialize, ToSchema)]
struct ContractCost {
    kind: CostKind,
    what: String,
    subsidised: Subsidised,
    /// Yen; left out: not known.
    amount: Option<i64>,
}

/// What is promised, and what was reported.
#[derive(Serialize, ToSchema)]
struct ContractDeliverable {
    id: DeliverableId,
    name: String,
    number: Option<i64>,
    unit: String,
    /// Id of the indicator that counts it; empty: counted by hand.
    indicator: String,
    value: Option<i64>,
    /// Left out: nothing was reported.
    reported_on: Option<NaiveDate>,
    report: String,
    /// Send it back when you report.
    version: i64,
}

/// A claim.
#[derive(Serialize, ToSchema)]
struct ContractClaim {
    what: String,
    basis: String,
    amount: i64,
    on: NaiveDate,
    state: ClaimState,
    note: String,
}

/// A contract with all that is reported of it.
#[derive(Serialize, ToSchema)]
struct ContractDetail {
    #[serde(flatten)]
    contract: ContractItem,
    costs: Vec<ContractCost>,
    deliverables: Vec<ContractDeliverable>,
    claims: Vec<ContractClaim>,
}

fn item(c: &KeptContract) -> ContractItem {
    ContractItem {
        id: c.id,
        name: c.it.name.clone(),
        mode: c.it.mode.clone(),
        schemes: c.it.schemes.clone(),
        part: c.it.part.clone(),
        from: c.it.from,
        to: c.it.to,
        follows: c.it.follows,
        bodies: c
            .it
            .parties
            .iter()
            .map(|p| ContractBody {
                body: p.body,
                share: p.share.clone(),
            })
            .collect(),
    }
}

/// The contracts of a fiscal year that you may read: all for who plans, else those of your own body.
#[utoipa::path(get, path = "/api/v1/funding/contracts", tag = "funding", params(Asked), responses((status = 200, body = ContractItems)))]
async fn contracts(ctx: Ctx, Query(q): Query<Asked>) -> Answered<Json<ContractItems>> {
    let of = asked(&ctx, q.year)?;
    let all = contract::list(&mut ctx.read().await?, &ctx, of).await?;
    Ok(Json(ContractItems {
        year: of.year(),
        items: all.iter().map(item).collect(),
    }))
}

/// A contract with its cost lines, deliverables and claims.
#[utoipa::path(get, path = "/api/v1/funding/contracts/{contract}", tag = "funding", params(("contract" = String, Path)),
    responses((status = 200, body = ContractDetail), (status = 404, description = "There is none, or it is another contractor's")))]
async fn one_contract(ctx: Ctx, Path(of): Path<String>) -> Answered<Json<ContractDetail>> {
    let mut conn = ctx.read().await?;
    let one = contract::one(&mut conn, &ctx, id(&of)?).await?;
    let full = contract::full(&mut conn, vec![one]).await?;
    let full = full.into_iter().next().ok_or(Error::NotFound)?;
    Ok(Json(detail(&full)))
}

fn detail(full: &Full) -> ContractDetail {
    ContractDetail {
        contract: item(&full.contract),
        costs: full
            .contract
            .it
            .costs
            .iter()
            .map(|l| ContractCost {
                kind: l.kind,
                what: l.what.clone(),
                subsidised: l.subsidised,
                amount: l.amount,
            })
            .collect(),
        deliverables: full
            .deliverables
            .iter()
            .map(|d| {
                let report = d.it.report.as_ref();
                ContractDeliverable {
                    id: d.id,
                    name: d.it.name.clone(),
                    number: d.it.number,
                    unit: d.it.unit.clone(),
                    indicator: d.it.indicator.clone(),
                    value: report.and_then(|r| r.value),
                    reported_on: report.map(|r| r.on),
                    report: report.map(|r| r.text.clone()).unwrap_or_default(),
                    version: d.version,
                }
            })
            .collect(),
        claims: full
            .claims
            .iter()
            .map(|c| ContractClaim {
                what: c.it.what.clone(),
                basis: c.it.basis.clone(),
                amount: c.it.amount,
                on: c.it.on,
                state: c.state,
                note: c.note.clone(),
            })
            .collect(),
    }
}

/// What was delivered.
#[derive(Deserialize, ToSchema)]
struct DeliverableReport {
    /// Left out: told in words only.
    value: Option<i64>,
    on: NaiveDate,
    #[serde(default)]
    report: String,
    /// The version that you saw.
    version: i64,
}

/// Reports what was delivered: the contractor's own staff, or who plans.
#[utoipa::path(put, path = "/api/v1/funding/deliverables/{deliverable}/report", tag = "funding", request_body = DeliverableReport,
    params(("deliverable" = String, Path)),
    responses((status = 200, body = FundingSaved), (status = 404, description = "There is none, or it is another contractor's"), (status = 409, description = "Somebody saved it in between"), (status = 422, description = "What was sent is wrong")))]
async fn report(
    ctx: Ctx,
    Path(of): Path<String>,
    ApiJson(sent): ApiJson<DeliverableReport>,
) -> Answered<Json<FundingSaved>> {
    let text = checked("報告", &sent.report, 2000)?;
    let value = in_range("実績の数", sent.value, 0)?;
    if value.is_none() && text.is_empty() {
        return Err(Error::Invalid("valueかreportのどちらかを送ってください。".into()).into());
    }
    let new = Report {
        value,
        on: sent.on,
        text,
    };
    let id: DeliverableId = id(&of)?;
    let mut tx = ctx.write().await?;
    deliverable::report(&mut tx, &ctx, id, sent.version, &new).await?;
    let known = deliverable::one(&mut tx, &ctx, id).await?;
    tx.commit().await?;
    Ok(Json(FundingSaved {
        location: format!("/funding/contracts/{}", known.it.contract),
    }))
}
