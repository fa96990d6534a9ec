//! Deliverables: what is promised (planners write it) and what was reported (its contractors too).

use std::collections::HashMap;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
};
use serde_json::json;

use super::{contract, kept};
use crate::{
    contract::{ContractId, Deliverable, DeliverableId, KeptDeliverable, Report},
    rules,
};

/// Deliverables of some contracts.
const SHOWN: i64 = 5000;
/// Ids that one statement asks for.
const CHUNK: usize = 400;

const COLUMNS: &str = "select d.id, d.contract_id, d.name, d.number, d.unit, d.indicator, d.value, d.reported_on, d.report,
       d.version, d.saved_by, d.saved_at from funding_deliverable d";

fn read(r: &Row) -> Result<KeptDeliverable> {
    let on = r.opt("reported_on")?;
    let report = match on {
        Some(on) => Some(Report {
            value: r.opt("value")?,
            on,
            text: r.get("report")?,
        }),
        None => None,
    };
    let it = Deliverable {
        contract: r.get("contract_id")?,
        name: r.get("name")?,
        number: r.opt("number")?,
        unit: r.get("unit")?,
        indicator: r.get("indicator")?,
        report,
    };
    kept(r, it)
}

pub(super) async fn of_contracts(
    conn: &mut Conn,
    ids: &[ContractId],
) -> Result<HashMap<ContractId, Vec<KeptDeliverable>>> {
    let mut found: HashMap<ContractId, Vec<KeptDeliverable>> = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows = conn
            .rows(
                sql(COLUMNS)
                    .push("where d.contract_id in (:ids) order by d.contract_id, d.id limit :limit")
                    .bind_all("ids", ids.iter().copied())
                    .bind("limit", SHOWN),
            )
            .await?;
        for r in &rows {
            let one = read(r)?;
            found.entry(one.it.contract).or_default().push(one);
        }
    }
    Ok(found)
}

/// One deliverable of a contract that the actor reads.
///
/// # Errors
/// [`engawa_kernel::error::Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: DeliverableId) -> Result<KeptDeliverable> {
    let row = conn
        .one(sql(COLUMNS).push("where d.id = :id").bind("id", id))
        .await?;
    let found = read(&row)?;
    contract::one(conn, ctx, found.it.contract).await?;
    Ok(found)
}

/// Others that the same indicator counts, in contracts that share a body with this one's: one set of
/// activity, reported to each.
///
/// # Errors
/// The database refuses.
pub async fn beside(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &KeptDeliverable,
) -> Result<Vec<KeptDeliverable>> {
    if of.it.indicator.is_empty() {
        return Ok(Vec::new());
    }
    let rows = conn
        .rows(
            sql(COLUMNS)
                .push("join funding_contract c on c.id = d.contract_id
                    where c.municipality_id = :m and d.indicator = :indicator and d.id <> :id
                      and exists (select 1 from funding_contract_body o join funding_contract_body t on t.body_id = o.body_id
                                   where o.contract_id = d.contract_id and t.contract_id = :contract)
                    order by d.id limit 100")
                .bind("m", ctx.municipality)
                .bind("indicator", of.it.indicator.as_str())
                .bind("id", of.id)
                .bind("contract", of.it.contract),
        )
        .await?;
    let mut found = Vec::new();
    for r in &rows {
        let other = read(r)?;
        // A joint contract may share one body with this and belong to others too.
        if contract::one(conn, ctx, other.it.contract).await.is_ok() {
            found.push(other);
        }
    }
    Ok(found)
}

/// Saves what is promised: a new deliverable, or with `known` (id and the version seen) a changed
/// one. What was reported stays.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when somebody saved it in between; [`engawa_kernel::error::Error::Forbidden`] for who does not plan.
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    known: Option<(DeliverableId, i64)>,
    new: &Deliverable,
) -> Result<DeliverableId> {
    rules::need_planner(ctx)?;
    contract::one(tx, ctx, new.contract).await?;
    let id = known.map_or_else(DeliverableId::new, |(id, _)| id);
    let q = match known {
        Some((_, seen)) => sql("update funding_deliverable set name = :name, number = :number, unit = :unit, indicator = :indicator,
                    version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and contract_id = :contract and version = :seen")
            .bind("seen", seen),
        None => sql("insert into funding_deliverable (id, contract_id, name, number, unit, indicator, report, version, saved_by, saved_at)
             values (:id, :contract, :name, :number, :unit, :indicator, '', 1, :staff, :now)"),
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("contract", new.contract)
            .bind("name", new.name.as_str())
            .bind("number", new.number)
            .bind("unit", new.unit.as_str())
            .bind("indicator", new.indicator.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("funding.deliverable")
            .detail(json!({ "contract": new.contract, "deliverable": id })),
    )
    .await?;
    Ok(id)
}

/// Saves what was reported, on top of what was seen. Whoever reads the contract may report.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when somebody saved it in between; [`engawa_kernel::error::Error::NotFound`] for another contractor.
pub async fn report(
    tx: &mut Tx,
    ctx: &Ctx,
    id: DeliverableId,
    seen: i64,
    report: &Report,
) -> Result<()> {
    let known = one(tx, ctx, id).await?;
    tx.exec_versioned(
        sql("update funding_deliverable set value = :value, reported_on = :on, report = :report, reported_by = :staff,
                    version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and version = :seen")
            .bind("value", report.value)
            .bind("on", report.on)
            .bind("report", report.text.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now())
            .bind("id", id)
            .bind("seen", seen),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("funding.reported")
            .detail(json!({ "contract": known.it.contract, "deliverable": id })),
    )
    .await
}
