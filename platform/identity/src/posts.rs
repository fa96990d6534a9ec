//! The postings that people hold today. The only file that knows `organisations`.

use std::collections::HashMap;

use engawa_kernel::{
    access::Role,
    context::{ActivePosting, Ctx},
    db::{Conn, sql},
    error::{Error, Result},
    id::{PostingId, StaffId},
};

use crate::rules;

/// Postings that one person holds on one day at most; a village officer has many hats.
const LIMIT: i64 = 50;
/// People that one statement asks for.
const CHUNK: usize = 400;

/// Today's postings of the actor, the main one first.
pub(crate) async fn today(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<ActivePosting>> {
    let rows = conn
        .rows(
            sql("select id, body_id, desk_id, role, share from posting
                  where staff_id = :staff and valid_from <= :today and (valid_to is null or valid_to >= :today)
                  order by valid_from, id limit :limit")
                .bind("staff", ctx.actor.staff)
                .bind("today", ctx.today())
                .bind("limit", LIMIT),
        )
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let role: Role = row.get("role")?;
        let posting = ActivePosting {
            id: row.get("id")?,
            body: row.get("body_id")?,
            desk: row.opt("desk_id")?,
            role,
            role_label: rules::shipped_label(role),
            place: String::new(),
        };
        found.push((rules::share_order(&row.get::<String>("share")?), posting));
    }
    // Stable: among equal shares the longest held stays first.
    found.sort_by_key(|(order, _)| *order);
    let mut postings: Vec<ActivePosting> = found.into_iter().map(|(_, p)| p).collect();
    let ids: Vec<PostingId> = postings.iter().map(|p| p.id).collect();
    let mut names = engawa_organisations::postings(conn, ctx, &ids).await?;
    for posting in &mut postings {
        if let Some(name) = names.remove(&posting.id) {
            posting.role_label = name.role_label;
            posting.place = name.place;
        }
    }
    Ok(postings)
}

/// Today's postings of these people in words: 「機関 窓口(役割)」, the main one first.
pub(crate) async fn places(
    conn: &mut Conn,
    ctx: &Ctx,
    staff: &[StaffId],
) -> Result<HashMap<StaffId, Vec<String>>> {
    let mut found: Vec<(i64, StaffId, PostingId)> = vec![];
    for staff in staff.chunks(CHUNK) {
        let rows = conn
            .rows(
                sql("select id, staff_id, share from posting
                      where staff_id in (:staff) and valid_from <= :today and (valid_to is null or valid_to >= :today)
                      order by valid_from, id limit :limit")
                    .bind_all("staff", staff.iter().copied())
                    .bind("today", ctx.today())
                    .bind("limit", LIMIT * 400),
            )
            .await?;
        for row in &rows {
            let order = rules::share_order(&row.get::<String>("share")?);
            found.push((order, row.get("staff_id")?, row.get("id")?));
        }
    }
    found.sort_by_key(|(order, ..)| *order);
    let ids: Vec<PostingId> = found.iter().map(|(.., id)| *id).collect();
    let names = engawa_organisations::postings(conn, ctx, &ids).await?;
    let mut places: HashMap<StaffId, Vec<String>> = HashMap::new();
    for (_, staff, id) in found {
        if let Some(name) = names.get(&id) {
            let words = format!("{}({})", name.place, name.role_label);
            places.entry(staff).or_default().push(words);
        }
    }
    Ok(places)
}

/// Whether any of these desks belongs to a contracted (委託) body.
pub(crate) async fn any_contracted(
    conn: &mut Conn,
    ctx: &Ctx,
    actor: &[ActivePosting],
) -> Result<bool> {
    for desk in actor.iter().filter_map(|p| p.desk) {
        match engawa_organisations::desk(conn, ctx, desk).await {
            Ok(desk) if desk.contracted => return Ok(true),
            Ok(_) | Err(Error::NotFound) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(false)
}
