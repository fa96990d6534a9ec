//! よりどころ: what measures rest on. One finding may be cited by measures of several plans.

use std::collections::HashMap;

use engawa_kernel::{
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Row, Tx, sql},
    error::{Error, Result},
};
use serde_json::json;

use super::{change, kept};
use crate::{
    model::{Evidence, EvidenceId, Kept, MeasureId, PlanId},
    rules, typed,
};

/// Findings that are listed.
const SHOWN: i64 = 500;

const COLUMNS: &str = "select e.id, e.source, e.part, e.finding, e.version, e.saved_by, e.saved_at from roadmap_evidence e";

fn read(r: &Row) -> Result<Kept<EvidenceId, Evidence>> {
    let is = Evidence {
        source: r.get("source")?,
        part: r.get("part")?,
        finding: r.get("finding")?,
    };
    kept(r, r.get("id")?, is)
}

/// All findings, by source.
///
/// # Errors
/// The database refuses.
pub async fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Kept<EvidenceId, Evidence>>> {
    conn.rows(
        sql(COLUMNS)
            .push("where e.municipality_id = :m order by e.source, e.part, e.id limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", SHOWN),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// One finding.
///
/// # Errors
/// [`Error::NotFound`]
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: EvidenceId) -> Result<Kept<EvidenceId, Evidence>> {
    read(
        &conn
            .one(
                sql(COLUMNS)
                    .push("where e.id = :id and e.municipality_id = :m")
                    .bind("id", id)
                    .bind("m", ctx.municipality),
            )
            .await?,
    )
}

/// What measures rest on.
///
/// # Errors
/// The database refuses.
pub async fn of(conn: &mut Conn, ids: &[MeasureId]) -> Result<HashMap<MeasureId, Vec<EvidenceId>>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for r in conn
        .rows(
            sql(
                "select measure_id, evidence_id from roadmap_measure_evidence
                  where measure_id in (:ids) order by measure_id, evidence_id",
            )
            .bind_all("ids", ids.iter().copied()),
        )
        .await?
    {
        found
            .entry(r.get("measure_id")?)
            .or_default()
            .push(r.get("evidence_id")?);
    }
    Ok(found)
}

/// A measure that cites a finding.
#[derive(Debug, Clone)]
pub struct Citation {
    /// The finding.
    pub evidence: EvidenceId,
    /// The measure.
    pub measure: MeasureId,
    /// As it is called: 1-(2) 相談窓口を…
    pub title: String,
    /// Its plan.
    pub plan: PlanId,
    /// Its plan's name.
    pub plan_name: String,
}

/// Which measures of which plans cite the findings.
///
/// # Errors
/// The database refuses.
pub async fn citations(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Citation>> {
    conn.rows(
        sql("select x.evidence_id, m.id, m.number, m.text, p.id as plan_id, p.name
               from roadmap_measure_evidence x join roadmap_measure m on m.id = x.measure_id join roadmap_plan p on p.id = m.plan_id
              where p.municipality_id = :m order by p.first_year desc, p.name, m.place, m.id limit 5000")
            .bind("m", ctx.municipality),
    )
    .await?
    .iter()
    .map(|r| {
        let (number, text): (String, String) = (r.get("number")?, r.get("text")?);
        Ok(Citation {
            evidence: r.get("evidence_id")?,
            measure: r.get("id")?,
            title: format!("{number} {text}").trim().to_owned(),
            plan: r.get("plan_id")?,
            plan_name: r.get("name")?,
        })
    })
    .collect()
}

/// Stops ids of findings that are not this municipality's.
pub(super) async fn need_all(conn: &mut Conn, ctx: &Ctx, ids: &[EvidenceId]) -> Result<()> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let known = conn
        .count(
            sql("select count(*) as n from roadmap_evidence where municipality_id = :m and id in (:ids)")
                .bind("m", ctx.municipality)
                .bind_all("ids", ids.iter().copied()),
        )
        .await?;
    if usize::try_from(known).is_ok_and(|n| n == ids.len()) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Saves a finding: a new one, or with `known` (what is stored and the version seen) a changed one.
///
/// # Errors
/// [`Error::Changed`] when somebody saved it in between; [`Error::Forbidden`].
pub async fn save(
    tx: &mut Tx,
    ctx: &Ctx,
    known: Option<(&Kept<EvidenceId, Evidence>, i64)>,
    evidence: &Evidence,
) -> Result<EvidenceId> {
    rules::need_planner(ctx)?;
    let id = known.map_or_else(EvidenceId::new, |(old, _)| old.id);
    let q = match known {
        Some((_, seen)) => sql("update roadmap_evidence set source = :source, part = :part, finding = :finding,
                    version = version + 1, saved_by = :staff, saved_at = :now
              where id = :id and municipality_id = :m and version = :seen")
            .bind("seen", seen),
        None => sql("insert into roadmap_evidence (id, municipality_id, source, part, finding, version, saved_by, saved_at)
             values (:id, :m, :source, :part, :finding, 1, :staff, :now)"),
    };
    tx.exec_versioned(
        q.bind("id", id)
            .bind("m", ctx.municipality)
            .bind("source", evidence.source.as_str())
            .bind("part", evidence.part.as_str())
            .bind("finding", evidence.finding.as_str())
            .bind("staff", ctx.actor.staff)
            .bind("now", ctx.now()),
    )
    .await?;
    if let Some((old, _)) = known {
        let of = change::Of {
            plan: None,
            record: id.0,
            name: "よりどころ",
            texts: &typed::EVIDENCE,
        };
        change::keep(tx, ctx, &of, &old.is, evidence).await?;
    }
    audit::append(
        tx,
        ctx,
        Entry::new("roadmaps.evidence").detail(json!({ "evidence": id })),
    )
    .await?;
    Ok(id)
}
