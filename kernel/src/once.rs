//! A double click makes one record: each form carries a token, and its first posting's page is
//! where every later posting of the same token leads.

use crate::{
    context::Ctx,
    db::{Conn, Tx, sql},
    error::{Error, Result},
};

/// Takes the token at the start of a creating transaction.
///
/// # Errors
/// [`Error::AlreadyDone`] with the page of the first posting when the token was used before.
pub async fn claim(tx: &mut Tx, ctx: &Ctx, token: &str) -> Result<()> {
    if token.is_empty() {
        return Ok(());
    }
    let fresh = tx
        .exec(
            sql("insert into once (staff_id, token, location, at) values (:staff, :token, '/', :now)
                 on conflict (staff_id, token) do nothing")
                .bind("staff", ctx.actor.staff)
                .bind("token", token)
                .bind("now", ctx.now()),
        )
        .await?;
    if fresh == 1 {
        return Ok(());
    }
    seen(tx, ctx, token).await
}

/// Looks whether the token was used, for screens that ask something before they save.
///
/// # Errors
/// [`Error::AlreadyDone`] with the page of the first posting.
pub async fn seen(conn: &mut Conn, ctx: &Ctx, token: &str) -> Result<()> {
    let row = conn
        .row(
            sql("select location from once where staff_id = :staff and token = :token")
                .bind("staff", ctx.actor.staff)
                .bind("token", token),
        )
        .await?;
    match row {
        Some(row) => Err(Error::AlreadyDone(row.get("location")?)),
        None => Ok(()),
    }
}

/// Writes down where the first posting led; in the same transaction as [`claim`].
///
/// # Errors
/// The database refuses.
pub async fn lead_to(tx: &mut Tx, ctx: &Ctx, token: &str, location: &str) -> Result<()> {
    if !token.is_empty() {
        tx.exec(
            sql("update once set location = :location where staff_id = :staff and token = :token")
                .bind("location", location)
                .bind("staff", ctx.actor.staff)
                .bind("token", token),
        )
        .await?;
    }
    Ok(())
}
