//! What a desk says of itself (ORG-09): what it does, when and where it can be reached, and when
//! somebody there last said that this is right.

use std::collections::HashMap;

use chrono::NaiveDate;
use engawa_kernel::{
    access::Duty,
    audit::{self, Entry},
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
    id::{AreaId, DeskId},
};
use serde_json::json;

/// Rows of one table at most; a city has hundreds of desks.
const LIMIT: i64 = 10_000;

/// An area that a desk works for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaRef {
    /// Its id.
    pub id: AreaId,
    /// Its name.
    pub name: String,
    /// 第何層: `1`, `2`, `3`; empty when it is no layer.
    pub tier: String,
}

/// A desk's card.
#[derive(Debug, Clone)]
pub struct DeskCard {
    /// The desk.
    pub id: DeskId,
    /// 「機関 窓口」
    pub name: String,
    /// 電話
    pub phone: String,
    /// 受付時間
    pub hours: String,
    /// Codes of `CodeList::DeskFunction` in force today.
    pub functions: Vec<String>,
    /// 担当する圏域
    pub areas: Vec<AreaRef>,
    /// The day on which the card was last confirmed.
    pub confirmed_on: Option<NaiveDate>,
    /// Whether anybody is posted there today: a desk without is reached by paper only.
    pub staffed: bool,
}

/// Cards of all desks that are open today, by body and name.
///
/// # Errors
/// The database refuses.
pub async fn desk_cards(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<DeskCard>> {
    let mut functions: HashMap<DeskId, Vec<String>> = HashMap::new();
    for r in conn
        .rows(
            sql("select f.desk_id, f.function from organisations_desk_function f join organisations_desk d on d.id = f.desk_id
                  where d.municipality_id = :m and f.state = 'in_force' and (f.since is null or f.since <= :today)
                    and (f.until is null or f.until >= :today) order by f.desk_id, f.place limit :limit")
                .bind("m", ctx.municipality)
                .bind("today", ctx.today())
                .bind("limit", LIMIT),
        )
        .await?
    {
        functions.entry(r.get("desk_id")?).or_default().push(r.get("function")?);
    }
    let mut areas: HashMap<DeskId, Vec<AreaRef>> = HashMap::new();
    for r in conn
        .rows(
            sql("select x.desk_id, a.id, a.name, a.tier from organisations_desk_area x join organisations_area a on a.id = x.area_id
                  where a.municipality_id = :m order by x.desk_id, x.place limit :limit")
                .bind("m", ctx.municipality)
                .bind("limit", LIMIT),
        )
        .await?
    {
        areas.entry(r.get("desk_id")?).or_default().push(AreaRef {
            id: r.get("id")?,
            name: r.get("name")?,
            tier: r.get("tier")?,
        });
    }
    conn.rows(
        sql("select d.id, d.name, coalesce(b.name, '') as body, d.phone, d.hours, d.confirmed_on,
                    exists (select 1 from posting p where p.desk_id = d.id and p.role in ('coordinator', 'supervisor', 'worker')
                       and p.valid_from <= :today and (p.valid_to is null or p.valid_to >= :today)) as staffed
               from organisations_desk d left join organisations_body b on b.id = d.body_id
              where d.municipality_id = :m and d.valid_from <= :today and (d.valid_to is null or d.valid_to >= :today)
              order by b.name, d.name, d.id limit :limit")
            .bind("m", ctx.municipality)
            .bind("today", ctx.today())
            .bind("limit", LIMIT),
    )
    .await?
    .iter()
    .map(|r| {
        let id: DeskId = r.get("id")?;
        Ok(DeskCard {
            id,
            name: crate::lookup::place(&r.get::<String>("body")?, &r.get::<String>("name")?),
            phone: r.get("phone")?,
            hours: r.get("hours")?,
            functions: functions.remove(&id).unwrap_or_default(),
            areas: areas.remove(&id).unwrap_or_default(),
            confirmed_on: r.opt("confirmed_on")?,
            staffed: r.get("staffed")?,
        })
    })
    .collect()
}

/// The areas above these, nearest first, today's parents only. Stops after the layers that a town
/// can have.
///
/// # Errors
/// The database refuses.
pub async fn areas_above(conn: &mut Conn, ctx: &Ctx, of: &[AreaId]) -> Result<Vec<AreaRef>> {
    let mut found: Vec<AreaRef> = Vec::new();
    let mut below: Vec<AreaId> = of.to_vec();
    for _ in 0..6 {
        if below.is_empty() {
            break;
        }
        let rows = conn
            .rows(
                sql("select distinct a.id, a.name, a.tier from organisations_area_parent p join organisations_area a on a.id = p.parent_id
                      where p.area_id in (:below) and (p.valid_from is null or p.valid_from <= :today)
                        and (p.valid_to is null or p.valid_to >= :today) order by a.name, a.id limit 400")
                    .bind_all("below", below.drain(..))
                    .bind("today", ctx.today()),
            )
            .await?;
        for r in &rows {
            let area = AreaRef {
                id: r.get("id")?,
                name: r.get("name")?,
                tier: r.get("tier")?,
            };
            if !found.contains(&area) && !of.contains(&area.id) {
                below.push(area.id);
                found.push(area);
            }
        }
    }
    Ok(found)
}

/// Whether this user may say that the card is right: whoever is posted there, and who configures.
#[must_use]
pub fn may_confirm(ctx: &Ctx, desk: DeskId) -> bool {
    ctx.actor.may(Duty::Configure) || ctx.actor.postings.iter().any(|p| p.desk == Some(desk))
}

/// Writes down that the card is right today. Logged.
///
/// # Errors
/// Somebody else's desk, or no such desk.
pub async fn confirm_desk(tx: &mut Tx, ctx: &Ctx, desk: DeskId) -> Result<()> {
    if !may_confirm(ctx, desk) {
        return Err(Error::Forbidden(
            "窓口の内容を確かめたと記録できるのは、その窓口の職員とシステム管理者だけです。".into(),
        ));
    }
    let n = tx
        .exec(
            sql("update organisations_desk set confirmed_on = :today where id = :id and municipality_id = :m")
                .bind("today", ctx.today())
                .bind("id", desk)
                .bind("m", ctx.municipality),
        )
        .await?;
    if n != 1 {
        return Err(Error::NotFound);
    }
    audit::append(
        tx,
        ctx,
        Entry::new("organisations.desk_confirmed").detail(json!({ "desk": desk })),
    )
    .await
}

/// The day on which a desk's card was last confirmed.
pub(crate) async fn confirmed_on(conn: &mut Conn, desk: DeskId) -> Result<Option<NaiveDate>> {
    conn.one(sql("select confirmed_on from organisations_desk where id = :id").bind("id", desk))
        .await?
        .opt("confirmed_on")
}
