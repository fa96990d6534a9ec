//! What figures need to know of desks, bodies and areas: as SQL for the one who counts, and as names
//! for whoever reads the figure.

use engawa_kernel::{
    context::Ctx,
    db::{Conn, sql},
    error::Result,
    id::{AreaId, BodyId, DeskId},
};

use crate::codes::CodeList;

/// Names of one kind at most; a large city has some thousands of desks.
const LIMIT: i64 = 20_000;

/// `(desk_id, body_id, municipality_id)`
pub const DESKS: &str =
    "(select fd.id as desk_id, fd.body_id, fd.municipality_id from organisations_desk fd)";

/// `(desk_id, area_id)`: a desk may look after several.
pub const DESK_AREAS: &str =
    "(select distinct fa.desk_id, fa.area_id from organisations_desk_area fa)";

/// `(municipality_id, code)` of the list `household_type`.
pub const HOUSEHOLD_TYPES: &str = "(select ft.municipality_id, ft.code from organisations_code ft where ft.list = 'household_type')";

/// The bodies of a municipality, past ones too: (id, name).
///
/// # Errors
/// The database refuses.
pub async fn body_names(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(BodyId, String)>> {
    conn.rows(
        sql("select id, name from organisations_body where municipality_id = :m order by code limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", LIMIT),
    )
    .await?
    .iter()
    .map(|r| Ok((r.get("id")?, r.get("name")?)))
    .collect()
}

/// The areas of a municipality, past ones too: (id, name).
///
/// # Errors
/// The database refuses.
pub async fn area_names(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(AreaId, String)>> {
    conn.rows(
        sql("select id, name from organisations_area where municipality_id = :m order by code limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", LIMIT),
    )
    .await?
    .iter()
    .map(|r| Ok((r.get("id")?, r.get("name")?)))
    .collect()
}

/// The desks of a municipality, closed ones too: (id, name).
///
/// # Errors
/// The database refuses.
pub async fn all_desk_names(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(DeskId, String)>> {
    conn.rows(
        sql("select d.id, d.name, coalesce(b.name, '') as body from organisations_desk d left join organisations_body b on b.id = d.body_id
              where d.municipality_id = :m order by d.code limit :limit")
            .bind("m", ctx.municipality)
            .bind("limit", LIMIT),
    )
    .await?
    .iter()
    .map(|r| {
        let (body, desk): (String, String) = (r.get("body")?, r.get("name")?);
        Ok((r.get("id")?, crate::lookup::place(&body, &desk)))
    })
    .collect()
}

/// Whether this user works for the municipality itself: at a body of kind 市区町村 today. Others
/// (委託先, the prefecture, residents) are outside, and small numbers are hidden from them.
///
/// # Errors
/// The database refuses.
pub async fn is_inside(conn: &mut Conn, ctx: &Ctx) -> Result<bool> {
    let n = conn
        .count(
            sql("select count(*) as n from organisations_body where municipality_id = :m and kind = 'municipal' and id in (:bodies)")
                .bind("m", ctx.municipality)
                .bind_all("bodies", ctx.actor.postings.iter().map(|p| p.body)),
        )
        .await?;
    Ok(n > 0)
}

/// The municipality's own codes that are counted as one of these shipped codes, themselves included:
/// a counting rule of the state names the shipped ones.
///
/// # Errors
/// The database refuses.
pub async fn counted_as(
    conn: &mut Conn,
    ctx: &Ctx,
    list: CodeList,
    shipped: &[String],
) -> Result<Vec<String>> {
    let mut codes = shipped.to_vec();
    let rows = conn
        .rows(
            sql("select code from organisations_code where municipality_id = :m and list = :list and canonical in (:codes) order by code limit 400")
                .bind("m", ctx.municipality)
                .bind("list", list.as_code())
                .bind_all("codes", shipped.iter().map(String::as_str)),
        )
        .await?;
    for row in &rows {
        let code: String = row.get("code")?;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    Ok(codes)
}

/// An area with its kinds (codes of [`CodeList::AreaKind`]).
#[derive(Debug, Clone)]
pub struct AreaOfKinds {
    /// Its id.
    pub id: AreaId,
    /// As people call it.
    pub name: String,
    /// What it is; several at once are normal.
    pub kinds: Vec<String>,
}

/// The areas that there were at any time between two days, in the municipality's order.
///
/// # Errors
/// The database refuses.
pub async fn areas_between(
    conn: &mut Conn,
    ctx: &Ctx,
    from: chrono::NaiveDate,
    to: chrono::NaiveDate,
) -> Result<Vec<AreaOfKinds>> {
    let mut found: Vec<AreaOfKinds> = Vec::new();
    for r in conn
        .rows(
            sql("select a.id, a.name, coalesce(k.kind, '') as kind
                   from organisations_area a left join organisations_area_kind k on k.area_id = a.id
                  where a.municipality_id = :m and a.valid_from <= :to and (a.valid_to is null or a.valid_to >= :from)
                  order by a.code, a.id, k.kind limit :limit")
                .bind("m", ctx.municipality)
                .bind("from", from)
                .bind("to", to)
                .bind("limit", LIMIT),
        )
        .await?
    {
        let (id, kind): (AreaId, String) = (r.get("id")?, r.get("kind")?);
        match found.last_mut() {
            Some(last) if last.id == id => last.kinds.push(kind),
            _ => found.push(AreaOfKinds {
                id,
                name: r.get("name")?,
                kinds: vec![kind],
            }),
        }
    }
    Ok(found)
}
