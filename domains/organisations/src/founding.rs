//! What an empty municipality starts with: its own body and a first administrator.

use engawa_kernel::{
    access::Role,
    audit::{self, Entry},
    context::Ctx,
    db::{Tx, sql},
    error::Result,
    id::{BodyId, PostingId, StaffId},
};

/// The municipality itself as a body, code `1`.
///
/// # Errors
/// The database refuses.
pub async fn found_own_body(tx: &mut Tx, ctx: &Ctx, name: &str) -> Result<BodyId> {
    let id = BodyId::new();
    tx.exec(
        sql("insert into organisations_body (id, municipality_id, code, name, kana, kind, phone, email, address, valid_from, note, version)
             values (:id, :m, '1', :name, '', 'municipal', '', '', '', :from, '', 1)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("name", name)
            .bind("from", ctx.today()),
    )
    .await?;
    audit::append(tx, ctx, Entry::new("body.founded")).await?;
    Ok(id)
}

/// The first administrator, posted at the municipality's own body from today.
///
/// # Errors
/// The database refuses.
pub async fn add_first_staff(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    body: BodyId,
    name: &str,
) -> Result<()> {
    tx.exec(
        sql("insert into staff (id, municipality_id, name, kana, phone, email, calendar, version, created_at)
             values (:id, :m, :name, '', '', '', 'japanese', 1, :now)")
            .bind("id", staff)
            .bind("m", ctx.municipality)
            .bind("name", name)
            .bind("now", ctx.now()),
    )
    .await?;
    tx.exec(
        sql(
            "insert into posting (id, staff_id, body_id, role, share, valid_from, version)
             values (:id, :staff, :body, :role, '', :from, 1)",
        )
        .bind("id", PostingId::new())
        .bind("staff", staff)
        .bind("body", body)
        .bind("role", Role::Admin)
        .bind("from", ctx.today()),
    )
    .await?;
    audit::append(tx, ctx, Entry::new("staff.founded")).await
}
