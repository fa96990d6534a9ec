//! The postings that an actor holds today. The only file that knows `organisations`.

use engawa_kernel::{
    access::Role,
    context::{ActivePosting, Ctx},
    db::{Conn, sql},
    error::{Error, Result},
    id::PostingId,
};

use crate::rules;

/// Postings that one person holds on one day at most; a village officer has many hats.
const LIMIT: i64 = 50;

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
