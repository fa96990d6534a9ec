//! Claims: one person enters, another checks.

use std::collections::HashMap;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::Result,
};
use serde_json::json;

use super::contract;
use crate::{
    contract::{Claim, ClaimId, ClaimState, ContractId, KeptClaim},
    rules,
};

/// Claims of some contracts.
const SHOWN: i64 = 5000;
/// Ids that one statement asks for.
const CHUNK: usize = 400;

const COLUMNS: &str = "select id, contract_id, what, basis, amount, claimed_on, state, note, entered_by, checked_by, checked_at, version
       from funding_claim";

fn read(r: &Row) -> Result<KeptClaim> {
    let by = r.opt("checked_by")?;
    let at = r.opt("checked_at")?;
    Ok(KeptClaim {
        id: r.get("id")?,
        contract: r.get("contract_id")?,
        it: Claim {
            what: r.get("what")?,
            basis: r.get("basis")?,
            amount: r.get("amount")?,
            on: r.get("claimed_on")?,
        },
        state: r.get("state")?,
        note: r.get("note")?,
        entered_by: r.get("entered_by")?,
        checked: by.zip(at),
        version: r.get("version")?,
    })
}

pub(super) async fn of_contracts(
    conn: &mut Conn,
    ids: &[ContractId],
) -> Result<HashMap<ContractId, Vec<KeptClaim>>> {
    let mut found: HashMap<ContractId, Vec<KeptClaim>> = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows = conn
            .rows(
                sql(COLUMNS)
                    .push("where contract_id in (:ids) order by contract_id, claimed_on, id limit :limit")
                    .bind_all("ids", ids.iter().copied())
                    .bind("limit", SHOWN),
            )
            .await?;
        for r in &rows {
            let one = read(r)?;
            found.entry(one.contract).or_default().push(one);
        }
    }
    Ok(found)
}

/// One claim of a contract that the actor reads.
///
/// # Errors
/// [`engawa_kernel::error::Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: ClaimId) -> Result<KeptClaim> {
    let row = conn
        .one(sql(COLUMNS).push("where id = :id").bind("id", id))
        .await?;
    let claim = read(&row)?;
    contract::one(conn, ctx, claim.contract).await?;
    Ok(claim)
}

/// Enters a claim.
///
/// # Errors
/// [`engawa_kernel::error::Error::Forbidden`] for who does not plan.
pub async fn enter(tx: &mut Tx, ctx: &Ctx, of: ContractId, claim: &Claim) -> Result<ClaimId> {
    rules::need_planner(ctx)?;
    contract::one(tx, ctx, of).await?;
    let id = ClaimId::new();
    tx.exec(
        sql("insert into funding_claim (id, contract_id, what, basis, amount, claimed_on, state, note, entered_by, entered_at, version)
             values (:id, :contract, :what, :basis, :amount, :on, :state, '', :staff, :now, 1)")
            .bind("id", id)
            .bind("contract", of)
            .bind("what", claim.what.as_str())
            .bind("basis", claim.basis.as_str())
            .bind("amount", claim.amount)
            .bind("on", claim.on)
            .bind("state", ClaimState::Waiting)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("funding.claim").detail(json!({ "contract": of, "claim": id })),
    )
    .await?;
    Ok(id)
}

/// Decides on a claim as the second person.
///
/// # Errors
/// [`engawa_kernel::error::Error::Changed`] when somebody decided in between; otherwise what
/// [`rules::check`] says.
pub async fn decide(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ClaimId,
    seen: i64,
    state: ClaimState,
    note: &str,
) -> Result<KeptClaim> {
    rules::need_planner(ctx)?;
    let claim = one(tx, ctx, id).await?;
    rules::check(claim.state, claim.entered_by, ctx.actor.staff)?;
    tx.exec_versioned(
        sql("update funding_claim set state = :state, note = :note, checked_by = :staff, checked_at = :now, version = version + 1
              where id = :id and version = :seen")
            .bind("state", state)
            .bind("note", note)
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now())
            .bind("id", id)
            .bind("seen", seen),
    )
    .await?;
    audit::append(
        tx,
        ctx,
        Entry::new("funding.claim_checked")
            .detail(json!({ "contract": claim.contract, "claim": id, "state": state })),
    )
    .await?;
    Ok(claim)
}
