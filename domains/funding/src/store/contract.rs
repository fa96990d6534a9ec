//! Contracts with their programmes, parties and cost lines. Whoever is no planner gets those of their
//! own body only: every way to a contract goes through here.

use std::collections::HashMap;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Sql, Tx, sql},
    error::{Error, Result},
    id::BodyId,
    text::fiscal::FiscalYear,
};
use serde_json::json;

use super::{claim, deliverable, kept};
use crate::{
    contract::{Contract, ContractId, CostLine, Full, KeptContract, Party},
    rules,
};

/// Contracts that one page lists.
const SHOWN: i64 = 500;
/// Ids that one statement asks for.
const CHUNK: usize = 400;

const COLUMNS: &str = "select c.id, c.name, c.mode, c.part, c.commissioner, c.valid_from, c.valid_to, c.follows, c.note, c.version,
       c.saved_by, c.saved_at from funding_contract c where c.municipality_id = :m";

/// The contracts that the actor reads: their own body's, or all.
fn readable(ctx: &Ctx) -> Sql {
    let q = sql(COLUMNS).bind("m", ctx.municipality);
    if rules::plans(ctx) {
        return q;
    }
    q.push("and exists (select 1 from funding_contract_body b where b.contract_id = c.id and b.body_id in (:own))")
        .bind_all("own", rules::own_bodies(ctx))
}

fn read(r: &Row) -> Result<KeptContract> {
    let it = Contract {
        name: r.get("name")?,
        mode: r.get("mode")?,
        schemes: Vec::new(),
        part: r.get("part")?,
        commissioner: r.get("commissioner")?,
        from: r.get("valid_from")?,
        to: r.opt("valid_to")?,
        follows: r.opt("follows")?,
        parties: Vec::new(),
        costs: Vec::new(),
        note: r.get("note")?,
    };
    kept(r, it)
}

async fn parts(conn: &mut Conn, contracts: &mut [KeptContract]) -> Result<()> {
    let at: HashMap<ContractId, usize> = contracts
        .iter()
        .enumerate()
        .map(|(n, c)| (c.id, n))
        .collect();
    let ids: Vec<ContractId> = contracts.iter().map(|c| c.id).collect();
    for ids in ids.chunks(CHUNK) {
        let of = |q: &'static str| sql(q).bind_all("ids", ids.iter().copied());
        let schemes = conn
            .rows(of("select contract_id, scheme from funding_contract_scheme where contract_id in (:ids) order by contract_id, scheme"))
            .await?;
        let parties = conn
            .rows(of("select contract_id, body_id, share from funding_contract_body where contract_id in (:ids) order by contract_id, place"))
            .await?;
        let costs = conn
            .rows(of("select contract_id, kind, what, subsidised, amount from funding_cost where contract_id in (:ids) order by contract_id, place"))
            .await?;
        let target = |r: &Row| -> Result<usize> {
            at.get(&r.get("contract_id")?)
                .copied()
                .ok_or(Error::NotFound)
        };
        for r in &schemes {
            let n = target(r)?;
            if let Some(c) = contracts.get_mut(n) {
                c.it.schemes.push(r.get("scheme")?);
            }
        }
        for r in &parties {
            let n = target(r)?;
            if let Some(c) = contracts.get_mut(n) {
                c.it.parties.push(Party {
                    body: r.get("body_id")?,
                    share: r.get("share")?,
                });
            }
        }
        for r in &costs {
            let n = target(r)?;
            if let Some(c) = contracts.get_mut(n) {
                c.it.costs.push(CostLine {
                    kind: r.get("kind")?,
                    what: r.get("what")?,
                    subsidised: r.get("subsidised")?,
                    amount: r.opt("amount")?,
                });
            }
        }
    }
    Ok(())
}

async fn found(conn: &mut Conn, q: Sql) -> Result<Vec<KeptContract>> {
    let mut contracts = conn
        .rows(
            q.push("order by c.valid_from desc, c.name, c.id limit :limit")
                .bind("limit", SHOWN),
        )
        .await?
        .iter()
        .map(read)
        .collect::<Result<Vec<_>>>()?;
    parts(conn, &mut contracts).await?;
    Ok(contracts)
}

/// The contracts that hold in a year and that the actor reads, the newest first.
///
/// # Errors
/// The database refuses.
pub async fn list(conn: &mut Conn, ctx: &Ctx, of: FiscalYear) -> Result<Vec<KeptContract>> {
    let q = readable(ctx)
        .push("and c.valid_from <= :last and (c.valid_to is null or c.valid_to >= :first)")
        .bind("first", of.first_day())
        .bind("last", of.last_day());
    found(conn, q).await
}

/// All contracts of a body that the actor reads, past ones too.
///
/// # Errors
/// The database refuses.
pub async fn of_body(conn: &mut Conn, ctx: &Ctx, body: BodyId) -> Result<Vec<KeptContract>> {
    let q = readable(ctx)
        .push("and exists (select 1 from funding_contract_body o where o.contract_id = c.id and o.body_id = :body)")
        .bind("body", body);
    found(conn, q).await
}

/// Every contract that the actor reads.
///
/// # Errors
/// The database refuses.
pub async fn all(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<KeptContract>> {
    found(conn, readable(ctx)).await
}

/// One contract.
///
/// # Errors
/// [`Error::NotFound`], also when it is another contractor's.
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> Result<KeptContract> {
    let row = conn
        .one(readable(ctx).push("and c.id = :id").bind("id", id))
        .await?;
    let mut contract = [read(&row)?];
    parts(conn, &mut contract).await?;
    let [contract] = contract;
    Ok(contract)
}

/// These contracts with all that is reported of them.
///
/// # Errors
/// The database refuses.
pub async fn full(conn: &mut Conn, contracts: Vec<KeptContract>) -> Result<Vec<Full>> {
    let ids: Vec<ContractId> = contracts.iter().map(|c| c.id).collect();
    let mut deliverables = deliverable::of_contracts(conn, &ids).await?;
    let mut claims = claim::of_contracts(conn, &ids).await?;
    Ok(contracts
        .into_iter()
        .map(|contract| Full {
            deliverables: deliverables.remove(&contract.id).unwrap_or_default(),
            claims: claims.remove(&contract.id).unwrap_or_default(),
            contract,
        })
        .collect())
}

/// Saves a contract: a new one, or with `known` (id and the version seen) a changed one.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between; [`Error::Forbidden`] for who does not plan.
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    known: Option<(ContractId, i64)>,
    contract: &Contract,
) -> Result<ContractId> {
    rules::need_planner(ctx)?;
    let id = known.map_or_else(ContractId::new, |(id, _)| id);
    if contract.follows == Some(id) {
        return Err(Error::Invalid(
            "「前の契約・自主事業」に、この契約自身は選べません。".into(),
        ));
    }
    let q = match known {
        Some((_, seen)) => sql("update funding_contract set name = :name, mode = :mode, part = :part, commissioner = :commissioner,
                    valid_from = :from, valid_to = :to, follows = :follows, note = :note,
                    version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and municipality_id = :m and version = :seen")
            .bind("seen", seen),
        None => sql("insert into funding_contract (id, municipality_id, name, mode, part, commissioner, valid_from, valid_to, follows,
                    note, version, saved_by, saved_at)
             values (:id, :m, :name, :mode, :part, :commissioner, :from, :to, :follows, :note, 1, :staff, :now)"),
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("name", contract.name.as_str())
            .bind("mode", contract.mode.as_str())
            .bind("part", contract.part.as_str())
            .bind("commissioner", contract.commissioner.as_str())
            .bind("from", contract.from)
            .bind("to", contract.to)
            .bind("follows", contract.follows)
            .bind("note", contract.note.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    rows(tx, id, contract).await?;
    audit::append(
        tx,
        ctx,
        Entry::new("funding.contract").detail(json!({ "contract": id })),
    )
    .await?;
    Ok(id)
}

async fn rows(tx: &mut Tx, id: ContractId, contract: &Contract) -> Result<()> {
    for q in [
        "delete from funding_contract_scheme where contract_id = :id",
        "delete from funding_contract_body where contract_id = :id",
        "delete from funding_cost where contract_id = :id",
    ] {
        tx.exec(sql(q).bind("id", id)).await?;
    }
    for scheme in &contract.schemes {
        tx.exec(
            sql("insert into funding_contract_scheme (contract_id, scheme) values (:id, :scheme)")
                .bind("id", id)
                .bind("scheme", *scheme),
        )
        .await?;
    }
    for (place, party) in (0_i64..).zip(&contract.parties) {
        tx.exec(
            sql("insert into funding_contract_body (contract_id, place, body_id, share) values (:id, :place, :body, :share)")
                .bind("id", id)
                .bind("place", place)
                .bind("body", party.body)
                .bind("share", party.share.as_str()),
        )
        .await?;
    }
    for (place, cost) in (0_i64..).zip(&contract.costs) {
        tx.exec(
            sql("insert into funding_cost (contract_id, place, kind, what, subsidised, amount) values (:id, :place, :kind, :what, :subsidised, :amount)")
                .bind("id", id)
                .bind("place", place)
                .bind("kind", cost.kind)
                .bind("what", cost.what.as_str())
                .bind("subsidised", cost.subsidised)
                .bind("amount", cost.amount),
        )
        .await?;
    }
    Ok(())
}
